import type { types } from "@babel/core";
import { INERT, isLoose, type Kind } from "../analysis/kind.ts";
import { type FunctionNode, isFunction, staticKey, unwrap } from "../ast.ts";
import { learn } from "./empty-lists.ts";
import { expect } from "./expected.ts";
import { type Atom, isName, literal, type Name, name, type Op } from "./form.ts";
import { givesItsPlaces } from "./iterated.ts";
import {
  atomCode,
  bind,
  choice,
  known,
  type Lowering,
  plainOp,
  set,
  target,
  Unlowered,
  value,
} from "./lowering.ts";

type Node = types.Node;

/**
 * What becomes of a part of a pattern: a variable is declared, or something is assigned to. The place that
 * is assigned to is found before the value is read.
 */
export type Put = (target: Node) => (value: Atom, node: Node) => void;

/** Declares the variables of a pattern. */
export const declareIn =
  (cx: Lowering): Put =>
  (to) => {
    if (to.type !== "Identifier") throw new Unlowered(to, "an unusual pattern");
    return (v) => declare(cx, to, v);
  };

export const assignTo =
  (cx: Lowering): Put =>
  (to) => {
    const { write } = target(cx, to);
    return (v, node) => {
      if (mayBeMethod(cx, to, v)) throw new Unlowered(node, "a function under a computed key");
      write(v, node);
    };
  };

/** Whether what is written under a computed key may stand in the place of a method from then on. */
function mayBeMethod(cx: Lowering, to: Node, v: Atom): boolean {
  if (to.type !== "MemberExpression" || !to.computed || staticKey(keyOf(to)) !== undefined)
    return false;
  if (!isName(v) || cx.kinds.kindOf(to).k === "fn") return false;
  const container = cx.kinds.kindOf(to.object);
  if (v.kind.k === "fn" || (container.k === "object" && container.className !== undefined))
    return true;
  return v.kind.k === "inert" && container.k !== "inert";
}

const keyOf = ({ property, computed }: types.MemberExpression) => ({ key: property, computed });

/** A variable of the user's, with what it holds at first. */
export function declare(cx: Lowering, id: types.Identifier, v: Atom | undefined): void {
  const binding = cx.context.bindings.get(id);
  if (binding === undefined) throw new Unlowered(id, "a variable that is not known");
  const kind = known(cx.kinds.bindingKind(binding), id);
  expect(cx, v, kind, id, cx.out);
  if (kind.k === "inert" && v && isName(v) && v.kind.k !== "inert")
    throw new Unlowered(id, "an active value is written to a variable that is not active");
  if (binding.constant && v && binding.kind !== "var") {
    cx.env.set(binding, named(cx, id.name, v, kind));
    return;
  }
  const known_ = cx.env.get(binding);
  if (known_ !== undefined && isName(known_) && known_.mutable) {
    // A `var`, or the variable of a loop that is entered again.
    if (v) set(cx, known_, v, id);
    return;
  }
  const made = name(id.name, kind, true);
  cx.env.set(binding, made);
  if (binding.kind === "var" || (binding.kind as string) === "hoisted") {
    cx.hoisted.push({
      s: "let",
      name: made,
      value: { op: "copy", value: literal(undefined) },
      node: id,
    });
    if (v) set(cx, made, v, id);
    return;
  }
  if (v) learn(v, kind);
  cx.out.push({
    s: "let",
    name: made,
    value: { op: "copy", value: v ?? literal(undefined) },
    node: id,
  });
}

/** Declares what `var` declares in a function: it is there from the beginning on. */
export function declareVars(cx: Lowering, f: FunctionNode): void {
  const visit = (node: Node): void => {
    if (node !== f.body && (isFunction(node) || node.type === "ClassDeclaration")) return;
    if (/^(Function|Arrow|Class|Object)\w*(Expression|Declaration|Method)$/.test(node.type))
      if (node.type !== "ObjectExpression") return;
    if (node.type === "VariableDeclaration" && node.kind === "var")
      for (const d of node.declarations)
        for (const id of Object.values(cx.context.t.getBindingIdentifiers(d.id))) {
          const binding = cx.context.bindings.get(id);
          const isFunctionOf = d.id.type === "Identifier" && isFunction(d.init && unwrap(d.init));
          if (binding && !isFunctionOf && !cx.env.has(binding)) declare(cx, id, undefined);
        }
    for (const key of cx.context.t.VISITOR_KEYS[node.type] ?? []) {
      const child = (node as unknown as Record<string, Node | (Node | null)[] | null>)[key];
      for (const c of Array.isArray(child) ? child : [child]) if (c) visit(c);
    }
  };
  if (f.body.type === "BlockStatement") visit(f.body);
}

/** Objects that are written out: they have no other fields, and no accessors. */
export const writtenOut = new WeakSet<Name>();

/** What a type says is a field may be an accessor of what is really given: that has no shadow beside it. */
export function expectField(object: Atom, key: string, node: Node): void {
  if (!isName(object) || object.kind.k !== "object" || object.kind.fields.has(key)) return;
  if (writtenOut.has(object)) return;
  throw new Unlowered(node, `the field ${key} of an object that is not known to have it`);
}

/** What is handed to a function that is called as it is must have the fields that it looks for. */
export function expectFields(given: Atom | undefined, kind: Kind, node: Node): void {
  if (!given || !isName(given) || given.kind.k !== "object" || kind.k !== "object") return;
  for (const [key, of] of kind.fields) if (of.k !== "inert") expectField(given, key, node);
}

