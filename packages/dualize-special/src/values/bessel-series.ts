import stdlibGamma from "@stdlib/math-base-special-gamma";
import stdlibGammaln from "@stdlib/math-base-special-gammaln";
import { cosPi } from "./angles.ts";

/**
 * `(x/2)^ν Σ (±x²/4)^k / (k! Γ(ν+k+1))`: the ascending series of `J` (sign -1, DLMF 10.2.2) and of `I`
 * (sign 1, DLMF 10.25.2), for ν that is no negative whole number.
 */
export function ascending(nu: number, x: number, sign: 1 | -1): number {
  const q = (sign * x * x) / 4;
  let [sum, term] = [1, 1];
  for (let k = 1; ; k++) {
    term *= q / (k * (nu + k));
    sum += term;
    // Near negative orders the terms may rise again.
    if (Math.abs(term) <= 1e-17 * Math.abs(sum) && k > -nu && 2 * k > x - nu) break;
  }
  const power = (x / 2) ** nu;
  const below = stdlibGamma(nu + 1);
  if (power > 1e-290 && power < 1e290 && Math.abs(below) < 1e290) return (power / below) * sum;
  const magnitude = Math.exp(nu * Math.log(x / 2) - stdlibGammaln(nu + 1));
  return (below < 0 ? -1 : 1) * magnitude * sum;
}

/** `J_ν(0)` and `I_ν(0)`. */
export function atZero(nu: number): number {
  if (nu === 0) return 1;
  if (nu > 0 || Number.isInteger(nu)) return 0;
  return stdlibGamma(nu + 1) < 0 ? -Infinity : Infinity;
}

/** `f(-x) = (-1)^n f(x)` for whole orders (DLMF 10.11.1, 10.34.1); no real number for others. */
export const ofNegativeArgument = (
  f: (nu: number, x: number) => number,
  nu: number,
  x: number,
): number => (Number.isInteger(nu) ? cosPi(nu) * f(nu, -x) : Number.NaN);
