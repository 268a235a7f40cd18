import type { types } from "@babel/core";
import { completes } from "../analysis/completion.ts";
import { walk } from "../analysis/effects.ts";
import type { Kind } from "../analysis/kind.ts";
import { type Binding, type FunctionNode, unwrap } from "../ast.ts";
import { nothing, parameters } from "./calls.ts";
import { learn } from "./empty-lists.ts";
import {
  type Atom,
  atomsOf,
  atomsRead,
  blocksOf,
  type Closure,
  eachStmt,
  isName,
  mapBlocks,
  type Name,
  name,
  type Stmt,
} from "./form.ts";
import {
  block,
  isWithin,
  KEEPS_ROUND,
  known,
  type Lowering,
  statements,
  Unlowered,
  value,
} from "./lowering.ts";

type Node = types.Node;

/** A function as a value: an arrow that is written where it is used, or a function with a name. */
export function closureValue(cx: Lowering, f: FunctionNode, kind: Kind): Atom {
  const made = name("f", kind);
  // What it is handed to may be written in place, and it with that.
  if (cx.effects.changesActiveAround(f))
    cx.unwritten.set(
      made,
      new Unlowered(f, "a function that changes active variables is handed on"),
    );
  else cx.out.push(closure(cx, f, made));
  return made;
}

/** Names the functions of a block that are values: each is written before the first statement that uses it. */
export function announce(cx: Lowering, binding: Binding, f: FunctionNode): void {
  cx.closures.set(binding, f);
  if (!isValue(cx, binding, f)) return;
  const kind = cx.kinds.functionKind(f);
  cx.env.set(binding, name(binding.identifier.name, kind));
  cx.waiting.set(binding, { f, home: cx.out });
}

/**
 * Writes the functions that a statement uses, and those that these use, into their own blocks: what is written in place
 * may be the first to use one, from inside a block that others do not see into.
 */
export function writeUsed(cx: Lowering, node: Node): void {
  if (cx.waiting.size === 0) return;
  // Functions that are kept as they are use them too.
  cx.context.t.traverseFast(node, (n) => {
    const binding = n.type === "Identifier" ? cx.context.bindings.get(n) : undefined;
    const found = binding && cx.waiting.get(binding);
    if (!found) return;
    const { f, home } = found;
    cx.waiting.delete(binding);
    writeUsed(cx, f.body);
    const made = cx.env.get(binding) as Name;
    try {
      const handedOn = isHandedOn(binding);
      if (handedOn && cx.effects.changesActiveAround(f))
        throw new Unlowered(f, "a function that changes active variables is handed on");
      home.push(closure(cx, f, made));
    } catch (e) {
      if (!(e instanceof Unlowered)) throw e;
      // Where it is called it may be written in place all the same.
      cx.env.delete(binding);
    }
  });
}

function isValue(cx: Lowering, binding: Binding, f: FunctionNode): boolean {
  return cx.asValues || isHandedOn(binding) || cx.calls.isRecursive(f);
}

const isHandedOn = (binding: Binding): boolean =>
  binding.referencePaths.some((p) => !(p.parent.type === "CallExpression" && p.key === "callee"));