/** The name under which a constant goes on: what was made for it gets the name that the user chose. */
function named(cx: Lowering, hint: string, v: Atom, kind: Kind): Atom {
  learn(v, kind);
  if (!isName(v)) return kind.k === "num" ? bind(cx, { op: "copy", value: v }, kind, hint) : v;
  const last = cx.out.at(-1);
  if (last?.s === "let" && last.name === v && v.hint === "v" && !v.mutable && v.kind.k === kind.k) {
    v.hint = hint;
    return v;
  }
  return v.kind.k === kind.k ? v : bind(cx, { op: "copy", value: v }, kind, hint);
}

/** What an iterator gives is taken out of it by the same steps as the pattern takes. */
function takeApart(cx: Lowering, node: types.ArrayPattern, v: Atom, put: Put): void {
  const { t } = cx.context;
  const names = node.elements.map((e, i) => (e === null ? null : t.identifier(`e${i}`)));
  const pattern = t.arrayPattern(
    node.elements.map((e, i) => {
      const id = names[i];
      return id ? (e?.type === "RestElement" ? t.restElement(id) : id) : null;
    }),
  );
  const all = t.arrayExpression(names.map((id) => id && t.identifier(id.name)));
  const take = t.callExpression(t.arrowFunctionExpression([pattern], all), [atomCode(cx, v)]);
  const hasRest = node.elements.some((e) => e?.type === "RestElement");
  const code = hasRest
    ? take
    : t.conditionalExpression(givesItsPlaces(cx, v), atomCode(cx, v), take);
  const list = bind(cx, plainOp(code, true), INERT, "list", node);
  node.elements.forEach((e, i) => {
    if (e === null) return;
    const read = t.memberExpression(atomCode(cx, list), t.numericLiteral(i), true);
    const one = () => bind(cx, plainOp(read, false), INERT, "v", e);
    part(cx, e.type === "RestElement" ? e.argument : e, one, INERT, put);
  });
}

/** Takes a value apart by a pattern. */
export function destructure(cx: Lowering, pattern: Node, v: Atom, kind: Kind, put: Put): void {
  part(cx, pattern, () => v, kind, put);
}

/** Puts a part of a value where a pattern says, which tells by what it is replaced if it is missing. */
function part(cx: Lowering, pattern: Node, read: () => Atom, kind: Kind, put: Put): void {
  const node = unwrap(pattern);
  const to = node.type === "AssignmentPattern" ? unwrap(node.left) : node;
  const isPattern = to.type === "ArrayPattern" || to.type === "ObjectPattern";
  const write = isPattern ? undefined : put(to);
  const found = read();
  const [v, of] =
    node.type === "AssignmentPattern" ? orElse(cx, node, found, kind) : ([found, kind] as const);
  if (write) write(v, to);
  else if (to.type === "ArrayPattern") elementsApart(cx, to, v, of, put);
  else if (to.type === "ObjectPattern") fieldsApart(cx, to, v, of, put);
}

/** What a default of a pattern or a parameter makes of what is given. */
export function orElse(
  cx: Lowering,
  node: types.AssignmentPattern,
  v: Atom,
  kind: Kind,
): readonly [Atom, Kind] {
  const { t } = cx.context;
  const isMissing = t.binaryExpression("===", atomCode(cx, v), atomCode(cx, literal(undefined)));
  const missing = bind(cx, plainOp(isMissing, false), INERT);
  const whole = kind.k === "inert" ? known(cx.kinds.kindOf(node.right), node) : kind;
  const given = choice(
    cx,
    whole,
    () => missing,
    () => value(cx, node.right),
    () => v,
  );
  return [given, whole];
}

function elementsApart(
  cx: Lowering,
  node: types.ArrayPattern,
  v: Atom,
  kind: Kind,
  put: Put,
): void {
  if (kind.k === "inert") {
    takeApart(cx, node, v, put);
    return;
  }
  node.elements.forEach((e, i) => {
    if (e === null) return;
    if (e.type === "RestElement") {
      if (kind.k !== "array" || isLoose(kind))
        throw new Unlowered(e, "the rest of something else than an array");
      const args = [{ value: literal(i), spread: false }];
      const rest = () => bind(cx, { op: "method", name: "slice", object: v, args }, kind, "v", e);
      part(cx, e.argument, rest, kind, put);
      return;
    }
    const of = known(cx.kinds.elementAt(kind, i), e);
    const place = { at: "element", object: v, index: literal(i) } as const;
    part(cx, e, () => bind(cx, { op: "read", place }, of, "v", e), of, put);
  });
}

function fieldsApart(cx: Lowering, node: types.ObjectPattern, v: Atom, kind: Kind, put: Put): void {
  for (const p of node.properties) {
    const key = p.type === "RestElement" ? undefined : staticKey(p as never);
    if (p.type === "RestElement" || key === undefined)
      throw new Unlowered(p, "the rest of an object, or a computed key");
    const of = known(cx.kinds.fieldKind(kind, key), p);
    expectField(v, key, p);
    if (kind.k !== "inert" && cx.effects.mayBeGetter(kind, key))
      throw new Unlowered(p, "a field that may be a getter");
    const op: Op =
      kind.k === "inert" && cx.effects.changesByReading(key)
        ? plainOp(fieldOf(cx, v, key), true)
        : { op: "read", place: { at: "field", object: v, key } };
    part(cx, p.value, () => bind(cx, op, of, "v", p), of, put);
  }
}

function fieldOf(cx: Lowering, v: Atom, key: string): types.Expression {
  const { t } = cx.context;
  return t.memberExpression(atomCode(cx, v), t.stringLiteral(key), true);
}
