import type { NodePath, types } from "@babel/core";
import { type FunctionNode, staticKey, unwrap } from "../ast.ts";

/** What a marked function is called in reports and in the names of its forms. */
export function nameOf(path: NodePath<FunctionNode>): string {
  const { node } = path;
  if (node.type === "FunctionDeclaration") return node.id?.name ?? "default";
  if (node.type === "FunctionExpression" && node.id) return node.id.name;
  if (
    node.type === "ClassMethod" ||
    node.type === "ObjectMethod" ||
    node.type === "ClassPrivateMethod"
  ) {
    const owner = path.parentPath?.parent as types.Class | undefined;
    const key = (staticKey(node as never) ?? "method").replace(/\W/g, "");
    return owner && "id" in owner && owner.id ? `${owner.id.name}$${key}` : key;
  }
  const holder = path.findParent(
    (p) => unwrap(p.node) === p.node && p.node.type !== "CallExpression",
  )?.node;
  if (holder?.type === "VariableDeclarator" && holder.id.type === "Identifier")
    return holder.id.name;
  return "anonymous";
}
