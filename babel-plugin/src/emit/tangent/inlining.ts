import type { types } from "@babel/core";
import type { Kind } from "../../analysis/kind.ts";
import { type Binding, type FunctionNode, type T, unwrap } from "../../ast.ts";
import { Literals } from "./literals.ts";
import { Fallback, type Value } from "./value.ts";

type Expression = types.Expression;
type Node = types.Node;

/** The most nodes that a function's expression may have to be written where it is called. */
const LARGEST = 60;
/** How many nodes of others one function may take in. */
const ROOM = 600;

/**
 * Small functions of the module, one expression each, are written where they are called. The engine
 * does the same for plain code, but allots a fixed number of bytes to it, and tangent code has more.
 * Written in place they also cost nothing for arguments that are not active.
 */
export abstract class Inlining extends Literals {
  readonly #open = new Set<FunctionNode>();
  readonly #expressions = new Map<FunctionNode, Expression | undefined>();
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
    const body = this.#expressionOf(f);
    if (
      body === undefined ||
      this.#open.has(f) ||
      values.length !== f.params.length ||
      !this.#meansTheSameHere(f, body)
    )
      return undefined;
    const size = sizeOf(this.t, body);
    if (size > this.#room) return undefined;
    this.#room -= size;
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
    const result = this.value(body);
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

  /** What a function computes, where that is one small expression of its parameters. */
  #expressionOf(f: FunctionNode): Expression | undefined {
    if (!this.#expressions.has(f)) this.#expressions.set(f, this.#findExpression(f));
    return this.#expressions.get(f);
  }

  #findExpression(f: FunctionNode): Expression | undefined {
    if (f.async || f.generator || this.effects.changesOutside(f)) return undefined;
    const isPlain = (p: Node): boolean =>
      p.type === "Identifier" &&
      p.name !== "this" &&
      !p.optional &&
      this.context.bindings.get(p)?.constant === true;
    if (!f.params.every(isPlain)) return undefined;
    if (this.kinds.paramKinds(f).some((k) => k.k === "fn")) return undefined;
    const returns = this.kinds.returnKind(f);
    if (returns.k !== "num" && returns.k !== "object") return undefined;
    let body: Node | null | undefined = f.body;
    if (body.type === "BlockStatement") {
      const [only, ...more] = body.body;
      body = only?.type === "ReturnStatement" && more.length === 0 ? only.argument : undefined;
    }
    if (!body) return undefined;
    const isMethod = f.type === "ClassMethod" && !f.static;
    let isSimple = true;
    this.t.traverseFast(body, (n) => {
      isSimple &&= simple.has(n.type) && (n.type !== "ThisExpression" || isMethod);
    });
    return isSimple && sizeOf(this.t, body) <= LARGEST ? (unwrap(body) as Expression) : undefined;
  }

  /** Whether the names in a function's expression mean the same in the function that is being written. */
  #meansTheSameHere(f: FunctionNode, body: Node): boolean {
    return namesIn(this.t, body).every((id) => {
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

function sizeOf(
  t: { traverseFast: (node: Node, see: (n: Node) => void) => void },
  node: Node,
): number {
  let count = 0;
  t.traverseFast(node, () => {
    count++;
  });
  return count;
}
