import type { types } from "@babel/core";
import type { Effects } from "../../analysis/effects.ts";
import { invariantsOf } from "../../analysis/invariants.ts";
import { INERT, isContainer, type Kind, whyUnknown } from "../../analysis/kind.ts";
import type { Callee, Kinds } from "../../analysis/kinds.ts";
import type { Binding, FunctionNode } from "../../ast.ts";
import type { ModuleContext } from "../../module-context.ts";
import { Calculus } from "./calculus.ts";
import { Fallback, type Frame, type Item, type TangentModule, type Value } from "./value.ts";

type Expression = types.Expression;
type Node = types.Node;
type Statement = types.Statement;

/** Leaves out where a node stands, for telling equal expressions. */
const shapeOnly = (key: string, value: unknown): unknown =>
  ["start", "end", "loc", "extra", "range"].includes(key) || key.endsWith("Comments")
    ? undefined
    : value;

/** What all parts of the emitter share: the file, what is known of its values, names, and items. */
export abstract class TangentBase {
  protected readonly t;
  protected readonly calculus: Calculus;
  protected frame: Frame = { temporaries: [], returns: INERT };
  /** What happens before a value can be read. */
  protected items: Item[] = [];
  protected expressionsOnly = false;
  /** How many loops there are around. */
  protected loops = 0;
  /** How many `try` blocks there are around. */
  protected tries = 0;
  /** Counts what was written that changes something the user's code can see. */
  protected changes = 0;
  protected readonly invariants = new Map<Node, Value>();
  readonly #shadowNames = new Map<Binding, string>();
  /** What parameters stand for, in a function that is written where it is called. */
  protected readonly given = new Map<Binding, Value>();
  /** What `this` stands for there. */
  protected self: Value | undefined;
  /** Links that are looked up on entry, so that calls in loops see one function only; by their local names. */
  protected readonly linked = new Map<string, string>();
  protected readonly temporaryNames = new Set<string>();
  protected readonly constantNames = new Set<string>(["undefined", "NaN", "Infinity"]);
  /** What stands for `this`, which nothing else in the file is called. */
  protected readonly selfName: string;

  constructor(
    protected readonly context: ModuleContext,
    protected readonly kinds: Kinds,
    protected readonly effects: Effects,
    protected readonly module: TangentModule,
    protected readonly root: FunctionNode,
    /** Whether zero tangents must beat infinite partials at every operation, because nothing checks the result. */
    protected readonly strong: boolean,
  ) {
    this.t = context.t;
    this.selfName = context.nameWithShadow("$this");
    this.constantNames.add(this.selfName).add(`${this.selfName}$t`);
    this.calculus = new Calculus(
      context,
      (e) => this.keep(e),
      () => this.temporary(),
      strong,
    );
  }

  protected abstract arrayFrom(node: types.CallExpression, kind: Kind): Value;
  protected abstract arrayMethod(
    node: types.CallExpression,
    callee: Extract<Callee, { type: "array-method" }>,
    kind: Kind,
  ): Value;
  protected abstract closureDeclaration(
    id: types.Identifier,
    f: FunctionNode,
    how: "const" | "function",
  ): void;
  protected abstract functionParts(f: FunctionNode): {
    params: types.Identifier[];
    body: types.BlockStatement;
  };
  protected abstract blockBody(body: readonly Statement[]): Statement[];
  protected abstract single(node: Statement): types.BlockStatement;
  protected abstract statement(node: Statement): void;
  protected abstract value(expression: Node): Value;

  /** A kind that tangent code can work with, or the reason why not. */
  protected known(kind: Kind, node: Node): Kind {
    const why = whyUnknown(kind);
    if (why !== undefined) throw new Fallback(node, why);
    if (kind.k === "bottom") throw new Fallback(node, "nothing tells what this value is");
    return kind;
  }

  protected kind(node: Node): Kind {
    return this.known(this.kinds.kindOf(node), node);
  }

  /** The tangent of a value where a given kind is expected; zero where it is inert. */
  protected tangent(v: Value, kind: Kind, isOnlyRead = false): Expression {
    const t = this.t;
    if (v.t !== null) return v.t;
    if (kind.k === "num" || kind.k === "inert" || kind.k === "bottom") return t.numericLiteral(0);
    if (v.p.type === "NullLiteral" || (v.p.type === "Identifier" && v.p.name === "undefined"))
      return t.cloneNode(v.p);
    if (kind.k === "fn")
      throw new Fallback(v.p, "a function that was not written here is used as an active one");
    if (!isOnlyRead) this.#checkOrigin(v);
    this.calculus.atom(v);
    return this.calculus.help("zeros", t.cloneNode(v.p));
  }

