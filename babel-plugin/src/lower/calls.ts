import type { types } from "@babel/core";
import { mayGiveNothing } from "../analysis/completion.ts";
import { defaultStatements } from "../analysis/defaults.ts";
import type { Kind } from "../analysis/kind.ts";
import { isUnused } from "../analysis/unused.ts";
import { type Binding, type FunctionNode, unwrap } from "../ast.ts";
import { learn } from "./empty-lists.ts";
import { expect, expectArgument, expectTangents } from "./expected.ts";
import { type Atom, isName, type Label, literal, UNDEFINED } from "./form.ts";
import {
  atomCode,
  bind,
  block,
  cell,
  current,
  handedOn,
  isWithin,
  known,
  type Lowering,
  lookAtFunction,
  set,
  statements,
  Unlowered,
  value,
} from "./lowering.ts";
import { declare, declareIn, declareVars, destructure, expectFields } from "./patterns.ts";

type Node = types.Node;

/** A call of a marked function of this file; `this` comes first where it is a method. */
export function callMarked(
  cx: Lowering,
  node: Node,
  f: FunctionNode,
  args: readonly Atom[],
  kind: Kind,
): Atom {
  const isMethod = f.type === "ClassMethod" && !f.static;
  const own = isMethod ? args.slice(1) : args;
  if (own.length > f.params.length)
    throw new Unlowered(node, "a call with more arguments than parameters");
  const size = cx.calls.sizeOf(f);
  // What calls a function that it is given is written in place also where it is large: so it is known what it calls.
  const takesFunction = own.some((a) => isName(a) && cx.functions.has(a));
  const fits = takesFunction ? !cx.calls.isRecursive(f) : cx.calls.isSmall(f);
  if (!cx.open.has(f) && size <= cx.room && fits && cx.names.meanTheSame(f)) {
    const back = restorePoint(cx);
    cx.room -= size;
    try {
      return inPlace(cx, node, f, isMethod ? args[0] : undefined, own, kind);
    } catch (e) {
      // What can't be written in place may have another form that can be called.
      if (!(e instanceof Unlowered) || e instanceof TooLarge) throw e;
      back();
    }
  }
  const kinds = cx.kinds.paramKinds(f);
  for (const [i, given] of own.entries()) {
    expectFields(given, kinds[i] as Kind, node);
  }
  const missing = f.params.length - own.length;
  const given = own.map((a, i) => {
    const kind = kinds[i] as Kind;
    // Nobody looks at it, so it is nothing that could have a derivative.
    if (isUnused(cx.context, f, f.params[i + f.params.length - kinds.length] as Node))
      return UNDEFINED;
    if (kind.k === "inert" && isName(a) && a.kind.k !== "inert")
      throw new Unlowered(node, "an active value is passed where none is expected");
    expectArgument(a, kind, node);
    expectTangents(cx, f, a, kind, node);
    expectHarmless(cx, a, kind, node);
    learn(a, kind);
    return handedOn(cx, a, kind, node);
  });
  return bind(
    cx,
    {
      op: "call",
      f,
      args: [
        ...(isMethod ? args.slice(0, 1) : []),
        ...given,
        ...Array.from({ length: missing }, () => undefined),
      ],
      changes: cx.effects.changesOutside(f),
    },
    kind,
    "v",
    node,
  );
}

/** Gives what takes back all that was written since. */
export function restorePoint(cx: Lowering): () => void {
  const { self, out, leave, breakTo, continueTo, room } = cx;
  const written = out.length;
  const hoistedBefore = cx.hoisted.length;
  const env = new Map(cx.env);
  const labels = new Map(cx.labels);
  const [closures, waiting] = [new Map(cx.closures), new Map(cx.waiting)];
  const [rounds, open] = [new Set(cx.rounds), new Set(cx.open)];
  const homes = [...waiting.values()].map(({ home }) => [home, home.length] as const);
  return () => {
    Object.assign(cx, { self, out, leave, breakTo, continueTo, room });
    out.splice(written);
    for (const [home, length] of homes) home.splice(length);
    cx.hoisted.splice(hoistedBefore);
    restoreMap(cx.env, env);
    restoreMap(cx.labels, labels);
    restoreMap(cx.closures, closures);
    restoreMap(cx.waiting, waiting);
    restoreSet(cx.rounds, rounds);
    restoreSet(cx.open, open);
  };
}

function restoreMap<K, V>(now: Map<K, V>, then: ReadonlyMap<K, V>): void {
  now.clear();
  for (const [key, value] of then) now.set(key, value);
}

function restoreSet<V>(now: Set<V>, then: ReadonlySet<V>): void {
  now.clear();
  for (const value of then) now.add(value);
}

