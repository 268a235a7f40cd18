import type { types } from "@babel/core";
import { INERT, type Kind, NUM } from "../../analysis/kind.ts";
import { unwrap } from "../../ast.ts";
import { at } from "../dual/base.ts";
import { ArrayMethods } from "./array-methods.ts";
import { Fallback, type Value } from "./value.ts";

type Node = types.Node;

/** Every expression, by its kind. */
export abstract class Expressions extends ArrayMethods {
  protected value(expression: Node): Value {
    const t = this.t;
    const node = unwrap(expression);
    const before = this.computedBefore(node);
    if (before) return before;
    const kind = this.kind(node);
    if (kind.k === "inert" && !this.effects.changesActive(node)) return this.inert(node);
    switch (node.type) {
      case "Identifier":
        return this.variable(node, kind);
      case "ThisExpression":
        if (this.self)
          return { p: t.cloneNode(this.self.p), t: this.self.t && t.cloneNode(this.self.t), kind };
        return {
          p: at(t.identifier(this.selfName), node),
          t: t.identifier(`${this.selfName}$t`),
          kind,
        };
      case "BinaryExpression":
        return this.#binary(node, kind);
      case "UnaryExpression":
        return this.#unary(node);
      case "UpdateExpression":
        return this.update(node);
      case "AssignmentExpression":
        return this.assignment(node);
      case "ConditionalExpression":
        return this.conditional(node, kind);
      case "LogicalExpression":
        return this.logical(node, kind);
      case "SequenceExpression": {
        for (const e of node.expressions.slice(0, -1)) this.discard(e);
        return this.value(node.expressions.at(-1) as Node);
      }
      case "MemberExpression":
        return this.#member(node, kind);
      case "ArrayExpression":
        return this.array(node, kind);
      case "ObjectExpression":
        return this.object(node, kind);
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        return this.closure(node, kind);
      case "NewExpression":
        return this.construct(node, kind);
      case "CallExpression":
        return this.call(node, kind);
      case "TemplateLiteral": {
        const parts = this.values(node.expressions);
        return {
          p: t.templateLiteral(
            node.quasis.map((q) => t.cloneNode(q)),
            parts.map((v) => v.p),
          ),
          t: null,
          kind: INERT,
        };
      }
      default:
        throw new Fallback(
          node,
          `it uses a construct that tangent code does not have (${node.type})`,
        );
    }
  }

  /** An expression whose value nobody uses. */
  protected discard(expression: Node): void {
    const node = unwrap(expression);
    if (!this.effects.changesActive(node)) {
      if (node.type === "CallExpression") this.#checkDiscardedCall(node);
      if (this.effects.changesAnything(node) || node.type === "CallExpression")
        this.change(this.plain(node));
      else this.do(this.plain(node));
      return;
    }
    if (node.type === "AssignmentExpression") {
      this.kind(node);
      this.assignment(node, false);
    } else this.value(node);
  }

  // An unmarked function must not get active values, also when its result is not looked at.
  #checkDiscardedCall(node: types.CallExpression): void {
    const callee = this.kinds.callee(node);
    if (callee.type !== "other") return;
    if (
      node.arguments.some((a) => a.type === "SpreadElement" || this.kinds.kindOf(a).k !== "inert")
    ) {
      throw new Fallback(node, `a call of ${callee.name} with an active argument`);
    }
  }

  #binary(node: types.BinaryExpression, kind: Kind): Value {
    const [a, b] = this.values([node.left, node.right]) as [Value, Value];
    if (kind.k === "inert")
      return { p: at(this.t.binaryExpression(node.operator, a.p, b.p), node), t: null, kind };
    return this.calculus.arithmetic(node.operator, a, b, node);
  }

  #unary(node: types.UnaryExpression): Value {
    const t = this.t;
    if (node.operator !== "-" && node.operator !== "+") {
      return {
        p: at(t.unaryExpression(node.operator as "!", this.value(node.argument).p), node),
        t: null,
        kind: INERT,
      };
    }
    const v = this.value(node.argument);
    return {
      p: at(t.unaryExpression(node.operator, v.p), node),
      t: v.t && (node.operator === "-" ? t.unaryExpression("-", v.t) : v.t),
      kind: NUM,
    };
  }

  #member(node: types.MemberExpression, kind: Kind): Value {
    const getter = this.kinds.getterOf(node);
    if (getter) return this.methodCall(node, getter, node.object, [], kind);
    const place = this.place(node);
    return { p: place.read(), t: place.shadow(), kind };
  }
}
