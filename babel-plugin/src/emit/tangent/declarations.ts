import type { types } from "@babel/core";
import { INERT, isLoose } from "../../analysis/kind.ts";
import { isFunction, staticKey, unwrap } from "../../ast.ts";
import { at } from "../dual/base.ts";
import { Places } from "./places.ts";
import { isCheap, mentions, renamed } from "./syntax.ts";
import { Fallback, type Item, type Value } from "./value.ts";

type Expression = types.Expression;
type Node = types.Node;

/** What is declared, and patterns that take values apart. */
export abstract class Declarations extends Places {
  protected declarator(d: types.VariableDeclarator, kind: string): void {
    if (kind !== "const" && kind !== "let" && kind !== "var")
      throw new Fallback(d, "a using declaration");
    const init = d.init && unwrap(d.init);
    if (d.id.type === "Identifier" && isFunction(init)) {
      this.closureDeclaration(d.id, init, "const");
      return;
    }
    const binding = this.context.bindings.get(d.id);
    if (d.init && binding && this.kinds.isLookupTable(binding)) {
      this.#declare(d.id as types.Identifier, this.inert(d.init), kind);
      return;
    }
    if (d.id.type === "Identifier") {
      this.#declare(d.id, d.init ? this.value(d.init) : undefined, kind);
      return;
    }
    const v = this.value(d.init as Node);
    if (v.kind.k === "inert" && this.kinds.kindOf(d.init as Node).k === "inert") {
      this.change(
        at(
          this.t.variableDeclaration(kind, [
            this.t.variableDeclarator(this.copy(d.id) as types.LVal as never, v.p),
          ]),
          d,
        ),
      );
      this.zeroShadows(d.id, kind === "var" ? "var" : "let");
      return;
    }
    this.destructure(d.id, v, kind);
  }

  /** Variables that begin inactive, by a pattern that is copied as it is, but are active later. */
  protected zeroShadows(pattern: Node, how: "let" | "var"): void {
    const t = this.t;
    for (const id of Object.values(t.getBindingIdentifiers(pattern))) {
      const binding = this.context.bindings.get(id);
      const kind = this.known(binding ? this.kinds.bindingKind(binding) : INERT, id);
      if (kind.k === "inert") continue;
      if (kind.k !== "num") throw new Fallback(id, "a variable holds values of different shapes");
      this.do(
        t.variableDeclaration(how, [
          t.variableDeclarator(t.identifier(this.shadowName(id)), t.numericLiteral(0)),
        ]),
      );
    }
  }

