import type { types } from "@babel/core";
import { type FunctionNode, staticKey, unwrap } from "../ast.ts";
import type { Kinds } from "./kinds.ts";

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

/** The constructor that `new C(...)` runs, where it does more than store its arguments. */
export function constructorRunBy(
  kinds: Pick<Kinds, "context" | "typeKinds">,
  node: types.NewExpression,
): FunctionNode | undefined {
  const definition = classMadeBy(kinds, node);
  return definition && constructorStores(definition) === undefined
    ? constructorOf(definition)
    : undefined;
}

const isLiteral = (e: Node): boolean =>
  e.type === "NumericLiteral" ||
  e.type === "StringLiteral" ||
  e.type === "BooleanLiteral" ||
  e.type === "NullLiteral";

/** Which argument each field is given, where the constructor does nothing but `this.field = argument`. */
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
    if (field === undefined || position === undefined) return undefined;
    stores.set(field, position);
  }
  return stores;
}
