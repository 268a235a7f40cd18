import type { types } from "@babel/core";
import { walk } from "../../analysis/effects.ts";
import { elementKind, isContainer, type Kind } from "../../analysis/kind.ts";
import { type FunctionNode, staticKey, unwrap } from "../../ast.ts";
import { at } from "../dual/base.ts";
import { Assignments } from "./assignments.ts";
import { constructorStores, propertyKey } from "./syntax.ts";
import { Fallback, SHADOW_FLOATS, type Value } from "./value.ts";

type Expression = types.Expression;
type Node = types.Node;

/** Arrays, objects, instances and functions that are made, each with its shadow. */
export abstract class Literals extends Assignments {
  protected array(node: types.ArrayExpression, kind: Kind): Value {
    const t = this.t;
    const elements = node.elements.map((e) => {
      if (e === null) throw new Fallback(node, "an array with holes");
      return e;
    });
    const values = this.values(elements);
    const spread = (i: number, e: Expression) =>
      node.elements[i]?.type === "SpreadElement" ? t.spreadElement(e) : e;
    // Taken out once: an iterator is used up by it.
    values.forEach((v, i) => {
      if (node.elements[i]?.type !== "SpreadElement" || v.t !== null) return;
      v.p = this.keep(t.arrayExpression([t.spreadElement(v.p)]));
    });
    const expected = (i: number): Kind =>
      node.elements[i]?.type === "SpreadElement"
        ? { k: "array", of: elementKind(kind) }
        : this.kinds.elementAt(kind, i);
    const shadow = t.arrayExpression(values.map((v, i) => spread(i, this.tangent(v, expected(i)))));
    return {
      p: at(t.arrayExpression(values.map((v, i) => spread(i, v.p))), node),
      t: shadow,
      kind,
    };
  }

  protected object(node: types.ObjectExpression, kind: Kind): Value {
    const t = this.t;
    const parts = node.properties.map((p) => {
      if (p.type === "ObjectMethod") throw new Fallback(p, "an object with methods");
      return p.type === "SpreadElement" ? p : p.value;
    });
    const values = this.values(parts);
    const primals: (types.ObjectProperty | types.SpreadElement)[] = [];
    const shadows: (types.ObjectProperty | types.SpreadElement)[] = [];
    node.properties.forEach((p, i) => {
      const v = values[i] as Value;
      if (p.type === "SpreadElement") {
        const shadow = this.tangent(v, v.kind.k === "inert" ? kind : v.kind);
        primals.push(t.spreadElement(v.p));
        shadows.push(t.spreadElement(shadow));
        return;
      }
      const key = staticKey(p as never) as string;
      const fieldKind = this.kinds.fieldKind(kind, key);
      // Where the object goes a number may be expected in the field, and a spread before it has left a tangent there.
      const isText =
        v.p.type === "StringLiteral" ||
        v.p.type === "TemplateLiteral" ||
        v.p.type === "BooleanLiteral";
      if (fieldKind.k !== "inert" || !isText)
        shadows.push(t.objectProperty(propertyKey(t, key), this.tangent(v, fieldKind)));
      primals.push(at(t.objectProperty(propertyKey(t, key), v.p), p));
    });
    return { p: at(t.objectExpression(primals), node), t: t.objectExpression(shadows), kind };
  }

  /** A function as a value: the plain one, and its tangent form for a shadow. */
  protected closure(
    node: types.FunctionExpression | types.ArrowFunctionExpression,
    kind: Kind,
  ): Value {
    if (this.effects.changesOutside(node))
      throw new Fallback(node, "a function that changes active variables is handed on");
    return { p: this.plain(node), t: this.tangentClosure(node), kind };
  }

  protected tangentClosure(node: FunctionNode): types.ArrowFunctionExpression {
    walk(node.body, (n) => {
      if (n.type === "ThisExpression" && node.type !== "ArrowFunctionExpression")
        throw new Fallback(n, "a function with a `this` of its own");
    });
    const { params, body } = this.functionParts(node);
    return at(this.t.arrowFunctionExpression(params, body), node);
  }

  protected construct(node: types.NewExpression, kind: Kind): Value {
    const t = this.t;
    const callee = unwrap(node.callee) as types.Identifier;
    if (kind.k === "floats") {
      const [size] = node.arguments;
      if (node.arguments.length > 1) throw new Fallback(node, "a view of a buffer");
      const make = (e: Expression | undefined, name = callee.name) =>
        at(t.newExpression(t.identifier(name), e ? [e] : []), node);
      if (size === undefined)
        return { p: make(undefined), t: make(undefined, SHADOW_FLOATS), kind };
      if (size.type === "SpreadElement") throw new Fallback(node, "a spread argument");
      const v = this.value(size);
      if (isContainer(v.kind))
        return { p: make(v.p), t: make(this.tangent(v, v.kind), SHADOW_FLOATS), kind };
      // A size, inert values or a buffer: the shadow is as long as what was made of it, and has memory of its own.
      const made = this.keep(make(v.p));
      return {
        p: t.cloneNode(made),
        t: this.keep(this.calculus.help("zeros", t.cloneNode(made))),
        kind,
      };
    }
    if (kind.k === "array") return this.newArray(node, node.arguments, kind);
    if (kind.k === "object" && kind.className) return this.#instance(node, kind, kind.className);
    throw new Fallback(node, `constructing ${callee.name} with active values`);
  }

  protected newArray(node: Node, args: readonly Node[], kind: Kind): Value {
    const t = this.t;
    const values = this.values(args);
    // One number is a length, of which only the primal counts.
    const isLength = values.length === 1 && values[0]?.kind.k === "num";
    if (!isLength && values.some((v) => v.t !== null))
      throw new Fallback(node, "an array made of its elements by Array()");
    for (const v of values) this.calculus.atom(v);
    const make = () =>
      at(
        t.newExpression(
          t.identifier("Array"),
          values.map((v) => t.cloneNode(v.p)),
        ),
        node,
      );
    return { p: make(), t: make(), kind };
  }

  /** An instance of a class of this file whose constructor only stores what it is given. */
  #instance(
    node: types.NewExpression,
    kind: Extract<Kind, { k: "object" }>,
    className: string,
  ): Value {
    const t = this.t;
    const definition = this.kinds.typeKinds.classes.get(className) as types.Class;
    const stores = constructorStores(definition);
    if (stores === undefined)
      throw new Fallback(
        node,
        `the constructor of ${className} does more than store its arguments`,
      );
    if (node.arguments.some((a) => a.type === "SpreadElement"))
      throw new Fallback(node, "a spread argument");
    const values = this.values(node.arguments);
    const shadow: types.ObjectProperty[] = [];
    for (const [field, fieldKind] of kind.fields) {
      if (fieldKind.k === "inert") continue;
      const position = stores.get(field);
      const v = position === undefined ? undefined : values[position];
      const zero = fieldKind.k === "num" ? t.numericLiteral(0) : undefined;
      if (v === undefined && zero === undefined)
        throw new Fallback(node, `the field ${field} of ${className} is not given`);
      shadow.push(
        t.objectProperty(
          propertyKey(t, field),
          v ? this.tangent(v, fieldKind) : (zero as Expression),
        ),
      );
    }
    return {
      p: at(
        t.newExpression(
          t.identifier((unwrap(node.callee) as types.Identifier).name),
          values.map((v) => v.p),
        ),
        node,
      ),
      t: t.objectExpression(shadow),
      kind,
    };
  }
}