  #declare(id: types.Identifier, v: Value | undefined, how: "const" | "let" | "var"): void {
    const t = this.t;
    const binding = this.context.bindings.get(id);
    const kind = this.known(binding ? this.kinds.bindingKind(binding) : INERT, id);
    if (kind.k === "inert" && v && v.t !== null)
      throw new Fallback(id, "an active value is written to a variable that is not active");
    const declare = (name: string, init: Expression | null) =>
      t.variableDeclarator(at(t.identifier(name), id), init);
    const shadow = kind.k === "inert" ? undefined : this.shadowName(id);
    let tangent =
      shadow === undefined
        ? null
        : v
          ? this.tangent(v, kind)
          : kind.k === "num"
            ? t.numericLiteral(0)
            : null;
    // The shadow of a `var` is declared before it, so its tangent can't be told by its name.
    if (v && how !== "var") tangent = this.#unkeep(id.name, v, tangent);
    const declarators = [declare(id.name, v ? v.p : null)];
    if (shadow !== undefined) {
      // A `var` without a value keeps what it has, in loops too; one with a value may be made of what it had.
      if (how === "var") declarators.unshift(declare(shadow, v ? tangent : null));
      else declarators.push(declare(shadow, tangent));
    }
    this.change(at(t.variableDeclaration(how, declarators), id));
  }

  /** What was kept in a temporary only to be declared now is declared straight away. */
  #unkeep(name: string, v: Value, tangent: Expression | null): Expression | null {
    const { t } = this.context;
    const kept = (item: Item | undefined): Expression | undefined => {
      const e = item?.type === "ExpressionStatement" ? item.expression : item;
      if (e?.type !== "AssignmentExpression" || e.operator !== "=" || e.left.type !== "Identifier")
        return undefined;
      return v.p.type === "Identifier" &&
        e.left.name === v.p.name &&
        this.temporaryNames.has(v.p.name)
        ? e.right
        : undefined;
    };
    const temporary = v.p.type === "Identifier" ? v.p.name : "";
    const items = this.items;
    const last = items.at(-1);
    const slot =
      last?.type === "AssignmentExpression" &&
      tangent?.type === "Identifier" &&
      last.left.type === "Identifier" &&
      last.left.name === tangent.name
        ? last.right
        : undefined;
    const fromCall =
      slot?.type === "MemberExpression" && slot.computed ? kept(items.at(-2)) : undefined;
    if (slot && fromCall) {
      // A call and the tangent it left behind.
      items.splice(-2);
      v.p = fromCall;
      return slot;
    }
    const value = kept(last);
    if (value === undefined || mentions(value, name)) return tangent;
    items.pop();
    v.p = value;
    return tangent && (renamed(t, tangent, temporary, name) as Expression);
  }

  /** Takes a value apart by a pattern. */
  protected destructure(pattern: Node, v: Value, how: "const" | "let" | "var" | "assign"): void {
    const t = this.t;
    this.reachable(v);
    if (!isCheap(v.p)) v.p = this.keep(v.p);
    if (v.t !== null && !isCheap(v.t)) v.t = this.keep(v.t);
    if (pattern.type === "ArrayPattern") {
      pattern.elements.forEach((e, i) => {
        if (e === null) return;
        if (e.type === "RestElement") {
          const rest = (x: Expression) =>
            t.callExpression(t.memberExpression(t.cloneNode(x), t.identifier("slice")), [
              t.numericLiteral(i),
            ]);
          if (isLoose(v.kind) || (v.kind.k !== "array" && v.kind.k !== "inert"))
            throw new Fallback(e, "the rest of something else than an array");
          this.bind(e.argument, { p: rest(v.p), t: v.t && rest(v.t), kind: v.kind }, how);
          return;
        }
        const kind = this.known(this.kinds.elementAt(v.kind, i), e);
        const element = (x: Expression) =>
          t.memberExpression(t.cloneNode(x), t.numericLiteral(i), true);
        this.bind(
          e,
          { p: element(v.p), t: kind.k === "inert" ? null : v.t && element(v.t), kind },
          how,
        );
      });
      return;
    }
    if (pattern.type !== "ObjectPattern") throw new Fallback(pattern, "an unusual pattern");
    for (const p of pattern.properties) {
      const key = p.type === "RestElement" ? undefined : staticKey(p as never);
      if (p.type === "RestElement" || key === undefined)
        throw new Fallback(p, "the rest of an object, or a computed key");
      const kind = this.known(this.kinds.fieldKind(v.kind, key), p);
      const field = (x: Expression) =>
        t.memberExpression(t.cloneNode(x), t.stringLiteral(key), true);
      this.bind(
        p.value,
        { p: field(v.p), t: kind.k === "inert" ? null : v.t && field(v.t), kind },
        how,
      );
    }
  }

  /** Declares or assigns what a part of a pattern names. */
  protected bind(target: Node, v: Value, how: "const" | "let" | "var" | "assign"): void {
    const t = this.t;
    const node = unwrap(target);
    if (node.type === "AssignmentPattern") {
      this.calculus.atom(v);
      const meet = this.meeting(v.kind.k === "inert" ? this.kind(node.right) : v.kind);
      const missing = t.binaryExpression(
        "===",
        t.cloneNode(v.p),
        t.unaryExpression("void", t.numericLiteral(0)),
      );
      this.branch(
        missing,
        () => meet.with(this.value(node.right)),
        () => meet.with(v),
      );
      this.bind(node.left, meet.value, how);
    } else if (node.type === "ArrayPattern" || node.type === "ObjectPattern")
      this.destructure(node, v, how);
    else if (how === "assign") {
      if (node.type === "Identifier") this.assign(this.target(node), v, node);
      else if (node.type === "MemberExpression") {
        this.stabilize(v, this.items.length);
        this.writeTo(this.place(node), v, node);
      } else throw new Fallback(node, "an unusual pattern");
    } else if (node.type === "Identifier") this.#declare(node, v, how);
    else throw new Fallback(node, "an unusual pattern");
  }
}
