import { sinPi } from "./angles.ts";
import { besselKValue } from "./bessel-k.ts";
import { ascending, atZero, ofNegativeArgument } from "./bessel-series.ts";

/** `I_ν(x)` for real ν. */
export function besselIValue(nu: number, x: number): number {
  if (Number.isNaN(nu) || Number.isNaN(x) || !Number.isFinite(nu)) return Number.NaN;
  if (x < 0) return ofNegativeArgument(besselIValue, nu, x);
  if (x === 0) return atZero(nu);
  if (x === Infinity) return Infinity;
  if (nu >= 0) return ofPositiveOrder(nu, x);
  if (Number.isInteger(nu)) return ofPositiveOrder(-nu, x);
  if (x < 1) return ascending(nu, x, 1);
  // DLMF 10.27.2
  return ofPositiveOrder(-nu, x) - (2 / Math.PI) * sinPi(nu) * besselKValue(-nu, x);
}

const ofPositiveOrder = (nu: number, x: number): number =>
  x >= 30 && nu * nu < x ? asymptotic(nu, x) : ascending(nu, x, 1);

/** DLMF 10.40.1, whose terms fall below the last digit before they rise again. */
function asymptotic(nu: number, x: number): number {
  const mu = 4 * nu * nu;
  let [sum, term] = [1, 1];
  for (let k = 1; Math.abs(term) > 1e-17; k++) {
    term *= -(mu - (2 * k - 1) ** 2) / (8 * k * x);
    sum += term;
  }
  // In two halves, since e^x overflows before the quotient does.
  const half = Math.exp(x / 2);
  return half * (sum / Math.sqrt(2 * Math.PI * x)) * half;
}
