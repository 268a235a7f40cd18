import type { types } from "@babel/core";
import type { Effects } from "../analysis/effects.ts";
import { walk } from "../analysis/effects.ts";
import { elementKind, INERT, isContainer, type Kind, NUM, whyUnknown } from "../analysis/kind.ts";
import type { Callee, Kinds } from "../analysis/kinds.ts";
import { lookups } from "../analysis/kinds.ts";
import {
  type Binding,
  bareCopy,
  type FunctionNode,
  isFunction,
  staticKey,
  unwrap,
} from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import { at } from "./dual.ts";
import { ruleOf, syntaxOps } from "./tangent-rules.ts";

type Node = types.Node;
type Expression = types.Expression;
type Statement = types.Statement;
type Item = Expression | Statement;

/** Why a function has no tangent form, and where. */
export class Fallback extends Error {
  constructor(
    readonly node: Node,
    reason: string,
  ) {
    super(reason);
  }
}

/** What the emitter asks of the module around the function. */
export interface TangentModule {
  /** The name of the tangent form of a marked function of this file; undefined when it has none. */
  tangentName(f: FunctionNode): string | undefined;
  /** The name of a link to a function that is known only at run time. */
  link(
    callee: Expression,
    signature: { params: Kind[]; returns: Kind },
    site: Node,
    strong: boolean,
  ): string;
}

/**
 * A value in tangent code: `p` evaluates to the primal, `t` to the tangent or shadow (null: none,
 * it is inert). Both are free of effects and may be evaluated later than where they stand, as long
 * as nothing they read is changed; `p` may be evaluated more than once only after `#atom`.
 */
interface Value {
  p: Expression;
  t: Expression | null;
  kind: Kind;
}

/** An element or field: how it and its shadow are reached, any number of times. */
interface Place {
  readonly read: () => Expression;
  readonly shadow: () => Expression | null;
  readonly kind: Kind;
  readonly object: Value;
  /** Makes the way to it safe from what was written after `position`. */
  readonly settle: (position: number) => void;
}

/** A variable that is written to. */
interface Target {
  readonly name: string;
  readonly shadow: string | null;
  readonly kind: Kind;
  readonly value: () => Value;
}

interface Frame {
  readonly temporaries: string[];
  readonly returns: Kind;
}

/**
 * Writes the tangent form of a function: the program as it stands, with the tangent of every active
 * number in a variable of its own, and a shadow beside every active array, object and function.
 * Throws `Fallback` where that can't be proven right.
 */
export class TangentEmitter {
  readonly #t;
  #frame: Frame = { temporaries: [], returns: INERT };
  #items: Item[] = [];
  #expressionsOnly = false;
  /** Counts what was written that changes something the user's code can see. */
  #changes = 0;
  readonly #plainUses = new Set<Binding>();
  readonly #plainClosures = new Map<Statement, Binding>();
  readonly #shadowNames = new Map<Binding, string>();
  readonly #temporaryNames = new Set<string>();

  constructor(
    private readonly context: ModuleContext,
    private readonly kinds: Kinds,
    private readonly effects: Effects,
    private readonly module: TangentModule,
    private readonly root: FunctionNode,
    /** Whether zero tangents must beat infinite partials at every operation, because nothing checks the result. */
    private readonly strong: boolean,
  ) {
    this.#t = context.t;
  }

  // ---- functions

  /** The parameters, in pairs, and the body. */
  write(): { params: types.Identifier[]; body: types.BlockStatement } {
    const t = this.#t;
    const written = this.#function(this.root);
    if (this.root.type === "ClassMethod" && !this.root.static)
      written.params.unshift(t.identifier("$this"), t.identifier("$this$t"));
    this.#dropUnusedClosures(written.body);
    return written;
  }

  #function(f: FunctionNode): { params: types.Identifier[]; body: types.BlockStatement } {
    const t = this.#t;
    if (f.async || f.generator)
      throw new Fallback(f, f.async ? "it is async" : "it is a generator");
    const returns = this.#known(this.kinds.returnKind(f), f);
    const outer = { frame: this.#frame, items: this.#items, only: this.#expressionsOnly };
    const temporaries: string[] = [];
    this.#frame = { temporaries, returns };
    this.#items = [];
    this.#expressionsOnly = false;
    const params = this.#parameters(f);
    const prologue = this.#takeStatements();
    const body =
      f.body.type === "BlockStatement"
        ? this.#blockBody(f.body.body)
        : this.#statements(() => this.#return(f.body as Expression, f.body));
    const statements = [...prologue, ...body];
    if (temporaries.length > 0) {
      statements.unshift(
        t.variableDeclaration(
          "let",
          temporaries.map((n) => t.variableDeclarator(t.identifier(n))),
        ),
      );
    }
    this.#frame = outer.frame;
    this.#items = outer.items;
    this.#expressionsOnly = outer.only;
    return { params, body: at(t.blockStatement(statements), f.body) };
  }

