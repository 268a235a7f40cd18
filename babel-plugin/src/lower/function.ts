import type { types } from "@babel/core";
import type { CallGraph } from "../analysis/call-graph.ts";
import { completes } from "../analysis/completion.ts";
import type { Effects } from "../analysis/effects.ts";
import { INERT, type Kind } from "../analysis/kind.ts";
import type { Kinds } from "../analysis/kinds.ts";
import { type FunctionNode, unwrap } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import { nothing, parameters, TooLarge } from "./calls.ts";
import { checkWritten, withoutUnused } from "./closures.ts";
import { learn } from "./empty-lists.ts";
import { withExpected } from "./expected.ts";
import { expressionLowering } from "./expressions.ts";
import { type Atom, isName, type Name, name, type Program } from "./form.ts";
import { known, type Lowering, Unlowered, value } from "./lowering.ts";
import { withScalars } from "./scalar-replacement.ts";
import { ownScratch, withScratch } from "./scratch.ts";
import { hoisted } from "./statements.ts";
import { surroundingsOf } from "./surroundings.ts";

/** How many nodes of syntax one function may take in. */
const ROOM = 900;

interface Facts {
  readonly kinds: Kinds;
  readonly effects: Effects;
  readonly calls: CallGraph;
  mayHaveHoles(): boolean;
}

/** The lowered form of a function; throws `Unlowered` where it has none. */
export function lowerFunction(
  context: ModuleContext,
  facts: Facts,
  root: FunctionNode,
  linksParameters = false,
): Program {
  try {
    return lowered(context, facts, root, false, linksParameters);
  } catch (e) {
    if (!(e instanceof TooLarge)) throw e;
    return lowered(context, facts, root, true, linksParameters);
  }
}

function lowered(
  context: ModuleContext,
  { kinds, effects, calls, mayHaveHoles }: Facts,
  root: FunctionNode,
  asValues: boolean,
  linksParameters: boolean,
): Program {
  if (root.async || root.generator)
    throw new Unlowered(root, root.async ? "it is async" : "it is a generator");
  const { scope } = context.functionPaths.get(root) ?? {};
  // Passes know the functions of `Math` by their names.
  if (context.isHidden("Math", scope?.parent ?? context.program.scope))
    throw new Unlowered(root, "its file has a `Math` of its own");
  const returns = known(kinds.returnKind(root), root);
  const cx: Lowering = {
    context,
    kinds,
    effects,
    calls,
    mayHaveHoles,
    env: new Map(),
    closures: new Map(),
    waiting: new Map(),
    functions: new Map(),
    unwritten: new Map(),
    linkedParams: linksParameters ? new Set() : undefined,
    asValues,
    root,
    self: undefined,
    out: [],
    hoisted: [],
    leave: (v, node) => {
      expectReturn(v, returns, node);
      if (v) learn(v, returns);
      cx.out.push({ s: "return", value: v ?? nothing(returns), node });
    },
    breakTo: undefined,
    continueTo: undefined,
    labels: new Map(),
    rounds: new Set(),
    names: surroundingsOf(context, kinds, root),
    needless: new Set(),
    open: new Set([root]),
    room: ROOM,
    expressions: expressionLowering,
  };
  const params: Name[] = [];
  const paramKinds = kinds.paramKinds(root);
  if (root.type === "ClassMethod" && !root.static) {
    const kind = selfKind(context, kinds, root);
    const self = name("$this", kind);
    cx.self = self;
    params.push(self);
  }
  const declared = root.params.filter((p) => !(p.type === "Identifier" && p.name === "this"));
  const given: Atom[] = declared.map((param, i) => {
    const target = param.type === "TSParameterProperty" ? param.parameter : param;
    const bare = unwrap(target.type === "AssignmentPattern" ? target.left : target);
    const kind = known(paramKinds[i] as Kind, param);
    const isLinked = linksParameters && kind.k === "fn";
    const made = name(bare.type === "Identifier" ? bare.name : "p", isLinked ? INERT : kind);
    if (isLinked) cx.linkedParams?.add(made);
    params.push(made);
    return made;
  });
  const own = ownScratch(cx, root);
  parameters(cx, root, given);
  if (root.body.type === "BlockStatement") {
    hoisted(cx, root.body.body);
    if (returns.k !== "inert" && completes(root.body)) cx.leave(undefined, root.body);
  } else cx.leave(value(cx, root.body), root.body);
  const body = withoutUnused([...cx.hoisted, ...cx.out]);
  checkWritten(cx, body);
  const program = withScratch(own, withExpected(cx, { params, body, returns }));
  return withScalars(context.t, program);
}

function selfKind(context: ModuleContext, kinds: Kinds, f: FunctionNode): Kind {
  const path = context.functionPaths.get(f);
  const owner = path?.parentPath?.parent as types.Class | undefined;
  if (!owner?.id) throw new Unlowered(f, "its class has no name");
  return known(kinds.typeKinds.classKind(owner.id.name), f);
}

function expectReturn(v: Atom | undefined, returns: Kind, node: types.Node): void {
  if (returns.k === "inert" && v && isName(v) && v.kind.k !== "inert")
    throw new Unlowered(node, "it returns an active value where its type says otherwise");
}
