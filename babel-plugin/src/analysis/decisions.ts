import type { types } from "@babel/core";
import { type T, unwrap } from "../ast.ts";

type Node = types.Node;

const COMPARISON = new Set(["==", "===", "!=", "!==", "<", "<=", ">", ">="]);

/**
 * The expressions whose value decides a branch or names an element, and goes no further: `mask & 4` in
 * `if (mask & 4)`, `hash & 255` in `table[hash & 255]`. They lose no derivative.
 */
export function decisions(t: T, root: Node): ReadonlySet<Node> {
  const found = new Set<Node>();
  const add = (...nodes: readonly (Node | null | undefined)[]): void => {
    for (const node of nodes) if (node) found.add(unwrap(node));
  };
  // A node comes before what is inside it.
  t.traverseFast(root, (node) => {
    switch (node.type) {
      case "IfStatement":
      case "ConditionalExpression":
      case "WhileStatement":
      case "DoWhileStatement":
      case "ForStatement":
        add(node.test);
        break;
      case "SwitchStatement":
        add(node.discriminant);
        break;
      case "UnaryExpression":
        if (node.operator === "!" || found.has(node)) add(node.argument);
        break;
      case "BinaryExpression":
        if (COMPARISON.has(node.operator) || found.has(node)) add(node.left, node.right);
        break;
      case "LogicalExpression":
        if (found.has(node)) add(node.left, node.right);
        break;
      case "MemberExpression":
      case "OptionalMemberExpression":
        if (node.computed) add(node.property);
        break;
    }
  });
  return found;
}
