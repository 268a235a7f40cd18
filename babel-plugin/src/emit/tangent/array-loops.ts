import type { types } from "@babel/core";
import { elementKind, INERT, isContainer, type Kind } from "../../analysis/kind.ts";
import type { Callee } from "../../analysis/kinds.ts";
import { isWholeLength } from "../../analysis/syntax.ts";
import { isFunction, staticKey, unwrap } from "../../ast.ts";
import { at } from "../dual/base.ts";
import { Callbacks } from "./callbacks.ts";
import { Fallback, SHADOW_FLOATS, type Value } from "./value.ts";

type Expression = types.Expression;
type Node = types.Node;
type Statement = types.Statement;

/** Array methods with a callback, written as loops: `map` and its like, `reduce`, `Array.from`. */
export abstract class ArrayLoops extends Callbacks {
  #holes: boolean | undefined;

  protected eachElement(
    node: types.CallExpression,
    callee: Extract<Callee, { type: "array-method" }>,
    kind: Kind,
  ): Value {
    const t = this.t;
    const { name, object } = callee;
    const callback = node.arguments[0] as Node;
    if (node.arguments.length !== 1) throw new Fallback(node, `${name} with a second argument`);
    const xs = this.value(object);
    this.hold(xs);
    const i = this.temporary();
    const size = this.keep(t.memberExpression(t.cloneNode(xs.p), t.identifier("length")));
    const of = elementKind(callee.kind);
    const element = (o: Expression) => t.memberExpression(t.cloneNode(o), t.cloneNode(i), true);
    const given = (): Value[] => [
      { p: element(xs.p), t: xs.t === null || of.k === "inert" ? null : element(xs.t), kind: of },
      { p: t.cloneNode(i), t: null, kind: INERT },
      { p: t.cloneNode(xs.p), t: xs.t && t.cloneNode(xs.t), kind: callee.kind },
    ];
    const made = name === "forEach" ? undefined : this.temporary();
    const shadow = made === undefined || kind.k === "inert" ? undefined : this.temporary();
    const fresh = (model: string) =>
      name === "filter"
        ? t.arrayExpression([])
        : t.newExpression(t.identifier(kind.k === "floats" ? model : "Array"), [t.cloneNode(size)]);
    if (made)
      this.do(
        t.assignmentExpression(
          "=",
          t.cloneNode(made),
          fresh(kind.k === "floats" ? kind.model : "Array"),
        ),
      );
    if (shadow) this.do(t.assignmentExpression("=", t.cloneNode(shadow), fresh(SHADOW_FLOATS)));
    if (name === "filter" && callee.kind.k !== "array")
      throw new Fallback(node, "filter of a typed array");
    this.withCallback(callback, () => {
      const body = this.statements(() => {
        const values = given();
        // What is kept is what the callback saw, whatever it writes into the array.
        const kept =
          name === "filter" && this.#changesSomething(callback)
            ? this.#fixed(values[0] as Value)
            : undefined;
        if (kept) values[0] = kept;
        this.applyCallback(callback, values, node, (result) => {
          if (name === "forEach") return;
          if (name === "filter") {
            const put = (to: Expression, e: Expression) =>
              t.expressionStatement(
                t.callExpression(t.memberExpression(t.cloneNode(to), t.identifier("push")), [e]),
              );
            const both = [
              put(made as Expression, kept ? t.cloneNode(kept.p) : element(xs.p)),
              ...(shadow && xs.t
                ? [put(shadow, kept?.t ? t.cloneNode(kept.t) : element(xs.t))]
                : []),
            ];
            this.do(t.ifStatement(result.p, t.blockStatement(both)));
            return;
          }
          if (shadow)
            this.do(
              t.assignmentExpression("=", element(shadow), this.tangent(result, elementKind(kind))),
            );
          this.do(t.assignmentExpression("=", element(made as Expression), result.p));
        });
      });
      this.#loop(i, size, this.#whereThere(callback, callee.kind, i, xs.p, body), node);
    });
    return {
      p: made ? t.cloneNode(made) : t.identifier("undefined"),
      t: shadow ? t.cloneNode(shadow) : null,
      kind: made ? kind : INERT,
    };
  }

