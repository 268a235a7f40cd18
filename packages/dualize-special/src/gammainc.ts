import stdlibGammainc from "@stdlib/math-base-special-gammainc";
import { div, exp, log, mul, type Num, neg, pow, primalOf, sub } from "dualize/dual";
import { noDerivative } from "./errors.ts";
import { gamma } from "./gamma.ts";
import { lgamma } from "./lgamma.ts";
import { onDuals, several } from "./special.ts";

/** `x^(a-1) e^(-x) / Γ(a)`; by logarithms where the power or the gamma function would overflow. */
export function gammaDensity(a: Num, x: Num): Num {
  const power = pow(x, sub(a, 1));
  const below = onDuals(gamma)(a);
  if (fits(power) && fits(below)) return div(mul(power, exp(neg(x))), below);
  return exp(sub(sub(mul(sub(a, 1), log(x)), x), onDuals(lgamma)(a)));
}

// At zero the logarithm is no help, and the power is right.
const fits = (x: Num): boolean =>
  primalOf(x) < 1e290 && (primalOf(x) > 1e-290 || primalOf(x) === 0);

/**
 * The regularised lower incomplete gamma function `P(a, x) = 1/Γ(a) ∫₀ˣ t^(a-1) e^(-t) dt` for
 * `a > 0, x ≥ 0` ([DLMF 8.2.4](https://dlmf.nist.gov/8.2.E4)), NaN elsewhere.
 *
 * `∂P/∂x = x^(a-1) e^(-x) / Γ(a)`
 *
 * @throws DualizeError DUAL108 where the shape `a` is active: that derivative has no closed form
 *
 * @example
 * gammainc(1, 2); // 0.8646647167633873 (1 - e^(-2))
 */
export const gammainc: (a: number, x: number) => number = /* @__PURE__ */ several(
  (a: number, x: number) => stdlibGammainc(x, a),
  () => noDerivative("gammainc(a, x)", "the shape a"),
  (_, a, x) => gammaDensity(a, x),
);
