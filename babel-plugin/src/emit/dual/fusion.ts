import type { types } from "@babel/core";
import { rules } from "dualize/rules";
import { mathName } from "../../analysis/activity.ts";
import { unwrap } from "../../ast.ts";
import { type Formula, visit } from "../fused.ts";
import { at, DualBase } from "./base.ts";

type Expression = types.Expression;
type Node = types.Node;

interface Operand {
  readonly node: Node;
  /** What computes it, where that is written already. */
  readonly written: Expression | undefined;
}

/** Formulas of several operators become one call: an object for the result, none for what is between. */
export abstract class Fusion extends DualBase {
  /** The call of a formula's function; undefined where there is only one operator, or an order to be kept. */
  protected fused(node: Node): Expression | undefined {
    const operands: Operand[] = [];
    return this.#call(node, this.#formula(node, operands), operands);
  }

  /** `left op right`, where the left side is written already: compound assignments. */
  protected fusedWith(
    operator: string,
    left: Node,
    written: Expression,
    right: Node,
    node: Node,
  ): Expression | undefined {
    if (!isFusible(operator)) return undefined;
    const operands: Operand[] = [{ node: left, written }];
    const formula: Formula = {
      op: operator,
      left: { op: "operand", index: 0, isInert: this.activity.isPrimitive(left) },
      right: this.#formula(right, operands),
    };
    return this.#call(node, formula, operands);
  }

  #call(node: Node, formula: Formula, operands: Operand[]): Expression | undefined {
    let operators = 0;
    visit(formula, (f) => {
      if (f.op !== "operand" && f.op !== "literal") operators++;
    });
    if (operators < 2 || !this.#mayGoFirst(operands)) return undefined;
    this.helpersUsed++;
    const { t } = this;
    const args = operands.map(({ node: o, written }) => written ?? this.expression(o));
    const name = this.companions.fusedName(formula, operands.length);
    return at(t.callExpression(at(t.identifier(name), node), args), node);
  }

  /**
   * All operands are read before the first operator. Nobody can tell, unless converting one that is
   * no number runs code of the user's, and a later one reads what this changes.
   */
  #mayGoFirst(operands: readonly Operand[]): boolean {
    const isNumber = ({ node }: Operand) =>
      this.activity.isPrimitive(node) ||
      this.activity.isActiveNumber(node) ||
      this.companions.isNumber(node);
    const last = operands.findLastIndex(({ node }) => !this.#isSettled(node));
    return operands.slice(0, Math.max(last, 0)).every(isNumber);
  }

  /** Whether an operand gives the same whenever it is read. */
  #isSettled(node: Node): boolean {
    const binding = this.context.bindings.get(node);
    return (
      node.type === "ThisExpression" || (binding?.constant === true && binding.kind !== "module")
    );
  }

  #formula(expression: Node, operands: Operand[]): Formula {
    const node = unwrap(expression);
    if (node.type === "NumericLiteral") return { op: "literal", value: node.value };
    const isInert = this.activity.isPrimitive(node);
    if (!isInert) {
      if (node.type === "UnaryExpression" && node.operator === "-")
        return { op: "neg", of: this.#formula(node.argument, operands) };
      if (node.type === "BinaryExpression" && isFusible(node.operator)) {
        const left = this.#formula(node.left, operands);
        return { op: node.operator, left, right: this.#formula(node.right, operands) };
      }
      if (
        node.type === "BinaryExpression" &&
        node.operator === "**" &&
        node.right.type === "NumericLiteral" &&
        node.right.value !== 0
      ) {
        const left = this.#formula(node.left, operands);
        return { op: "**", left, right: { op: "literal", value: node.right.value } };
      }
      if (node.type === "CallExpression") {
        const name = mathName(this.context, node.callee);
        if (name !== undefined && node.arguments.length === argumentsOf(name)) {
          const args = node.arguments.filter((a) => a.type !== "SpreadElement");
          if (args.length === node.arguments.length)
            return { op: "math", name, args: args.map((a) => this.#formula(a, operands)) };
        }
      }
    }
    return { op: "operand", index: this.#place(node, operands), isInert };
  }

  /** Where an operand is; a variable that comes up again is handed over once. */
  #place(node: Node, operands: Operand[]): number {
    const known =
      node.type === "Identifier"
        ? operands.findIndex(
            (o) =>
              o.written === undefined && o.node.type === "Identifier" && o.node.name === node.name,
          )
        : -1;
    const between = operands.slice(known + 1);
    if (known >= 0 && (this.#isSettled(node) || between.every((o) => isPure(o.node)))) return known;
    operands.push({ node, written: undefined });
    return operands.length - 1;
  }
}

/** How many arguments a function of `Math` has in a formula; none for those that have no place there. */
function argumentsOf(name: string): number | undefined {
  const rule = rules[name];
  if (rule?.kind === "unary" || name === "abs") return 1;
  return rule?.kind === "own" ? 2 : undefined;
}

const isFusible = (operator: string): operator is "+" | "-" | "*" | "/" =>
  operator === "+" || operator === "-" || operator === "*" || operator === "/";

/** Whether evaluating an expression does nothing that another could notice; a property may be a getter. */
function isPure(node: Node): boolean {
  switch (node.type) {
    case "Identifier":
    case "ThisExpression":
    case "NumericLiteral":
    case "StringLiteral":
    case "BooleanLiteral":
    case "NullLiteral":
      return true;
    case "UnaryExpression":
      return node.operator !== "delete" && isPure(unwrap(node.argument));
    case "BinaryExpression":
    case "LogicalExpression":
      return isPure(unwrap(node.left)) && isPure(unwrap(node.right));
    case "ConditionalExpression":
      return (
        isPure(unwrap(node.test)) &&
        isPure(unwrap(node.consequent)) &&
        isPure(unwrap(node.alternate))
      );
    default:
      return false;
  }
}