  protected reduce(
    node: types.CallExpression,
    callee: Extract<Callee, { type: "array-method" }>,
    kind: Kind,
  ): Value {
    const t = this.t;
    const [callback, init] = node.arguments as [Node, Node | undefined];
    const [xs, first] = this.values(init ? [callee.object, init] : [callee.object]) as [
      Value,
      Value | undefined,
    ];
    this.hold(xs);
    const meet = this.meeting(kind);
    const i = this.temporary();
    const size = this.keep(t.memberExpression(t.cloneNode(xs.p), t.identifier("length")));
    const of = elementKind(callee.kind);
    const element = (index: Expression): Value => ({
      p: t.memberExpression(t.cloneNode(xs.p), t.cloneNode(index), true),
      t:
        xs.t === null || of.k === "inert"
          ? null
          : t.memberExpression(t.cloneNode(xs.t), t.cloneNode(index), true),
      kind: of,
    });
    if (first) meet.with(first);
    else {
      const message = t.stringLiteral("Reduce of empty array with no initial value");
      this.do(
        t.ifStatement(
          t.binaryExpression("===", t.cloneNode(size), t.numericLiteral(0)),
          t.throwStatement(t.newExpression(t.identifier("TypeError"), [message])),
        ),
      );
      meet.with(element(t.numericLiteral(0)));
    }
    const array = (): Value => ({
      p: t.cloneNode(xs.p),
      t: xs.t && t.cloneNode(xs.t),
      kind: callee.kind,
    });
    const accumulated = (): Value => ({
      p: t.cloneNode(meet.value.p),
      t: meet.value.t && t.cloneNode(meet.value.t),
      kind,
    });
    this.withCallback(callback, () => {
      const body = this.statements(() => {
        const index: Value = { p: t.cloneNode(i), t: null, kind: INERT };
        this.applyCallback(callback, [accumulated(), element(i), index, array()], node, (result) =>
          meet.with(result),
        );
      });
      this.#loop(
        i,
        size,
        this.#whereThere(callback, callee.kind, i, xs.p, body),
        node,
        first ? 0 : 1,
      );
    });
    return meet.value;
  }

  /** `Array.from({ length }, f)` and `Array.from(xs, f)`. */
  protected arrayFrom(node: types.CallExpression, kind: Kind): Value {
    const t = this.t;
    const [source, callback] = node.arguments as [Node, Node | undefined];
    const list = unwrap(source);
    const lengthOf =
      list.type === "ObjectExpression" && list.properties.length === 1
        ? list.properties[0]
        : undefined;
    const length =
      lengthOf?.type === "ObjectProperty" && staticKey(lengthOf as never) === "length"
        ? lengthOf.value
        : undefined;
    let size: Expression;
    let xs: Value | undefined;
    if (length) size = this.keep(this.#whole(length));
    else {
      xs = this.value(source);
      if (!isContainer(xs.kind) && callback === undefined)
        throw new Fallback(node, "Array.from of something else than an array");
      if (xs.kind.k !== "array" && xs.kind.k !== "floats")
        throw new Fallback(node, "Array.from of something else than an array");
      this.hold(xs);
      size = this.keep(t.memberExpression(t.cloneNode(xs.p), t.identifier("length")));
    }
    if (callback === undefined) {
      const copy = (e: Expression) =>
        t.callExpression(t.memberExpression(t.identifier("Array"), t.identifier("from")), [e]);
      if (!xs?.t) throw new Fallback(node, "Array.from without a function");
      return { p: copy(t.cloneNode(xs.p)), t: copy(t.cloneNode(xs.t)), kind };
    }
    const i = this.temporary();
    const made = this.keep(t.newExpression(t.identifier("Array"), [t.cloneNode(size)]));
    const shadow = this.keep(t.newExpression(t.identifier("Array"), [t.cloneNode(size)]));
    const element = (o: Expression) => t.memberExpression(t.cloneNode(o), t.cloneNode(i), true);
    this.withCallback(callback, () => {
      const body = this.statements(() => {
        const first: Value = xs
          ? { p: element(xs.p), t: xs.t && element(xs.t), kind: elementKind(xs.kind) }
          : { p: t.identifier("undefined"), t: null, kind: INERT };
        this.applyCallback(
          callback,
          [first, { p: t.cloneNode(i), t: null, kind: INERT }],
          node,
          (result) => {
            this.do(
              t.assignmentExpression("=", element(shadow), this.tangent(result, elementKind(kind))),
            );
            this.do(t.assignmentExpression("=", element(made), result.p));
          },
        );
      });
      this.#loop(i, size, body, node);
    });
    return { p: t.cloneNode(made), t: t.cloneNode(shadow), kind };
  }

  // What is given as a length is made a whole number.
  #whole(length: Node): Expression {
    const t = this.t;
    const given = this.primal(length);
    if (isWholeLength(length)) return given;
    const math = (name: string, ...args: Expression[]) =>
      t.callExpression(t.memberExpression(t.identifier("Math"), t.identifier(name)), args);
    const whole = math("trunc", t.logicalExpression("||", given, t.numericLiteral(0)));
    return math("max", whole, t.numericLiteral(0));
  }

  // An array gets holes by writing beyond its end, which where nothing is written by index nobody does.
  #mayHaveHoles(): boolean {
    if (this.#holes !== undefined) return this.#holes;
    let found = false;
    const see = (target: Node): void => {
      if (target.type !== "MemberExpression") return;
      const isIndexed = target.computed || staticKey({ key: target.property }) === "length";
      found ||= isIndexed && this.kinds.kindOf(target.object).k === "array";
    };
    this.t.traverseFast(this.root, (n) => {
      if (n.type === "UpdateExpression") see(n.argument);
      if (n.type !== "AssignmentExpression") return;
      // Places in a pattern are written to as well.
      if (n.left.type === "ArrayPattern" || n.left.type === "ObjectPattern")
        this.t.traverseFast(n.left, see);
      else see(n.left);
    });
    this.#holes = found;
    return found;
  }

  /** A value under names that are declared for it alone. */
  #fixed(v: Value): Value {
    const t = this.t;
    const fix = (e: Expression): types.Identifier => {
      const name = this.context.uid("v");
      this.temporaryNames.add(name);
      this.do(t.variableDeclaration("const", [t.variableDeclarator(t.identifier(name), e)]));
      return t.identifier(name);
    };
    return { p: fix(v.p), t: v.t && fix(v.t), kind: v.kind };
  }

  #changesSomething(callback: Node): boolean {
    const node = unwrap(callback);
    const f = isFunction(node) ? node : this.kinds.functionNamed(node);
    return f !== undefined && this.effects.changesOutside(f);
  }

  // Holes, and elements that the callback itself takes away, are not visited.
  #whereThere(
    callback: Node,
    kind: Kind,
    i: types.Identifier,
    xs: Expression,
    body: Statement[],
  ): Statement[] {
    const t = this.t;
    if (kind.k !== "array") return body;
    if (!this.#mayHaveHoles() && !this.#changesSomething(callback)) return body;
    return [
      t.ifStatement(
        t.binaryExpression("in", t.cloneNode(i), t.cloneNode(xs)),
        t.blockStatement(body),
      ),
    ];
  }

  #loop(i: types.Identifier, size: Expression, body: Statement[], node: Node, start = 0): void {
    const t = this.t;
    this.change(
      at(
        t.forStatement(
          t.assignmentExpression("=", t.cloneNode(i), t.numericLiteral(start)),
          t.binaryExpression("<", t.cloneNode(i), t.cloneNode(size)),
          t.updateExpression("++", t.cloneNode(i)),
          t.blockStatement(body),
        ),
        node,
      ),
    );
  }
}