  #parameters(f: FunctionNode): types.Identifier[] {
    const t = this.#t;
    const kinds = this.kinds.paramKinds(f);
    const params: types.Identifier[] = [];
    const declared = f.params.filter((p) => !(p.type === "Identifier" && p.name === "this"));
    declared.forEach((param, i) => {
      const target = param.type === "TSParameterProperty" ? param.parameter : param;
      const kind = this.#known(kinds[i] as Kind, param);
      if (target.type === "RestElement") throw new Fallback(param, "it has a rest parameter");
      const inner = target.type === "AssignmentPattern" ? target.left : target;
      const [name, shadow] =
        inner.type === "Identifier"
          ? [inner.name, this.#shadowName(inner)]
          : [this.context.uid("p"), this.context.uid("p$t")];
      params.push(at(t.identifier(name), param), t.identifier(shadow));
      if (target.type === "AssignmentPattern") this.#defaultValue(name, shadow, kind, target.right);
      if (inner.type !== "Identifier") {
        this.#destructure(
          inner,
          { p: t.identifier(name), t: kind.k === "inert" ? null : t.identifier(shadow), kind },
          "let",
        );
      }
    });
    return params;
  }

  #defaultValue(name: string, shadow: string, kind: Kind, right: Node): void {
    const t = this.#t;
    const body = this.#statements(() => {
      const v = this.#value(right);
      if (kind.k !== "inert")
        this.#do(t.assignmentExpression("=", t.identifier(shadow), this.#tangent(v, kind)));
      this.#do(t.assignmentExpression("=", t.identifier(name), v.p));
    });
    const missing = t.binaryExpression(
      "===",
      t.identifier(name),
      t.unaryExpression("void", t.numericLiteral(0)),
    );
    this.#do(t.ifStatement(missing, t.blockStatement(body)));
  }

  /** A kind that tangent code can work with, or the reason why not. */
  #known(kind: Kind, node: Node): Kind {
    const why = whyUnknown(kind);
    if (why !== undefined) throw new Fallback(node, why);
    if (kind.k === "bottom") throw new Fallback(node, "nothing tells what this value is");
    return kind;
  }

  #kind(node: Node): Kind {
    return this.#known(this.kinds.kindOf(node), node);
  }

  // ---- names

  #shadowName(id: types.Identifier): string {
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

  #temporary(): types.Identifier {
    const name = this.context.uid("v");
    this.#frame.temporaries.push(name);
    this.#temporaryNames.add(name);
    return this.#t.identifier(name);
  }

  // ---- items: what happens before a value can be read

  #do(item: Item): void {
    const t = this.#t;
    if (this.#expressionsOnly && t.isStatement(item)) {
      if (item.type === "ExpressionStatement") this.#items.push(item.expression);
      else
        this.#items.push(
          t.callExpression(t.arrowFunctionExpression([], t.blockStatement([item])), []),
        );
    } else this.#items.push(item);
  }

  #change(item: Item): void {
    this.#changes++;
    this.#do(item);
  }

  #takeStatements(): Statement[] {
    const t = this.#t;
    const statements = this.#items.map((i) => (t.isStatement(i) ? i : t.expressionStatement(i)));
    this.#items = [];
    return statements;
  }

  /** What `write` does, as statements. */
  #statements(write: () => void): Statement[] {
    const outer = { items: this.#items, only: this.#expressionsOnly };
    this.#items = [];
    this.#expressionsOnly = false;
    write();
    const statements = this.#takeStatements();
    this.#items = outer.items;
    this.#expressionsOnly = outer.only;
    return statements;
  }

  /** What `write` does, as one expression with the value it gives. */
  #sequence(write: () => Expression): Expression {
    const t = this.#t;
    const outer = { items: this.#items, only: this.#expressionsOnly };
    this.#items = [];
    this.#expressionsOnly = true;
    const value = write();
    const items = this.#items as Expression[];
    this.#items = outer.items;
    this.#expressionsOnly = outer.only;
    return items.length === 0 ? value : t.sequenceExpression([...items, value]);
  }

  /** A value that can be read any number of times. */
  #atom(v: Value): Value {
    if (isCheap(v.p)) return v;
    const kept = this.#keep(v.p);
    v.p = kept;
    return v;
  }

  /** Puts a value under names that nothing in the user's code can hide or change. */
  #hold(v: Value): void {
    const isOwn = (e: Expression) => e.type === "Identifier" && this.#temporaryNames.has(e.name);
    if (!isOwn(v.p)) v.p = this.#keep(v.p);
    if (v.t !== null && !isOwn(v.t)) v.t = this.#keep(v.t);
  }

  #keep(e: Expression): types.Identifier {
    const kept = this.#temporary();
    this.#do(this.#t.assignmentExpression("=", kept, e));
    return kept;
  }

  /** Makes a value safe from what was written after `position`. */
  #stabilize(v: Value, position: number): void {
    const t = this.#t;
    const extra: Item[] = [];
    const fix = (e: Expression): Expression => {
      if (this.#isStable(e)) return e;
      const kept = this.#temporary();
      extra.push(t.assignmentExpression("=", kept, e));
      return t.cloneNode(kept);
    };
    // The tangent is read first: it may contain the primal that is kept.
    if (v.t !== null) v.t = fix(v.t);
    v.p = fix(v.p);
    this.#items.splice(position, 0, ...extra);
  }

  #isStable(e: Expression): boolean {
    switch (e.type) {
      case "NumericLiteral":
      case "StringLiteral":
      case "BooleanLiteral":
      case "NullLiteral":
      case "ThisExpression":
        return true;
      case "Identifier":
        return this.#temporaryNames.has(e.name) || this.#constantNames.has(e.name);
      default:
        return false;
    }
  }
  readonly #constantNames = new Set<string>(["$this", "$this$t", "undefined", "NaN", "Infinity"]);

  /** Several values, evaluated from left to right. */
  #values(nodes: readonly Node[]): Value[] {
    const values: Value[] = [];
    const marks: { position: number; changes: number }[] = [];
    for (const [i, node] of nodes.entries()) {
      if (node.type === "SpreadElement") {
        const v = this.#value(node.argument);
        values.push(
          nodes.slice(i + 1).some((later) => this.effects.changesAnything(later))
            ? this.#copied(v)
            : v,
        );
      } else values.push(this.#value(node));
      marks.push({ position: this.#items.length, changes: this.#changes });
    }
    for (let i = nodes.length - 2; i >= 0; i--) {
      const mark = marks[i] as { position: number; changes: number };
      if (this.#changes > mark.changes) this.#stabilize(values[i] as Value, mark.position);
    }
    return values;
  }

  /** What a spread takes out of a value before anything else happens. */
  #copied(v: Value): Value {
    const t = this.#t;
    const copy = (e: Expression) =>
      this.#keep(
        v.kind.k === "object"
          ? t.objectExpression([t.spreadElement(e)])
          : t.arrayExpression([t.spreadElement(e)]),
      );
    return { p: copy(v.p), t: v.t && copy(v.t), kind: v.kind };
  }

  // ---- plain code: the primal part alone, as the user wrote it

  #plain(node: Node): Expression {
    return this.#copy(unwrap(node)) as Expression;
  }

  #copy(original: Node): Node {
    const t = this.#t;
    const node = unwrap(original);
    if (
      node.type === "ThisExpression" &&
      this.context.thisClasses.has(node) &&
      this.root.type === "ClassMethod" &&
      !this.root.static
    ) {
      return at(t.identifier("$this"), node);
    }
    if (node.type === "ThisExpression")
      throw new Fallback(node, "it uses a `this` that is no instance of a class here");
    if (node.type === "Super" || node.type === "PrivateName")
      throw new Fallback(node, "it uses super or private members");
    if (node.type === "AwaitExpression" || node.type === "YieldExpression")
      throw new Fallback(node, "it waits or yields");
    if (node.type === "Identifier") {
      const binding = this.context.bindings.get(node);
      if (binding) this.#plainUses.add(binding);
      if (node.name === "arguments" && !binding) throw new Fallback(node, "it uses `arguments`");
    }
    const copy = at(bareCopy(node), node) as unknown as Record<string, unknown>;
    for (const key of t.VISITOR_KEYS[node.type] ?? []) {
      const child = copy[key] as Node | (Node | null)[] | null | undefined;
      if (Array.isArray(child))
        copy[key] = child
          .filter((c) => c === null || !isTypeOnly(c))
          .map((c) => (c ? this.#copy(c) : null));
      else if (child) copy[key] = this.#copy(child);
    }
    return copy as unknown as Node;
  }

  #inert(node: Node): Value {
    this.#checkPlain(node);
    const p = this.#plain(node);
    if (!this.effects.changesAnything(node)) return { p, t: null, kind: INERT };
    // A call may do something that others notice: it happens here, once.
    const kept = this.#temporary();
    this.#change(this.#t.assignmentExpression("=", kept, p));
    return { p: this.#t.cloneNode(kept), t: null, kind: INERT };
  }

  /** The primal of an expression whose tangent nobody needs: conditions, indices. */
  #primal(node: Node): Expression {
    if (!this.effects.changesActive(node)) {
      const inner = unwrap(node);
      if (!this.effects.changesAnything(inner) || inner.type !== "UpdateExpression")
        this.#checkPlain(inner);
      return this.#plain(node);
    }
    return this.#value(node).p;
  }

  // Plain code runs the functions as written; those must exist beside the tangent forms.
  #checkPlain(node: Node): void {
    walk(node, (n) => {
      if (n.type === "AwaitExpression" || n.type === "YieldExpression")
        throw new Fallback(n, "it waits or yields");
      // What a call gives is looked at here too: of some functions nobody knows what active values mean to them.
      if (n.type === "CallExpression" || n.type === "NewExpression") this.#kind(n);
    });
  }

  /** A condition as one expression. */
  #test(expression: Node): Expression {
    const t = this.#t;
    const node = unwrap(expression);
    if (!this.effects.changesActive(node)) {
      this.#checkPlain(node);
      return this.#plain(node);
    }
    if (node.type === "LogicalExpression" && node.operator !== "??") {
      return t.logicalExpression(node.operator, this.#test(node.left), this.#test(node.right));
    }
    if (node.type === "UnaryExpression" && node.operator === "!")
      return t.unaryExpression("!", this.#test(node.argument));
    return this.#sequence(() => this.#comparable(node));
  }

  // The primal of a condition whose parts keep up tangents.
  #comparable(node: Node): Expression {
    if (node.type === "BinaryExpression" && node.left.type !== "PrivateName") {
      const [a, b] = this.#values([node.left, node.right]) as [Value, Value];
      return at(this.#t.binaryExpression(node.operator, a.p, b.p), node);
    }
    return this.#value(node).p;
  }

  // ---- tangents

  /** The tangent of a value where a given kind is expected; zero where it is inert. */
  #tangent(v: Value, kind: Kind): Expression {
    const t = this.#t;
    if (v.t !== null) return v.t;
    if (kind.k === "num" || kind.k === "inert" || kind.k === "bottom") return t.numericLiteral(0);
    if (v.p.type === "NullLiteral" || (v.p.type === "Identifier" && v.p.name === "undefined"))
      return t.cloneNode(v.p);
    if (kind.k === "fn")
      throw new Fallback(v.p, "a function that was not written here is used as an active one");
    this.#atom(v);
    return this.#help("zeros", t.cloneNode(v.p));
  }

  #help(name: string, ...args: Expression[]): types.CallExpression {
    return this.#t.callExpression(this.context.helper(name), args);
  }

  /** `partial · tangent`. */
  #scaled(partial: Expression, tangent: Expression): Expression {
    return this.strong
      ? this.#help("strong", partial, tangent)
      : this.#t.binaryExpression("*", partial, tangent);
  }

  #sum(a: Expression | null, b: Expression | null): Expression | null {
    if (a === null || b === null) return a ?? b;
    return this.#t.binaryExpression("+", a, b);
  }

  // ---- expressions

  #value(expression: Node): Value {
    const t = this.#t;
    const node = unwrap(expression);
    const kind = this.#kind(node);
    if (kind.k === "inert" && !this.effects.changesActive(node)) return this.#inert(node);
    switch (node.type) {
      case "Identifier":
        return this.#variable(node, kind);
      case "ThisExpression":
        return { p: at(t.identifier("$this"), node), t: t.identifier("$this$t"), kind };
      case "BinaryExpression":
        return this.#binary(node, kind);
      case "UnaryExpression":
        return this.#unary(node);
      case "UpdateExpression":
        return this.#update(node);
      case "AssignmentExpression":
        return this.#assignment(node);
      case "ConditionalExpression":
        return this.#conditional(node, kind);
      case "LogicalExpression":
        return this.#logical(node, kind);
      case "SequenceExpression": {
        for (const e of node.expressions.slice(0, -1)) this.#discard(e);
        return this.#value(node.expressions.at(-1) as Node);
      }
      case "MemberExpression":
        return this.#member(node, kind);
      case "ArrayExpression":
        return this.#array(node, kind);
      case "ObjectExpression":
        return this.#object(node, kind);
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        return this.#closure(node, kind);
      case "NewExpression":
        return this.#construct(node, kind);
      case "CallExpression":
        return this.#call(node, kind);
      case "TemplateLiteral": {
        const parts = this.#values(node.expressions);
        return {
          p: t.templateLiteral(
            node.quasis.map((q) => t.cloneNode(q)),
            parts.map((v) => v.p),
          ),
          t: null,
          kind: INERT,
        };
      }
      default:
        throw new Fallback(
          node,
          `it uses a construct that tangent code does not have (${node.type})`,
        );
    }
  }

  /** An expression whose value nobody uses. */
  #discard(expression: Node): void {
    const node = unwrap(expression);
    if (!this.effects.changesActive(node)) {
      if (node.type === "CallExpression") this.#checkDiscardedCall(node);
      if (this.effects.changesAnything(node) || node.type === "CallExpression")
        this.#change(this.#plain(node));
      else this.#do(this.#plain(node));
      return;
    }
    if (node.type === "AssignmentExpression") {
      this.#kind(node);
      this.#assignment(node, false);
    } else this.#value(node);
  }

  // An unmarked function must not get active values, also when its result is not looked at.
  #checkDiscardedCall(node: types.CallExpression): void {
    const callee = this.kinds.callee(node);
    if (callee.type !== "other") return;
    if (
      node.arguments.some((a) => a.type === "SpreadElement" || this.kinds.kindOf(a).k !== "inert")
    ) {
      throw new Fallback(node, `a call of ${callee.name} with an active argument`);
    }
  }

  #variable(node: types.Identifier, kind: Kind): Value {
    const t = this.#t;
    const binding = this.context.bindings.get(node);
    if (binding?.constant) this.#constantNames.add(node.name).add(this.#shadowName(node));
    const closure = this.kinds.closureNamed(node);
    if (closure && binding) this.#plainUses.add(binding);
    return {
      p: at(t.identifier(node.name), node),
      t: kind.k === "inert" ? null : t.identifier(this.#shadowName(node)),
      kind,
    };
  }

  #binary(node: types.BinaryExpression, kind: Kind): Value {
    const [a, b] = this.#values([node.left, node.right]) as [Value, Value];
    if (kind.k === "inert")
      return { p: at(this.#t.binaryExpression(node.operator, a.p, b.p), node), t: null, kind };
    return this.#arithmetic(node.operator, a, b, node);
  }

  #arithmetic(operator: string, a: Value, b: Value, node: Node): Value {
    const t = this.#t;
    const result = (p: Expression, tangent: Expression | null): Value => ({
      p: at(p, node),
      t: tangent,
      kind: NUM,
    });
    const primal = () => t.binaryExpression(operator as "+", t.cloneNode(a.p), t.cloneNode(b.p));
    switch (operator) {
      case "+":
        return result(primal(), this.#sum(a.t, b.t));
      case "-":
        return result(
          primal(),
          a.t === null
            ? b.t && t.unaryExpression("-", b.t)
            : b.t === null
              ? a.t
              : t.binaryExpression("-", a.t, b.t),
        );
      case "*": {
        if (isSameVariable(a, b)) {
          const half = this.#scaled(t.cloneNode(a.p), a.t as Expression);
          return result(primal(), t.binaryExpression("*", t.numericLiteral(2), half));
        }
        if (b.t !== null) this.#atom(a);
        if (a.t !== null) this.#atom(b);
        const fromA = a.t && this.#scaled(t.cloneNode(b.p), a.t);
        const fromB = b.t && this.#scaled(t.cloneNode(a.p), b.t);
        return result(primal(), this.#sum(fromA, fromB));
      }
      case "/": {
        if (a.t === null && b.t === null) return result(primal(), null);
        this.#atom(b);
        if (b.t === null) return result(primal(), this.#quotient(a.t as Expression, b.p));
        const q = this.#keep(at(primal(), node));
        const fromB = this.#scaled(t.cloneNode(q), b.t);
        const numerator =
          a.t === null ? t.unaryExpression("-", fromB) : t.binaryExpression("-", a.t, fromB);
        return result(t.cloneNode(q), this.#quotient(numerator, b.p));
      }
      case "%": {
        if (a.t === null && b.t === null) return result(primal(), null);
        this.#atom(a);
        this.#atom(b);
        const zero = () => t.numericLiteral(0);
        return result(
          primal(),
          this.#help(
            "remTangent",
            t.cloneNode(a.p),
            a.t ?? zero(),
            t.cloneNode(b.p),
            b.t ?? zero(),
          ),
        );
      }
      case "**":
        return this.#power(a, b, (x, y) => t.binaryExpression("**", x, y), node);
      default:
        throw new Fallback(node, `the operator ${operator}`);
    }
  }

  #quotient(numerator: Expression, b: Expression): Expression {
    const t = this.#t;
    return this.strong
      ? this.#help("strongQuotient", numerator, t.cloneNode(b))
      : t.binaryExpression("/", numerator, t.cloneNode(b));
  }

  #power(
    a: Value,
    b: Value,
    primal: (x: Expression, y: Expression) => Expression,
    node: Node,
  ): Value {
    const t = this.#t;
    if (a.t === null && b.t === null) return { p: at(primal(a.p, b.p), node), t: null, kind: NUM };
    this.#atom(a);
    this.#atom(b);
    const p = at(primal(t.cloneNode(a.p), t.cloneNode(b.p)), node);
    const exponent = b.t === null ? literalValue(b.p) : undefined;
    if (exponent === 2) {
      const partial = t.binaryExpression("*", t.numericLiteral(2), t.cloneNode(a.p));
      return { p, t: this.#scaled(partial, a.t as Expression), kind: NUM };
    }
    if (exponent !== undefined && exponent !== 0) {
      const power = t.binaryExpression("**", t.cloneNode(a.p), number(t, exponent - 1));
      return {
        p,
        t: this.#scaled(t.binaryExpression("*", power, t.cloneNode(b.p)), a.t as Expression),
        kind: NUM,
      };
    }
    const r = this.#keep(p);
    const base = a.t === null ? literalValue(a.p) : undefined;
    if (base !== undefined && base > 0 && b.t !== null) {
      const log = t.callExpression(t.memberExpression(t.identifier("Math"), t.identifier("log")), [
        t.cloneNode(a.p),
      ]);
      return {
        p: t.cloneNode(r),
        t: this.#scaled(t.binaryExpression("*", log, t.cloneNode(r)), b.t),
        kind: NUM,
      };
    }
    const zero = () => t.numericLiteral(0);
    const tangent = this.#help(
      "powTangent",
      t.cloneNode(a.p),
      a.t ?? zero(),
      t.cloneNode(b.p),
      b.t ?? zero(),
      t.cloneNode(r),
    );
    return { p: t.cloneNode(r), t: tangent, kind: NUM };
  }

  #unary(node: types.UnaryExpression): Value {
    const t = this.#t;
    if (node.operator !== "-" && node.operator !== "+") {
      return {
        p: at(t.unaryExpression(node.operator as "!", this.#value(node.argument).p), node),
        t: null,
        kind: INERT,
      };
    }
    const v = this.#value(node.argument);
    return {
      p: at(t.unaryExpression(node.operator, v.p), node),
      t: v.t && (node.operator === "-" ? t.unaryExpression("-", v.t) : v.t),
      kind: NUM,
    };
  }

  /** Values of branches meet in temporaries. */
  #conditional(node: types.ConditionalExpression, kind: Kind): Value {
    const test = this.#test(node.test);
    const meet = this.#meeting(kind);
    this.#branch(
      test,
      () => meet.with(this.#value(node.consequent)),
      () => meet.with(this.#value(node.alternate)),
    );
    return meet.value;
  }

  #branch(test: Expression, then: () => void, otherwise: () => void): void {
    const t = this.#t;
    const before = this.#changes;
    if (this.#expressionsOnly) {
      const done = (write: () => void) =>
        this.#sequence(() => {
          write();
          return (this.#items.pop() as Expression | undefined) ?? t.numericLiteral(0);
        });
      const branches = t.conditionalExpression(test, done(then), done(otherwise));
      this.#items.push(branches);
    } else {
      const yes = t.blockStatement(this.#statements(then));
      const no = this.#statements(otherwise);
      this.#items.push(t.ifStatement(test, yes, no.length > 0 ? t.blockStatement(no) : null));
    }
    if (this.#changes > before) this.#changes++;
  }

  #meeting(kind: Kind): { value: Value; with: (v: Value) => void } {
    const t = this.#t;
    const p = this.#temporary();
    const s = kind.k === "inert" ? null : this.#temporary();
    return {
      value: { p: t.cloneNode(p), t: s && t.cloneNode(s), kind },
      with: (v) => {
        if (s !== null)
          this.#do(t.assignmentExpression("=", t.cloneNode(s), this.#tangent(v, kind)));
        this.#do(t.assignmentExpression("=", t.cloneNode(p), v.p));
      },
    };
  }

  #logical(node: types.LogicalExpression, kind: Kind): Value {
    const t = this.#t;
    const left = this.#value(node.left);
    const meet = this.#meeting(kind);
    meet.with(left);
    const kept = t.cloneNode(meet.value.p);
    const test =
      node.operator === "??"
        ? t.binaryExpression("==", kept, t.nullLiteral())
        : node.operator === "||"
          ? t.unaryExpression("!", kept)
          : kept;
    this.#branch(
      test,
      () => meet.with(this.#value(node.right)),
      () => undefined,
    );
    return meet.value;
  }

  // ---- places

  /** An element or field: how it and its shadow are reached. `key` is evaluated at most once. */
  #place(node: types.MemberExpression): Place {
    const t = this.#t;
    const object = this.#value(node.object);
    const kind = this.#kind(node);
    if (!node.computed) {
      this.#reachable(object);
      const name = staticKey({ key: node.property, computed: false }) as string;
      const member = (o: Expression) =>
        at(t.memberExpression(t.cloneNode(o), t.identifier(name)), node);
      return {
        read: () => member(object.p),
        shadow: () => (object.t === null || kind.k === "inert" ? null : member(object.t)),
        kind,
        object,
        settle: (position) => this.#stabilize(object, position),
      };
    }
    const changesBefore = this.#changes;
    const position = this.#items.length;
    let key = this.#primal(node.property);
    if (this.#changes > changesBefore) this.#stabilize(object, position);
    if (this.effects.changesAnything(node.property)) this.#changes++;
    if (!isSimpleIndex(key) || this.effects.changesAnything(node.property)) key = this.#keep(key);
    this.#reachable(object);
    const member = (o: Expression) =>
      at(t.memberExpression(t.cloneNode(o), t.cloneNode(key), true), node);
    return {
      read: () => member(object.p),
      shadow: () => (object.t === null || kind.k === "inert" ? null : member(object.t)),
      kind,
      object,
      settle: (after) => {
        const way: Value = { p: key, t: null, kind: INERT };
        this.#stabilize(way, after);
        key = way.p;
        this.#stabilize(object, after);
      },
    };
  }

  // A path of names and simple indices can be walked again; anything else is kept.
  #reachable(v: Value): void {
    const t = this.#t;
    if (!isPath(v.p)) v.p = t.cloneNode(this.#keep(v.p));
    if (v.t !== null && !isPath(v.t)) v.t = t.cloneNode(this.#keep(v.t));
  }

  #member(node: types.MemberExpression, kind: Kind): Value {
    const getter = this.#getterOf(node);
    if (getter) return this.#methodCall(node, getter, node.object, [], kind);
    const place = this.#place(node);
    return { p: place.read(), t: place.shadow(), kind };
  }

  #getterOf(node: types.MemberExpression): FunctionNode | undefined {
    const object = this.kinds.kindOf(node.object);
    const name = staticKey({ key: node.property, computed: node.computed });
    if (
      object.k !== "object" ||
      object.className === undefined ||
      name === undefined ||
      object.fields.has(name)
    )
      return undefined;
    const member = this.kinds.memberOf(object.className, name);
    return member?.kind === "get" ? member : undefined;
  }

  #update(node: types.UpdateExpression): Value {
    const t = this.#t;
    const target = unwrap(node.argument);
    if (target.type === "Identifier") {
      const v = this.#variable(target, this.#kind(target));
      const update = at(t.updateExpression(node.operator, v.p, node.prefix), node);
      if (node.prefix) {
        this.#change(update);
        return { p: t.cloneNode(v.p), t: v.t, kind: NUM };
      }
      const kept = this.#temporary();
      this.#change(t.assignmentExpression("=", kept, update));
      return { p: t.cloneNode(kept), t: v.t, kind: NUM };
    }
    if (target.type !== "MemberExpression")
      throw new Fallback(node, "an update of something unusual");
    const place = this.#place(target);
    const kept = this.#temporary();
    this.#change(
      t.assignmentExpression(
        "=",
        kept,
        at(t.updateExpression(node.operator, place.read() as never, node.prefix), node),
      ),
    );
    this.#shareLength(target, place);
    // Beyond its end the array has grown, and its shadow must keep in step.
    const shadow = place.shadow();
    if (shadow !== null && place.object.kind.k === "array")
      this.#do(t.assignmentExpression("=", shadow as never, t.cloneNode(shadow)));
    return { p: t.cloneNode(kept), t: place.shadow(), kind: NUM };
  }

  #assignment(node: types.AssignmentExpression, isUsed = true): Value {
    const left = unwrap(node.left);
    const { operator } = node;
    if (operator === "&&=" || operator === "||=" || operator === "??=")
      return this.#logicalAssignment(node, left);
    if (operator === "=" && (left.type === "ArrayPattern" || left.type === "ObjectPattern"))
      return this.#patternAssignment(left, node.right);
    const binary = operator.slice(0, -1);
    if (left.type === "Identifier") {
      const variable = this.#target(left);
      const position = this.#items.length;
      const before = this.#changes;
      const old = operator === "=" ? undefined : this.#variable(left, variable.kind);
      const right = this.#value(node.right);
      if (old && this.#changes > before) this.#stabilize(old, position);
      const v = old ? this.#compound(binary, old, right, node) : right;
      this.#assign(variable, v, node);
      return variable.value();
    }
    if (left.type !== "MemberExpression")
      throw new Fallback(node, "an assignment to something unusual");
    const place = this.#place(left);
    if (this.#setterOf(left)) throw new Fallback(node, "a setter");
    const before = this.#changes;
    const inside = this.#items.length;
    const old: Value | undefined =
      operator === "=" ? undefined : { p: place.read(), t: place.shadow(), kind: place.kind };
    const right = this.#value(node.right);
    if (this.#changes > before) {
      // What leads to the place, and what stood there, was looked at before the right side ran.
      if (old) this.#stabilize(old, inside);
      place.settle(inside);
    }
    const v = old ? this.#compound(binary, old, right, node) : right;
    // A typed array rounds what it is given, and drops what is out of its range; the assignment's value is neither.
    if (isUsed && place.object.kind.k === "floats") this.#hold(v);
    const written = this.#writeTo(place, v, node);
    this.#shareLength(left, place);
    return written;
  }

  /** Where a length was written to, the shadow gets it too. */
  #shareLength(node: types.MemberExpression, { object }: Place): void {
    const t = this.#t;
    if (
      object.t === null ||
      object.kind.k !== "array" ||
      staticKey({ key: node.property, computed: node.computed }) !== "length"
    )
      return;
    const length = (o: Expression) => t.memberExpression(t.cloneNode(o), t.identifier("length"));
    this.#change(t.assignmentExpression("=", length(object.t), length(object.p)));
  }

  #setterOf(node: types.MemberExpression): boolean {
    const object = this.kinds.kindOf(node.object);
    const name = staticKey({ key: node.property, computed: node.computed });
    if (object.k !== "object" || object.className === undefined || name === undefined) return false;
    return this.kinds.memberOf(object.className, name) !== undefined;
  }

  #compound(operator: string, old: Value, right: Value, node: Node): Value {
    const t = this.#t;
    if (/^[-+*/%]/.test(operator)) {
      if (old.kind.k === "inert" && right.kind.k === "inert")
        return {
          p: at(t.binaryExpression(operator as "+", old.p, right.p), node),
          t: null,
          kind: INERT,
        };
      return this.#arithmetic(operator, old, right, node);
    }
    return {
      p: at(t.binaryExpression(operator as "|", old.p, right.p), node),
      t: null,
      kind: INERT,
    };
  }

  #writeTo(place: Place, v: Value, node: Node): Value {
    const t = this.#t;
    if (place.object.kind.k === "inert" && v.t !== null)
      throw new Fallback(node, "an active value is written into an object that is not active");
    if (place.object.kind.k === "object" && place.kind.k === "inert" && v.t !== null)
      throw new Fallback(node, "an active value is written into a field that is not active");
    const shadow = place.shadow();
    // The shadow first: its new value may be made of the old primal.
    let p = v.p;
    if (shadow !== null) {
      const tangent = this.#tangent(v, place.kind);
      p = v.p;
      this.#do(at(t.assignmentExpression("=", shadow as never, tangent), node));
    }
    this.#change(at(t.assignmentExpression("=", place.read() as never, p), node));
    // What an assignment is worth is the value that was assigned, not what the place made of it.
    const isHeld = place.object.kind.k === "floats" && v.t !== null && isCheap(v.t);
    return {
      p: isCheap(p) ? t.cloneNode(p) : place.read(),
      t: isHeld && v.t ? t.cloneNode(v.t) : place.shadow(),
      kind: place.kind,
    };
  }

  #target(left: types.Identifier): Target {
    const t = this.#t;
    const binding = this.context.bindings.get(left);
    if (binding === undefined)
      throw new Fallback(left, `an assignment to the global '${left.name}'`);
    const kind = this.#known(this.kinds.bindingKind(binding), left);
    const shadow = kind.k === "inert" ? null : this.#shadowName(left);
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

  #assign(target: Target, v: Value, node: Node): void {
    const t = this.#t;
    if (target.shadow === null) {
      if (v.t !== null)
        throw new Fallback(node, "an active value is written to a variable that is not active");
    } else
      this.#do(
        at(
          t.assignmentExpression("=", t.identifier(target.shadow), this.#tangent(v, target.kind)),
          node,
        ),
      );
    this.#change(at(t.assignmentExpression("=", t.identifier(target.name), v.p), node));
  }

  #logicalAssignment(node: types.AssignmentExpression, left: Node): Value {
    const t = this.#t;
    const test = (now: Expression) =>
      node.operator === "??="
        ? t.binaryExpression("==", now, t.nullLiteral())
        : node.operator === "||="
          ? t.unaryExpression("!", now)
          : now;
    if (left.type === "MemberExpression") {
      if (this.#setterOf(left)) throw new Fallback(node, "a setter");
      const place = this.#place(left);
      if (place.object.kind.k === "floats")
        throw new Fallback(node, "a logical assignment to an element of a typed array");
      if (this.effects.changesAnything(node.right)) place.settle(this.#items.length);
      this.#branch(
        test(place.read()),
        () => this.#writeTo(place, this.#value(node.right), node),
        () => undefined,
      );
      this.#shareLength(left, place);
      return { p: place.read(), t: place.shadow(), kind: place.kind };
    }
    if (left.type !== "Identifier")
      throw new Fallback(node, "a logical assignment to something unusual");
    const target = this.#target(left);
    this.#branch(
      test(t.identifier(target.name)),
      () => this.#assign(target, this.#value(node.right), node),
      () => undefined,
    );
    return target.value();
  }

  #patternAssignment(left: types.ArrayPattern | types.ObjectPattern, right: Node): Value {
    const source = unwrap(right);
    if (
      left.type === "ArrayPattern" &&
      source.type === "ArrayExpression" &&
      left.elements.length === source.elements.length
    ) {
      const sources = source.elements;
      if (
        sources.every((e) => e !== null && e.type !== "SpreadElement") &&
        left.elements.every(
          (e) => e !== null && e.type !== "RestElement" && e.type !== "AssignmentPattern",
        )
      ) {
        // `[a, b] = [b, a]`: all is read before anything is written.
        const values = this.#values(sources as Node[]);
        for (const v of values) this.#stabilize(v, this.#items.length);
        left.elements.forEach((e, i) => {
          this.#bind(e as Node, values[i] as Value, "assign");
        });
        return { p: this.#t.identifier("undefined"), t: null, kind: INERT };
      }
    }
    const v = this.#value(right);
    this.#destructure(left, v, "assign");
    return v;
  }

  /** Takes a value apart by a pattern. */
  #destructure(pattern: Node, v: Value, how: "const" | "let" | "var" | "assign"): void {
    const t = this.#t;
    this.#reachable(v);
    if (!isCheap(v.p)) v.p = this.#keep(v.p);
    if (v.t !== null && !isCheap(v.t)) v.t = this.#keep(v.t);
    if (pattern.type === "ArrayPattern") {
      pattern.elements.forEach((e, i) => {
        if (e === null) return;
        if (e.type === "RestElement") {
          const rest = (x: Expression) =>
            t.callExpression(t.memberExpression(t.cloneNode(x), t.identifier("slice")), [
              t.numericLiteral(i),
            ]);
          if (v.kind.k !== "array" && v.kind.k !== "inert")
            throw new Fallback(e, "the rest of something else than an array");
          this.#bind(e.argument, { p: rest(v.p), t: v.t && rest(v.t), kind: v.kind }, how);
          return;
        }
        const kind = this.#known(this.kinds.elementAt(v.kind, i), e);
        const element = (x: Expression) =>
          t.memberExpression(t.cloneNode(x), t.numericLiteral(i), true);
        this.#bind(
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
      const kind = this.#known(this.kinds.fieldKind(v.kind, key), p);
      const field = (x: Expression) =>
        t.memberExpression(t.cloneNode(x), t.stringLiteral(key), true);
      this.#bind(
        p.value,
        { p: field(v.p), t: kind.k === "inert" ? null : v.t && field(v.t), kind },
        how,
      );
    }
  }

  /** Declares or assigns what a part of a pattern names. */
  #bind(target: Node, v: Value, how: "const" | "let" | "var" | "assign"): void {
    const t = this.#t;
    const node = unwrap(target);
    if (node.type === "AssignmentPattern") {
      this.#atom(v);
      const meet = this.#meeting(v.kind.k === "inert" ? this.#kind(node.right) : v.kind);
      const missing = t.binaryExpression(
        "===",
        t.cloneNode(v.p),
        t.unaryExpression("void", t.numericLiteral(0)),
      );
      this.#branch(
        missing,
        () => meet.with(this.#value(node.right)),
        () => meet.with(v),
      );
      this.#bind(node.left, meet.value, how);
    } else if (node.type === "ArrayPattern" || node.type === "ObjectPattern")
      this.#destructure(node, v, how);
    else if (how === "assign") {
      if (node.type === "Identifier") this.#assign(this.#target(node), v, node);
      else if (node.type === "MemberExpression") {
        this.#stabilize(v, this.#items.length);
        this.#writeTo(this.#place(node), v, node);
      } else throw new Fallback(node, "an unusual pattern");
    } else if (node.type === "Identifier") this.#declare(node, v, how);
    else throw new Fallback(node, "an unusual pattern");
  }

  #declare(id: types.Identifier, v: Value | undefined, how: "const" | "let" | "var"): void {
    const t = this.#t;
    const binding = this.context.bindings.get(id);
    const kind = this.#known(binding ? this.kinds.bindingKind(binding) : INERT, id);
    if (kind.k === "inert" && v && v.t !== null)
      throw new Fallback(id, "an active value is written to a variable that is not active");
    const declare = (name: string, init: Expression | null) =>
      t.variableDeclarator(at(t.identifier(name), id), init);
    const shadow = kind.k === "inert" ? undefined : this.#shadowName(id);
    let tangent =
      shadow === undefined
        ? null
        : v
          ? this.#tangent(v, kind)
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
    this.#change(at(t.variableDeclaration(how, declarators), id));
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
        this.#temporaryNames.has(v.p.name)
        ? e.right
        : undefined;
    };
    const temporary = v.p.type === "Identifier" ? v.p.name : "";
    const items = this.#items;
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

  // ---- arrays, objects, functions

  #array(node: types.ArrayExpression, kind: Kind): Value {
    const t = this.#t;
    const elements = node.elements.map((e) => {
      if (e === null) throw new Fallback(node, "an array with holes");
      return e;
    });
    const values = this.#values(elements);
    const spread = (i: number, e: Expression) =>
      node.elements[i]?.type === "SpreadElement" ? t.spreadElement(e) : e;
    const expected = (i: number): Kind =>
      node.elements[i]?.type === "SpreadElement"
        ? { k: "array", of: elementKind(kind) }
        : this.kinds.elementAt(kind, i);
    const shadow = t.arrayExpression(
      values.map((v, i) => spread(i, this.#tangent(v, expected(i)))),
    );
    return {
      p: at(t.arrayExpression(values.map((v, i) => spread(i, v.p))), node),
      t: shadow,
      kind,
    };
  }

  #object(node: types.ObjectExpression, kind: Kind): Value {
    const t = this.#t;
    const parts = node.properties.map((p) => {
      if (p.type === "ObjectMethod") throw new Fallback(p, "an object with methods");
      return p.type === "SpreadElement" ? p : p.value;
    });
    const values = this.#values(parts);
    const primals: (types.ObjectProperty | types.SpreadElement)[] = [];
    const shadows: (types.ObjectProperty | types.SpreadElement)[] = [];
    node.properties.forEach((p, i) => {
      const v = values[i] as Value;
      if (p.type === "SpreadElement") {
        const shadow = this.#tangent(v, v.kind.k === "inert" ? kind : v.kind);
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
        shadows.push(t.objectProperty(propertyKey(t, key), this.#tangent(v, fieldKind)));
      primals.push(at(t.objectProperty(propertyKey(t, key), v.p), p));
    });
    return { p: at(t.objectExpression(primals), node), t: t.objectExpression(shadows), kind };
  }

  /** A function as a value: the plain one, and its tangent form for a shadow. */
  #closure(node: types.FunctionExpression | types.ArrowFunctionExpression, kind: Kind): Value {
    if (this.effects.changesOutside(node))
      throw new Fallback(node, "a function that changes active variables is handed on");
    return { p: this.#plain(node), t: this.#tangentClosure(node), kind };
  }

  #tangentClosure(node: FunctionNode): types.ArrowFunctionExpression {
    walk(node.body, (n) => {
      if (n.type === "ThisExpression" && node.type !== "ArrowFunctionExpression")
        throw new Fallback(n, "a function with a `this` of its own");
    });
    const { params, body } = this.#function(node);
    return at(this.#t.arrowFunctionExpression(params, body), node);
  }

  #construct(node: types.NewExpression, kind: Kind): Value {
    const t = this.#t;
    const callee = unwrap(node.callee) as types.Identifier;
    if (kind.k === "floats") {
      const [size] = node.arguments;
      if (node.arguments.length > 1) throw new Fallback(node, "a view of a buffer");
      const make = (e: Expression | undefined, name = callee.name) =>
        at(t.newExpression(t.identifier(name), e ? [e] : []), node);
      if (size === undefined)
        return { p: make(undefined), t: make(undefined, SHADOW_FLOATS), kind };
      if (size.type === "SpreadElement") throw new Fallback(node, "a spread argument");
      const v = this.#value(size);
      if (isContainer(v.kind))
        return { p: make(v.p), t: make(this.#tangent(v, v.kind), SHADOW_FLOATS), kind };
      // A size, inert values or a buffer: the shadow is as long as what was made of it, and has memory of its own.
      const made = this.#keep(make(v.p));
      return { p: t.cloneNode(made), t: this.#keep(this.#help("zeros", t.cloneNode(made))), kind };
    }
    if (kind.k === "array") return this.#newArray(node, node.arguments, kind);
    if (kind.k === "object" && kind.className) return this.#instance(node, kind, kind.className);
    throw new Fallback(node, `constructing ${callee.name} with active values`);
  }

  #newArray(node: Node, args: readonly Node[], kind: Kind): Value {
    const t = this.#t;
    const values = this.#values(args);
    // One number is a length, of which only the primal counts.
    const isLength = values.length === 1 && values[0]?.kind.k === "num";
    if (!isLength && values.some((v) => v.t !== null))
      throw new Fallback(node, "an array made of its elements by Array()");
    for (const v of values) this.#atom(v);
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
    const t = this.#t;
    const definition = this.kinds.typeKinds.classes.get(className) as types.Class;
    const stores = constructorStores(definition);
    if (stores === undefined)
      throw new Fallback(
        node,
        `the constructor of ${className} does more than store its arguments`,
      );
    if (node.arguments.some((a) => a.type === "SpreadElement"))
      throw new Fallback(node, "a spread argument");
    const values = this.#values(node.arguments);
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
          v ? this.#tangent(v, fieldKind) : (zero as Expression),
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

  // ---- calls

  #call(node: types.CallExpression, kind: Kind): Value {
    const callee = this.kinds.callee(node);
    switch (callee.type) {
      case "math":
        return this.#math(callee.name, node);
      case "closure":
        return this.#namedCall(
          node,
          this.#shadowName(unwrap(node.callee) as types.Identifier),
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
        return this.#methodCall(node, callee.node, callee.object, node.arguments, kind);
      case "value": {
        const [f, ...values] = this.#values([node.callee, ...node.arguments]) as [
          Value,
          ...Value[],
        ];
        return this.#invoke(f.t as Expression, values, callee.kind.params, kind, node, true);
      }
      case "imported":
        return this.#linkedCall(node, kind);
      case "array-method":
        return this.#arrayMethod(node, callee, kind);
      case "other":
        return this.#other(node, callee.name, kind);
      default:
        throw new Fallback(node, "a call that is never reached");
    }
  }

  #namedCall(node: types.CallExpression, name: string, f: FunctionNode, kind: Kind): Value {
    this.#checkArity(node, f);
    const values = this.#values(node.arguments);
    return this.#invoke(
      this.#t.identifier(name),
      values,
      this.kinds.paramKinds(f),
      kind,
      node,
      this.effects.changesOutside(f),
    );
  }

  #checkArity(node: types.CallExpression, f: FunctionNode): void {
    if (node.arguments.some((a) => a.type === "SpreadElement"))
      throw new Fallback(node, "a call with a spread argument");
    if (node.arguments.length > f.params.length)
      throw new Fallback(node, "a call with more arguments than parameters");
  }

  #methodCall(
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
    const [self, ...values] = this.#values([object, ...args]) as [Value, ...Value[]];
    const paramKinds = this.kinds.paramKinds(method);
    return this.#invoke(
      this.#t.identifier(name),
      [self, ...values],
      [self.kind, ...paramKinds],
      kind,
      node,
      this.effects.changesOutside(method),
    );
  }

  /** Calls a tangent form: arguments in pairs, the tangent of the result in the slot. */
  #invoke(
    f: Expression,
    values: Value[],
    params: readonly Kind[],
    kind: Kind,
    node: Node,
    changes: boolean,
  ): Value {
    const t = this.#t;
    const args: Expression[] = [];
    params.forEach((param, i) => {
      const v = values[i];
      const given = this.#known(param, node);
      if (v === undefined)
        args.push(t.unaryExpression("void", t.numericLiteral(0)), t.numericLiteral(0));
      else {
        if (given.k === "inert" && v.t !== null)
          throw new Fallback(node, "an active value is passed where none is expected");
        const tangent = this.#tangent(v, given);
        args.push(v.p, tangent);
      }
    });
    const call = at(t.callExpression(f, args), node);
    return this.#result(call, kind, changes);
  }

  #result(call: Expression, kind: Kind, changes: boolean): Value {
    const t = this.#t;
    const p = this.#temporary();
    const read = t.assignmentExpression("=", t.cloneNode(p), call);
    if (kind.k === "inert") {
      this.#do(read);
      if (changes) this.#changes++;
      return { p: t.cloneNode(p), t: null, kind };
    }
    const s = this.#temporary();
    this.#do(read);
    if (isContainer(kind)) {
      const part = (name: string) => t.memberExpression(t.cloneNode(p), t.identifier(name));
      this.#do(t.assignmentExpression("=", t.cloneNode(s), part("t")));
      this.#do(t.assignmentExpression("=", t.cloneNode(p), part("p")));
    } else this.#do(t.assignmentExpression("=", t.cloneNode(s), this.#slot()));
    if (changes) this.#changes++;
    return { p: t.cloneNode(p), t: t.cloneNode(s), kind };
  }

  /** Where the tangent of a number that is returned is left. */
  #slot(): types.MemberExpression {
    const { t } = this.context;
    return t.memberExpression(this.context.helper("out"), t.numericLiteral(0), true);
  }

  #linkedCall(node: types.CallExpression, kind: Kind): Value {
    const t = this.#t;
    if (node.arguments.some((a) => a.type === "SpreadElement"))
      throw new Fallback(node, "a call with a spread argument");
    const values = this.#values(node.arguments);
    const params = values.map((v) => v.kind);
    const name = this.module.link(
      this.#plain(node.callee),
      { params, returns: kind },
      node,
      this.strong,
    );
    const member = (key: string) => t.memberExpression(t.identifier(name), t.identifier(key));
    // Resolved before the call, so that the call itself only ever sees one function and can be inlined.
    const f = t.logicalExpression("??", member("tangent"), t.callExpression(member("resolve"), []));
    return this.#invoke(f, values, params, kind, node, params.some(isContainer));
  }

  #math(name: string, node: types.CallExpression): Value {
    const t = this.#t;
    const rule = ruleOf(name);
    const spread = node.arguments.some((a) => a.type === "SpreadElement");
    const callee = this.#plain(node.callee);
    if (rule.kind === "constant") {
      const values = this.#values(node.arguments);
      const args = values.map((v, i) =>
        node.arguments[i]?.type === "SpreadElement" ? t.spreadElement(v.p) : v.p,
      );
      return { p: at(t.callExpression(callee, args), node), t: null, kind: INERT };
    }
    if (spread) return this.#spreadMath(name, node, callee);
    const values = this.#values(node.arguments);
    return this.#ruleApplied(
      name,
      values,
      (args) => at(t.callExpression(callee, args), node),
      node,
    );
  }

  #ruleApplied(
    name: string,
    values: Value[],
    primal: (args: Expression[]) => Expression,
    node: Node,
  ): Value {
    const t = this.#t;
    const rule = ruleOf(name);
    const least =
      rule.kind === "binary" || name === "atan2"
        ? 2
        : rule.kind === "unary" || name === "abs"
          ? 1
          : 0;
    if (values.length < least) throw new Fallback(node, `Math.${name} with an argument missing`);
    const needed = rule.kind === "unary" ? values.slice(0, 1) : values;
    if (needed.every((v) => v.t === null))
      return { p: primal(values.map((v) => v.p)), t: null, kind: NUM };
    if (rule.kind === "binary") {
      return this.#power(values[0] as Value, values[1] as Value, (x, y) => primal([x, y]), node);
    }
    for (const v of values) this.#atom(v);
    const r = this.#keep(primal(values.map((v) => t.cloneNode(v.p))));
    const result = (tangent: Expression): Value => ({ p: t.cloneNode(r), t: tangent, kind: NUM });
    const x = values[0] as Value;
    if (rule.kind === "unary") {
      const ops = syntaxOps(t, (p, f) => this.#scaled(p, t.cloneNode(f)));
      const partial = rule.partial(ops, x.p, r as Expression);
      if (partial === 1) return result(x.t as Expression);
      return result(
        this.#scaled(
          typeof partial === "number" ? t.numericLiteral(partial) : t.cloneNode(partial),
          x.t as Expression,
        ),
      );
    }
    const pairs = values.flatMap((v) => [t.cloneNode(v.p), v.t ?? t.numericLiteral(0)]);
    const two = values.length === 2;
    switch (name) {
      case "abs":
        return result(this.#absTangent(x));
      case "atan2":
        return result(this.#help("atan2Tangent", ...pairs));
      case "max":
      case "min":
        if (two) return result(this.#extremumTangent(name, x, values[1] as Value));
        break;
      default:
        if (two) return result(this.#help("hypotTangent", ...pairs, t.cloneNode(r)));
    }
    const all = (part: (v: Value) => Expression) => t.arrayExpression(values.map(part));
    return result(
      this.#help(
        "ownTangent",
        t.stringLiteral(name),
        all((v) => t.cloneNode(v.p)),
        all((v) => v.t ?? t.numericLiteral(0)),
      ),
    );
  }

  /** Written out where it is used: a call would be too much for what it does. */
  #absTangent(x: Value): Expression {
    const t = this.#t;
    const dx = this.#cheapTangent(x);
    const compared = (operator: ">" | "<") =>
      t.binaryExpression(operator, t.cloneNode(x.p), t.numericLiteral(0));
    // Unchecked, NaN stays NaN, and the dual form is asked.
    const otherwise = this.strong
      ? this.#help("absTangent", t.cloneNode(x.p), t.cloneNode(dx))
      : t.binaryExpression("*", t.cloneNode(x.p), t.cloneNode(dx));
    return t.conditionalExpression(
      compared(">"),
      t.cloneNode(dx),
      t.conditionalExpression(compared("<"), t.unaryExpression("-", t.cloneNode(dx)), otherwise),
    );
  }

  #extremumTangent(name: string, a: Value, b: Value): Expression {
    const t = this.#t;
    const da = this.#cheapTangent(a);
    const db = this.#cheapTangent(b);
    const [first, second] = name === "max" ? ([">", "<"] as const) : (["<", ">"] as const);
    const compared = (operator: "<" | ">") =>
      t.binaryExpression(operator, t.cloneNode(a.p), t.cloneNode(b.p));
    // Unchecked, the difference of the tied is 0, or NaN where there is NaN or infinity: then the dual form is asked.
    const plus = (x: Expression, y: Expression) => t.binaryExpression("+", x, y);
    const difference = t.binaryExpression("-", t.cloneNode(a.p), t.cloneNode(b.p));
    const tied = this.strong
      ? this.#help(
          `${name}Tangent`,
          t.cloneNode(a.p),
          t.cloneNode(da),
          t.cloneNode(b.p),
          t.cloneNode(db),
        )
      : t.binaryExpression(
          "/",
          plus(plus(t.cloneNode(da), t.cloneNode(db)), difference),
          t.numericLiteral(2),
        );
    return t.conditionalExpression(
      compared(first),
      t.cloneNode(da),
      t.conditionalExpression(compared(second), t.cloneNode(db), tied),
    );
  }

  #cheapTangent(v: Value): Expression {
    const tangent = v.t ?? this.#t.numericLiteral(0);
    return isCheap(tangent) ? tangent : this.#keep(tangent);
  }

  #spreadMath(name: string, node: types.CallExpression, callee: Expression): Value {
    const t = this.#t;
    const values = this.#values(node.arguments);
    for (const v of values) this.#atom(v);
    const list = (part: (v: Value) => Expression) =>
      values.map((v, i) =>
        node.arguments[i]?.type === "SpreadElement" ? t.spreadElement(part(v)) : part(v),
      );
    const array: Kind = { k: "array", of: NUM };
    const tangents = list((v) =>
      this.#tangent(
        v,
        isContainer(v.kind)
          ? v.kind
          : v.kind.k === "inert" && v.p.type !== "NumericLiteral"
            ? array
            : NUM,
      ),
    );
    const r = this.#keep(
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
      t: this.#help("ownTangent", t.stringLiteral(name), xs, dxs),
      kind: NUM,
    };
  }

  // Its arguments are inactive, but evaluating them changes something active.
  #inertCall(node: types.CallExpression, kind: Kind): Value {
    const t = this.#t;
    if (this.effects.changesActive(node.callee))
      throw new Fallback(node, "a call of a function that is found by changing active values");
    const values = this.#values(node.arguments);
    const args = values.map((v, i) =>
      node.arguments[i]?.type === "SpreadElement" ? t.spreadElement(v.p) : v.p,
    );
    const kept = this.#temporary();
    this.#change(
      t.assignmentExpression("=", kept, at(t.callExpression(this.#plain(node.callee), args), node)),
    );
    return { p: t.cloneNode(kept), t: null, kind };
  }

  #other(node: types.CallExpression, name: string, kind: Kind): Value {
    if (name === "Number" || name === "Number.parseFloat") {
      const v = this.#value(node.arguments[0] as Node);
      return { p: at(this.#t.callExpression(this.#plain(node.callee), [v.p]), node), t: v.t, kind };
    }
    if (kind.k === "inert") return this.#inertCall(node, kind);
    if (name === "Array.from") return this.#arrayFrom(node, kind);
    if (name === "Array") return this.#newArray(node, node.arguments, kind);
    throw new Fallback(node, `a call of ${name}, which is not known to be marked`);
  }

  // ---- array methods

  #arrayMethod(
    node: types.CallExpression,
    callee: Extract<Callee, { type: "array-method" }>,
    kind: Kind,
  ): Value {
    const t = this.#t;
    const { name, object } = callee;
    const apply = (o: Expression, args: (Expression | types.SpreadElement)[]) =>
      at(t.callExpression(t.memberExpression(o, t.identifier(name)), args), node);
    if (node.arguments.some((a) => a.type === "SpreadElement") && name !== "push")
      throw new Fallback(node, `${name} with a spread argument`);
    switch (name) {
      case "map":
      case "forEach":
      case "filter":
        return this.#eachElement(node, callee, kind);
      case "reduce":
        return this.#reduce(node, callee, kind);
      case "slice":
      case "subarray":
      case "at": {
        const [xs, ...args] = this.#values([object, ...node.arguments]) as [Value, ...Value[]];
        this.#reachable(xs);
        for (const a of args) this.#atom(a);
        const list = () => args.map((a) => t.cloneNode(a.p));
        return {
          p: apply(t.cloneNode(xs.p), list()),
          t: kind.k === "inert" ? null : apply(this.#tangent(xs, callee.kind), list()),
          kind,
        };
      }
      case "concat": {
        const [xs, ...args] = this.#values([object, ...node.arguments]) as [Value, ...Value[]];
        const shadow = apply(
          this.#tangent(xs, kind),
          args.map((a) =>
            this.#tangent(a, isContainer(a.kind) ? a.kind : a.kind.k === "num" ? NUM : kind),
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
        const [xs, ...values] = this.#values([object, ...node.arguments]) as [Value, ...Value[]];
        this.#reachable(xs);
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
              this.#tangent(
                this.#atom(v),
                node.arguments[i]?.type === "SpreadElement" ? xs.kind : of,
              ),
            ),
          );
          this.#do(apply(t.cloneNode(xs.t), tangents));
        }
        const kept = this.#temporary();
        const primals = values.map((v, i) =>
          node.arguments[i]?.type === "SpreadElement" ? t.spreadElement(v.p) : v.p,
        );
        this.#change(t.assignmentExpression("=", kept, apply(t.cloneNode(xs.p), primals)));
        return { p: t.cloneNode(kept), t: null, kind: INERT };
      }
      case "pop":
      case "shift":
      case "reverse": {
        const xs = this.#value(object);
        this.#reachable(xs);
        const p = this.#temporary();
        const s = this.#temporary();
        if (xs.t !== null)
          this.#do(t.assignmentExpression("=", t.cloneNode(s), apply(t.cloneNode(xs.t), [])));
        this.#change(t.assignmentExpression("=", t.cloneNode(p), apply(t.cloneNode(xs.p), [])));
        return {
          p: t.cloneNode(p),
          t: xs.t === null || kind.k === "inert" ? null : t.cloneNode(s),
          kind,
        };
      }
      case "fill":
        return this.#fill(node, object, kind, apply);
      case "set": {
        const [xs, source, ...rest] = this.#values([object, ...node.arguments]) as [
          Value,
          Value,
          ...Value[],
        ];
        for (const v of [xs, source, ...rest]) this.#atom(v);
        if (xs.t === null) throw new Fallback(node, "a typed array that is not active");
        this.#do(
          apply(t.cloneNode(xs.t), [
            this.#tangent(source, xs.kind),
            ...rest.map((v) => t.cloneNode(v.p)),
          ]),
        );
        this.#change(apply(t.cloneNode(xs.p), [source.p, ...rest.map((v) => v.p)]));
        return { p: t.identifier("undefined"), t: null, kind: INERT };
      }
      default:
        if (lookups.has(name))
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
    const t = this.#t;
    const [xs, v, ...range] = this.#values([object, ...node.arguments]) as [
      Value,
      Value,
      ...Value[],
    ];
    for (const a of range) this.#atom(a);
    this.#reachable(xs);
    if (xs.t === null) throw new Fallback(node, "an array that is not active is filled");
    const tangent = this.#tangent(v, elementKind(kind));
    const s = this.#temporary();
    const p = this.#temporary();
    this.#do(
      t.assignmentExpression(
        "=",
        t.cloneNode(s),
        apply(t.cloneNode(xs.t), [tangent, ...range.map((a) => t.cloneNode(a.p))]),
      ),
    );
    this.#change(
      t.assignmentExpression(
        "=",
        t.cloneNode(p),
        apply(t.cloneNode(xs.p), [v.p, ...range.map((a) => a.p)]),
      ),
    );
    return { p: t.cloneNode(p), t: t.cloneNode(s), kind };
  }

  /** A callback applied to values, written in place; `use` gets what it returns. */
  #applyCallback(
    callback: Node,
    given: (Value | undefined)[],
    node: Node,
    use: (result: Value) => void,
  ): void {
    const t = this.#t;
    const f = unwrap(callback);
    const math = this.kinds.mathName(f);
    if (math !== undefined) {
      const first = given[0] as Value;
      use(this.#ruleApplied(math, [first], (args) => t.callExpression(this.#plain(f), args), node));
      return;
    }
    if (isFunction(f) && this.#fitsInPlace(f)) {
      f.params.forEach((p, i) => {
        const v = given[i] ?? { p: t.identifier("undefined"), t: null, kind: INERT };
        this.#bind(p as Node, v, "let");
      });
      if (f.body.type !== "BlockStatement") {
        use(this.#value(f.body));
        return;
      }
      const statements = f.body.body;
      const last = statements.at(-1);
      const result = last?.type === "ReturnStatement" ? last : undefined;
      for (const s of result ? statements.slice(0, -1) : statements) this.#statement(s);
      use(
        result?.argument
          ? this.#value(result.argument)
          : { p: t.identifier("undefined"), t: null, kind: INERT },
      );
      return;
    }
    const target = isFunction(f) ? f : this.kinds.functionNamed(f);
    if (!target) throw new Fallback(node, "a callback that is not written here");
    const name = isFunction(f)
      ? this.#callbackName
      : this.#nameOfFunction(f as types.Identifier, target);
    if (name === undefined) throw new Fallback(node, "a callback in an unusual place");
    const kinds = this.kinds.paramKinds(target);
    const values = target.params.map(
      (_, i) => given[i] ?? { p: t.identifier("undefined"), t: null, kind: INERT },
    );
    use(
      this.#invoke(
        t.cloneNode(name),
        values,
        kinds,
        this.#known(this.kinds.returnKind(target), target),
        node,
        true,
      ),
    );
  }
  #callbackName: types.Identifier | undefined;

  /** What the tangent form of a named function is called: that of a closure here, or of a marked function. */
  #nameOfFunction(id: types.Identifier, target: FunctionNode): types.Identifier | undefined {
    if (this.kinds.closureNamed(id)) return this.#t.identifier(this.#shadowName(id));
    const name = this.module.tangentName(target);
    return name === undefined ? undefined : this.#t.identifier(name);
  }

  // One way out, at the end, and nothing that names the function itself.
  #fitsInPlace(f: FunctionNode): boolean {
    if (f.async || f.generator || (f.type === "FunctionExpression" && f.id)) return false;
    if (f.params.some((p) => p.type === "RestElement")) return false;
    if (f.body.type !== "BlockStatement") return true;
    const returns = countReturns(f.body);
    return returns === 0 || (returns === 1 && f.body.body.at(-1)?.type === "ReturnStatement");
  }

  /** Runs `write` with a name for the callback, where it is not written in place. */
  #withCallback(callback: Node, write: () => void): void {
    const t = this.#t;
    const f = unwrap(callback);
    if (isFunction(f) && !this.#fitsInPlace(f)) {
      const name = t.identifier(this.context.uid("f"));
      this.#do(
        t.variableDeclaration("const", [t.variableDeclarator(name, this.#tangentClosure(f))]),
      );
      const outer = this.#callbackName;
      this.#callbackName = name;
      write();
      this.#callbackName = outer;
    } else write();
  }

  #eachElement(
    node: types.CallExpression,
    callee: Extract<Callee, { type: "array-method" }>,
    kind: Kind,
  ): Value {
    const t = this.#t;
    const { name, object } = callee;
    const callback = node.arguments[0] as Node;
    if (node.arguments.length !== 1) throw new Fallback(node, `${name} with a second argument`);
    const xs = this.#value(object);
    this.#hold(xs);
    const i = this.#temporary();
    const size = this.#keep(t.memberExpression(t.cloneNode(xs.p), t.identifier("length")));
    const of = elementKind(callee.kind);
    const element = (o: Expression) => t.memberExpression(t.cloneNode(o), t.cloneNode(i), true);
    const given = (): Value[] => [
      { p: element(xs.p), t: xs.t === null || of.k === "inert" ? null : element(xs.t), kind: of },
      { p: t.cloneNode(i), t: null, kind: INERT },
      { p: t.cloneNode(xs.p), t: xs.t && t.cloneNode(xs.t), kind: callee.kind },
    ];
    const made = name === "forEach" ? undefined : this.#temporary();
    const shadow = made === undefined || kind.k === "inert" ? undefined : this.#temporary();
    const fresh = (model: string) =>
      name === "filter"
        ? t.arrayExpression([])
        : t.newExpression(t.identifier(kind.k === "floats" ? model : "Array"), [t.cloneNode(size)]);
    if (made)
      this.#do(
        t.assignmentExpression(
          "=",
          t.cloneNode(made),
          fresh(kind.k === "floats" ? kind.model : "Array"),
        ),
      );
    if (shadow) this.#do(t.assignmentExpression("=", t.cloneNode(shadow), fresh(SHADOW_FLOATS)));
    if (name === "filter" && callee.kind.k !== "array")
      throw new Fallback(node, "filter of a typed array");
    this.#withCallback(callback, () => {
      const body = this.#statements(() => {
        this.#applyCallback(callback, given(), node, (result) => {
          if (name === "forEach") return;
          if (name === "filter") {
            const put = (to: Expression, o: Expression) =>
              t.expressionStatement(
                t.callExpression(t.memberExpression(t.cloneNode(to), t.identifier("push")), [
                  element(o),
                ]),
              );
            const both = [
              put(made as Expression, xs.p),
              ...(shadow && xs.t ? [put(shadow, xs.t)] : []),
            ];
            this.#do(t.ifStatement(result.p, t.blockStatement(both)));
            return;
          }
          if (shadow)
            this.#do(
              t.assignmentExpression(
                "=",
                element(shadow),
                this.#tangent(result, elementKind(kind)),
              ),
            );
          this.#do(t.assignmentExpression("=", element(made as Expression), result.p));
        });
      });
      this.#loop(i, size, this.#whereThere(callback, callee.kind, i, xs.p, body), node);
    });
    return {
      p: made ? t.cloneNode(made) : t.identifier("undefined"),
      t: shadow ? t.cloneNode(shadow) : null,
      kind: made ? kind : INERT,
    };
  }

  // An array gets holes by writing beyond its end, which where nothing is written by index nobody does.
  #mayHaveHoles(): boolean {
    if (this.#holes !== undefined) return this.#holes;
    let found = false;
    this.#t.traverseFast(this.root, (n) => {
      const target =
        n.type === "AssignmentExpression"
          ? n.left
          : n.type === "UpdateExpression"
            ? n.argument
            : undefined;
      if (target?.type !== "MemberExpression") return;
      const isIndexed = target.computed || staticKey({ key: target.property }) === "length";
      found ||= isIndexed && this.kinds.kindOf(target.object).k === "array";
    });
    this.#holes = found;
    return found;
  }
  #holes: boolean | undefined;

  // Holes, and elements that the callback itself takes away, are not visited.
  #whereThere(
    callback: Node,
    kind: Kind,
    i: types.Identifier,
    xs: Expression,
    body: Statement[],
  ): Statement[] {
    const t = this.#t;
    const node = unwrap(callback);
    const f = isFunction(node) ? node : this.kinds.functionNamed(node);
    if (kind.k !== "array") return body;
    if (!this.#mayHaveHoles() && (f === undefined || !this.effects.changesOutside(f))) return body;
    return [
      t.ifStatement(
        t.binaryExpression("in", t.cloneNode(i), t.cloneNode(xs)),
        t.blockStatement(body),
      ),
    ];
  }

  #loop(i: types.Identifier, size: Expression, body: Statement[], node: Node, start = 0): void {
    const t = this.#t;
    this.#change(
      at(
        t.forStatement(
          t.assignmentExpression("=", t.cloneNode(i), t.numericLiteral(start)),
          t.binaryExpression("<", t.cloneNode(i), t.cloneNode(size)),
          t.updateExpression("++", t.cloneNode(i)),
          t.blockStatement(body),
        ),
        node,
      ),
    );
  }

  #reduce(
    node: types.CallExpression,
    callee: Extract<Callee, { type: "array-method" }>,
    kind: Kind,
  ): Value {
    const t = this.#t;
    const [callback, init] = node.arguments as [Node, Node | undefined];
    const [xs, first] = this.#values(init ? [callee.object, init] : [callee.object]) as [
      Value,
      Value | undefined,
    ];
    this.#hold(xs);
    const meet = this.#meeting(kind);
    const i = this.#temporary();
    const size = this.#keep(t.memberExpression(t.cloneNode(xs.p), t.identifier("length")));
    const of = elementKind(callee.kind);
    const element = (index: Expression): Value => ({
      p: t.memberExpression(t.cloneNode(xs.p), t.cloneNode(index), true),
      t:
        xs.t === null || of.k === "inert"
          ? null
          : t.memberExpression(t.cloneNode(xs.t), t.cloneNode(index), true),
      kind: of,
    });
    if (first) meet.with(first);
    else {
      const message = t.stringLiteral("Reduce of empty array with no initial value");
      this.#do(
        t.ifStatement(
          t.binaryExpression("===", t.cloneNode(size), t.numericLiteral(0)),
          t.throwStatement(t.newExpression(t.identifier("TypeError"), [message])),
        ),
      );
      meet.with(element(t.numericLiteral(0)));
    }
    const array = (): Value => ({
      p: t.cloneNode(xs.p),
      t: xs.t && t.cloneNode(xs.t),
      kind: callee.kind,
    });
    const accumulated = (): Value => ({
      p: t.cloneNode(meet.value.p),
      t: meet.value.t && t.cloneNode(meet.value.t),
      kind,
    });
    this.#withCallback(callback, () => {
      const body = this.#statements(() => {
        const index: Value = { p: t.cloneNode(i), t: null, kind: INERT };
        this.#applyCallback(callback, [accumulated(), element(i), index, array()], node, (result) =>
          meet.with(result),
        );
      });
      this.#loop(
        i,
        size,
        this.#whereThere(callback, callee.kind, i, xs.p, body),
        node,
        first ? 0 : 1,
      );
    });
    return meet.value;
  }

  /** `Array.from({ length }, f)` and `Array.from(xs, f)`. */
  #arrayFrom(node: types.CallExpression, kind: Kind): Value {
    const t = this.#t;
    const [source, callback] = node.arguments as [Node, Node | undefined];
    const list = unwrap(source);
    const lengthOf =
      list.type === "ObjectExpression" && list.properties.length === 1
        ? list.properties[0]
        : undefined;
    const length =
      lengthOf?.type === "ObjectProperty" && staticKey(lengthOf as never) === "length"
        ? lengthOf.value
        : undefined;
    let size: Expression;
    let xs: Value | undefined;
    if (length) size = this.#keep(this.#primal(length));
    else {
      xs = this.#value(source);
      if (!isContainer(xs.kind) && callback === undefined)
        throw new Fallback(node, "Array.from of something else than an array");
      if (xs.kind.k !== "array" && xs.kind.k !== "floats")
        throw new Fallback(node, "Array.from of something else than an array");
      this.#hold(xs);
      size = this.#keep(t.memberExpression(t.cloneNode(xs.p), t.identifier("length")));
    }
    if (callback === undefined) {
      const copy = (e: Expression) =>
        t.callExpression(t.memberExpression(t.identifier("Array"), t.identifier("from")), [e]);
      if (!xs?.t) throw new Fallback(node, "Array.from without a function");
      return { p: copy(t.cloneNode(xs.p)), t: copy(t.cloneNode(xs.t)), kind };
    }
    const i = this.#temporary();
    const made = this.#keep(t.newExpression(t.identifier("Array"), [t.cloneNode(size)]));
    const shadow = this.#keep(t.newExpression(t.identifier("Array"), [t.cloneNode(size)]));
    const element = (o: Expression) => t.memberExpression(t.cloneNode(o), t.cloneNode(i), true);
    this.#withCallback(callback, () => {
      const body = this.#statements(() => {
        const first: Value = xs
          ? { p: element(xs.p), t: xs.t && element(xs.t), kind: elementKind(xs.kind) }
          : { p: t.identifier("undefined"), t: null, kind: INERT };
        this.#applyCallback(
          callback,
          [first, { p: t.cloneNode(i), t: null, kind: INERT }],
          node,
          (result) => {
            this.#do(
              t.assignmentExpression(
                "=",
                element(shadow),
                this.#tangent(result, elementKind(kind)),
              ),
            );
            this.#do(t.assignmentExpression("=", element(made), result.p));
          },
        );
      });
      this.#loop(i, size, body, node);
    });
    return { p: t.cloneNode(made), t: t.cloneNode(shadow), kind };
  }

  // ---- statements

  #blockBody(body: readonly Statement[]): Statement[] {
    return this.#statements(() => {
      for (const s of body) this.#statement(s);
    });
  }

  #single(node: Statement): types.BlockStatement {
    return at(
      this.#t.blockStatement(this.#blockBody(node.type === "BlockStatement" ? node.body : [node])),
      node,
    );
  }

  #statement(node: Statement): void {
    const t = this.#t;
    switch (node.type) {
      case "ExpressionStatement":
        this.#discard(node.expression);
        return;
      case "VariableDeclaration":
        for (const d of node.declarations) this.#declarator(d, node.kind);
        return;
      case "ReturnStatement":
        if (node.argument) this.#return(node.argument, node);
        else this.#do(at(t.returnStatement(), node));
        return;
      case "IfStatement": {
        const test = this.#test(node.test);
        this.#do(
          at(
            t.ifStatement(
              test,
              this.#single(node.consequent),
              node.alternate ? this.#elseBranch(node.alternate) : null,
            ),
            node,
          ),
        );
        return;
      }
      case "BlockStatement":
        this.#do(this.#single(node));
        return;
      case "ForStatement":
        this.#for(node);
        return;
      case "ForOfStatement":
        this.#forOf(node);
        return;
      case "ForInStatement": {
        const left =
          node.left.type === "VariableDeclaration" ? node.left.declarations[0]?.id : undefined;
        if (left?.type !== "Identifier") throw new Fallback(node, "an unusual for-in loop");
        this.#do(
          at(
            t.forInStatement(
              t.variableDeclaration((node.left as types.VariableDeclaration).kind, [
                t.variableDeclarator(t.identifier(left.name)),
              ]),
              this.#plain(node.right),
              this.#single(node.body),
            ),
            node,
          ),
        );
        return;
      }
      case "WhileStatement":
        this.#do(at(t.whileStatement(this.#test(node.test), this.#single(node.body)), node));
        return;
      case "DoWhileStatement": {
        const body = this.#single(node.body);
        this.#do(at(t.doWhileStatement(this.#test(node.test), body), node));
        return;
      }
      case "SwitchStatement": {
        const discriminant = this.#test(node.discriminant);
        const cases = node.cases.map((c) =>
          at(t.switchCase(c.test ? this.#test(c.test) : null, this.#blockBody(c.consequent)), c),
        );
        this.#do(at(t.switchStatement(discriminant, cases), node));
        return;
      }
      case "LabeledStatement":
        this.#labeled(node);
        return;
      case "ThrowStatement":
        if (this.kinds.kindOf(node.argument).k !== "inert")
          throw new Fallback(node, "an active value is thrown");
        this.#do(at(t.throwStatement(this.#primal(node.argument)), node));
        return;
      case "TryStatement": {
        const handler = node.handler
          ? t.catchClause(
              node.handler.param ? (this.#copy(node.handler.param) as never) : null,
              this.#single(node.handler.body),
            )
          : null;
        this.#do(
          at(
            t.tryStatement(
              this.#single(node.block),
              handler,
              node.finalizer ? this.#single(node.finalizer) : null,
            ),
            node,
          ),
        );
        return;
      }
      case "FunctionDeclaration":
        this.#closureDeclaration(node.id as types.Identifier, node, "function");
        return;
      case "BreakStatement":
      case "ContinueStatement":
      case "EmptyStatement":
      case "DebuggerStatement":
        this.#do(t.cloneNode(node, true));
        return;
      case "TSTypeAliasDeclaration":
      case "TSInterfaceDeclaration":
        return;
      default:
        throw new Fallback(
          node,
          `it uses a statement that tangent code does not have (${node.type})`,
        );
    }
  }

  #elseBranch(node: Statement): Statement {
    const body = this.#single(node);
    const [only] = body.body;
    return node.type === "IfStatement" && body.body.length === 1 && only?.type === "IfStatement"
      ? only
      : body;
  }

  #return(argument: Node, node: Node): void {
    const t = this.#t;
    const { returns } = this.#frame;
    const v = this.#value(argument);
    if (returns.k === "inert") {
      if (v.t !== null)
        throw new Fallback(node, "it returns an active value where its type says otherwise");
    } else if (isContainer(returns)) {
      // A pair that the caller takes apart at once: where the call is inlined, nothing is left of it.
      const shadow = this.#tangent(v, returns);
      const pair = t.objectExpression([
        t.objectProperty(t.identifier("p"), v.p),
        t.objectProperty(t.identifier("t"), shadow),
      ]);
      this.#do(at(t.returnStatement(at(pair, node)), node));
      return;
    } else {
      const tangent = this.#tangent(v, returns);
      this.#do(at(t.assignmentExpression("=", this.#slot(), tangent), node));
    }
    this.#do(at(t.returnStatement(v.p), node));
  }

  #declarator(d: types.VariableDeclarator, kind: string): void {
    if (kind !== "const" && kind !== "let" && kind !== "var")
      throw new Fallback(d, "a using declaration");
    const init = d.init && unwrap(d.init);
    if (d.id.type === "Identifier" && isFunction(init)) {
      this.#closureDeclaration(d.id, init, "const");
      return;
    }
    const binding = this.context.bindings.get(d.id);
    if (d.init && binding && this.kinds.isLookupTable(binding)) {
      this.#declare(d.id as types.Identifier, this.#inert(d.init), kind);
      return;
    }
    if (d.id.type === "Identifier") {
      this.#declare(d.id, d.init ? this.#value(d.init) : undefined, kind);
      return;
    }
    const v = this.#value(d.init as Node);
    if (v.kind.k === "inert" && this.kinds.kindOf(d.init as Node).k === "inert") {
      this.#change(
        at(
          this.#t.variableDeclaration(kind, [
            this.#t.variableDeclarator(this.#copy(d.id) as types.LVal as never, v.p),
          ]),
          d,
        ),
      );
      this.#zeroShadows(d.id, kind === "var" ? "var" : "let");
      return;
    }
    this.#destructure(d.id, v, kind);
  }

  /** Variables that begin inactive, by a pattern that is copied as it is, but are active later. */
  #zeroShadows(pattern: Node, how: "let" | "var"): void {
    const t = this.#t;
    for (const id of Object.values(t.getBindingIdentifiers(pattern))) {
      const binding = this.context.bindings.get(id);
      const kind = this.#known(binding ? this.kinds.bindingKind(binding) : INERT, id);
      if (kind.k === "inert") continue;
      if (kind.k !== "num") throw new Fallback(id, "a variable holds values of different shapes");
      this.#do(
        t.variableDeclaration(how, [
          t.variableDeclarator(t.identifier(this.#shadowName(id)), t.numericLiteral(0)),
        ]),
      );
    }
  }

  /** A function inside the function: its tangent form, and the plain one where plain code calls it. */
  #closureDeclaration(id: types.Identifier, f: FunctionNode, how: "const" | "function"): void {
    const t = this.#t;
    const binding = this.context.bindings.get(id);
    if (!binding?.constant) throw new Fallback(id, "a variable that holds several functions");
    const shadow = this.#shadowName(id);
    const handedOn = binding.referencePaths.some(
      (p) => !(p.parent.type === "CallExpression" && p.key === "callee"),
    );
    if (handedOn && this.effects.changesOutside(f))
      throw new Fallback(f, "a function that changes active variables is handed on");
    const { params, body } = this.#function(f);
    const plain =
      how === "function"
        ? (this.#copy(f) as types.FunctionDeclaration)
        : t.variableDeclaration("const", [
            t.variableDeclarator(t.identifier(id.name), this.#plain(f)),
          ]);
    const tangent =
      how === "function"
        ? t.functionDeclaration(t.identifier(shadow), params, body)
        : t.variableDeclaration("const", [
            t.variableDeclarator(t.identifier(shadow), t.arrowFunctionExpression(params, body)),
          ]);
    this.#plainClosures.set(plain, binding);
    this.#change(plain);
    this.#change(at(tangent, f));
  }

  #dropUnusedClosures(body: types.BlockStatement): void {
    this.#t.traverseFast(body, (node) => {
      if (node.type !== "BlockStatement") return;
      node.body = node.body.filter((s) => {
        const binding = this.#plainClosures.get(s);
        return binding === undefined || this.#plainUses.has(binding);
      });
    });
  }

  #for(node: types.ForStatement): void {
    const t = this.#t;
    let init: types.ForStatement["init"] = null;
    const lead = this.#statements(() => {
      if (node.init?.type === "VariableDeclaration")
        for (const d of node.init.declarations) this.#declarator(d, node.init.kind);
      else if (node.init) this.#discard(node.init);
    });
    // What only declares can stay in the loop's head; anything else happens before it.
    const declarations = lead.filter((s) => s.type === "VariableDeclaration");
    const kind = node.init?.type === "VariableDeclaration" ? node.init.kind : undefined;
    if (kind !== undefined && declarations.length > 0) {
      init = t.variableDeclaration(
        kind as "let",
        declarations.flatMap((d) => d.declarations),
      );
      for (const s of lead) if (s.type !== "VariableDeclaration") this.#do(s);
    } else for (const s of lead) this.#do(s);
    const test = node.test ? this.#test(node.test) : null;
    const update = node.update ? this.#updateExpression(node.update) : null;
    this.#do(at(t.forStatement(init, test, update, this.#single(node.body)), node));
  }

  #updateExpression(node: Node): Expression {
    const t = this.#t;
    const expression = this.#sequence(() => {
      this.#discard(node);
      return (this.#items.pop() as Expression | undefined) ?? t.numericLiteral(0);
    });
    return expression;
  }

  #forOf(node: types.ForOfStatement, label?: types.Identifier): void {
    const t = this.#t;
    if (node.await) throw new Fallback(node, "for await");
    if (node.left.type !== "VariableDeclaration")
      throw new Fallback(node, "a for-of loop that assigns");
    const { id } = node.left.declarations[0] as types.VariableDeclarator;
    const how = node.left.kind as "const" | "let";
    const put = (loop: Statement) =>
      this.#do(label ? t.labeledStatement(t.identifier(label.name), loop) : loop);
    const source = unwrap(node.right);
    const method =
      source.type === "CallExpression" && source.callee.type === "MemberExpression"
        ? staticKey({ key: source.callee.property, computed: source.callee.computed })
        : undefined;
    const entries =
      method === "entries" &&
      source.type === "CallExpression" &&
      isContainer(this.kinds.kindOf((source.callee as types.MemberExpression).object));
    const over = entries
      ? ((source as types.CallExpression).callee as types.MemberExpression).object
      : node.right;
    const kind = this.#kind(over);
    if (kind.k === "inert") {
      const declaration = t.variableDeclaration(how, [
        t.variableDeclarator(this.#copy(id) as types.LVal as never),
      ]);
      const right = this.#plain(node.right);
      const body = this.#statements(() => {
        this.#zeroShadows(id, "let");
        this.#do(this.#single(node.body));
      });
      put(at(t.forOfStatement(declaration, right, t.blockStatement(body)), node));
      return;
    }
    if (kind.k !== "array" && kind.k !== "floats" && kind.k !== "tuple")
      throw new Fallback(node, "a for-of loop over something else than an array");
    const xs = this.#value(over);
    // The array is looked at live, as its iterator does, but the variable may be given another one meanwhile.
    const p = this.#keep(xs.p);
    const s = this.#keep(xs.t as Expression);
    const i = t.identifier(this.context.uid("i"));
    const element = elementKind(kind);
    const part = (o: Expression) => t.memberExpression(t.cloneNode(o), t.cloneNode(i), true);
    const v: Value = { p: part(p), t: element.k === "inert" ? null : part(s), kind: element };
    const body = this.#statements(() => {
      if (!entries) this.#bind(id, v, how);
      else {
        if (id.type !== "ArrayPattern") throw new Fallback(id, "entries that are not taken apart");
        const [index, value] = id.elements;
        if (index) this.#bind(index, { p: t.cloneNode(i), t: null, kind: INERT }, how);
        if (value) this.#bind(value, v, how);
      }
      this.#do(this.#single(node.body));
    });
    const length = t.memberExpression(t.cloneNode(p), t.identifier("length"));
    put(
      at(
        t.forStatement(
          t.variableDeclaration("let", [t.variableDeclarator(t.cloneNode(i), t.numericLiteral(0))]),
          t.binaryExpression("<", t.cloneNode(i), length),
          t.updateExpression("++", t.cloneNode(i)),
          t.blockStatement(body),
        ),
        node,
      ),
    );
  }

  #labeled(node: types.LabeledStatement): void {
    const t = this.#t;
    if (node.body.type === "ForOfStatement") {
      this.#forOf(node.body, node.label);
      return;
    }
    const statements = this.#statements(() => this.#statement(node.body));
    const loop = statements.pop() as Statement;
    for (const s of statements) this.#do(s);
    this.#do(at(t.labeledStatement(t.identifier(node.label.name), loop), node));
  }
}

