/**
 * The one table of derivative rules.
 *
 * A partial derivative is written once, against an algebra `Ops<T>`, and read four ways: with numbers
 * and duals at run time (so it can be differentiated again), with pieces of source text by the plugin
 * for tangent code, with text for docs/rules.md, and by the tests that enumerate the table.
 *
 * `x`, `y` are the arguments, `r` is the result the user's own operation gave.
 */

/** The algebra a partial is written in. `T` is a number, a dual number or a piece of text. */
export interface Ops<T> {
  add(a: T | number, b: T | number): T;
  sub(a: T | number, b: T | number): T;
  mul(a: T | number, b: T | number): T;
  div(a: T | number, b: T | number): T;
  neg(a: T): T;
  /** `partial · factor`, zero where `factor` is zero. */
  strong(partial: T, factor: T): T;
  /** `then()` where `a >= b` (by primals), else `otherwise()`; the latter also where one is NaN. */
  atLeast(a: T | number, b: T | number, then: () => T | number, otherwise: () => T | number): T;
  /** `use(value)`, where the value is worked out once however often it is used. */
  once(value: T, use: (value: T) => T): T;
  call(name: UnaryName, x: T): T;
  pow(x: T, y: T | number): T;
  abs(x: T): T;
}

/** The functions that partials are made of. */
export type UnaryName = "sin" | "cos" | "sinh" | "cosh" | "exp" | "log" | "sqrt";

/** A partial derivative of a function of one argument. */
export type Partial1 = <T>(o: Ops<T>, x: T, r: T) => T | number;
/** A partial derivative of a function of two arguments. */
export type Partial2 = <T>(o: Ops<T>, x: T, y: T, r: T) => T | number;

/** `f(x)` with one partial. */
export interface UnaryRule {
  readonly kind: "unary";
  readonly primal: (x: number) => number;
  readonly partial: Partial1;
}
/** `f(x, y)` with two partials. */
export interface BinaryRule {
  readonly kind: "binary";
  readonly primal: (x: number, y: number) => number;
  readonly partials: readonly [Partial2, Partial2];
}
/** A function with a rule of its own, that is no sum of partials times tangents (`abs`, `max`, `hypot`, …). */
export interface OwnRule {
  readonly kind: "own";
  readonly primal: (...xs: number[]) => number;
  /** The rule in words, for the documentation. */
  readonly text: string;
}
/** A function that is constant between its jumps: its tangent is 0 (or it has no argument at all). */
export interface ConstantRule {
  readonly kind: "constant";
  readonly primal: (...xs: number[]) => number;
}
export type Rule = UnaryRule | BinaryRule | OwnRule | ConstantRule;

const unary = (primal: (x: number) => number, partial: Partial1): UnaryRule => ({
  kind: "unary",
  primal,
  partial,
});
const constant = (primal: (...xs: number[]) => number): ConstantRule => ({
  kind: "constant",
  primal,
});

/**
 * 1 - x², where its digits are not lost: near 1 as a product, whose factors are exact there, and near 0
 * as a difference, whose derivative -2x the product would give as the difference of two numbers near 1.
 */
const oneMinusSquare = <T>(o: Ops<T>, x: T): T =>
  o.atLeast(
    o.abs(x),
    0.5,
    () => o.mul(o.sub(1, x), o.add(1, x)),
    () => o.sub(1, o.mul(x, x)),
  );

// A NaN whose derivatives of all orders are NaN too.
const outside = <T>(o: Ops<T>, x: T): T => o.div(NAN, x);

// Beyond this x² overflows, and 1 + x² is x² to the last bit long before.
const HUGE = 1e150;
const NAN = Number.NaN;

// Newer than ES2024, so not everywhere.
const f16round = (Math as { f16round?: (x: number) => number }).f16round;

