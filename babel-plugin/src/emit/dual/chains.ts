import type { types } from "@babel/core";
import { askedBy } from "../../analysis/memos.ts";
import { unwrap } from "../../ast.ts";
import { at } from "./base.ts";
import { Calls } from "./calls.ts";

type Expression = types.Expression;
type Node = types.Node;

/** Optional chains. */
export abstract class Chains extends Calls {
  /** Optional chains, written out with a temporary for each link that may be missing. */
  protected chain(
    root: Node,
    finish: (value: Expression, self?: Expression) => Expression = (value) => value,
  ): Expression {
    const t = this.t;
    return this.withTemporary((temporary) => {
      const missing: Expression[] = [];
      const guard = (value: Expression): Expression => {
        const kept = temporary();
        missing.push(
          t.binaryExpression("==", t.assignmentExpression("=", kept, value), t.nullLiteral()),
        );
        return t.cloneNode(kept);
      };
      // The value of a link, and for a method the object it is called on.
      const link = (expression: Node): { value: Expression; self?: Expression } => {
        const node = unwrap(expression);
        if (!isLink(node)) return this.linkBase(node, temporary);
        if (node.type === "OptionalMemberExpression") {
          const base = link(node.object).value;
          let object = node.optional ? guard(base) : base;
          if ((node.property as Node).type === "PrivateName")
            return this.privateValue(node, object, temporary);
          const self = temporary();
          object = t.assignmentExpression("=", self, object);
          const key = node.computed
            ? this.expression(node.property)
            : (t.cloneNode(node.property) as Expression);
          const ofMemo = node.computed ? this.memoKey(node, node.property) : undefined;
          const value = node.computed
            ? this.help(ofMemo ? "getKept" : "get", node, [object, key, ...(ofMemo ?? [])])
            : at(t.memberExpression(this.fieldOwner(node, object), key), node);
          return { value, self };
        }
        const kept = this.#keptByMemo(node, (of) => link(of).value, guard);
        if (kept) return { value: kept };
        const callee = link(node.callee);
        const f = node.optional ? guard(callee.value) : callee.value;
        const self = callee.self ? t.cloneNode(callee.self) : this.context.global("undefined");
        const args = node.arguments.map((a) => this.argument(a as Node));
        return {
          value: this.help("invoke", node, [
            this.context.site(node),
            f,
            self,
            t.arrayExpression(args),
          ]),
        };
      };
      const { value, self } = link(root);
      const reached = missing.reduceRight<Expression>(
        (rest, test) =>
          t.conditionalExpression(test, t.unaryExpression("void", t.numericLiteral(0)), rest),
        value,
      );
      return finish(reached, self && t.cloneNode(self));
    });
  }

  /** `cache?.get(key)` and its like, of a memo. */
  #keptByMemo(
    node: types.OptionalCallExpression,
    link: (object: Node) => Expression,
    guard: (value: Expression) => Expression,
  ): Expression | undefined {
    const callee = unwrap(node.callee);
    const isMember =
      callee.type === "MemberExpression" || callee.type === "OptionalMemberExpression";
    if (!isMember || callee.computed || node.optional) return undefined;
    const asked = askedBy(this.context, node);
    const [first, value] = node.arguments as [Node, Node?];
    if (asked?.by === "place") return undefined;
    const sources = this.memoKey(node, first);
    if (sources === undefined) return undefined;
    const base = link(callee.object);
    const method = this.t.stringLiteral((callee.property as types.Identifier).name);
    return this.help(value ? "keepFor" : asked?.by === "element" ? "findKept" : "askKept", node, [
      this.context.site(node),
      callee.type === "OptionalMemberExpression" && callee.optional ? guard(base) : base,
      ...(value ? [] : [method]),
      this.expression(first),
      ...(value ? [this.expression(value)] : []),
      ...(asked?.by === "element" ? [] : sources),
    ]);
  }

  // Parentheses end the chain, and keep the object that the method is called on.
  protected callOfChain(node: types.CallExpression, callee: Node): Expression {
    const t = this.t;
    return this.chain(callee, (value, self) =>
      this.help("invoke", node, [
        this.context.site(node),
        value,
        self ?? this.context.global("undefined"),
        t.arrayExpression(node.arguments.map((a) => this.argument(a))),
      ]),
    );
  }

  protected deleteLink(
    node: types.UnaryExpression,
    target: types.OptionalMemberExpression,
  ): Expression {
    const t = this.t;
    return this.withTemporary((temporary) => {
      const object = temporary();
      const reached = t.assignmentExpression("=", object, this.expression(target.object));
      const key = target.computed
        ? this.seen(target.property)
        : (t.cloneNode(target.property) as Expression);
      const remove = (of: Expression) =>
        at(t.unaryExpression("delete", t.memberExpression(of, key, target.computed)), node);
      const missing = t.binaryExpression("==", reached, t.nullLiteral());
      return at(
        t.conditionalExpression(missing, t.booleanLiteral(true), remove(t.cloneNode(object))),
        node,
      );
    });
  }
}

/** Whether a node belongs to a chain that has an optional link somewhere before it. */
const isLink = (
  node: Node,
): node is types.OptionalMemberExpression | types.OptionalCallExpression =>
  node.type === "OptionalMemberExpression" || node.type === "OptionalCallExpression";
