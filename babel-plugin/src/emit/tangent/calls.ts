import type { types } from "@babel/core";
import { classNamesIn, INERT, isContainer, type Kind, NUM } from "../../analysis/kind.ts";
import { jsonCopied } from "../../analysis/syntax.ts";
import { type FunctionNode, unwrap } from "../../ast.ts";
import { at } from "../dual/base.ts";
import { ruleOf } from "../tangent-rules.ts";
import { Inlining } from "./inlining.ts";
import { calleeText } from "./syntax.ts";
import { Fallback, type Value } from "./value.ts";

type Expression = types.Expression;
type Node = types.Node;

/** Calls: of tangent forms with arguments in pairs, of Math, and of what is known otherwise. */
export abstract class Calls extends Inlining {
  protected call(node: types.CallExpression, kind: Kind): Value {
    const callee = this.kinds.callee(node);
    switch (callee.type) {
      case "math":
        return this.#math(callee.name, node);
      case "closure":
        return this.#namedCall(
          node,
          this.shadowName(unwrap(node.callee) as types.Identifier),
          callee.node,
          kind,
        );
      case "marked": {
        const name = this.module.tangentName(callee.node);
        if (name === undefined)
          throw new Fallback(node, `it calls ${calleeText(node)}, which has no tangent form`);
        return this.#namedCall(node, name, callee.node, kind);
      }
      case "method":
        return this.methodCall(node, callee.node, callee.object, node.arguments, kind);
      case "value": {
        const [f, ...values] = this.values([node.callee, ...node.arguments]) as [Value, ...Value[]];
        return this.invoke(f.t as Expression, values, callee.kind.params, kind, node, true);
      }
      case "imported":
        return this.#linkedCall(node, kind);
      case "array-method":
        return this.arrayMethod(node, callee, kind);
      case "other":
        return this.#other(node, callee.name, kind);
      default:
        throw new Fallback(node, "a call that is never reached");
    }
  }

  #namedCall(node: types.CallExpression, name: string, f: FunctionNode, kind: Kind): Value {
    this.#checkArity(node, f);
    const values = this.values(node.arguments);
    const inlined =
      this.module.tangentName(f) &&
      (this.inlined(f, undefined, values, kind, node) ??
        this.blockInlined(f, undefined, values, kind, node));
    if (inlined) return inlined;
    const changes = this.effects.changesOutside(f);
    return this.invoke(
      this.t.identifier(name),
      values,
      this.kinds.paramKinds(f),
      kind,
      node,
      changes,
      !changes && !isContainer(kind),
    );
  }

  #checkArity(node: types.CallExpression, f: FunctionNode): void {
    if (node.arguments.some((a) => a.type === "SpreadElement"))
      throw new Fallback(node, "a call with a spread argument");
    if (node.arguments.length > f.params.length)
      throw new Fallback(node, "a call with more arguments than parameters");
  }

  protected methodCall(
    node: Node,
    method: FunctionNode,
    object: Node,
    args: readonly Node[],
    kind: Kind,
  ): Value {
    const name = this.module.tangentName(method);
    if (name === undefined) throw new Fallback(node, "it calls a method that has no tangent form");
    if (args.some((a) => a.type === "SpreadElement"))
      throw new Fallback(node, "a call with a spread argument");
    const [self, ...values] = this.values([object, ...args]) as [Value, ...Value[]];
    const inlined =
      this.inlined(method, self, values, kind, node) ??
      this.blockInlined(method, self, values, kind, node);
    if (inlined) return inlined;
    const paramKinds = this.kinds.paramKinds(method);
    const changes = this.effects.changesOutside(method);
    return this.invoke(
      this.t.identifier(name),
      [self, ...values],
      [self.kind, ...paramKinds],
      kind,
      node,
      changes,
      !changes && !isContainer(kind),
    );
  }

  /** Calls a tangent form: arguments in pairs, the tangent of the result in the slot. */
  protected invoke(
    f: Expression,
    values: Value[],
    params: readonly Kind[],
    kind: Kind,
    node: Node,
    changes: boolean,
    isOnlyRead = false,
  ): Value {
    const t = this.t;
    const args: Expression[] = [];
    params.forEach((param, i) => {
      const v = values[i];
      const given = this.known(param, node);
      if (v === undefined)
        args.push(t.unaryExpression("void", t.numericLiteral(0)), t.numericLiteral(0));
      else {
        if (given.k === "inert" && v.t !== null)
          throw new Fallback(node, "an active value is passed where none is expected");
        const tangent = this.tangent(v, given, isOnlyRead);
        args.push(v.p, tangent);
      }
    });
    const call = at(t.callExpression(f, args), node);
    return this.#result(call, kind, changes);
  }

  #result(call: Expression, kind: Kind, changes: boolean): Value {
    const t = this.t;
    const p = this.temporary();
    const read = t.assignmentExpression("=", t.cloneNode(p), call);
    if (kind.k === "inert") {
      this.do(read);
      if (changes) this.changes++;
      return { p: t.cloneNode(p), t: null, kind };
    }
    const s = this.temporary();
    this.do(read);
    if (isContainer(kind)) {
      const part = (name: string) => t.memberExpression(t.cloneNode(p), t.identifier(name));
      this.do(t.assignmentExpression("=", t.cloneNode(s), part("t")));
      this.do(t.assignmentExpression("=", t.cloneNode(p), part("p")));
    } else this.do(t.assignmentExpression("=", t.cloneNode(s), this.slot()));
    if (changes) this.changes++;
    return { p: t.cloneNode(p), t: t.cloneNode(s), kind };
  }

  /** Where the tangent of a number that is returned is left. */
  protected slot(): types.MemberExpression {
    const { t } = this.context;
    return t.memberExpression(this.context.helper("out"), t.numericLiteral(0), true);
  }

  #linkedCall(node: types.CallExpression, kind: Kind): Value {
    const t = this.t;
    if (node.arguments.some((a) => a.type === "SpreadElement"))
      throw new Fallback(node, "a call with a spread argument");
    const named = unwrap(node.callee);
    const head = named.type === "MemberExpression" ? unwrap(named.object) : named;
    if (this.context.bindings.get(head)?.scope !== this.context.program.scope)
      throw new Fallback(node, "a call of a function that is made while the program runs");
    const values = this.values(node.arguments);
    const params = values.map((v) => v.kind);
    // A class of that name may be another one there.
    if ([...params, kind].flatMap(classNamesIn).length > 0)
      throw new Fallback(node, "an instance of a class is passed to or from another module");
    // What others see too, and the function might write into.
    const shared = node.arguments.some(
      (a) =>
        this.kinds.kindOf(a).k === "inert" &&
        !this.effects.isPrimitive(a) &&
        !this.effects.isMadeIn(this.root, a),
    );
    if (shared && this.effects.changesOutside(this.root))
      throw new Fallback(node, "an object from outside is handed to a function of another module");
    const name = this.module.link(
      this.plain(node.callee),
      { params, returns: kind },
      node,
      this.strong,
      shared,
    );
    if (this.strong) {
      // What is called before may change what the name stands for.
      const link = (key: string) => t.memberExpression(t.identifier(name), t.identifier(key));
      const now = t.logicalExpression("??", link("tangent"), t.callExpression(link("resolve"), []));
      return this.invoke(now, values, params, kind, node, true);
    }
    const local = this.context.uid("f");
    this.linked.set(local, name);
    return this.invoke(t.identifier(local), values, params, kind, node, true);
  }

  #math(name: string, node: types.CallExpression): Value {
    const t = this.t;
    const rule = ruleOf(name);
    const spread = node.arguments.some((a) => a.type === "SpreadElement");
    const callee = this.plain(node.callee);
    if (rule.kind === "constant") {
      const values = this.values(node.arguments);
      const args = values.map((v, i) =>
        node.arguments[i]?.type === "SpreadElement" ? t.spreadElement(v.p) : v.p,
      );
      return { p: at(t.callExpression(callee, args), node), t: null, kind: INERT };
    }
    if (spread) return this.#spreadMath(name, node, callee);
    const values = this.values(node.arguments);
    return this.calculus.applied(
      name,
      values,
      (args) => at(t.callExpression(callee, args), node),
      node,
    );
  }

  #spreadMath(name: string, node: types.CallExpression, callee: Expression): Value {
    const t = this.t;
    const values = this.values(node.arguments);
    for (const v of values) this.calculus.atom(v);
    const list = (part: (v: Value) => Expression) =>
      values.map((v, i) =>
        node.arguments[i]?.type === "SpreadElement" ? t.spreadElement(part(v)) : part(v),
      );
    const array: Kind = { k: "array", of: NUM };
    const tangents = list((v) =>
      this.tangent(
        v,
        isContainer(v.kind)
          ? v.kind
          : v.kind.k === "inert" && v.p.type !== "NumericLiteral"
            ? array
            : NUM,
      ),
    );
    const r = this.keep(
      at(
        t.callExpression(
          callee,
          list((v) => t.cloneNode(v.p)),
        ),
        node,
      ),
    );
    if (ruleOf(name).kind !== "own")
      throw new Fallback(node, `Math.${name} with a spread argument`);
    // A single array needs no copy.
    const [only] = values;
    const whole = values.length === 1 && only;
    const xs = whole ? t.cloneNode(whole.p) : t.arrayExpression(list((v) => t.cloneNode(v.p)));
    const dxs = whole ? (tangents[0] as types.SpreadElement).argument : t.arrayExpression(tangents);
    return {
      p: t.cloneNode(r),
      t: this.calculus.manyTangent(name, r, xs, dxs),
      kind: NUM,
    };
  }

  // Its arguments are inactive, but evaluating them changes something active.
  #inertCall(node: types.CallExpression, kind: Kind): Value {
    const t = this.t;
    if (this.effects.changesActive(node.callee))
      throw new Fallback(node, "a call of a function that is found by changing active values");
    const values = this.values(node.arguments);
    const args = values.map((v, i) =>
      node.arguments[i]?.type === "SpreadElement" ? t.spreadElement(v.p) : v.p,
    );
    const kept = this.temporary();
    this.change(
      t.assignmentExpression("=", kept, at(t.callExpression(this.plain(node.callee), args), node)),
    );
    return { p: t.cloneNode(kept), t: null, kind };
  }

  #other(node: types.CallExpression, name: string, kind: Kind): Value {
    if (jsonCopied(node)) throw new Fallback(node, "a copy by way of JSON");
    if (name === "Number" || name === "Number.parseFloat") {
      const v = this.value(node.arguments[0] as Node);
      return { p: at(this.t.callExpression(this.plain(node.callee), [v.p]), node), t: v.t, kind };
    }
    if (kind.k === "inert") return this.#inertCall(node, kind);
    if (name === "Array.from") return this.arrayFrom(node, kind);
    if (name === "Array") return this.newArray(node, node.arguments, kind);
    throw new Fallback(node, `a call of ${name}, which is not known to be marked`);
  }
}
