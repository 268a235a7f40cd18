import type { types } from "@babel/core";
import { INERT, mayRound, NUM } from "../../analysis/kind.ts";
import { unwrap } from "../../ast.ts";
import { at } from "../dual/base.ts";
import { Declarations } from "./declarations.ts";
import { Fallback, type Value } from "./value.ts";

type Expression = types.Expression;
type Node = types.Node;

/** `=`, `+=` and its like, `++` and `--`. */
export abstract class Assignments extends Declarations {
  protected update(node: types.UpdateExpression): Value {
    const t = this.t;
    const target = unwrap(node.argument);
    if (target.type === "Identifier") {
      const v = this.variable(target, this.kind(target));
      const update = at(t.updateExpression(node.operator, v.p, node.prefix), node);
      if (node.prefix) {
        this.change(update);
        return { p: t.cloneNode(v.p), t: v.t, kind: NUM };
      }
      const kept = this.temporary();
      this.change(t.assignmentExpression("=", kept, update));
      return { p: t.cloneNode(kept), t: v.t, kind: NUM };
    }
    if (target.type !== "MemberExpression")
      throw new Fallback(node, "an update of something unusual");
    const place = this.place(target);
    const kept = this.temporary();
    this.change(
      t.assignmentExpression(
        "=",
        kept,
        at(t.updateExpression(node.operator, place.read() as never, node.prefix), node),
      ),
    );
    this.shareLength(target, place);
    // Beyond its end the array has grown, and its shadow must keep in step.
    const shadow = place.shadow();
    if (shadow !== null && place.object.kind.k === "array")
      this.do(t.assignmentExpression("=", shadow as never, t.cloneNode(shadow)));
    return { p: t.cloneNode(kept), t: place.shadow(), kind: NUM };
  }

  protected assignment(node: types.AssignmentExpression, isUsed = true): Value {
    const left = unwrap(node.left);
    const { operator } = node;
    if (operator === "&&=" || operator === "||=" || operator === "??=")
      return this.#logicalAssignment(node, left);
    if (operator === "=" && (left.type === "ArrayPattern" || left.type === "ObjectPattern"))
      return this.#patternAssignment(left, node.right);
    const binary = operator.slice(0, -1);
    if (left.type === "Identifier") {
      const variable = this.target(left);
      const position = this.items.length;
      const before = this.changes;
      const old = operator === "=" ? undefined : this.variable(left, variable.kind);
      const right = this.value(node.right);
      if (old && this.changes > before) this.stabilize(old, position);
      const v = old ? this.#compound(binary, old, right, node) : right;
      this.assign(variable, v, node);
      return variable.value();
    }
    if (left.type !== "MemberExpression")
      throw new Fallback(node, "an assignment to something unusual");
    const place = this.place(left);
    if (this.setterOf(left)) throw new Fallback(node, "a setter");
    const before = this.changes;
    const inside = this.items.length;
    const old: Value | undefined =
      operator === "=" ? undefined : { p: place.read(), t: place.shadow(), kind: place.kind };
    const right = this.value(node.right);
    if (this.changes > before) {
      // What leads to the place, and what stood there, was looked at before the right side ran.
      if (old) this.stabilize(old, inside);
      place.settle(inside);
    }
    const v = old ? this.#compound(binary, old, right, node) : right;
    // A typed array rounds what it is given, and drops what is out of its range; the assignment's value is neither.
    if (isUsed && mayRound(place.object.kind)) this.hold(v);
    const written = this.writeTo(place, v, node);
    this.shareLength(left, place);
    return written;
  }

  #compound(operator: string, old: Value, right: Value, node: Node): Value {
    const t = this.t;
    if (/^[-+*/%]/.test(operator)) {
      if (old.kind.k === "inert" && right.kind.k === "inert")
        return {
          p: at(t.binaryExpression(operator as "+", old.p, right.p), node),
          t: null,
          kind: INERT,
        };
      return this.calculus.arithmetic(operator, old, right, node);
    }
    return {
      p: at(t.binaryExpression(operator as "|", old.p, right.p), node),
      t: null,
      kind: INERT,
    };
  }

  #logicalAssignment(node: types.AssignmentExpression, left: Node): Value {
    const t = this.t;
    const test = (now: Expression) =>
      node.operator === "??="
        ? t.binaryExpression("==", now, t.nullLiteral())
        : node.operator === "||="
          ? t.unaryExpression("!", now)
          : now;
    if (left.type === "MemberExpression") {
      if (this.setterOf(left)) throw new Fallback(node, "a setter");
      const place = this.place(left);
      if (mayRound(place.object.kind))
        throw new Fallback(node, "a logical assignment to an element of a typed array");
      if (this.effects.changesAnything(node.right)) place.settle(this.items.length);
      this.branch(
        test(place.read()),
        () => this.writeTo(place, this.value(node.right), node),
        () => undefined,
      );
      this.shareLength(left, place);
      return { p: place.read(), t: place.shadow(), kind: place.kind };
    }
    if (left.type !== "Identifier")
      throw new Fallback(node, "a logical assignment to something unusual");
    const target = this.target(left);
    this.branch(
      test(t.identifier(target.name)),
      () => this.assign(target, this.value(node.right), node),
      () => undefined,
    );
    return target.value();
  }

  #patternAssignment(left: types.ArrayPattern | types.ObjectPattern, right: Node): Value {
    const source = unwrap(right);
    if (
      left.type === "ArrayPattern" &&
      source.type === "ArrayExpression" &&
      left.elements.length === source.elements.length
    ) {
      const sources = source.elements;
      if (
        sources.every((e) => e !== null && e.type !== "SpreadElement") &&
        left.elements.every(
          (e) => e !== null && e.type !== "RestElement" && e.type !== "AssignmentPattern",
        )
      ) {
        // `[a, b] = [b, a]`: all is read before anything is written.
        const values = this.values(sources as Node[]);
        for (const v of values) this.stabilize(v, this.items.length);
        left.elements.forEach((e, i) => {
          this.bind(e as Node, values[i] as Value, "assign");
        });
        return { p: this.t.identifier("undefined"), t: null, kind: INERT };
      }
    }
    const v = this.value(right);
    this.destructure(left, v, "assign");
    return v;
  }
}
