import type { types } from "@babel/core";
import type { ModuleContext } from "../module-context.ts";
import { Calculus, type Value } from "./formula-tangents.ts";

type Expression = types.Expression;
type Statement = types.Statement;

/** An expression of numbers: its operators, and places for what goes in. */
export type Formula =
  | { readonly op: "operand"; readonly index: number; readonly isInert: boolean }
  | { readonly op: "literal"; readonly value: number }
  | { readonly op: "neg"; readonly of: Formula }
  | { readonly op: "math"; readonly name: string; readonly args: readonly Formula[] }
  | {
      readonly op: "+" | "-" | "*" | "/" | "**";
      readonly left: Formula;
      readonly right: Formula;
    };

const helpers = { "+": "add", "-": "sub", "*": "mul", "/": "div", "**": "pow" } as const;

/**
 * Whole formulas of dual forms as functions of their own. Where all operands are flat duals of one
 * derivative, the formula is computed as in tangent code and only its result becomes an object;
 * numbers among them are made duals first. In any other case, and where the tangent comes out as
 * NaN, it is computed operator by operator.
 */
export class FusedFormulas {
  readonly functions: Statement[] = [];
  readonly #names = new Map<string, string>();

  constructor(private readonly context: ModuleContext) {}

  /** The name of the function that computes a formula of so many operands. */
  nameOf(formula: Formula, operands: number): string {
    const key = JSON.stringify(formula);
    let name = this.#names.get(key);
    if (name === undefined) {
      name = this.context.uid("fused");
      this.#names.set(key, name);
      this.functions.push(this.#write(name, formula, operands));
    }
    return name;
  }

  #help(name: string, ...args: Expression[]): types.CallExpression {
    return this.context.t.callExpression(this.context.helper(name), args);
  }

  #write(name: string, formula: Formula, operands: number): types.FunctionDeclaration {
    const { t } = this.context;
    const params = Array.from({ length: operands }, (_, i) => nameOfOperand(i));
    const id = (n: string) => t.identifier(n);
    const declare = (n: string, value: Expression) =>
      t.variableDeclaration("const", [t.variableDeclarator(id(n), value)]);

    const inert = new Set<number>();
    visit(formula, (f) => {
      if (f.op === "operand" && f.isInert) inert.add(f.index);
    });
    const active = params.filter((_, i) => !inert.has(i));
    const [first] = active as [string];
    const part = (param: string, name: string) => t.memberExpression(id(param), t.identifier(name));
    const fast: Statement[] = active.flatMap((param) => [
      declare(`${param}$p`, part(param, "primal")),
      declare(`${param}$t`, part(param, "tangent")),
    ]);
    let kept = 0;
    const calculus = new Calculus(
      this.context,
      (e) => {
        const own = `$${kept++}`;
        fast.push(declare(own, e));
        return id(own);
      },
      () => {
        const own = `$${kept++}`;
        fast.push(t.variableDeclaration("let", [t.variableDeclarator(id(own))]));
        return id(own);
      },
    );
    const evaluated = this.#evaluate(formula, calculus);
    const tangent = calculus.cheapTangent(evaluated);
    fast.push(
      t.ifStatement(
        t.binaryExpression("===", t.cloneNode(tangent), t.cloneNode(tangent)),
        t.returnStatement(
          this.#help("flatDual", evaluated.p, t.cloneNode(tangent), part(first, "tag")),
        ),
      ),
    );
    // A variable that a memo is kept in may hold an active number all the same.
    const areInert = () =>
      params
        .filter((_, i) => inert.has(i))
        .map((param) =>
          t.binaryExpression(
            "===",
            t.unaryExpression("typeof", id(param)),
            t.stringLiteral("number"),
          ),
        );
    const conditions = [
      ...active.map((param) => this.#help("isFlatDual", id(param))),
      ...active
        .slice(1)
        .map((param) => t.binaryExpression("===", part(first, "tag"), part(param, "tag"))),
      ...areInert(),
    ];
    const tag = params.reduce<Expression>(
      (before, param) => this.#help("flatTag", before, id(param)),
      t.unaryExpression("-", t.numericLiteral(1)),
    );
    // With numbers made duals it comes here again, and then takes the first branch.
    const lifted = params.map((param, i) =>
      inert.has(i) ? id(param) : this.#help("asDual", id(param), id("tag")),
    );
    const mixed = t.blockStatement([
      declare("tag", tag),
      t.ifStatement(
        areInert().reduce<Expression>(
          (a, b) => t.logicalExpression("&&", a, b),
          t.binaryExpression(">=", id("tag"), t.numericLiteral(0)),
        ),
        t.returnStatement(t.callExpression(id(name), lifted)),
      ),
    ]);
    return t.functionDeclaration(
      id(name),
      params.map(id),
      t.blockStatement([
        t.ifStatement(
          conditions.reduce<Expression>(
            (all, c, i) => (i === 0 ? c : t.logicalExpression("&&", all, c)),
            t.booleanLiteral(true),
          ),
          t.blockStatement(fast),
          mixed,
        ),
        t.returnStatement(this.#stepByStep(formula)),
      ]),
    );
  }

  #evaluate(formula: Formula, calculus: Calculus): Value {
    const { t } = this.context;
    switch (formula.op) {
      case "operand": {
        const name = nameOfOperand(formula.index);
        return formula.isInert
          ? { p: t.identifier(name), t: null }
          : { p: t.identifier(`${name}$p`), t: t.identifier(`${name}$t`) };
      }
      case "literal":
        return { p: t.numericLiteral(formula.value), t: null };
      case "neg": {
        const v = this.#evaluate(formula.of, calculus);
        return {
          p: t.unaryExpression("-", v.p),
          t: v.t && t.unaryExpression("-", v.t),
        };
      }
      case "math": {
        const { name } = formula;
        const f = () => t.memberExpression(this.context.global("Math"), t.identifier(name));
        const values = formula.args.map((a) => this.#evaluate(a, calculus));
        return calculus.applied(name, values, (args) => t.callExpression(f(), args), f());
      }
      default: {
        const a = this.#evaluate(formula.left, calculus);
        const b = this.#evaluate(formula.right, calculus);
        return calculus.arithmetic(formula.op, a, b, a.p);
      }
    }
  }

  #stepByStep(formula: Formula): Expression {
    const { t } = this.context;
    switch (formula.op) {
      case "operand":
        return t.identifier(nameOfOperand(formula.index));
      case "literal":
        return t.numericLiteral(formula.value);
      case "neg":
        return this.#help("neg", this.#stepByStep(formula.of));
      case "math":
        return t.callExpression(
          t.memberExpression(this.context.helper("math"), t.identifier(formula.name)),
          formula.args.map((a) => this.#stepByStep(a)),
        );
      default:
        return this.#help(
          helpers[formula.op],
          this.#stepByStep(formula.left),
          this.#stepByStep(formula.right),
        );
    }
  }
}

/** a, b, … z, a1, b1, … */
function nameOfOperand(i: number): string {
  const letter = String.fromCharCode("a".charCodeAt(0) + (i % 26));
  return i < 26 ? letter : `${letter}${Math.floor(i / 26)}`;
}

export function visit(formula: Formula, see: (f: Formula) => void): void {
  see(formula);
  if ("of" in formula) visit(formula.of, see);
  if ("args" in formula) for (const a of formula.args) visit(a, see);
  if ("left" in formula) {
    visit(formula.left, see);
    visit(formula.right, see);
  }
}
