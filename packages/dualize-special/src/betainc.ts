import stdlibBetainc from "@stdlib/math-base-special-betainc";
import { add, div, exp, log, log1p, mul, type Num, neg, pow, primalOf, sub } from "dualize/dual";
import { beta } from "./beta.ts";
import { betaln } from "./betaln.ts";
import { noDerivative } from "./errors.ts";
import { onDuals, several } from "./special.ts";

/**
 * The regularised incomplete beta function `I(a, b, x) = 1/B(a, b) ∫₀ˣ t^(a-1) (1-t)^(b-1) dt` for
 * `a, b > 0, 0 ≤ x ≤ 1` ([DLMF 8.17.2](https://dlmf.nist.gov/8.17.E2)), NaN elsewhere.
 *
 * `∂I/∂x = x^(a-1) (1-x)^(b-1) / B(a, b)`
 *
 * @throws DualizeError DUAL108 where a shape is active: that derivative has no closed form
 *
 * @example
 * betainc(2, 1, 0.5); // 0.25
 */
export const betainc: (a: number, b: number, x: number) => number = /* @__PURE__ */ several(
  (a: number, b: number, x: number) => stdlibBetainc(x, a, b),
  () => noDerivative("betainc(a, b, x)", "the shape a"),
  () => noDerivative("betainc(a, b, x)", "the shape b"),
  (_, a, b, x) => betaDensity(a, b, x),
);

/** `x^(a-1) (1-x)^(b-1) / B(a, b)`; by logarithms where `B` is too small to divide by. */
function betaDensity(a: Num, b: Num, x: Num): Num {
  const below = onDuals(beta)(a, b);
  if (primalOf(below) > 1e-290)
    return div(mul(pow(x, sub(a, 1)), pow(sub(1, x), sub(b, 1))), below);
  const powers = add(mul(sub(a, 1), log(x)), mul(sub(b, 1), log1p(neg(x))));
  return exp(sub(powers, onDuals(betaln)(a, b)));
}
