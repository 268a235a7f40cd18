import type { types } from "@babel/core";
import type { ModuleContext } from "../module-context.ts";
import { at } from "./dual/base.ts";
import { ruleOf, syntaxOps } from "./rule-syntax.ts";

type Expression = types.Expression;
type Node = types.Node;

/** A number in a formula: `p` computes it, `t` its tangent (null: none). */
export interface Value {
  p: Expression;
  t: Expression | null;
  /** Where it is a product of one thing with itself: the ways to this, and how often it is there. */
  power?: Power;
}

interface Power {
  readonly primal: string;
  readonly tangent: string;
  readonly exponent: number;
}

/**
 * The rules for scalars: from what operators and Math functions are given, with its tangents, what
 * they give and its tangent. It knows nothing of the code around, but for a way to keep an
 * expression in a temporary at the present place.
 */
export class Calculus {
  readonly #t;

  constructor(
    private readonly context: ModuleContext,
    /** Puts an expression into a temporary at the present place. */
    private readonly keep: (e: Expression) => types.Identifier,
    /** A temporary that nothing is put into yet. */
    private readonly temporary: () => types.Identifier,
  ) {
    this.#t = context.t;
  }

  arithmetic(operator: string, a: Value, b: Value, node: Node): Value {
    const t = this.#t;
    const result = (p: Expression, tangent: Expression | null): Value => ({
      p: at(p, node),
      t: tangent,
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
        const power = powerOf(a, b);
        if (power) {
          // d(xⁿ) = n·xⁿ⁻¹·dx, where xⁿ⁻¹ is there already.
          this.atom(a);
          if (power.exponent === 2) b.p = a.p;
          const part = this.#scaled(t.cloneNode(a.p), b.t as Expression);
          const tangent = t.binaryExpression("*", t.numericLiteral(power.exponent), part);
          return { ...result(primal(), tangent), power };
        }
        if (b.t !== null) this.atom(a);
        if (a.t !== null) this.atom(b);
        const fromA = a.t && this.#scaled(t.cloneNode(b.p), a.t);
        const fromB = b.t && this.#scaled(t.cloneNode(a.p), b.t);
        return result(primal(), this.#sum(fromA, fromB));
      }
      case "/": {
        if (a.t === null && b.t === null) return result(primal(), null);
        this.atom(b);
        if (b.t === null) return result(primal(), this.#quotient(a.t as Expression, b.p));
        const q = this.keep(at(primal(), node));
        const fromB = this.#scaled(t.cloneNode(q), b.t);
        const numerator =
          a.t === null ? t.unaryExpression("-", fromB) : t.binaryExpression("-", a.t, fromB);
        return result(t.cloneNode(q), this.#quotient(numerator, b.p));
      }
      case "**":
        return this.#power(a, b, (x, y) => t.binaryExpression("**", x, y), node);
      default:
        throw new Error(`no rule for the operator ${operator}`);
    }
  }

  #quotient(numerator: Expression, b: Expression): Expression {
    const t = this.#t;
    return t.binaryExpression("/", numerator, t.cloneNode(b));
  }

  #power(
    a: Value,
    b: Value,
    primal: (x: Expression, y: Expression) => Expression,
    node: Node,
  ): Value {
    const t = this.#t;
    if (a.t === null && b.t === null) return { p: at(primal(a.p, b.p), node), t: null };
    this.atom(a);
    this.atom(b);
    const p = at(primal(t.cloneNode(a.p), t.cloneNode(b.p)), node);
    const exponent = b.t === null ? literalValue(b.p) : undefined;
    if (exponent === 2) {
      const partial = t.binaryExpression("*", t.numericLiteral(2), t.cloneNode(a.p));
      return { p, t: this.#scaled(partial, a.t as Expression) };
    }
    if (exponent !== undefined && exponent !== 0) {
      const power = t.binaryExpression("**", t.cloneNode(a.p), number(t, exponent - 1));
      return {
        p,
        t: this.#scaled(t.binaryExpression("*", power, t.cloneNode(b.p)), a.t as Expression),
      };
    }
    const r = this.keep(p);
    const base = a.t === null ? literalValue(a.p) : undefined;
    if (base !== undefined && base > 0 && b.t !== null) {
      const log = number(t, Math.log(base));
      return {
        p: t.cloneNode(r),
        t: this.#scaled(t.binaryExpression("*", log, t.cloneNode(r)), b.t),
      };
    }
    const zero = () => t.numericLiteral(0);
    const tangent = this.help(
      "powTangent",
      t.cloneNode(a.p),
      a.t ?? zero(),
      t.cloneNode(b.p),
      b.t ?? zero(),
      t.cloneNode(r),
    );
    return { p: t.cloneNode(r), t: tangent };
  }

  applied(
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
    if (values.length < least) throw new Error(`Math.${name} with an argument missing`);
    const needed = rule.kind === "unary" ? values.slice(0, 1) : values;
    if (needed.every((v) => v.t === null)) return { p: primal(values.map((v) => v.p)), t: null };
    if (rule.kind === "binary") {
      return this.#power(values[0] as Value, values[1] as Value, (x, y) => primal([x, y]), node);
    }
    for (const v of values) this.atom(v);
    const r = this.keep(primal(values.map((v) => t.cloneNode(v.p))));
    const result = (tangent: Expression): Value => ({ p: t.cloneNode(r), t: tangent });
    const x = values[0] as Value;
    if (rule.kind === "unary") {
      const global = (n: string) => this.context.global(n);
      const ops = syntaxOps(
        { t, global },
        (p, f) => this.#scaled(p, t.cloneNode(f)),
        this.temporary,
      );
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
        return result(this.help("atan2Tangent", ...pairs));
      case "max":
      case "min":
        if (two) return result(this.#extremumTangent(name, x, values[1] as Value));
        break;
      default:
        if (two) return result(this.help("hypotTangent", ...pairs, t.cloneNode(r)));
    }
    const all = (part: (v: Value) => Expression) => t.arrayExpression(values.map(part));
    return result(
      this.manyTangent(
        name,
        r,
        all((v) => t.cloneNode(v.p)),
        all((v) => v.t ?? t.numericLiteral(0)),
      ),
    );
  }

  /** The tangent of `max`, `min` or `hypot` of a list, whose value is `r`. */
  manyTangent(name: string, r: Expression, xs: Expression, dxs: Expression): Expression {
    return name === "hypot"
      ? this.help("lengthTangent", xs, dxs)
      : this.help("extremumTangent", this.#t.cloneNode(r), xs, dxs);
  }

  /** Written out where it is used: a call would be too much for what it does. */
  #absTangent(x: Value): Expression {
    const t = this.#t;
    const dx = this.cheapTangent(x);
    const compared = (operator: ">" | "<") =>
      t.binaryExpression(operator, t.cloneNode(x.p), t.numericLiteral(0));
    // Unchecked, NaN stays NaN, and the dual form is asked.
    const otherwise = t.binaryExpression("*", t.cloneNode(x.p), t.cloneNode(dx));
    return t.conditionalExpression(
      compared(">"),
      t.cloneNode(dx),
      t.conditionalExpression(compared("<"), t.unaryExpression("-", t.cloneNode(dx)), otherwise),
    );
  }

  #extremumTangent(name: string, a: Value, b: Value): Expression {
    const t = this.#t;
    const da = this.cheapTangent(a);
    const db = this.cheapTangent(b);
    const [first, second] = name === "max" ? ([">", "<"] as const) : (["<", ">"] as const);
    const compared = (operator: "<" | ">") =>
      t.binaryExpression(operator, t.cloneNode(a.p), t.cloneNode(b.p));
    // Unchecked, the difference of the tied is 0, or NaN where there is NaN or infinity: then the dual form is asked.
    const plus = (x: Expression, y: Expression) => t.binaryExpression("+", x, y);
    const difference = t.binaryExpression("-", t.cloneNode(a.p), t.cloneNode(b.p));
    const tied = t.binaryExpression(
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

  /** `partial · tangent`. */
  #scaled(partial: Expression, tangent: Expression): Expression {
    return this.#t.binaryExpression("*", partial, tangent);
  }

  #sum(a: Expression | null, b: Expression | null): Expression | null {
    if (a === null || b === null) return a ?? b;
    return this.#t.binaryExpression("+", a, b);
  }

  /** A value that can be read any number of times. */
  atom(v: Value): Value {
    if (isCheap(v.p)) return v;
    const kept = this.keep(v.p);
    v.p = kept;
    return v;
  }

  cheapTangent(v: Value): Expression {
    const tangent = v.t ?? this.#t.numericLiteral(0);
    return isCheap(tangent) ? tangent : this.keep(tangent);
  }

  help(name: string, ...args: Expression[]): types.CallExpression {
    return this.#t.callExpression(this.context.helper(name), args);
  }
}

/** What `a · b` is a power of, if both are powers of the same. */
function powerOf(a: Value, b: Value): Power | undefined {
  const primal = wayTo(b.p);
  const tangent = wayTo(b.t);
  if (primal === undefined || tangent === undefined) return undefined;
  if (wayTo(a.p) === primal && wayTo(a.t) === tangent) return { primal, tangent, exponent: 2 };
  const { power } = a;
  if (power?.primal !== primal || power.tangent !== tangent) return undefined;
  return { ...power, exponent: power.exponent + 1 };
}

/** Reading it twice costs nothing and gives the same. */
const isCheap = (e: Expression): boolean =>
  e.type === "Identifier" ||
  e.type === "NumericLiteral" ||
  e.type === "StringLiteral" ||
  e.type === "ThisExpression" ||
  e.type === "NullLiteral" ||
  (e.type === "UnaryExpression" && e.operator === "-" && e.argument.type === "NumericLiteral");

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

/** A way as text, the same for two ways to the same thing; undefined for anything else. */
function wayTo(e: Expression | null): string | undefined {
  if (e === null || !isPath(e)) return undefined;
  if (e.type !== "MemberExpression") return e.type === "Identifier" ? e.name : "this";
  const { property } = e;
  const object = wayTo(e.object as Expression);
  return e.computed
    ? `${object}[${indexText(property as Expression)}]`
    : `${object}.${(property as types.Identifier).name}`;
}

const indexText = (e: Expression): string => {
  switch (e.type) {
    case "Identifier":
      return e.name;
    case "BinaryExpression":
      return `${indexText(e.left as Expression)} ${e.operator} ${indexText(e.right)}`;
    case "UnaryExpression":
      return `${e.operator}${indexText(e.argument)}`;
    default:
      return JSON.stringify("value" in e ? e.value : e.type);
  }
};

function literalValue(e: Expression): number | undefined {
  if (e.type === "NumericLiteral") return e.value;
  return e.type === "UnaryExpression" && e.operator === "-" && e.argument.type === "NumericLiteral"
    ? -e.argument.value
    : undefined;
}

const number = (t: ModuleContext["t"], x: number): Expression =>
  x < 0 ? t.unaryExpression("-", t.numericLiteral(-x)) : t.numericLiteral(x);
