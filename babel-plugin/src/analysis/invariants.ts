import type { types } from "@babel/core";
import { rules } from "dualize/rules";
import { type Binding, isFunction, unwrap } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import type { Kinds } from "./kinds.ts";

type Node = types.Node;
type Expression = types.Expression;

/** Functions of `Math` that cost a few processor cycles: not worth a variable. */
const cheap = new Set(["abs", "max", "min", "sqrt", "fround", "f16round"]);

/**
 * The active expressions that a loop computes anew in every round though they never change in it,
 * as far as they are worth more than a few cycles. The engine would find them too, but gives up on
 * loops of the size that tangent code has.
 */
export function invariantsOf(
  context: ModuleContext,
  kinds: Kinds,
  loop: Node,
  body: Node,
): Expression[] {
  const found: Expression[] = [];

  const isInvariant = (expression: Node): boolean => {
    const node = unwrap(expression);
    switch (node.type) {
      case "NumericLiteral":
        return true;
      case "Identifier": {
        const binding = context.bindings.get(node);
        return binding !== undefined && kinds.kindOf(node).k === "num" && isSteady(binding, loop);
      }
      case "UnaryExpression":
        return (node.operator === "-" || node.operator === "+") && isInvariant(node.argument);
      case "BinaryExpression":
        return arithmetic.has(node.operator) && isInvariant(node.left) && isInvariant(node.right);
      case "MemberExpression":
        return context.isGlobal(unwrap(node.object), "Math") && !node.computed;
      case "CallExpression":
        return isRuled(kinds.mathName(node.callee)) && node.arguments.every(isInvariant);
      default:
        return false;
    }
  };

  const isCostly = (node: Node): boolean => {
    let costly = false;
    context.t.traverseFast(node, (n) => {
      costly ||= n.type === "BinaryExpression" && n.operator === "**" && !isSquare(n);
      if (n.type === "CallExpression") {
        const name = kinds.mathName(n.callee);
        costly ||= name !== undefined && !cheap.has(name);
      }
    });
    return costly;
  };

  // Only what every round reaches: elsewhere it might be computed in vain.
  const visit = (node: Node | null | undefined): void => {
    if (!node || isFunction(node) || unlikely.has(node.type)) return;
    if (
      context.t.isExpression(node) &&
      isInvariant(node) &&
      isCostly(node) &&
      kinds.kindOf(node).k === "num"
    ) {
      found.push(node);
      return;
    }
    for (const key of partsOf[node.type] ?? context.t.VISITOR_KEYS[node.type] ?? []) {
      const child = (node as unknown as Record<string, Node | Node[] | null>)[key];
      for (const part of Array.isArray(child) ? child : [child]) visit(part);
    }
  };
  visit(body);
  return found;
}

const arithmetic = new Set(["+", "-", "*", "/", "**"]);

const isSquare = (node: types.BinaryExpression): boolean =>
  node.right.type === "NumericLiteral" && node.right.value === 2;

const isRuled = (name: string | undefined): boolean => {
  const kind = name === undefined ? undefined : rules[name]?.kind;
  return kind === "unary" || kind === "binary";
};

/** Parts that every round evaluates, where these are not all parts. */
const partsOf: Readonly<Record<string, readonly string[]>> = {
  ConditionalExpression: [],
  LogicalExpression: ["left"],
  MemberExpression: ["object"],
  TryStatement: ["block"],
  ForStatement: ["body"],
  WhileStatement: ["body"],
  DoWhileStatement: ["body"],
  ForOfStatement: ["body"],
  ForInStatement: ["body"],
};

const unlikely = new Set([
  "IfStatement",
  "SwitchStatement",
  "OptionalCallExpression",
  "OptionalMemberExpression",
  "ClassExpression",
  "ClassDeclaration",
]);

/** Whether a variable has its value before a loop begins and keeps it all through. */
function isSteady(binding: Binding, loop: Node): boolean {
  const isInLoop = (path: Binding["path"]) => path.find((p) => p.node === loop) !== null;
  const declared = binding.identifier.start;
  if (isInLoop(binding.path) || declared == null || loop.start == null || declared > loop.start)
    return false;
  const home = binding.scope.getFunctionParent()?.path.node;
  return binding.constantViolations.every(
    (write) => !isInLoop(write) && write.getFunctionParent()?.node === home,
  );
}
