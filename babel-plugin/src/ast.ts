import type { NodePath, types } from "@babel/core";

/** Babel's own builders, of the version that runs the plugin: never imported, always handed in. */
export type T = typeof types;
export type Scope = NodePath["scope"];
export type Binding = NonNullable<ReturnType<Scope["getBinding"]>>;

export type FunctionNode =
  | types.FunctionDeclaration
  | types.FunctionExpression
  | types.ArrowFunctionExpression
  | types.ObjectMethod
  | types.ClassMethod
  | types.ClassPrivateMethod;

/** Fields that hold types or modifiers only; emitted code carries none of them. */
const typeFields = new Set([
  "typeAnnotation",
  "returnType",
  "typeParameters",
  "typeArguments",
  "superTypeParameters",
  "superTypeArguments",
  "implements",
  "accessibility",
  "optional",
  "definite",
  "declare",
  "override",
  "abstract",
  "readonly",
  "decorators",
  "predicate",
  "variance",
]);
const commentFields = new Set(["leadingComments", "trailingComments", "innerComments"]);

/** A copy of one node without types and comments; its children are still the original ones. */
export function bareCopy<N extends types.Node>(node: N): N {
  // Fields are left out, not deleted: engines keep objects slowly that something was deleted from.
  const copy: Record<string, unknown> = {};
  const keepsOptional = node.type.startsWith("Optional");
  for (const field in node) {
    if (commentFields.has(field)) continue;
    if (typeFields.has(field) && !(field === "optional" && keepsOptional)) continue;
    copy[field] = node[field as keyof N];
  }
  return copy as unknown as N;
}

/** What an assignment, also one by a pattern, or an update writes to. */
export function writtenBy(node: types.Node): types.Node | undefined {
  if (node.type === "AssignmentExpression") return node.left;
  return node.type === "UpdateExpression" ? node.argument : undefined;
}

/** What an expression writes to or deletes. */
export const changedBy = (node: types.Node): types.Node | undefined =>
  node.type === "UnaryExpression" && node.operator === "delete" ? node.argument : writtenBy(node);

/** The expression inside TypeScript's wrappers and parentheses. */
export function unwrap(node: types.Node): types.Node {
  switch (node.type) {
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
    case "TSTypeAssertion":
    case "TSInstantiationExpression":
    case "ParenthesizedExpression":
    case "TypeCastExpression":
      return unwrap(node.expression);
    default:
      return node;
  }
}

/** What a member of a member is a part of. */
export function rootOf(node: types.Node): types.Node {
  const bare = unwrap(node);
  return bare.type === "MemberExpression" || bare.type === "OptionalMemberExpression"
    ? rootOf(bare.object)
    : bare;
}

export const isFunction = (node: types.Node | null | undefined): node is FunctionNode =>
  node != null &&
  (node.type === "FunctionDeclaration" ||
    node.type === "FunctionExpression" ||
    node.type === "ArrowFunctionExpression" ||
    node.type === "ObjectMethod" ||
    node.type === "ClassMethod" ||
    node.type === "ClassPrivateMethod");

export const isClass = (node: types.Node | null | undefined): node is types.Class =>
  node != null && (node.type === "ClassDeclaration" || node.type === "ClassExpression");

/** The name of a property or method as written, where it is one. */
export function staticKey(node: {
  key: types.Node;
  computed?: boolean | null;
}): string | undefined {
  if (node.key.type === "PrivateName") return `#${node.key.id.name}`;
  if (node.key.type === "StringLiteral") return node.key.value;
  if (node.key.type === "NumericLiteral") return String(node.key.value);
  if (node.key.type === "BigIntLiteral") return String(BigInt(node.key.value));
  return node.key.type === "Identifier" && !node.computed ? node.key.name : undefined;
}
