import type { types } from "@babel/core";
import { type FunctionNode, staticKey, unwrap } from "../ast.ts";
import type { Kinds } from "./kinds.ts";
import { returnsOf } from "./syntax.ts";

type Node = types.Node;

export const constructorOf = (node: types.Class): types.ClassMethod | undefined =>
  node.body.body.find(
    (m): m is types.ClassMethod => m.type === "ClassMethod" && m.kind === "constructor",
  );

/** The class of this file that `new C(...)` makes an instance of. */
export function classMadeBy(
  { context, typeKinds }: Pick<Kinds, "context" | "typeKinds">,
  { callee }: types.NewExpression,
): types.Class | undefined {
  const id = unwrap(callee);
  const definition = id.type === "Identifier" ? typeKinds.classes.get(id.name) : undefined;
  return definition && context.bindings.get(id)?.path.node === definition ? definition : undefined;
}

/** The constructors that `new C(...)` runs, where these do more than store their arguments. */
export function constructorsRunBy(
  kinds: Pick<Kinds, "context" | "typeKinds">,
  node: types.NewExpression,
): FunctionNode[] {
  const definition = classMadeBy(kinds, node);
  if (definition?.id == null) return [];
  const line = kinds.typeKinds.ancestry(definition.id.name);
  if (line.length === 1 && constructorStores(definition) !== undefined) return [];
  return line.flatMap((c) => constructorOf(c) ?? []);
}

const isLiteral = (e: Node): boolean =>
  e.type === "NumericLiteral" ||
  e.type === "StringLiteral" ||
  e.type === "BooleanLiteral" ||
  e.type === "NullLiteral";

/**
 * Which argument each field is given, where the constructor does nothing but `this.field = argument` and
 * `this.field = literal`.
 */
export function constructorStores(node: types.Class): Map<string, number> | undefined {
  const stores = new Map<string, number>();
  const definition = constructorOf(node);
  for (const m of node.body.body) {
    if (
      m.type === "ClassProperty" &&
      !m.static &&
      m.value &&
      m.value.type !== "NumericLiteral" &&
      m.value.type !== "StringLiteral"
    )
      return undefined;
  }
  if (!definition) return stores;
  const positions = new Map<string, number>();
  for (const [i, p] of definition.params.entries()) {
    const given = p.type === "TSParameterProperty" ? p.parameter : p;
    const hasLiteral = given.type === "AssignmentPattern" && isLiteral(given.right);
    const id = hasLiteral ? given.left : given;
    if (id.type !== "Identifier") return undefined;
    positions.set(id.name, i);
    if (p.type === "TSParameterProperty") stores.set(id.name, i);
  }
  for (const s of definition.body.body) {
    const e = s.type === "ExpressionStatement" ? s.expression : undefined;
    if (
      e?.type !== "AssignmentExpression" ||
      e.operator !== "=" ||
      e.left.type !== "MemberExpression" ||
      e.left.object.type !== "ThisExpression"
    )
      return undefined;
    const field = staticKey({ key: e.left.property, computed: e.left.computed });
    const value = unwrap(e.right);
    const position = value.type === "Identifier" ? positions.get(value.name) : undefined;
    if (field === undefined) return undefined;
    if (position !== undefined) stores.set(field, position);
    else if (isLiteral(value)) stores.delete(field);
    else return undefined;
  }
  return stores;
}

/**
 * The literals that an instance's fields hold, and its constructor's parameters begin with, where the constructor does
 * no more than to store: by the names of the ones and the places of the others.
 */
export function literalsBefore(node: types.Class): {
  readonly fields: ReadonlyMap<string, Node>;
  readonly params: ReadonlyMap<number, Node>;
} {
  const fields = new Map<string, Node>();
  for (const m of node.body.body)
    if (m.type === "ClassProperty" && !m.static && m.value)
      fields.set(staticKey(m as never) as string, m.value);
  const definition = constructorOf(node);
  for (const s of definition?.body.body ?? []) {
    const e = s.type === "ExpressionStatement" ? s.expression : undefined;
    if (e?.type !== "AssignmentExpression" || e.left.type !== "MemberExpression") continue;
    const field = staticKey({ key: e.left.property, computed: e.left.computed });
    if (field !== undefined && isLiteral(unwrap(e.right))) fields.set(field, unwrap(e.right));
  }
  const params = new Map<number, Node>();
  for (const [i, p] of (definition?.params ?? []).entries()) {
    const given = p.type === "TSParameterProperty" ? p.parameter : p;
    if (given.type === "AssignmentPattern") params.set(i, given.right);
  }
  return { fields, params };
}

/** The field that a parameter declares. */
export const fieldOf = ({ parameter }: types.TSParameterProperty): types.Identifier =>
  (parameter.type === "AssignmentPattern" ? parameter.left : parameter) as types.Identifier;

/** The fields that a constructor has stored something in whichever way it ends, but by throwing. */
export function alwaysStored(f: types.ClassMethod): ReadonlySet<string> {
  const ends: ReadonlySet<string>[] = [];
  const declared = f.params.flatMap((p) =>
    p.type === "TSParameterProperty" ? [fieldOf(p).name] : [],
  );
  const last = storedAfter(f.body, new Set(declared), ends);
  return common(last ? [...ends, last] : ends);
}

/** What is stored behind a statement, if it gets there; a `return` is one of the ends. */
function storedAfter(
  s: Node | null | undefined,
  before: ReadonlySet<string>,
  ends: ReadonlySet<string>[],
): ReadonlySet<string> | undefined {
  switch (s?.type) {
    case "BlockStatement": {
      let now: ReadonlySet<string> | undefined = before;
      for (const inner of s.body) now = now && storedAfter(inner, now, ends);
      return now;
    }
    case "IfStatement": {
      const ways = [s.consequent, s.alternate].map((way) => storedAfter(way, before, ends));
      const open = ways.filter((way) => way !== undefined);
      return open.length > 0 ? common(open) : undefined;
    }
    case "ExpressionStatement":
      return new Set([...before, ...storedBy(s.expression)]);
    case "ReturnStatement":
      ends.push(before);
      return undefined;
    case "ThrowStatement":
      return undefined;
    default:
      // Loops and the like may leave from anywhere.
      if (s && returnsOf(s).length > 0) ends.push(before);
      return before;
  }
}

function storedBy(e: Node): string[] {
  if (e.type !== "AssignmentExpression") return [];
  const { left } = e;
  const key =
    left.type === "MemberExpression" && left.object.type === "ThisExpression"
      ? staticKey({ key: left.property, computed: left.computed })
      : undefined;
  return [...(key === undefined || isShort(e.operator) ? [] : [key]), ...storedBy(e.right)];
}

const isShort = (operator: string): boolean => ["&&=", "||=", "??="].includes(operator);

function common(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  const [first, ...others] = sets;
  return new Set([...(first ?? [])].filter((key) => others.every((set) => set.has(key))));
}