/** Rules of the functions of `Math`, by name. */
export const rules: Readonly<Record<string, Rule>> = {
  abs: {
    kind: "own",
    primal: Math.abs,
    text: "x > 0: dx; x < 0: -dx; x = 0: 0 (nested: the side to which the outer derivative moves x)",
  },
  acos: unary(Math.acos, (o, x) => o.div(-1, o.call("sqrt", oneMinusSquare(o, x)))),
  acosh: unary(Math.acosh, (o, x) =>
    o.div(1, o.mul(o.call("sqrt", o.sub(x, 1)), o.call("sqrt", o.add(x, 1)))),
  ),
  asin: unary(Math.asin, (o, x) => o.div(1, o.call("sqrt", oneMinusSquare(o, x)))),
  asinh: unary(Math.asinh, (o, x) =>
    o.atLeast(
      HUGE,
      o.abs(x),
      () => o.div(1, o.call("sqrt", o.add(o.mul(x, x), 1))),
      () => o.div(1, o.abs(x)),
    ),
  ),
  atan: unary(Math.atan, (o, x) =>
    o.atLeast(
      HUGE,
      o.abs(x),
      () => o.div(1, o.add(1, o.mul(x, x))),
      () => o.mul(o.div(1, x), o.div(1, x)),
    ),
  ),
  atan2: {
    kind: "own",
    primal: Math.atan2 as (...xs: number[]) => number,
    text: "(x·dy - y·dx)/(x² + y²) for atan2(y, x), scaled so that nothing overflows; NaN at (0, 0)",
  },
  atanh: unary(Math.atanh, (o, x) =>
    o.atLeast(
      1,
      o.abs(x),
      () => o.div(1, oneMinusSquare(o, x)),
      () => outside(o, x),
    ),
  ),
  cbrt: unary(Math.cbrt, (o, _x, r) => o.div(1, o.mul(3, o.mul(r, r)))),
  ceil: constant(Math.ceil as (...xs: number[]) => number),
  clz32: constant(Math.clz32 as (...xs: number[]) => number),
  cos: unary(Math.cos, (o, x) => o.neg(o.call("sin", x))),
  cosh: unary(Math.cosh, (o, x) => o.call("sinh", x)),
  exp: unary(Math.exp, (_o, _x, r) => r),
  expm1: unary(Math.expm1, (o, x) => o.call("exp", x)),
  ...(f16round ? { f16round: unary(f16round, () => 1) } : {}),
  floor: constant(Math.floor as (...xs: number[]) => number),
  fround: unary(Math.fround, () => 1),
  hypot: {
    kind: "own",
    primal: Math.hypot,
    text: "Σ (xᵢ/r)·dxᵢ; 0 at the origin",
  },
  imul: constant(Math.imul as (...xs: number[]) => number),
  // `x + 0` turns -0 into 0, where the slope would otherwise be -Infinity.
  log: unary(Math.log, (o, x) =>
    o.atLeast(
      x,
      0,
      () => o.div(1, o.add(x, 0)),
      () => outside(o, x),
    ),
  ),
  log10: unary(Math.log10, (o, x) =>
    o.atLeast(
      x,
      0,
      () => o.div(Math.LOG10E, o.add(x, 0)),
      () => outside(o, x),
    ),
  ),
  log1p: unary(Math.log1p, (o, x) =>
    o.atLeast(
      x,
      -1,
      () => o.div(1, o.add(1, x)),
      () => outside(o, x),
    ),
  ),
  log2: unary(Math.log2, (o, x) =>
    o.atLeast(
      x,
      0,
      () => o.div(Math.LOG2E, o.add(x, 0)),
      () => outside(o, x),
    ),
  ),
  max: {
    kind: "own",
    primal: Math.max,
    text: "the tangent of the greatest; tied ones share equally",
  },
  min: { kind: "own", primal: Math.min, text: "the tangent of the least; tied ones share equally" },
  pow: {
    kind: "binary",
    primal: Math.pow,
    partials: [
      (o, x, y) => o.strong(o.pow(x, o.sub(y, 1)), y),
      // No power of a number below 0 is near those of other exponents, also where it is too small to see.
      (o, x, _y, r) =>
        o.atLeast(
          x,
          0,
          () => o.strong(o.call("log", x), r),
          () => o.call("log", x),
        ),
    ],
  },
  random: constant(Math.random),
  round: constant(Math.round as (...xs: number[]) => number),
  sign: constant(Math.sign as (...xs: number[]) => number),
  sin: unary(Math.sin, (o, x) => o.call("cos", x)),
  sinh: unary(Math.sinh, (o, x) => o.call("cosh", x)),
  sqrt: unary(Math.sqrt, (o, _x, r) => o.div(0.5, o.add(r, 0))),
  tan: unary(Math.tan, (o, _x, r) => o.add(1, o.mul(r, r))),
  // Near 0 the derivative of 1 - r² keeps its digits; further out 1 - r² itself would lose them, and
  // 1/cosh² in terms of exp(-2|x|) neither overflows nor cancels.
  tanh: unary(Math.tanh, (o, x, r) =>
    o.atLeast(
      o.abs(x),
      0.6,
      () =>
        o.once(o.call("exp", o.mul(-2, o.abs(x))), (e) =>
          o.div(o.mul(4, e), o.mul(o.add(1, e), o.add(1, e))),
        ),
      () => o.sub(1, o.mul(r, r)),
    ),
  ),
  trunc: constant(Math.trunc as (...xs: number[]) => number),
};
