import { Decimal as Base } from "decimal.js";

/**
 * Derivatives to more than 50 digits, from nothing but function values: central differences of
 * decimal.js' own functions, with steps so short and digits so many that the differences are exact
 * for our purposes. No derivative rule is used, so these share no mistake with the library.
 */

export type Decimals = typeof Base;
type DecimalFunction = (D: Decimals, ...xs: Base[]) => Base;

/** Functions whose name in decimal.js is another, or that it does not have. */
const composed: Record<string, DecimalFunction> = {
  expm1: (D, x) => D.exp(x!).minus(1),
  log: (D, x) => D.ln(x!),
  log1p: (D, x) => D.ln(x!.plus(1)),
  // Rounding to fewer bits has the derivative of what it rounds.
  fround: (_D, x) => x!,
  f16round: (_D, x) => x!,
};

/** The function of decimals that corresponds to `Math[name]`. */
export function decimalFunction(name: string): DecimalFunction | undefined {
  if (composed[name]) return composed[name];
  if (typeof (Base as unknown as Record<string, unknown>)[name] !== "function") return undefined;
  return (D, ...xs) =>
    (D as unknown as Record<string, (...xs: Base[]) => Base>)[name]!(...xs);
}

/** Digits of the arithmetic and relative length of the step, as a power of ten. */
const settings = [
  { digits: 170, step: -45 },
  { digits: 330, step: -60 },
  { digits: 900, step: -75 },
] as const;

const arithmetic = new Map(
  settings.map((s) => [
    s.digits,
    Base.clone({ precision: s.digits, minE: -9e15, maxE: 9e15, defaults: true }),
  ]),
);

/**
 * The partial derivative of `f` at `point` by the arguments in `by`: `[0]` is ∂f/∂x, `[0, 1]` is
 * ∂²f/∂x∂y. Worked out at two settings that must agree to 50 digits, undefined where they do not.
 */
export function reference(
  f: DecimalFunction,
  point: readonly number[],
  by: readonly number[],
): Base | undefined {
  let before: Base | undefined;
  for (const { digits, step } of settings) {
    const D = arithmetic.get(digits) as Decimals;
    const value = difference(D, f, point.map((x) => new D(x)), by, step);
    if (before && value.isFinite() && agree(before, value)) return value;
    before = value;
  }
  return undefined;
}

function difference(
  D: Decimals,
  f: DecimalFunction,
  point: readonly Base[],
  by: readonly number[],
  step: number,
): Base {
  const [i, ...rest] = by;
  if (i === undefined) return f(D, ...point);
  const x = point[i] as Base;
  const h = (x.isZero() ? new D(1) : x.abs()).times(new D(10).pow(step));
  const moved = (by: Base) => point.map((p, j) => (j === i ? p.plus(by) : p));
  const ahead = difference(D, f, moved(h), rest, step);
  const behind = difference(D, f, moved(h.neg()), rest, step);
  return ahead.minus(behind).div(h.times(2));
}

const agree = (a: Base, b: Base): boolean =>
  a.isZero() && b.isZero() ? true : a.minus(b).abs().lte(b.abs().times("1e-50"));

const buffer = new DataView(new ArrayBuffer(8));

/** The distance of the double `x` to the next one away from zero. */
export function ulp(x: number): number {
  buffer.setFloat64(0, Math.abs(x));
  const bits = buffer.getBigUint64(0);
  buffer.setBigUint64(0, bits + 1n);
  return buffer.getFloat64(0) - Math.abs(x);
}

/** By how many units in the last place `found` misses `exact`. */
export function ulpsOff(found: number, exact: Base): number {
  const nearest = exact.toNumber();
  if (found === nearest) return 0;
  return exact.minus(found).abs().div(ulp(nearest)).toNumber();
}

/** Whether a double can hold `exact` to all its digits: neither overflowing nor subnormal. */
export const isNormal = (exact: Base): boolean => {
  const x = Math.abs(exact.toNumber());
  return x >= 2 ** -1022 && x <= Number.MAX_VALUE;
};