/** Functions inside functions take up more room than there is. */
export class TooLarge extends Unlowered {}

/** A call of a function that is written inside the one that calls it. */
export function callNamed(
  cx: Lowering,
  node: types.CallExpression,
  f: FunctionNode,
  args: readonly Atom[],
  kind: Kind,
): Atom {
  if (args.length > f.params.length)
    throw new Unlowered(node, "a call with more arguments than parameters");
  const binding = cx.context.bindings.get(unwrap(node.callee));
  const size = cx.calls.sizeOf(f);
  const held = binding && cx.env.get(binding);
  // What calls a function that it is given is written in place, so that it is known what it calls.
  const takesFunction = args.some((a) => isName(a) && cx.functions.has(a));
  const fits = !cx.calls.isRecursive(f) && !cx.open.has(f) && size <= cx.room;
  if (
    held &&
    !(takesFunction && fits) &&
    (cx.asValues || cx.calls.isRecursive(f) || cx.open.has(f) || size > cx.room)
  )
    return apply(cx, node, held, args, f.params.length, kind);
  if (cx.open.has(f)) throw new Unlowered(node, "a function inside another one that calls itself");
  if (size > cx.room) throw new TooLarge(node, "functions inside functions that are too large");
  cx.room -= size;
  return inPlace(cx, node, f, cx.self, args, kind);
}

/** A call of a function that is a value. */
export function callValue(
  cx: Lowering,
  node: Node,
  f: Atom,
  args: readonly Atom[],
  params: readonly Kind[],
  kind: Kind,
): Atom {
  checkGiven(args, params, node);
  for (const [i, param] of params.entries()) expectArgument(args[i], param, node);
  const given = args
    .slice(0, params.length)
    .map((a, i) => handedOn(cx, a, params[i] as Kind, node));
  return apply(cx, node, f, given, params.length, kind);
}

/** Throws where the types of a function that is a value do not tell what it is given. */
export function checkGiven(args: readonly Atom[], params: readonly Kind[], node: Node): void {
  params.forEach((param, i) => {
    const given = args[i];
    if (known(param, node).k === "inert" && given && isName(given) && given.kind.k !== "inert")
      throw new Unlowered(node, "an active value is passed where none is expected");
  });
}

function apply(
  cx: Lowering,
  node: Node,
  f: Atom,
  args: readonly Atom[],
  count: number,
  kind: Kind,
): Atom {
  const missing = Array.from({ length: count - args.length }, () => undefined);
  return bind(cx, { op: "apply", f, args: [...args, ...missing] }, kind, "v", node);
}

/** What a function gives that returns without a value, though others of its ways give something. */
export const nothing = (returns: Kind): Atom | undefined =>
  returns.k === "inert" ? undefined : UNDEFINED;

/** Writes the body of a function where it is called. */
export function inPlace(
  cx: Lowering,
  node: Node,
  f: FunctionNode,
  self: Atom | undefined,
  args: readonly Atom[],
  kind: Kind,
  begin: () => void = () => undefined,
): Atom {
  if (f.async || f.generator) throw new Unlowered(node, "a call of what is async or a generator");
  const outer = {
    self: cx.self,
    leave: cx.leave,
    breakTo: cx.breakTo,
    continueTo: cx.continueTo,
    labels: [...cx.labels],
  };
  cx.self = self;
  cx.breakTo = undefined;
  cx.continueTo = undefined;
  cx.open.add(f);
  const hoistedBefore = cx.hoisted.length;
  const start = cx.out.length;
  parameters(cx, f, args);
  begin();
  const expectResult = (v: Atom | undefined, where: Node | undefined): void => {
    expect(cx, v, kind, where, cx.out);
    // Of what it only hands on, a function without types is taken to give a number.
    if (!f.returnType) expectArgument(v, kind, where ?? f);
  };
  let result: Atom;
  if (f.body.type !== "BlockStatement") {
    result = value(cx, f.body);
    expectResult(result, f.body);
  } else {
    const statementsOf = f.body.body;
    const last = statementsOf.at(-1);
    const ways = countReturns(f.body);
    if (ways === 0 || (ways === 1 && last?.type === "ReturnStatement")) {
      result = UNDEFINED;
      cx.leave = (v, where) => {
        expectResult(v, where);
        result = v ?? UNDEFINED;
      };
      block(cx, statementsOf);
    } else {
      const isNumber = kind.k === "num" && !mayGiveNothing(f.body);
      const held = cell(cx, "result", kind, isNumber ? literal(0) : UNDEFINED);
      const label: Label = { hint: "call" };
      cx.leave = (v, where) => {
        expectResult(v, where);
        if (v !== undefined) set(cx, held, v);
        cx.out.push({ s: "break", label });
      };
      const body = statements(cx, () => block(cx, statementsOf));
      cx.out.push({ s: "block", label, body });
      result = current(cx, held);
    }
  }
  cx.out.splice(start, 0, ...cx.hoisted.splice(hoistedBefore));
  learn(result, kind);
  cx.open.delete(f);
  const own = "id" in f ? f.id : undefined;
  for (const binding of cx.env.keys())
    if (isWithin(binding.identifier, f) && binding.identifier !== own) cx.env.delete(binding);
  cx.self = outer.self;
  cx.leave = outer.leave;
  cx.breakTo = outer.breakTo;
  cx.continueTo = outer.continueTo;
  // Its own labels may be called as those around the call.
  for (const [label, to] of outer.labels) cx.labels.set(label, to);
  return result;
}

