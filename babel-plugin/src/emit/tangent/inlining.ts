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
/** The same for one with branches and loops, which is only written in loops. */
const LARGEST_BLOCK = 250;
/** How many nodes of others one function may take in. */
const ROOM = 600;

/**
 * Small functions of the module that only name values and give one are written where they are
 * called. The engine does the same for plain code, but allots a fixed number of bytes to it, and
 * tangent code has more. Written in place they also cost nothing for arguments that are not active.
 */
export abstract class Inlining extends Literals {
  readonly #open = new Set<FunctionNode>();
  readonly #straights = new Map<FunctionNode, Straight | undefined>();
  #room = ROOM;
  readonly #declared = new Map<FunctionNode, Binding[]>();
  #outside: Set<string> | undefined;

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
      !this.module.calls.isSmall(f) ||
      !this.#meansTheSameHere(f, straight)
    )
      return undefined;
    this.#room -= straight.size;
    const ready = (v: Value) => this.#ready(v, this.#runsOthers(f));
    return this.#inside(f, self, values, node, ready, () => {
      for (const { id, init } of straight.named) {
        const v = this.value(init);
        const binding = this.context.bindings.get(id) as Binding;
        if (v.t !== null && this.known(this.kinds.bindingKind(binding), id).k === "inert")
          throw new Fallback(id, "an active value is written to a variable that is not active");
        ready(v);
        this.given.set(binding, v);
      }
      const result = this.value(straight.result);
      return { p: result.p, t: result.t, kind };
    });
  }

  /**
   * The same for a function with branches and loops, inside a loop: in a block of its own, which it
   * leaves where it returns.
   */
  protected blockInlined(
    f: FunctionNode,
    self: Value | undefined,
    values: readonly Value[],
    kind: Kind,
    node: Node,
  ): Value | undefined {
    const t = this.t;
    if (this.expressionsOnly || this.loops === 0 || f === this.root || this.#open.has(f))
      return undefined;
    const size = this.#blockSize(f);
    if (size === undefined || size > this.#room || values.length !== f.params.length)
      return undefined;
    if (!this.module.calls.isSmall(f)) return undefined;
    const body = f.body as types.BlockStatement;
    if (!this.#namesMeanTheSame(f, namesIn(t, body))) return undefined;
    this.#room -= size;

    const own = this.#namesIn(f, (binding) => !f.params.includes(binding.identifier as never));
    const hides = (e: Expression) =>
      e.type === "Identifier" && (own.has(e.name) || own.has(e.name.replace(/\$t$/, "")));
    const ready = (v: Value) => {
      this.#ready(v, this.#runsOthers(f));
      if (hides(v.p)) v.p = this.keep(v.p);
      if (v.t !== null && hides(v.t)) v.t = this.keep(v.t);
    };
    return this.#inside(f, self, values, node, ready, () => {
      const { frame, changes } = this;
      const known = new Set(this.invariants.keys());
      const label = t.identifier(this.context.uid("call"));
      const meet = this.meeting(kind);
      const last = body.body.at(-1);
      let leaves = false;
      this.frame = {
        temporaries: frame.temporaries,
        returns: kind,
        leave: (v, statement) => {
          meet.with(v);
          if (statement === last) return;
          leaves = true;
          this.do(t.breakStatement(t.cloneNode(label)));
        },
      };
      const block = t.blockStatement(this.blockBody(body.body));
      this.do(leaves ? t.labeledStatement(label, block) : block);
      for (const key of this.invariants.keys()) if (!known.has(key)) this.invariants.delete(key);
      this.frame = frame;
      // Its own variables are all that it changes.
      this.changes = changes;
      return meet.value;
    });
  }

  /** Runs `write` while the parameters of `f` stand for what it is given. */
  #inside(
    f: FunctionNode,
    self: Value | undefined,
    values: readonly Value[],
    node: Node,
    ready: (v: Value) => void,
    write: () => Value,
  ): Value {
    const paramKinds = this.kinds.paramKinds(f);
    values.forEach((v, i) => {
      if (this.known(paramKinds[i] as Kind, node).k === "inert" && v.t !== null)
        throw new Fallback(node, "an active value is passed where none is expected");
      ready(v);
    });
    if (self) ready(self);
    const outer = this.self;
    this.self = self;
    this.#open.add(f);
    f.params.forEach((p, i) => {
      this.given.set(this.context.bindings.get(p) as Binding, values[i] as Value);
    });
    const result = write();
    for (const binding of this.given.keys()) if (isInside(binding, f)) this.given.delete(binding);
    this.#open.delete(f);
    this.self = outer;
    return result;
  }

  /** How large a function is that can be written in a block; undefined for one that cannot. */
  #blockSize(f: FunctionNode): number | undefined {
    if (f.body.type !== "BlockStatement" || f.async || f.generator) return undefined;
    if (this.effects.changesOutside(f) || !this.#takesPlainValues(f)) return undefined;
    const last = f.body.body.at(-1);
    if (last?.type !== "ReturnStatement" || this.kinds.returnKind(f).k === "inert")
      return undefined;
    let size = 0;
    let fits = true;
    const isMethod = f.type === "ClassMethod" && !f.static;
    this.t.traverseFast(f.body, (n) => {
      size++;
      fits &&= !unfit.has(n.type) && (n.type !== "ThisExpression" || isMethod);
      if (n.type === "ReturnStatement") fits &&= n.argument != null;
      if (n.type === "VariableDeclaration") fits &&= n.kind === "const" || n.kind === "let";
    });
    return fits && size <= LARGEST_BLOCK ? size : undefined;
  }

  /** Whether all parameters are names that keep what they are given, and none of it is a function. */
  #takesPlainValues(f: FunctionNode): boolean {
    return (
      f.params.every((p) => this.#isSteady(p)) &&
      !this.kinds.paramKinds(f).some((k) => k.k === "fn")
    );
  }

  #isSteady(id: Node): id is types.Identifier {
    return (
      id.type === "Identifier" &&
      id.name !== "this" &&
      !id.optional &&
      this.context.bindings.get(id)?.constant === true
    );
  }

  /** Makes a value cheap to read, however often it is, and safe from what others change meanwhile. */
  #ready(v: Value, meanwhile: boolean): void {
    this.calculus.atom(v);
    if (meanwhile && !this.isStable(v.p)) v.p = this.keep(v.p);
    if (v.t !== null && v.t.type !== "Identifier") v.t = this.keep(v.t);
  }

  /** Whether a function runs code that may change variables outside it, which its arguments may be. */
  #runsOthers(f: FunctionNode): boolean {
    let found = false;
    this.t.traverseFast(f.body, (n) => {
      if (n.type === "CallExpression") found ||= this.kinds.callee(n).type !== "math";
      if (n.type === "NewExpression") found ||= this.kinds.kindOf(n).k === "inert";
    });
    return found;
  }

  #straight(f: FunctionNode): Straight | undefined {
    if (!this.#straights.has(f)) this.#straights.set(f, this.#findStraight(f));
    return this.#straights.get(f);
  }

  #findStraight(f: FunctionNode): Straight | undefined {
    if (f.async || f.generator || this.effects.changesOutside(f)) return undefined;
    if (!this.#takesPlainValues(f)) return undefined;
    const returns = this.kinds.returnKind(f);
    if (returns.k !== "num" && returns.k !== "object") return undefined;

    const named: { id: types.Identifier; init: Expression }[] = [];
    let result: Node | null | undefined = f.body;
    if (f.body.type === "BlockStatement") {
      for (const s of f.body.body.slice(0, -1)) {
        if (s.type !== "VariableDeclaration") return undefined;
        for (const { id, init } of s.declarations) {
          if (!this.#isSteady(id) || !init) return undefined;
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

  #meansTheSameHere(f: FunctionNode, { named, result }: Straight): boolean {
    const parts = [...named.map((n) => n.init), result];
    return this.#namesMeanTheSame(
      f,
      parts.flatMap((part) => namesIn(this.t, part)),
    );
  }

  /** Whether the names in a function mean the same where the code is that is being written. */
  #namesMeanTheSame(f: FunctionNode, names: readonly types.Identifier[]): boolean {
    const around = [
      this.#namesAround(),
      ...[this.root, ...this.#open].map((g) => this.#namesIn(g)),
    ];
    return names.every((id) => {
      const binding = this.context.bindings.get(id);
      if (binding && isInside(binding, f)) return true;
      const isOutside = binding === undefined || binding.scope === this.context.program.scope;
      return isOutside && !around.some((own) => own.has(id.name));
    });
  }

  /** The names that functions around the one that is written declare, as factories do. */
  #namesAround(): Set<string> {
    if (this.#outside === undefined) {
      this.#outside = new Set();
      const { scope: top } = this.context.program;
      let scope = this.kinds.marks.functions.get(this.root)?.scope.parent;
      for (; scope && scope !== top; scope = scope.parent)
        for (const name of Object.keys(scope.bindings)) this.#outside.add(name);
    }
    return this.#outside;
  }

  /** The names that are declared inside a function. */
  #namesIn(f: FunctionNode, counts: (binding: Binding) => boolean = () => true): Set<string> {
    let bindings = this.#declared.get(f);
    if (bindings === undefined) {
      bindings = [...new Set(this.context.bindings.values())].filter((b) => isInside(b, f));
      this.#declared.set(f, bindings);
    }
    return new Set(bindings.filter(counts).map((b) => b.identifier.name));
  }
}

const isInside = (binding: Binding, f: FunctionNode): boolean =>
  binding.scope.path.find((p) => p.node === f) !== null;

/** What a function that is written in a block cannot have. */
const unfit = new Set([
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
  "ClassDeclaration",
  "ClassExpression",
  "ObjectMethod",
  "LabeledStatement",
  "TryStatement",
  "Super",
  "MetaProperty",
  "TSEnumDeclaration",
]);

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