/** Shadows of float arrays keep all digits, whatever the array they belong to rounds to. */
const SHADOW_FLOATS = "Float64Array";

// ---- syntax

function mentions(node: Node, name: string): boolean {
  let found = false;
  walk(node, (n) => {
    if (n.type === "Identifier" && n.name === name) found = true;
  });
  return found;
}

/** An expression with one name for another. */
function renamed(t: ModuleContext["t"], node: Node, from: string, to: string): Node {
  const copy = t.cloneNode(node, true);
  t.traverseFast(copy, (n) => {
    if (n.type === "Identifier" && n.name === from) n.name = to;
  });
  return copy;
}

/** Reading it twice costs nothing and gives the same. */
const isCheap = (e: Expression): boolean =>
  e.type === "Identifier" ||
  e.type === "NumericLiteral" ||
  e.type === "StringLiteral" ||
  e.type === "ThisExpression" ||
  e.type === "NullLiteral" ||
  (e.type === "UnaryExpression" && e.operator === "-" && e.argument.type === "NumericLiteral");

const isSameVariable = (a: Value, b: Value): boolean =>
  a.p.type === "Identifier" &&
  b.p.type === "Identifier" &&
  a.p.name === b.p.name &&
  a.t?.type === "Identifier" &&
  b.t?.type === "Identifier" &&
  a.t.name === b.t.name;

