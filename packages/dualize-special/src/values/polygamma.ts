import stdlibDigamma from "@stdlib/math-base-special-digamma";

/** B₂ₖ, the Bernoulli numbers. */
const BERNOULLI = [
  1 / 6,
  -1 / 30,
  1 / 42,
  -1 / 30,
  5 / 66,
  -691 / 2730,
  7 / 6,
  -3617 / 510,
  43867 / 798,
  -174611 / 330,
  854513 / 138,
] as const;

// n! overflows beyond.
const MAX_ORDER = 170;

/** `ψ⁽ⁿ⁾(x)`; NaN at the poles and where `n` is no whole number. */
export function polygammaValue(n: number, x: number): number {
  if (!Number.isInteger(n) || n < 0 || n > MAX_ORDER) return Number.NaN;
  if (n === 0) return stdlibDigamma(x);
  if (x > 0) return ofPositive(n, x);
  if (Number.isInteger(x) || x === -Infinity) return Number.NaN;
  // DLMF 5.15.6.
  return (n % 2 === 0 ? 1 : -1) * ofPositive(n, 1 - x) - Math.PI ** (n + 1) * cotangent(n, x);
}

/** Up to where the asymptotic series is exact (DLMF 5.15.5), then that (DLMF 5.15.8). */
function ofPositive(n: number, x: number): number {
  const sign = n % 2 === 0 ? -1 : 1;
  if (x === Infinity) return sign * 0;
  const factorial = product(1, n);
  let z = x;
  let steps = 0;
  for (; z < 14 + n; z++) steps += factorial / z ** (n + 1);
  let term = factorial / z ** n;
  let series = term / n + term / (2 * z);
  // term is (2k+n-1)!/(2k)!/z^(2k+n)
  term *= 1 / n;
  BERNOULLI.forEach((b, i) => {
    const k = 2 * (i + 1);
    term *= ((k + n - 2) * (k + n - 1)) / ((k - 1) * k) / (z * z);
    series += b * term;
  });
  return sign * (series + steps);
}

function product(from: number, to: number): number {
  let p = 1;
  for (let k = from; k <= to; k++) p *= k;
  return p;
}

/** The n-th derivative of `cot` at `πx`: a polynomial in `c = cot(πx)`, since `dc = -(1 + c²)`. */
function cotangent(n: number, x: number): number {
  const c = 1 / Math.tan(Math.PI * (x - Math.round(x)));
  let p = [0, 1];
  for (let k = 0; k < n; k++) {
    const next = new Array<number>(p.length + 1).fill(0);
    p.forEach((a, i) => {
      if (i === 0) return;
      next[i - 1] = (next[i - 1] as number) - i * a;
      next[i + 1] = (next[i + 1] as number) - i * a;
    });
    p = next;
  }
  return p.reduceRight((sum, a) => sum * c + a, 0);
}