  // A shadow that is made here would not be seen where the same container is reached another way.
  #checkOrigin({ origin }: Value): void {
    if (origin === undefined || this.effects.isMadeIn(this.root, origin)) return;
    const isKept = isContainer(this.kinds.returnKind(this.root));
    if (isKept || this.effects.changesOutside(this.root))
      throw new Fallback(
        origin,
        "an array or object that was made outside is used where it may be written to",
      );
  }

  protected shadowName(id: types.Identifier): string {
    const binding = this.context.bindings.get(id);
    if (binding === undefined)
      throw new Fallback(id, `the global '${id.name}' is used as an active value`);
    let name = this.#shadowNames.get(binding);
    if (name === undefined) {
      const { scope } = this.context.program;
      const wanted = `${id.name}$t`;
      name =
        scope.hasBinding(wanted) || scope.hasReference(wanted) || scope.hasGlobal(wanted)
          ? this.context.uid(wanted)
          : wanted;
      this.#shadowNames.set(binding, name);
    }
    return name;
  }

  /** What stands for a parameter of a function that is written where it is called. */
  protected givenFor(node: Node): Value | undefined {
    const binding = node.type === "Identifier" ? this.context.bindings.get(node) : undefined;
    return binding && this.given.get(binding);
  }

  protected temporary(): types.Identifier {
    const name = this.context.uid("v");
    this.frame.temporaries.push(name);
    this.temporaryNames.add(name);
    return this.t.identifier(name);
  }

  protected keep(e: Expression): types.Identifier {
    const kept = this.temporary();
    this.do(this.t.assignmentExpression("=", kept, e));
    return kept;
  }

  /** Puts a value under names that nothing in the user's code can hide or change. */
  protected hold(v: Value): void {
    const isOwn = (e: Expression) => e.type === "Identifier" && this.temporaryNames.has(e.name);
    if (!isOwn(v.p)) v.p = this.keep(v.p);
    if (v.t !== null && !isOwn(v.t)) v.t = this.keep(v.t);
  }

  /** Makes a value safe from what was written after `position`. */
  protected stabilize(v: Value, position: number): void {
    const t = this.t;
    const extra: Item[] = [];
    const fix = (e: Expression): Expression => {
      if (this.isStable(e)) return e;
      const kept = this.temporary();
      extra.push(t.assignmentExpression("=", kept, e));
      return t.cloneNode(kept);
    };
    // What it is a power of may be another thing by now.
    v.power = undefined;
    // The tangent is read first: it may contain the primal that is kept.
    if (v.t !== null) v.t = fix(v.t);
    v.p = fix(v.p);
    this.items.splice(position, 0, ...extra);
  }

  protected isStable(e: Expression): boolean {
    switch (e.type) {
      case "NumericLiteral":
      case "StringLiteral":
      case "BooleanLiteral":
      case "NullLiteral":
      case "ThisExpression":
        return true;
      case "Identifier":
        return this.temporaryNames.has(e.name) || this.constantNames.has(e.name);
      default:
        return false;
    }
  }

  protected do(item: Item): void {
    const t = this.t;
    if (this.expressionsOnly && t.isStatement(item)) {
      if (item.type === "ExpressionStatement") this.items.push(item.expression);
      else
        this.items.push(
          t.callExpression(t.arrowFunctionExpression([], t.blockStatement([item])), []),
        );
    } else this.items.push(item);
  }

  protected change(item: Item): void {
    this.changes++;
    this.do(item);
  }

  protected takeStatements(): Statement[] {
    const t = this.t;
    const statements = this.items.map((i) => (t.isStatement(i) ? i : t.expressionStatement(i)));
    this.items = [];
    return statements;
  }

  /** What `write` does, as statements. */
  protected statements(write: () => void): Statement[] {
    const outer = { items: this.items, only: this.expressionsOnly };
    this.items = [];
    this.expressionsOnly = false;
    write();
    const statements = this.takeStatements();
    this.items = outer.items;
    this.expressionsOnly = outer.only;
    return statements;
  }

  /** What `write` does, as one expression with the value it gives. */
  protected sequence(write: () => Expression): Expression {
    const t = this.t;
    const outer = { items: this.items, only: this.expressionsOnly };
    this.items = [];
    this.expressionsOnly = true;
    const value = write();
    const items = this.items as Expression[];
    this.items = outer.items;
    this.expressionsOnly = outer.only;
    return items.length === 0 ? value : t.sequenceExpression([...items, value]);
  }

  /** Computes what a loop would compute anew in every round, once, before it. */
  protected beforeLoop(loop: Node, body: Node): void {
    const made = new Map<string, Value>();
    for (const node of invariantsOf(this.context, this.kinds, loop, body)) {
      if (this.invariants.has(node)) continue;
      const key = JSON.stringify(node, shapeOnly);
      let v = made.get(key);
      if (v === undefined) {
        v = this.value(node);
        this.hold(v);
        made.set(key, v);
      }
      this.invariants.set(node, v);
    }
  }

  /** Runs what writes the body of a loop. */
  protected inLoop<R>(write: () => R): R {
    this.loops++;
    const written = write();
    this.loops--;
    return written;
  }

  /** The value of an expression that was computed before the loop around it. */
  protected computedBefore(node: Node): Value | undefined {
    const t = this.t;
    const v = this.invariants.get(node);
    return v && { p: t.cloneNode(v.p), t: v.t && t.cloneNode(v.t), kind: v.kind };
  }

  /** Several values, evaluated from left to right. */
  protected values(nodes: readonly Node[]): Value[] {
    const values: Value[] = [];
    const marks: { position: number; changes: number }[] = [];
    for (const [i, node] of nodes.entries()) {
      if (node.type === "SpreadElement") {
        const v = this.value(node.argument);
        values.push(
          nodes.slice(i + 1).some((later) => this.effects.changesAnything(later))
            ? this.#copied(v)
            : v,
        );
      } else values.push(this.value(node));
      marks.push({ position: this.items.length, changes: this.changes });
    }
    for (let i = nodes.length - 2; i >= 0; i--) {
      const mark = marks[i] as { position: number; changes: number };
      if (this.changes > mark.changes) this.stabilize(values[i] as Value, mark.position);
    }
    return values;
  }

  /** What a spread takes out of a value before anything else happens. */
  #copied(v: Value): Value {
    const t = this.t;
    const copy = (e: Expression) =>
      this.keep(
        v.kind.k === "object"
          ? t.objectExpression([t.spreadElement(e)])
          : t.arrayExpression([t.spreadElement(e)]),
      );
    return { p: copy(v.p), t: v.t && copy(v.t), kind: v.kind };
  }
}
