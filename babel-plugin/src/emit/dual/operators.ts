import type { types } from "@babel/core";
import { type MemoQuestion, operandsOf } from "../../analysis/memos.ts";
import { unwrap } from "../../ast.ts";
import { at } from "./base.ts";
import { Fusion } from "./fusion.ts";

type Expression = types.Expression;
type Node = types.Node;

export const arithmetic: Readonly<Record<string, string>> = {
  "+": "add",
  "-": "sub",
  "*": "mul",
  "/": "div",
  "%": "rem",
  "**": "pow",
};
export const integer = new Set(["|", "&", "^", "<<", ">>", ">>>"]);
const equality = new Set(["==", "===", "!=", "!=="]);
const ordering = new Set(["<", "<=", ">", ">="]);

/** What gives something that was there before. */
const givesKnown =
  /^(Identifier|This|(Optional)?Member|(Optional)?Call|Conditional|Logical|Assignment|Await|Yield|Sequence)/;

const runsNothing = /^(Identifier|ThisExpression|(Numeric|String|Boolean|Null|BigInt)Literal)$/;

/** Operators, and what branches see. */
export abstract class Operators extends Fusion {
  protected binary(node: types.BinaryExpression): Expression {
    const t = this.t;
    const { operator, left, right } = node;
    if (left.type === "PrivateName") {
      return at(t.binaryExpression("in", t.cloneNode(left) as never, this.expression(right)), node);
    }
    const asked = this.memoQuestion(node);
    const compared = asked && this.memoComparison(node, asked);
    if (compared) return compared;
    const helper = arithmetic[operator];
    if (helper) {
      return (
        this.fused(node) ??
        this.arithmetic(
          helper,
          operator,
          node,
          this.expression(left),
          this.expression(right),
          left,
          right,
        )
      );
    }
    if (integer.has(operator)) this.noteBits(node, operator, left, right);
    if (equality.has(operator)) return this.equality(node, left, right);
    if (ordering.has(operator) || integer.has(operator)) {
      return at(t.binaryExpression(operator, ...this.operands(left, right)), node);
    }
    const ofMemo = operator === "in" ? this.memoKey(node, left) : undefined;
    if (ofMemo)
      return this.help("hasKept", node, [this.expression(left), this.seen(right), ...ofMemo]);
    if (operator === "in") return this.help("has", node, [this.seen(left), this.seen(right)]);
    if (operator === "instanceof")
      return at(t.binaryExpression(operator, this.seen(left), this.expression(right)), node);
    return at(t.binaryExpression(operator, this.expression(left), this.expression(right)), node);
  }

  protected equality(node: types.BinaryExpression, left: Node, right: Node): Expression {
    const t = this.t;
    const { operator } = node;
    const isStrict = operator.length === 3;
    // No number is equal to these, so it does not matter whether there is a tangent beside it.
    const decided = [left, right].some(
      (e) =>
        this.isNothing(e) ||
        (isStrict && (e.type === "StringLiteral" || e.type === "BooleanLiteral")),
    );
    if (decided)
      return at(t.binaryExpression(operator, this.expression(left), this.expression(right)), node);
    this.noteEquality(node, operator, left, right);
    const areObjects = this.mayBeSame(left, right);
    if (isStrict || ![left, right].some((e) => this.mayConvert(e)))
      return at(
        t.binaryExpression(
          operator,
          this.compared(left, areObjects),
          this.compared(right, areObjects),
        ),
        node,
      );
    const equal = this.help("looselyEqual", node, [this.expression(left), this.expression(right)]);
    return operator === "==" ? equal : at(t.unaryExpression("!", equal), node);
  }

  /** Whether two values may be one object, of which the function has a copy under one of its names. */
  protected mayBeSame(a: Node, b: Node): boolean {
    return (
      [a, b].every((e) => !this.activity.isActiveNumber(e) && givesKnown.test(unwrap(e).type)) &&
      ![a, b].every((e) => this.activity.isPrimitive(e))
    );
  }

  /** A value that is compared with another one. */
  protected compared(node: Node, mayBeCopy: boolean): Expression {
    return mayBeCopy ? this.help("itself", node, [this.expression(node)]) : this.seen(node);
  }

  protected isNothing(node: Node): boolean {
    return node.type === "NullLiteral" || this.context.isGlobal(node, "undefined");
  }

  /** What `<`, `|` and their like see: an object's `valueOf` may give an active value. */
  protected operands(left: Node, right: Node, value = this.expression(left)) {
    // The language converts both when both are there.
    const isLate = this.mayConvert(left) && !runsNothing.test(unwrap(right).type);
    const how = isLate ? "convertible" : "comparable";
    return [
      this.operand(left, how, value),
      this.operand(right, how, this.expression(right)),
    ] as const;
  }

  protected operand(node: Node, how = "comparable", value = this.expression(node)): Expression {
    if (this.mayConvert(node)) return this.help(how, node, [value]);
    return this.activity.isPrimitive(node) ? value : this.help("plain", node, [value]);
  }

  private mayConvert(node: Node): boolean {
    return !this.activity.isPrimitive(node) && !this.activity.isActiveNumber(node);
  }

  protected arithmetic(
    helper: string,
    operator: string,
    node: Node,
    a: Expression,
    b: Expression,
    left: Node,
    right: Node,
  ): Expression {
    const inactive = this.activity.isPrimitive(left) && this.activity.isPrimitive(right);
    return inactive && !(operator === "+" && this.tells(node))
      ? at(this.t.binaryExpression(operator as never, a, b), node)
      : this.help(helper, node, [a, b]);
  }

