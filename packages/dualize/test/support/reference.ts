import { Decimal as Base } from "decimal.js";

/**
 * Derivatives to more than 50 digits, from nothing but function values: central differences of
 * decimal.js' own functions, with steps so short and digits so many that the differences are exact
 * for our purposes. No derivative rule is used, so these share no mistake with the library.
 */

export type Decimals = typeof Base;
type DecimalFunction = (D: Decimals, ...xs: Base[]) => Base;

/** From sin and cos: atan(x) is a + atan(t), where a is the double next to it, so that t is tiny. */
const atan: DecimalFunction = (D, x) => {
  const a = new D(Math.atan(x!.toNumber()));
  const [sin, cos] = [D.sin(a), D.cos(a)];
  const t = x!.times(cos).minus(sin).div(x!.times(sin).plus(cos));
  const step = t.times(t).neg();
  let sum = a.plus(t);
  let power = t.times(step);
  for (let k = 3; !power.isZero() && power.e > a.e - D.precision - 5; k += 2) {
    sum = sum.plus(power.div(k));
    power = power.times(step);
  }
  return sum;
};

/** Functions whose name in decimal.js is another, that it does not have, or that take it minutes. */
const composed: Record<string, DecimalFunction> = {
  acos: (D, x) => atan(D, D.sqrt(x!.neg().plus(1).div(x!.plus(1)))).times(2),
  asin: (D, x) => atan(D, x!.div(D.sqrt(x!.plus(1).times(x!.neg().plus(1))))),
  atan,
  // Up to a constant, which no derivative sees.
  atan2: (D, y, x) => atan(D, y!.div(x!)),
  expm1: (D, x) => D.exp(x!).minus(1),
  log: (D, x) => D.ln(x!),
  log1p: (D, x) => D.ln(x!.plus(1)),
  tan: (D, x) => D.sin(x!).div(D.cos(x!)),
  tanh: (D, x) =>
    x!.abs().gt(2000) ? new D(x!.s) : D.exp(x!.times(2)).plus(1).pow(-1).times(-2).plus(1),
  // Rounding to fewer bits has the derivative of what it rounds.
  fround: (_D, x) => x!,
  f16round: (_D, x) => x!,
};

/** The function of decimals that corresponds to `Math[name]`: the same one each time. */
export function decimalFunction(name: string): DecimalFunction | undefined {
  if (!composed[name] && typeof (Base as unknown as Methods)[name] === "function") {
    composed[name] = (D, ...xs) => (D as unknown as Methods)[name]!(...xs);
  }
  return composed[name];
}
type Methods = Record<string, (...xs: Base[]) => Base>;

/** Digits of the arithmetic and relative length of the step, as a power of ten. */
const settings = [
  { digits: 150, step: -30 },
  { digits: 240, step: -45 },
  { digits: 420, step: -60 },
  { digits: 480, step: -61 },
].map(({ digits, step }) => ({
  D: Base.clone({ precision: digits, minE: -9e15, maxE: 9e15, defaults: true }),
  step,
}));

/** The derivatives of one function, to 50 digits. */
export class Reference {
  readonly #values = new Map<string, Base>();

  constructor(readonly f: DecimalFunction) {}

  /**
   * The partial derivative at `point` by the arguments in `by`: `[0]` is ∂f/∂x, `[0, 1]` is ∂²f/∂x∂y.
   * Worked out with two steps that must agree to 50 digits; undefined where they do not.
   */
  derivative(point: readonly number[], by: readonly number[]): Base | undefined {
    let before: Base | undefined;
    for (const setting of settings) {
      const value = this.#difference(setting, point, by);
      if (before && agree(before, value)) return value;
      before = value;
    }
    // Nothing moves, even in the finest arithmetic: zero, unless the step was too short to be seen.
    const visible = point.every((x) => x === 0 || Math.abs(x) > 1e-100);
    return visible && before?.isZero() ? before : undefined;
  }

  #difference(
    { D, step }: (typeof settings)[number],
    point: readonly number[],
    by: readonly number[],
  ) {
    const exactPoint = point.map((x) => exact(D, x));
    // Half steps for second derivatives: all orders then meet in the same points.
    const steps = exactPoint.map((x) =>
      (x.isZero() ? new D(1) : x.abs()).times(new D(10).pow(step)).times(by.length === 1 ? 2 : 1),
    );
    const go = (at: readonly Base[], [i, ...rest]: readonly number[]): Base => {
      if (i === undefined) return this.#value(D, at);
      const h = steps[i] as Base;
      const ahead = at.map((x, j) => (j === i ? x.plus(h) : x));
      const behind = at.map((x, j) => (j === i ? x.minus(h) : x));
      return go(ahead, rest).minus(go(behind, rest)).div(h.times(2));
    };
    return go(exactPoint, by);
  }

  #value(D: Decimals, at: readonly Base[]): Base {
    const key = `${D.precision} ${at.join(" ")}`;
    const value = this.#values.get(key) ?? this.f(D, ...at);
    this.#values.set(key, value);
    return value;
  }
}

/** The very double, where `new Decimal(x)` would take the few digits that it is printed with. */
function exact(D: Decimals, x: number): Base {
  let exponent = 0;
  let mantissa = x;
  while (!Number.isInteger(mantissa)) {
    const by = Math.abs(mantissa) < 1e-200 ? 600 : Math.abs(mantissa) < 1e-10 ? 30 : 1;
    mantissa *= 2 ** by;
    exponent -= by;
  }
  return new D(BigInt(mantissa).toString()).times(new D(2).pow(exponent));
}

const agree = (a: Base, b: Base): boolean =>
  !b.isZero() && a.minus(b).abs().lte(b.abs().times("1e-50"));

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
