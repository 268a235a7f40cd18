import type { types } from "@babel/core";
import { walk } from "../../analysis/effects.ts";
import { INERT } from "../../analysis/kind.ts";
import { type Binding, bareCopy, unwrap } from "../../ast.ts";
import { at } from "../dual/base.ts";
import { TangentBase } from "./base.ts";
import { isTypeOnly } from "./syntax.ts";
import { Fallback, type Value } from "./value.ts";

type Expression = types.Expression;
type Node = types.Node;

/** Plain code: the primal part alone, as the user wrote it. */
export abstract class Plain extends TangentBase {
  protected readonly plainUses = new Set<Binding>();

  protected plain(node: Node): Expression {
    return this.copy(unwrap(node)) as Expression;
  }

  protected copy(original: Node): Node {
    const t = this.t;
    const node = unwrap(original);
    const given = node.type === "ThisExpression" ? this.self : this.givenFor(node);
    if (given) return at(t.cloneNode(given.p), node);
    if (
      node.type === "ThisExpression" &&
      this.context.thisClasses.has(node) &&
      this.root.type === "ClassMethod" &&
      !this.root.static
    ) {
      return at(t.identifier(this.selfName), node);
    }
    if (node.type === "ThisExpression")
      throw new Fallback(node, "it uses a `this` that is no instance of a class here");
    if (node.type === "Super" || node.type === "PrivateName")
      throw new Fallback(node, "it uses super or private members");
    if (node.type === "AwaitExpression" || node.type === "YieldExpression")
      throw new Fallback(node, "it waits or yields");
    if (node.type === "Identifier") {
      const binding = this.context.bindings.get(node);
      if (binding) this.plainUses.add(binding);
      if (node.name === "arguments" && !binding) throw new Fallback(node, "it uses `arguments`");
    }
    const copy = at(bareCopy(node), node) as unknown as Record<string, unknown>;
    for (const key of t.VISITOR_KEYS[node.type] ?? []) {
      const child = copy[key] as Node | (Node | null)[] | null | undefined;
      if (Array.isArray(child))
        copy[key] = child
          .filter((c) => c === null || !isTypeOnly(c))
          .map((c) => (c ? this.copy(c) : null));
      else if (child) copy[key] = this.copy(child);
    }
    return copy as unknown as Node;
  }

  protected inert(node: Node): Value {
    this.#checkPlain(node);
    const p = this.plain(node);
    if (!this.effects.changesAnything(node)) return { p, t: null, kind: INERT, origin: node };
    // A call may do something that others notice: it happens here, once.
    const kept = this.temporary();
    this.change(this.t.assignmentExpression("=", kept, p));
    return { p: this.t.cloneNode(kept), t: null, kind: INERT, origin: node };
  }

  /** The primal of an expression whose tangent nobody needs: conditions, indices. */
  protected primal(node: Node): Expression {
    if (!this.effects.changesActive(node)) {
      const inner = unwrap(node);
      if (!this.effects.changesAnything(inner) || inner.type !== "UpdateExpression")
        this.#checkPlain(inner);
      return this.plain(node);
    }
    return this.value(node).p;
  }

  // Plain code runs the functions as written; those must exist beside the tangent forms.
  #checkPlain(node: Node): void {
    walk(node, (n) => {
      if (n.type === "AwaitExpression" || n.type === "YieldExpression")
        throw new Fallback(n, "it waits or yields");
      // What a call gives is looked at here too: of some functions nobody knows what active values mean to them.
      if (n.type === "CallExpression" || n.type === "NewExpression") this.kind(n);
    });
  }

  /** A condition as one expression. */
  protected test(expression: Node): Expression {
    const t = this.t;
    const node = unwrap(expression);
    if (!this.effects.changesActive(node)) {
      this.#checkPlain(node);
      // What was read before it must be read before it.
      if (this.effects.changesAnything(node)) this.changes++;
      return this.plain(node);
    }
    if (node.type === "LogicalExpression" && node.operator !== "??") {
      return t.logicalExpression(node.operator, this.test(node.left), this.test(node.right));
    }
    if (node.type === "UnaryExpression" && node.operator === "!")
      return t.unaryExpression("!", this.test(node.argument));
    return this.sequence(() => this.#comparable(node));
  }

  // The primal of a condition whose parts keep up tangents.
  #comparable(node: Node): Expression {
    if (node.type === "BinaryExpression" && node.left.type !== "PrivateName") {
      const [a, b] = this.values([node.left, node.right]) as [Value, Value];
      return at(this.t.binaryExpression(node.operator, a.p, b.p), node);
    }
    return this.value(node).p;
  }
}
