import type { types } from "@babel/core";
import { type FunctionNode, isFunction, unwrap } from "../ast.ts";
import { type Kind, whyUnknown } from "./kind.ts";
import type { Kinds } from "./kinds.ts";

type Node = types.Node;

/** Something that tangent code cannot be made for, and where it stands. */
export interface Obstacle {
  readonly message: string;
  readonly node: Node;
}

/**
 * All that is not known of the values of a function, each at the place where it begins: what is made
 * of an unknown value is not told again.
 */
export function obstaclesIn(kinds: Kinds, f: FunctionNode): Obstacle[] {
  const found: Obstacle[] = [];
  const told = new Set<string>();
  const tell = (kind: Kind, node: Node): void => {
    const message = whyUnknown(kind);
    if (message === undefined || told.has(message)) return;
    told.add(message);
    found.push({ message, node });
  };
  const declared = f.params.filter((p) => !(p.type === "Identifier" && p.name === "this"));
  for (const [i, kind] of kinds.paramKinds(f).entries()) tell(kind, declared[i] ?? f);
  kinds.context.t.traverseFast(f.body, (node) => {
    if (isValue(node)) tell(kinds.kindOf(node), node);
  });
  tell(kinds.returnKind(f), f);
  return found;
}

/** Where values begin; operators only pass on what is known of their operands. */
const isValue = (node: Node): boolean =>
  node.type === "ThisExpression" ||
  node.type === "CallExpression" ||
  node.type === "NewExpression" ||
  node.type === "MemberExpression" ||
  node.type === "ArrayExpression" ||
  node.type === "ObjectExpression";

/** Whether a function does arithmetic of its own: what a derivative of it could be about. */
export function computes({ t }: Kinds["context"], f: FunctionNode): boolean {
  let found = false;
  t.traverseFast(f.body, (node) => {
    found ||=
      (node.type === "BinaryExpression" &&
        /^(?:[-*/%]|\*\*)$/.test(node.operator) &&
        !(isLiteral(node.left) && isLiteral(node.right))) ||
      (node.type === "AssignmentExpression" && /^(?:[-*/%]|\*\*)=$/.test(node.operator)) ||
      (node.type === "MemberExpression" &&
        node.object.type === "Identifier" &&
        node.object.name === "Math");
  });
  return found;
}

const isLiteral = (node: Node): boolean => {
  const bare = unwrap(node);
  return bare.type === "NumericLiteral" || bare.type === "StringLiteral" || isFunction(bare);
};
