import type { types } from "@babel/core";
import { INERT, type Kind, mayRound } from "../../analysis/kind.ts";
import { staticKey } from "../../ast.ts";
import { at } from "../dual/base.ts";
import { Branches } from "./branches.ts";
import { isCheap, isPath, isSimpleIndex, mayThrow, mayThrowInside } from "./syntax.ts";
import { Fallback, type Place, type Target, type Value } from "./value.ts";

type Expression = types.Expression;
type Node = types.Node;

/** Variables, elements and fields: how they are reached, read and written to. */
export abstract class Places extends Branches {
  protected variable(node: types.Identifier, kind: Kind): Value {
    const t = this.t;
    const given = this.givenFor(node);
    if (given)
      return {
        ...given,
        p: at(t.cloneNode(given.p), node),
        t: given.t && t.cloneNode(given.t),
        kind,
      };
    const binding = this.context.bindings.get(node);
    if (binding?.constant && !this.context.changingNames.has(node.name))
      this.constantNames.add(node.name).add(this.shadowName(node));
    const closure = this.kinds.closureNamed(node);
    if (closure && binding) this.plainUses.add(binding);
    return {
      p: at(t.identifier(node.name), node),
      t: kind.k === "inert" ? null : t.identifier(this.shadowName(node)),
      kind,
    };
  }

  protected target(left: types.Identifier): Target {
    const t = this.t;
    const binding = this.context.bindings.get(left);
    if (binding === undefined)
      throw new Fallback(left, `an assignment to the global '${left.name}'`);
    const kind = this.known(this.kinds.bindingKind(binding), left);
    const shadow = kind.k === "inert" ? null : this.shadowName(left);
    return {
      name: left.name,
      shadow,
      kind,
      value: () => ({
        p: t.identifier(left.name),
        t: shadow === null ? null : t.identifier(shadow),
        kind,
      }),
    };
  }

  /** What may throw is worked out before anything is written, so that a shadow is not ahead of its primal. */
  #settle(v: Value, isSeenOutside: boolean): void {
    if (this.tries > 0 ? mayThrow(v.p) : isSeenOutside && mayThrowInside(v.p))
      v.p = this.t.cloneNode(this.keep(v.p));
  }

  protected assign(target: Target, v: Value, node: Node): void {
    const t = this.t;
    this.#settle(v, false);
    if (target.shadow === null) {
      if (v.t !== null)
        throw new Fallback(node, "an active value is written to a variable that is not active");
    } else
      this.do(
        at(
          t.assignmentExpression("=", t.identifier(target.shadow), this.tangent(v, target.kind)),
          node,
        ),
      );
    this.change(at(t.assignmentExpression("=", t.identifier(target.name), v.p), node));
  }

  /** An element or field: how it and its shadow are reached. `key` is evaluated at most once. */
  protected place(node: types.MemberExpression): Place {
    const t = this.t;
    const object = this.value(node.object);
    const kind = this.kind(node);
    if (!node.computed) {
      this.reachable(object);
      const name = staticKey({ key: node.property, computed: false }) as string;
      const member = (o: Expression) =>
        at(t.memberExpression(t.cloneNode(o), t.identifier(name)), node);
      return {
        read: () => member(object.p),
        shadow: () => (object.t === null || kind.k === "inert" ? null : member(object.t)),
        kind,
        object,
        settle: (position) => this.stabilize(object, position),
      };
    }
    const changesBefore = this.changes;
    const position = this.items.length;
    let key = this.primal(node.property);
    if (this.changes > changesBefore) this.stabilize(object, position);
    if (this.effects.changesAnything(node.property)) this.changes++;
    if (!isSimpleIndex(key) || this.effects.changesAnything(node.property)) key = this.keep(key);
    this.reachable(object);
    const member = (o: Expression) =>
      at(t.memberExpression(t.cloneNode(o), t.cloneNode(key), true), node);
    return {
      read: () => member(object.p),
      shadow: () => (object.t === null || kind.k === "inert" ? null : member(object.t)),
      kind,
      object,
      settle: (after) => {
        const way: Value = { p: key, t: null, kind: INERT };
        this.stabilize(way, after);
        key = way.p;
        this.stabilize(object, after);
      },
    };
  }

  // A path of names and simple indices can be walked again; anything else is kept.
  protected reachable(v: Value): void {
    const t = this.t;
    if (!isPath(v.p)) v.p = t.cloneNode(this.keep(v.p));
    if (v.t !== null && !isPath(v.t)) v.t = t.cloneNode(this.keep(v.t));
  }

  protected setterOf(node: types.MemberExpression): boolean {
    const object = this.kinds.kindOf(node.object);
    const name = staticKey({ key: node.property, computed: node.computed });
    if (object.k !== "object" || object.className === undefined || name === undefined) return false;
    return this.kinds.memberOf(object.className, name) !== undefined;
  }

  protected writeTo(place: Place, v: Value, node: Node): Value {
    const t = this.t;
    if (place.object.kind.k === "inert" && v.t !== null)
      throw new Fallback(node, "an active value is written into an object that is not active");
    if (place.object.kind.k === "object" && place.kind.k === "inert" && v.t !== null)
      throw new Fallback(node, "an active value is written into a field that is not active");
    this.#settle(v, true);
    const shadow = place.shadow();
    // The shadow first: its new value may be made of the old primal.
    let p = v.p;
    if (shadow !== null) {
      const tangent = this.tangent(v, place.kind);
      p = v.p;
      this.do(at(t.assignmentExpression("=", shadow as never, tangent), node));
    }
    this.change(at(t.assignmentExpression("=", place.read() as never, p), node));
    // What an assignment is worth is the value that was assigned, not what the place made of it.
    const isHeld = mayRound(place.object.kind) && (v.t === null || isCheap(v.t));
    return {
      p: isCheap(p) ? t.cloneNode(p) : place.read(),
      t: isHeld ? v.t && t.cloneNode(v.t) : place.shadow(),
      kind: place.kind,
    };
  }

  /** Where a length was written to, the shadow gets it too. */
  protected shareLength(node: types.MemberExpression, { object }: Place): void {
    const t = this.t;
    if (
      object.t === null ||
      object.kind.k !== "array" ||
      staticKey({ key: node.property, computed: node.computed }) !== "length"
    )
      return;
    const length = (o: Expression) => t.memberExpression(t.cloneNode(o), t.identifier("length"));
    this.change(t.assignmentExpression("=", length(object.t), length(object.p)));
  }
}
