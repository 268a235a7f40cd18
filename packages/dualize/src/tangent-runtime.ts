/** What tangent code calls: numbers only, no nesting. The rules are those of the table. */
import { wholeQuotient } from "./dual-number.ts";
import { atan2Partial, unitPartial } from "./math.ts";

/** `partial · tangent`, zero where the tangent is. */
export const strong = (partial: number, tangent: number): number =>
  tangent === 0 ? 0 : partial * tangent;

/** `tangent / b`, zero where the tangent is. */
export const strongQuotient = (tangent: number, b: number): number =>
  tangent === 0 ? 0 : tangent / b;

/** The tangent of `x % y`. */
export function remTangent(x: number, dx: number, y: number, dy: number): number {
  if (Number.isNaN(x % y)) return strong(Number.NaN, dx + dy);
  return dy === 0 ? dx : dx - strong(wholeQuotient(x, y), dy);
}

/** ∂(xʸ)/∂y, where xʸ is `r`. */
export const exponentPartial = (x: number, r: number): number =>
  x >= 0 ? (r === 0 ? 0 : Math.log(x + 0) * r) : Number.NaN;

/** The tangent of `x ** y`, whose value is `r`. */
export function powTangent(x: number, dx: number, y: number, dy: number, r: number): number {
  // `x ** 0` is 1 for every x, NaN too, and beyond the end of an array.
  const fromX = dx === 0 || y === 0 ? 0 : x ** (y - 1) * y * dx;
  return dy === 0 ? fromX : fromX + exponentPartial(x, r) * dy;
}

/** The tangent of `Math.abs(x)`. */
export function absTangent(x: number, dx: number): number {
  if (x > 0) return dx;
  if (x < 0) return -dx;
  return strong(x, dx);
}

/** The tangent of `Math.max(a, b)`. */
export function maxTangent(a: number, da: number, b: number, db: number): number {
  if (a > b) return da;
  if (b > a) return db;
  return a === b ? (da + db) / 2 : strong(Number.NaN, da) + strong(Number.NaN, db);
}

/** The tangent of `Math.min(a, b)`. */
export const minTangent = (a: number, da: number, b: number, db: number): number =>
  maxTangent(-a, da, -b, db);

/** The tangent of `Math.atan2(y, x)`; what is no number, like an element beyond the end, is made one as `Math` does. */
export const atan2Tangent = (y: number, dy: number, x: number, dx: number): number =>
  (dy === 0 ? 0 : atan2Partial(x, y) * dy) + (dx === 0 ? 0 : -(atan2Partial(y, x) * dx));

/** The tangent of `Math.hypot(x, y)`, whose value is `r`. */
export function hypotTangent(x: number, dx: number, y: number, dy: number, r: number): number {
  // Among the smallest numbers r has lost its digits.
  if (r > 1e-300 && r < Number.POSITIVE_INFINITY) return strong(x / r, dx) + strong(y / r, dy);
  return strong(unitPartial(0, x, y), dx) + strong(unitPartial(1, x, y), dy);
}

/** The tangent of `Math.max(...xs)` or `Math.min(...xs)`, whose value is `chosen`. */
export function extremumTangent(chosen: number, xs: number[], dxs: number[]): number {
  let sum = 0;
  let tied = 0;
  for (let i = 0; i < xs.length; i++) {
    if (xs[i] !== chosen) continue;
    sum += dxs[i] as number;
    tied++;
  }
  if (tied > 0) return sum / tied;
  return dxs.reduce((s, d) => s + strong(Number.NaN, d), 0);
}

/** The tangent of `Math.hypot(...xs)`. */
export function lengthTangent(xs: number[], dxs: number[]): number {
  const unit = unitVector(xs);
  let sum = 0;
  for (let i = 0; i < xs.length; i++) sum += strong(unit(i), dxs[i] ?? 0);
  return sum;
}

/** The components of `xs / |xs|`. */
export function unitVector(xs: readonly number[]): (i: number) => number {
  const r = Math.hypot(...xs);
  // The length may overflow, or lose digits, where its parts do not.
  return r < 1e-290 || r > 1e300 ? (i) => unitPartial(i, ...xs) : (i) => (xs[i] as number) / r;
}

/**
 * Where the elements of `xs.sort(compare)` come from: what is missing goes last, and equal ones stay as they are.
 * Without `compare` numbers are sorted as typed arrays sort them, NaN behind all others.
 */
export function order<T>(
  xs: ArrayLike<T>,
  compare: (a: T, b: T) => number = ascending as never,
): number[] {
  return Array.from(xs, (_, i) => i).sort((i, j) => {
    const [a, b] = [xs[i] as T, xs[j] as T];
    if (a === undefined || b === undefined)
      return Number(a === undefined) - Number(b === undefined);
    return compare(a, b);
  });
}

function ascending(a: number, b: number): number {
  if (a !== b) return a < b ? -1 : a > b ? 1 : Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return Number(Object.is(b, -0)) - Number(Object.is(a, -0));
}