const isSimpleIndex = (e: Expression): boolean =>
  isCheap(e) ||
  (e.type === "BinaryExpression" &&
    (e.operator === "+" || e.operator === "-") &&
    e.left.type !== "PrivateName" &&
    isCheap(e.left) &&
    isCheap(e.right));

/** `a`, `a.b`, `a[i]`, `a[i + 1].b`: a way that can be walked twice. */
const isPath = (e: Expression): boolean => {
  if (e.type === "Identifier" || e.type === "ThisExpression") return true;
  if (e.type !== "MemberExpression" || e.object.type === "Super") return false;
  return isPath(e.object) && (!e.computed || isSimpleIndex(e.property as Expression));
};

const isTypeOnly = (node: Node): boolean =>
  node.type === "TSTypeAliasDeclaration" ||
  node.type === "TSInterfaceDeclaration" ||
  node.type === "TSDeclareFunction" ||
  (node.type === "Identifier" && node.name === "this");

function literalValue(e: Expression): number | undefined {
  if (e.type === "NumericLiteral") return e.value;
  return e.type === "UnaryExpression" && e.operator === "-" && e.argument.type === "NumericLiteral"
    ? -e.argument.value
    : undefined;
}

const number = (t: ModuleContext["t"], x: number): Expression =>
  x < 0 ? t.unaryExpression("-", t.numericLiteral(-x)) : t.numericLiteral(x);

