import type { types } from "@babel/core";
import type { Kind } from "../../analysis/kind.ts";
import { type Binding, type FunctionNode, type T, unwrap } from "../../ast.ts";
import { Literals } from "./literals.ts";
import { Fallback, type Value } from "./value.ts";

type Expression = types.Expression;
type Node = types.Node;

/** A function that names values, and then gives one. */
interface Straight {
  readonly named: readonly { readonly id: types.Identifier; readonly init: Expression }[];
  readonly result: Expression;
  readonly size: number;
}

/** The most nodes that a function may have to be written where it is called. */
const LARGEST = 60;
/** How many nodes of others one function may take in. */
const ROOM = 600;

/**
 * Small functions of the module that only name values and give one are written where they are called. The engine
 * does the same for plain code, but allots a fixed number of bytes to it, and tangent code has more.
 * Written in place they also cost nothing for arguments that are not active.
 */
export abstract class Inlining extends Literals {
  readonly #open = new Set<FunctionNode>();
  readonly #straights = new Map<FunctionNode, Straight | undefined>();
  #room = ROOM;
  #ownNames: Set<string> | undefined;

  /** The value of a call of `f`, written in place; undefined where it has to be called. */
  protected inlined(
    f: FunctionNode,
    self: Value | undefined,
    values: readonly Value[],
    kind: Kind,
    node: Node,
  ): Value | undefined {
    const straight = this.#straight(f);
    if (
      straight === undefined ||
      f === this.root ||
      this.#open.has(f) ||
      values.length !== f.params.length ||
      straight.size > this.#room ||
      !this.#meansTheSameHere(f, straight)
    )
      return undefined;
    this.#room -= straight.size;
    const paramKinds = this.kinds.paramKinds(f);
    const bindings = f.params.map((p) => this.context.bindings.get(p) as Binding);
    values.forEach((v, i) => {
      if (this.known(paramKinds[i] as Kind, node).k === "inert" && v.t !== null)
        throw new Fallback(node, "an active value is passed where none is expected");
      this.#ready(v);
    });
    if (self) this.#ready(self);

    const outerSelf = this.self;
    this.self = self;
    this.#open.add(f);
    bindings.forEach((b, i) => {
      this.given.set(b, values[i] as Value);
    });
    for (const { id, init } of straight.named) {
      const v = this.value(init);
      const binding = this.context.bindings.get(id) as Binding;
      if (v.t !== null && this.known(this.kinds.bindingKind(binding), id).k === "inert")
        throw new Fallback(id, "an active value is written to a variable that is not active");
      this.#ready(v);
      this.given.set(binding, v);
      bindings.push(binding);
    }
    const result = this.value(straight.result);
    for (const b of bindings) this.given.delete(b);
    this.#open.delete(f);
    this.self = outerSelf;
    return { p: result.p, t: result.t, kind };
  }

  /** Makes a value cheap to read, however often it is. */
  #ready(v: Value): void {
    this.calculus.atom(v);
    if (v.t !== null && v.t.type !== "Identifier") v.t = this.keep(v.t);
  }

  #straight(f: FunctionNode): Straight | undefined {
    if (!this.#straights.has(f)) this.#straights.set(f, this.#findStraight(f));
    return this.#straights.get(f);
  }

  #findStraight(f: FunctionNode): Straight | undefined {
    if (f.async || f.generator || this.effects.changesOutside(f)) return undefined;
    const isSteady = (p: Node): p is types.Identifier =>
      p.type === "Identifier" &&
      p.name !== "this" &&
      !p.optional &&
      this.context.bindings.get(p)?.constant === true;
    if (!f.params.every(isSteady)) return undefined;
    if (this.kinds.paramKinds(f).some((k) => k.k === "fn")) return undefined;
    const returns = this.kinds.returnKind(f);
    if (returns.k !== "num" && returns.k !== "object") return undefined;

    const named: { id: types.Identifier; init: Expression }[] = [];
    let result: Node | null | undefined = f.body;
    if (f.body.type === "BlockStatement") {
      for (const s of f.body.body.slice(0, -1)) {
        if (s.type !== "VariableDeclaration") return undefined;
        for (const { id, init } of s.declarations) {
          if (!isSteady(id) || !init) return undefined;
          named.push({ id, init });
        }
      }
      const last = f.body.body.at(-1);
      result = last?.type === "ReturnStatement" ? last.argument : undefined;
    }
    if (!result) return undefined;
    const isMethod = f.type === "ClassMethod" && !f.static;
    let isSimple = true;
    let size = 0;
    for (const part of [...named.map((n) => n.init), result]) {
      this.t.traverseFast(part, (n) => {
        size++;
        isSimple &&= simple.has(n.type) && (n.type !== "ThisExpression" || isMethod);
      });
    }
    return isSimple && size <= LARGEST
      ? { named, result: unwrap(result) as Expression, size }
      : undefined;
  }

  /** Whether the names in a function mean the same in the function that is being written. */
  #meansTheSameHere(f: FunctionNode, { named, result }: Straight): boolean {
    const parts = [...named.map((n) => n.init), result];
    return parts
      .flatMap((part) => namesIn(this.t, part))
      .every((id) => {
        const binding = this.context.bindings.get(id);
        if (binding && isOwn(binding, f)) return true;
        const isOutside = binding === undefined || binding.scope === this.context.program.scope;
        return isOutside && !this.#namesInRoot().has(id.name);
      });
  }

  #namesInRoot(): Set<string> {
    if (this.#ownNames === undefined) {
      const names = new Set<string>();
      for (const binding of new Set(this.context.bindings.values())) {
        if (binding.path.findParent((p) => p.node === this.root))
          names.add(binding.identifier.name);
      }
      this.#ownNames = names;
    }
    return this.#ownNames;
  }
}

const isOwn = (binding: Binding, f: FunctionNode): boolean => binding.scope.path.node === f;

const simple = new Set([
  "Identifier",
  "ThisExpression",
  "NumericLiteral",
  "BinaryExpression",
  "UnaryExpression",
  "ConditionalExpression",
  "LogicalExpression",
  "MemberExpression",
  "CallExpression",
  "NewExpression",
  "ObjectExpression",
  "ObjectProperty",
  "ParenthesizedExpression",
]);

/** The names of variables in an expression: not those of properties. */
function namesIn(t: T, node: Node): types.Identifier[] {
  if (node.type === "Identifier") return [node];
  const keys =
    node.type === "MemberExpression" && !node.computed
      ? ["object"]
      : node.type === "ObjectProperty" && !node.computed
        ? ["value"]
        : (t.VISITOR_KEYS[node.type] ?? []);
  return keys.flatMap((key) => {
    const child = (node as unknown as Record<string, Node | (Node | null)[] | null>)[key];
    return (Array.isArray(child) ? child : [child]).flatMap((c) => (c ? namesIn(t, c) : []));
  });
}