function closure(cx: Lowering, f: FunctionNode, made: Name): Closure {
  if (f.async || f.generator) throw new Unlowered(f, f.async ? "it is async" : "it is a generator");
  const isArrow = f.type === "ArrowFunctionExpression";
  if (!isArrow)
    walk(f.body, (n) => {
      if (n.type === "ThisExpression")
        throw new Unlowered(n, "a function with a `this` of its own");
    });
  const size = cx.calls.sizeOf(f);
  if (size > cx.room) throw new Unlowered(f, "functions inside functions that are too large");
  cx.room -= size;
  const returns = known(cx.kinds.returnKind(f), f);
  const kinds = cx.kinds.paramKinds(f);
  const outer = {
    leave: cx.leave,
    breakTo: cx.breakTo,
    continueTo: cx.continueTo,
    labels: [...cx.labels],
    hoistedBefore: cx.hoisted.length,
  };
  cx.breakTo = undefined;
  cx.continueTo = undefined;
  cx.leave = (v, node) => {
    if (returns.k === "inert" && v && isName(v) && v.kind.k !== "inert")
      throw new Unlowered(node, "it returns an active value where its type says otherwise");
    if (v) learn(v, returns);
    cx.out.push({ s: "return", value: v ?? nothing(returns), node });
  };
  cx.open.add(f);
  const params: Name[] = [];
  let body: Stmt[];
  try {
    body = statements(cx, () => {
      const declared = f.params.filter((p) => !(p.type === "Identifier" && p.name === "this"));
      const given = declared.map((param, i) => {
        const target = param.type === "TSParameterProperty" ? param.parameter : param;
        const bare = unwrap(target.type === "AssignmentPattern" ? target.left : target);
        const hint = bare.type === "Identifier" ? bare.name : "p";
        const param_ = name(hint, known(kinds[i] as Kind, param));
        params.push(param_);
        return param_;
      });
      parameters(cx, f, given);
      if (f.body.type === "BlockStatement") {
        block(cx, f.body.body);
        if (returns.k !== "inert" && completes(f.body)) cx.leave(undefined, f.body);
      } else cx.leave(value(cx, f.body), f.body);
    });
    body.unshift(...cx.hoisted.splice(outer.hoistedBefore));
  } finally {
    cx.hoisted.splice(outer.hoistedBefore);
    cx.open.delete(f);
    for (const binding of cx.env.keys())
      if (isWithin(binding.identifier, f) && binding.identifier !== ("id" in f ? f.id : null))
        cx.env.delete(binding);
    cx.leave = outer.leave;
    cx.breakTo = outer.breakTo;
    cx.continueTo = outer.continueTo;
    for (const [label, to] of outer.labels) cx.labels.set(label, to);
  }
  eachStmt(body, (s) => {
    const atoms = s.s === "let" || s.s === "set" || s.s === "do" ? atomsOf(s.value) : atomsRead(s);
    const touched: readonly Atom[] = s.s === "set" ? [...atoms, s.name] : atoms;
    if (touched.some((a) => isName(a) && cx.rounds.has(a))) throw new Unlowered(f, KEEPS_ROUND);
  });
  return { s: "closure", name: made, params, body, returns, node: f };
}

/** Throws where a function is used that could not be written as a value. */
export function checkWritten(cx: Lowering, stmts: readonly Stmt[]): void {
  if (cx.unwritten.size === 0) return;
  eachStmt(stmts, (s) => {
    const atoms = s.s === "let" || s.s === "set" || s.s === "do" ? atomsOf(s.value) : atomsRead(s);
    for (const a of s.s === "set" ? [...atoms, s.name] : atoms) {
      const reason = cx.unwritten.get(a);
      if (reason) throw reason;
    }
  });
}

/** The statements without functions that nothing uses. */
export function withoutUnused(stmts: readonly Stmt[]): Stmt[] {
  const used = new Set<Atom>();
  const use = (list: readonly Stmt[]): boolean => {
    let found = false;
    for (const s of list) {
      if (s.s === "closure" && !used.has(s.name)) continue;
      const atoms =
        s.s === "let" || s.s === "set" || s.s === "do" ? atomsOf(s.value) : atomsRead(s);
      for (const a of s.s === "loop" && s.test ? [...atoms, s.test.value] : atoms) {
        if (isName(a) && a.kind.k === "fn" && !used.has(a)) {
          used.add(a);
          found = true;
        }
      }
      for (const b of blocksOf(s)) found = use(b) || found;
    }
    return found;
  };
  while (use(stmts));
  const kept = (list: readonly Stmt[]): Stmt[] =>
    list.flatMap((s) => (s.s === "closure" && !used.has(s.name) ? [] : [mapBlocks(s, kept)]));
  return kept(stmts);
}