const propertyKey = (t: ModuleContext["t"], key: string): types.Identifier | types.StringLiteral =>
  /^[A-Za-z_$][\w$]*$/.test(key) && key !== "__proto__" ? t.identifier(key) : t.stringLiteral(key);

const calleeText = (node: types.CallExpression): string =>
  node.callee.type === "Identifier" ? `'${node.callee.name}'` : "a function";

function countReturns(body: Node): number {
  let count = 0;
  walk(body, (n) => {
    if (n.type === "ReturnStatement") count++;
  });
  return count;
}

const isLiteral = (e: Node): boolean =>
  e.type === "NumericLiteral" ||
  e.type === "StringLiteral" ||
  e.type === "BooleanLiteral" ||
  e.type === "NullLiteral";

/** Which argument each field is given, where the constructor does nothing but `this.field = argument`. */
function constructorStores(node: types.Class): Map<string, number> | undefined {
  const stores = new Map<string, number>();
  const definition = node.body.body.find(
    (m): m is types.ClassMethod => m.type === "ClassMethod" && m.kind === "constructor",
  );
  for (const m of node.body.body) {
    if (
      m.type === "ClassProperty" &&
      !m.static &&
      m.value &&
      m.value.type !== "NumericLiteral" &&
      m.value.type !== "StringLiteral"
    )
      return undefined;
  }
  if (!definition) return stores;
  const positions = new Map<string, number>();
  for (const [i, p] of definition.params.entries()) {
    const given = p.type === "TSParameterProperty" ? p.parameter : p;
    const hasLiteral = given.type === "AssignmentPattern" && isLiteral(given.right);
    const id = hasLiteral ? given.left : given;
    if (id.type !== "Identifier") return undefined;
    positions.set(id.name, i);
    if (p.type === "TSParameterProperty") stores.set(id.name, i);
  }
  for (const s of definition.body.body) {
    const e = s.type === "ExpressionStatement" ? s.expression : undefined;
    if (
      e?.type !== "AssignmentExpression" ||
      e.operator !== "=" ||
      e.left.type !== "MemberExpression" ||
      e.left.object.type !== "ThisExpression"
    )
      return undefined;
    const field = staticKey({ key: e.left.property, computed: e.left.computed });
    const value = unwrap(e.right);
    const position = value.type === "Identifier" ? positions.get(value.name) : undefined;
    if (field === undefined || position === undefined) return undefined;
    stores.set(field, position);
  }
  return stores;
}