/** A function of outside, which reverse sweeps call over a link: where nothing comes back it is called as it is. */
function expectHarmless(cx: Lowering, given: Atom, kind: Kind, node: Node): void {
  if (kind.k !== "fn" || kind.params.every(({ k }) => k === "inert")) return;
  if (!isName(given) || given.kind.k !== "inert") return;
  if (cx.functions.has(given) || cx.linkedParams?.has(given)) return;
  lookAtFunction(cx, atomCode(cx, given), node);
}

function countReturns(body: Node): number {
  let count = 0;
  const visit = (n: unknown): void => {
    if (Array.isArray(n)) for (const e of n) visit(e);
    else if (n !== null && typeof n === "object" && "type" in n) {
      const { type } = n as Node;
      if (type === "ReturnStatement") count++;
      if (/Function|Class|ObjectMethod/.test(type)) return;
      for (const [key, child] of Object.entries(n))
        if (typeof child === "object" && key !== "loc") visit(child);
    }
  };
  visit(body);
  return count;
}

/** Whether nothing is written to a parameter, but for a default where it is missing, which it is not. */
function isNeverWritten(cx: Lowering, f: FunctionNode, binding: Binding, given: Atom): boolean {
  if (binding.constant) return true;
  const statement = defaultStatements(f).get(binding.identifier.name);
  if (statement === undefined) return false;
  const [write] = binding.constantViolations;
  const isOnly =
    binding.constantViolations.length === 1 && isWithin(write?.node as Node, statement);
  if (!isOnly || !isName(given) || !given.made) return false;
  cx.needless.add(statement);
  return true;
}

/** Gives the parameters of a function what it is called with. */
export function parameters(cx: Lowering, f: FunctionNode, args: readonly Atom[]): void {
  given(cx, f, args);
  declareVars(cx, f);
}

function given(cx: Lowering, f: FunctionNode, args: readonly Atom[]): void {
  const kinds = cx.kinds.paramKinds(f);
  const declared = f.params.filter((p) => !(p.type === "Identifier" && p.name === "this"));
  for (const statement of defaultStatements(f).values()) cx.needless.delete(statement);
  declared.forEach((param, i) => {
    const target = param.type === "TSParameterProperty" ? param.parameter : param;
    if (target.type === "RestElement") throw new Unlowered(param, "it has a rest parameter");
    const kind = known(kinds[i] as Kind, param);
    const given = args[i] ?? UNDEFINED;
    expect(cx, given, kind, param, cx.out);
    expectTangents(cx, f, given, kind, param);
    if (isUnused(cx.context, f, param)) return;
    if (kind.k === "inert" && isName(given) && given.kind.k !== "inert")
      throw new Unlowered(param, "an active value is passed where none is expected");
    expectHarmless(cx, given, kind, param);
    learn(given, kind);
    const bare = unwrap(target);
    if (bare.type === "Identifier") {
      const binding = cx.context.bindings.get(bare);
      // A parameter that nothing is written to stands for what it is given.
      const isSame = args[i] !== undefined && binding && isNeverWritten(cx, f, binding, given);
      expectArgument(given, kind, param, isSame);
      if (isSame) {
        cx.env.set(binding, given);
        return;
      }
      if (binding) cx.env.delete(binding);
      declare(cx, bare, given);
      return;
    }
    expectArgument(given, kind, param);
    const isThere = !isName(given) || given.made || cx.functions.has(given);
    if (target.type === "AssignmentPattern" && isThere) {
      // Whether it is missing is known here.
      const isMissing = !isName(given) && given.literal === undefined;
      const v = isMissing ? value(cx, target.right) : given;
      const binding = cx.context.bindings.get(unwrap(target.left));
      // What is one function for certain is called as that.
      if (binding?.constant && cx.functions.has(v)) {
        cx.env.set(binding, v);
        return;
      }
      destructure(cx, target.left, v, kind, declareIn(cx));
      return;
    }
    destructure(cx, target, given, kind, declareIn(cx));
  });
}
