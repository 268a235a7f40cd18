import type { types } from "@babel/core";
import { type Ops, type Rule, rules } from "dualize/rules";
import type { T } from "../ast.ts";

type Expression = types.Expression;

/** The rules' algebra over pieces of syntax: a partial derivative becomes the expression that computes it. */
export function syntaxOps(
  { t, global }: { readonly t: T; readonly global: (name: string) => Expression },
  strong: (partial: Expression, factor: Expression) => Expression,
  temporary: () => types.Identifier,
): Ops<Expression> {
  const lift = (x: Expression | number): Expression => {
    if (typeof x !== "number") return t.cloneNode(x);
    if (Number.isNaN(x)) return global("NaN");
    return x < 0 ? t.unaryExpression("-", t.numericLiteral(-x)) : t.numericLiteral(x);
  };
  const binary =
    (operator: "+" | "-" | "*" | "/" | "**") => (a: Expression | number, b: Expression | number) =>
      t.binaryExpression(operator, lift(a), lift(b));
  const math = (name: string, ...args: Expression[]) =>
    t.callExpression(t.memberExpression(global("Math"), t.identifier(name)), args);
  return {
    add: binary("+"),
    sub: binary("-"),
    mul: binary("*"),
    div: binary("/"),
    pow: binary("**"),
    neg: (a) => t.unaryExpression("-", lift(a)),
    strong,
    atLeast: (a, b, then, otherwise) =>
      t.conditionalExpression(
        t.binaryExpression(">=", lift(a), lift(b)),
        lift(then()),
        lift(otherwise()),
      ),
    // Inside the branch that uses it, so that no other works it out.
    once: (value, use) => {
      const kept = temporary();
      return t.sequenceExpression([t.assignmentExpression("=", kept, value), use(kept)]);
    },
    call: (name, x) => math(name, lift(x)),
    abs: (x) => math("abs", lift(x)),
  };
}

export const ruleOf = (name: string): Rule => rules[name] as Rule;
