import stdlibJ0 from "@stdlib/math-base-special-besselj0";
import stdlibJ1 from "@stdlib/math-base-special-besselj1";
import stdlibY0 from "@stdlib/math-base-special-bessely0";
import stdlibY1 from "@stdlib/math-base-special-bessely1";
import { cosPi, sinPi } from "./angles.ts";
import { ascending, atZero, ofNegativeArgument } from "./bessel-series.ts";

/** `J_ν(x)` for real ν. */
export function besselJValue(nu: number, x: number): number {
  if (Number.isNaN(nu) || Number.isNaN(x) || !Number.isFinite(nu)) return Number.NaN;
  if (x < 0) return ofNegativeArgument(besselJValue, nu, x);
  if (x === 0) return atZero(nu);
  if (x === Infinity) return 0;
  if (nu >= 0) return firstKind(nu, x);
  if (Number.isInteger(nu)) return cosPi(nu) * firstKind(-nu, x);
  if (isSeries(nu, x)) return ascending(nu, x, -1);
  // DLMF 10.4.7, 10.4.8
  return cosPi(nu) * firstKind(-nu, x) + weighted(sinPi(nu), secondKind(-nu, x)[0]);
}

/** `Y_ν(x)` for real ν and `x ≥ 0`. */
export function besselYValue(nu: number, x: number): number {
  if (Number.isNaN(nu) || !(x >= 0) || !Number.isFinite(nu)) return Number.NaN;
  if (x === Infinity) return 0;
  if (nu >= 0) return x === 0 ? -Infinity : secondKind(nu, x)[0];
  const y = x === 0 ? -Infinity : secondKind(-nu, x)[0];
  if (Number.isInteger(nu)) return cosPi(nu) * y;
  return weighted(cosPi(nu), y) - sinPi(nu) * besselJValue(-nu, x);
}

// Where a weight is exactly zero, the other part is the whole, also beside an infinity.
const weighted = (weight: number, y: number): number => (weight === 0 ? 0 : weight * y);

// Its terms alternate, but here they fall from the first one on.
const isSeries = (nu: number, x: number): boolean => x * x <= 4 * Math.abs(nu + 1) || x < 1;

function firstKind(nu: number, x: number): number {
  if (nu === 0) return stdlibJ0(x);
  if (nu === 1) return stdlibJ1(x);
  if (isSeries(nu, x)) return ascending(nu, x, -1);
  if (nu > x) {
    // Too small beside Y to go upwards: from its ratio to the next one and the Wronskian (DLMF 10.5.2).
    const [y, next] = secondKind(nu, x);
    return Number.isFinite(next) ? 2 / (Math.PI * x) / (ratio(nu, x) * y - next) : 0;
  }
  const { fraction, j } = lowest(nu, x);
  return upwards(j, fraction, nu, x)[0];
}

/** `Y_ν` and `Y_{ν+1}`. Going upwards is stable for them. */
function secondKind(nu: number, x: number): [number, number] {
  const { fraction, y } = lowest(nu, x);
  return upwards(y, fraction, nu, x);
}

type Pair = [number, number];

/** Both kinds at the fractional part of ν and at the order after that. */
function lowest(nu: number, x: number): { fraction: number; j: Pair; y: Pair } {
  const fraction = nu - Math.floor(nu);
  if (fraction === 0)
    return { fraction, j: [stdlibJ0(x), stdlibJ1(x)], y: [stdlibY0(x), stdlibY1(x)] };
  const [j0, y0] = steepestDescent(fraction, x);
  const [j1, y1] = steepestDescent(fraction + 1, x);
  return { fraction, j: [j0, j1], y: [y0, y1] };
}

/** `f(k+1) = 2k/x f(k) - f(k-1)` (DLMF 10.6.1), from the fractional part of ν to ν and ν + 1. */
function upwards([first, second]: Pair, fraction: number, nu: number, x: number): Pair {
  let [f, next] = [first, second];
  for (let k = fraction + 1; k < nu + 0.5; k++) {
    if (!Number.isFinite(next)) return [next, next];
    [f, next] = [next, ((2 * k) / x) * next - f];
  }
  return [f, next];
}

/** `J_{ν+1}(x) / J_ν(x)` for `x < ν`: the continued fraction (DLMF 10.10.1), from far out to its front. */
function ratio(nu: number, x: number): number {
  let r = 0;
  for (let k = Math.ceil(50 + 12 * Math.cbrt(nu)); k >= 1; k--) r = x / (2 * (nu + k) - x * r);
  return r;
}

/**
 * `J_ν` and `Y_ν`, `0 ≤ ν < 2`, together as the Hankel function
 * `H_ν = e^(-iνπ/2)/(πi) ∫ e^(ix cosh s - νs) ds` (DLMF 10.9.10), on the path `s = t + i gd(t)` of
 * steepest descent, where `ix cosh s = ix - x sinh t tanh t`. The integrand is analytic around it and
 * falls off doubly exponentially, so the trapezoidal rule is exact to the last digits with a few
 * dozen points (Trefethen, Weideman, "The exponentially convergent trapezoidal rule", 2014).
 */
function steepestDescent(nu: number, x: number): Pair {
  const h = Math.min(0.1, 0.35 / Math.sqrt(x));
  let [real, imaginary] = [1, 1];
  for (let t = h, k = 1; ; t = ++k * h) {
    const decay = x * Math.sinh(t) * Math.tanh(t);
    if (decay > 40 + 2 * nu * t) break;
    const [grown, fallen] = [Math.exp(nu * t - decay), Math.exp(-nu * t - decay)];
    if (grown === Infinity) return [0, -Infinity];
    const s = 1 / Math.cosh(t);
    const angle = 2 * nu * Math.atan(Math.tanh(t / 2));
    const even = (grown + fallen) * Math.cos(angle);
    const odd = (grown - fallen) * Math.sin(angle);
    real += even - s * odd;
    imaginary += odd + s * even;
  }
  const [a, b] = [(real * h) / Math.PI, (imaginary * h) / Math.PI];
  const [cx, sx] = [Math.cos(x), Math.sin(x)];
  const [cn, sn] = [cosPi(nu / 2), sinPi(nu / 2)];
  const [cos, sin] = [cx * cn + sx * sn, sx * cn - cx * sn];
  return [b * cos + a * sin, b * sin - a * cos];
}
