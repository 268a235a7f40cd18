import type { types } from "@babel/core";
import { elementKind, INERT, isContainer, type Kind, NUM } from "../../analysis/kind.ts";
import type { Callee } from "../../analysis/kinds.ts";
import { arrayMethod } from "../../language/array-methods.ts";
import { at } from "../dual/base.ts";
import { ArrayLoops } from "./array-loops.ts";
import { Fallback, type Value } from "./value.ts";

type Expression = types.Expression;
type Node = types.Node;

/** Array methods: those without a callback are called for the array and for its shadow. */
export abstract class ArrayMethods extends ArrayLoops {
  protected arrayMethod(
    node: types.CallExpression,
    callee: Extract<Callee, { type: "array-method" }>,
    kind: Kind,
  ): Value {
    const t = this.t;
    const { name, object } = callee;
    const apply = (o: Expression, args: (Expression | types.SpreadElement)[]) =>
      at(t.callExpression(t.memberExpression(o, t.identifier(name)), args), node);
    if (node.arguments.some((a) => a.type === "SpreadElement") && name !== "push")
      throw new Fallback(node, `${name} with a spread argument`);
    switch (name) {
      case "map":
      case "forEach":
      case "filter":
        return this.eachElement(node, callee, kind);
      case "reduce":
        return this.reduce(node, callee, kind);
      case "slice":
      case "subarray":
      case "at": {
        const [xs, ...args] = this.values([object, ...node.arguments]) as [Value, ...Value[]];
        this.reachable(xs);
        for (const a of args) this.calculus.atom(a);
        const list = () => args.map((a) => t.cloneNode(a.p));
        return {
          p: apply(t.cloneNode(xs.p), list()),
          t: kind.k === "inert" ? null : apply(this.tangent(xs, callee.kind), list()),
          kind,
        };
      }
      case "concat": {
        const [xs, ...args] = this.values([object, ...node.arguments]) as [Value, ...Value[]];
        const shadow = apply(
          this.tangent(xs, kind),
          args.map((a) =>
            this.tangent(a, isContainer(a.kind) ? a.kind : a.kind.k === "num" ? NUM : kind),
          ),
        );
        return {
          p: apply(
            xs.p,
            args.map((a) => a.p),
          ),
          t: shadow,
          kind,
        };
      }
      case "push":
      case "unshift": {
        const [xs, ...values] = this.values([object, ...node.arguments]) as [Value, ...Value[]];
        this.reachable(xs);
        if (xs.t === null) {
          if (values.some((v) => v.t !== null))
            throw new Fallback(node, "an active value is put into an array that is not active");
        } else {
          const of = elementKind(xs.kind);
          const part = (i: number, e: Expression) =>
            node.arguments[i]?.type === "SpreadElement" ? t.spreadElement(e) : e;
          const tangents = values.map((v, i) =>
            part(
              i,
              this.tangent(
                this.calculus.atom(v),
                node.arguments[i]?.type === "SpreadElement" ? xs.kind : of,
              ),
            ),
          );
          this.do(apply(t.cloneNode(xs.t), tangents));
        }
        const kept = this.temporary();
        const primals = values.map((v, i) =>
          node.arguments[i]?.type === "SpreadElement" ? t.spreadElement(v.p) : v.p,
        );
        this.change(t.assignmentExpression("=", kept, apply(t.cloneNode(xs.p), primals)));
        return { p: t.cloneNode(kept), t: null, kind: INERT };
      }
      case "pop":
      case "shift":
      case "reverse": {
        const xs = this.value(object);
        this.reachable(xs);
        const p = this.temporary();
        const s = this.temporary();
        if (xs.t !== null)
          this.do(t.assignmentExpression("=", t.cloneNode(s), apply(t.cloneNode(xs.t), [])));
        this.change(t.assignmentExpression("=", t.cloneNode(p), apply(t.cloneNode(xs.p), [])));
        return {
          p: t.cloneNode(p),
          t: xs.t === null || kind.k === "inert" ? null : t.cloneNode(s),
          kind,
        };
      }
      case "fill":
        return this.#fill(node, object, kind, apply);
      case "set": {
        const [xs, source, ...rest] = this.values([object, ...node.arguments]) as [
          Value,
          Value,
          ...Value[],
        ];
        for (const v of [xs, source, ...rest]) this.calculus.atom(v);
        if (xs.t === null) throw new Fallback(node, "a typed array that is not active");
        this.do(
          apply(t.cloneNode(xs.t), [
            this.tangent(source, xs.kind),
            ...rest.map((v) => t.cloneNode(v.p)),
          ]),
        );
        this.change(apply(t.cloneNode(xs.p), [source.p, ...rest.map((v) => v.p)]));
        return { p: t.identifier("undefined"), t: null, kind: INERT };
      }
      default:
        if (arrayMethod(name).looksUp)
          throw new Fallback(node, `${name} with a function that changes active variables`);
        throw new Fallback(node, `the array method ${name}`);
    }
  }

  #fill(
    node: types.CallExpression,
    object: Node,
    kind: Kind,
    apply: (o: Expression, args: Expression[]) => Expression,
  ): Value {
    const t = this.t;
    const [xs, v, ...range] = this.values([object, ...node.arguments]) as [
      Value,
      Value,
      ...Value[],
    ];
    for (const a of range) this.calculus.atom(a);
    this.reachable(xs);
    if (xs.t === null) throw new Fallback(node, "an array that is not active is filled");
    const tangent = this.tangent(v, elementKind(kind));
    const s = this.temporary();
    const p = this.temporary();
    this.do(
      t.assignmentExpression(
        "=",
        t.cloneNode(s),
        apply(t.cloneNode(xs.t), [tangent, ...range.map((a) => t.cloneNode(a.p))]),
      ),
    );
    this.change(
      t.assignmentExpression(
        "=",
        t.cloneNode(p),
        apply(t.cloneNode(xs.p), [v.p, ...range.map((a) => a.p)]),
      ),
    );
    return { p: t.cloneNode(p), t: t.cloneNode(s), kind };
  }
}
