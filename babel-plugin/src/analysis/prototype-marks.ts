import type { types } from "@babel/core";
import { staticKey } from "../ast.ts";

type Node = types.Node;

/** `C.prototype` of `C.prototype.isC = true`, where the class has nothing of that name. */
export function prototypeMark(
  node: Node,
  definition: types.Class | undefined,
  isOwner: (object: Node) => boolean,
): types.MemberExpression | undefined {
  if (node.type !== "AssignmentExpression" || node.operator !== "=") return undefined;
  const { left, right } = node;
  if (left.type !== "MemberExpression" || !isConstant(right)) return undefined;
  const { object: owner } = left;
  const name = staticKey({ key: left.property, computed: left.computed });
  if (name === undefined || name === "__proto__" || name === "constructor") return undefined;
  if (owner.type !== "MemberExpression" || !isOwner(owner.object)) return undefined;
  if (staticKey({ key: owner.property, computed: owner.computed }) !== "prototype")
    return undefined;
  const isTaken = definition?.body.body.some(
    (m) =>
      m.type !== "StaticBlock" && m.type !== "TSIndexSignature" && staticKey(m as never) === name,
  );
  return isTaken ? undefined : owner;
}

const isConstant = (value: Node): boolean =>
  value.type === "BooleanLiteral" ||
  value.type === "StringLiteral" ||
  value.type === "NumericLiteral" ||
  value.type === "NullLiteral";

/** Whether a static block does nothing but tell instances of the class from others: `static { this.prototype.isC = true; }` */
export const isPrototypeMark = (block: types.StaticBlock, definition: types.Class): boolean =>
  block.body.every(
    (s) =>
      s.type === "ExpressionStatement" &&
      prototypeMark(s.expression, definition, (o) => o.type === "ThisExpression") !== undefined,
  );