  protected noteEquality(node: Node, operator: string, left: Node, right: Node): void {
    if (!this.activity.isActiveNumber(left) && !this.activity.isActiveNumber(right)) return;
    this.context.diagnostics.report(
      "DUAL008",
      node,
      `'${operator}' on an active value picks a branch at one point only: the derivative there is that of the branch, not of the function around it.`,
    );
  }

  protected noteTruth(node: Node, what: string): void {
    this.context.diagnostics.report(
      "DUAL008",
      node,
      `${what} takes another value where the active number is 0: the derivative there is that of the other value.`,
    );
  }

  /** `if (!x) x = 0` */
  protected noteZero({ test, consequent }: types.IfStatement | types.ConditionalExpression): void {
    const node = unwrap(test);
    if (node.type !== "UnaryExpression" || node.operator !== "!") return;
    const x = unwrap(node.argument);
    if (x.type !== "Identifier" || !this.activity.isActiveNumber(x)) return;
    const [only] = consequent.type === "BlockStatement" ? consequent.body : [consequent];
    const store = only?.type === "ExpressionStatement" ? only.expression : undefined;
    if (
      store?.type === "AssignmentExpression" &&
      store.operator === "=" &&
      store.left.type === "Identifier" &&
      store.left.name === x.name
    )
      this.noteTruth(node, `'if (!${x.name})'`);
  }

  protected logical(node: types.LogicalExpression): Expression {
    const t = this.t;
    const { operator, left, right } = node;
    this.noteMemo(node);
    if (operator === "||" && this.activity.isActiveNumber(left)) this.noteTruth(node, "'||'");
    if (operator === "??" || this.activity.isInactive(left)) {
      return at(t.logicalExpression(operator, this.expression(left), this.expression(right)), node);
    }
    return this.withTemporary((temporary) => {
      const value = temporary();
      const test = this.help("plain", left, [
        t.assignmentExpression("=", value, this.expression(left)),
      ]);
      const other = this.expression(right);
      const kept = t.cloneNode(value);
      return at(
        operator === "&&"
          ? t.conditionalExpression(test, other, kept)
          : t.conditionalExpression(test, kept, other),
        node,
      );
    });
  }

  protected unary(node: types.UnaryExpression): Expression {
    const t = this.t;
    const { operator, argument } = node;
    switch (operator) {
      case "-":
      case "+": {
        const fused = operator === "-" && this.fused(node);
        if (fused) return fused;
        if (operator === "+") this.noteText(node, argument);
        const value = this.expression(argument);
        if (this.activity.isPrimitive(argument))
          return at(t.unaryExpression(operator, value), node);
        return this.help(operator === "-" ? "neg" : "pos", node, [value]);
      }
      case "!":
        return at(t.unaryExpression("!", this.test(argument)), node);
      case "~":
        this.noteBits(node, "~", argument);
        return at(t.unaryExpression("~", this.operand(argument)), node);
      case "typeof":
        if (argument.type === "ThisExpression")
          return at(
            t.unaryExpression("typeof", this.help("plain", node, [this.expression(argument)])),
            node,
          );
        return at(t.unaryExpression("typeof", this.seen(argument)), node);
      case "delete": {
        const target = unwrap(argument);
        if (target.type === "OptionalMemberExpression") return this.deleteLink(node, target);
        if (target.type === "MemberExpression" && target.computed && target.object.type !== "Super")
          return this.help("remove", node, [
            this.expression(target.object),
            this.expression(target.property),
            ...(this.isSloppy ? [t.booleanLiteral(true)] : []),
          ]);
        const value =
          target.type === "MemberExpression" ? this.plainMember(target) : this.expression(target);
        return at(t.unaryExpression("delete", value), node);
      }
      default:
        return at(t.unaryExpression(operator, this.expression(argument)), node);
    }
  }

  /** A test, for what it belongs to: that of a memo asks whether what it kept has the same tangents too. */
  protected testOf(owner: types.IfStatement | types.ConditionalExpression): Expression {
    this.noteHalving(owner);
    this.noteZero(owner);
    this.noteMemo(owner);
    return this.test(owner.test);
  }

  /** A comparison in the test of a memo, which asks whether what was kept has the same tangents too. */
  protected memoComparison(
    node: types.BinaryExpression,
    { memo, miss }: MemoQuestion,
  ): Expression | undefined {
    const t = this.t;
    const { operator, right } = node;
    const left = node.left as Expression;
    const isFixed = [left, right].some((e) => this.isNothing(e) || this.isLiteral(e));
    const operands = () => [
      t.stringLiteral(operator),
      this.expression(left),
      this.expression(right),
    ];
    if (equality.has(operator)) return isFixed ? undefined : this.help("sameKey", node, operands());
    // Which of the two is less is no question of a memo: a least value so far asks that.
    const [far, near] = operator.startsWith(">") ? [left, right] : [right, left];
    if (!ordering.has(operator) || !memo.measures(miss ? far : near)) return undefined;
    const parts = operandsOf(node);
    const list = (isKept: boolean) =>
      t.arrayExpression(
        (parts ?? []).filter((p) => memo.reads(p) === isKept).map((p) => this.expression(p)),
      );
    return this.help("nearKey", node, [
      ...operands(),
      t.booleanLiteral(miss),
      ...(parts ? [list(true), list(false)] : []),
    ]);
  }

  protected isLiteral(node: Node): boolean {
    return node.type.endsWith("Literal");
  }

  protected test(expression: Node): Expression {
    const t = this.t;
    const node = unwrap(expression);
    if (node.type === "LogicalExpression" && node.operator !== "??") {
      return at(
        t.logicalExpression(node.operator, this.test(node.left), this.test(node.right)),
        node,
      );
    }
    return this.seen(node);
  }
}
