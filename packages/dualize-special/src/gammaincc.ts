import stdlibGammainc from "@stdlib/math-base-special-gammainc";
import { neg } from "dualize/dual";
import { noDerivative } from "./errors.ts";
import { gammaDensity } from "./gammainc.ts";
import { several } from "./special.ts";

/**
 * The regularised upper incomplete gamma function `Q(a, x) = 1 - P(a, x)`, whose digits are not lost
 * for large `x` ([DLMF 8.2.4](https://dlmf.nist.gov/8.2.E4)).
 *
 * `∂Q/∂x = -x^(a-1) e^(-x) / Γ(a)`
 *
 * @throws DualizeError DUAL108 where the shape `a` is active: that derivative has no closed form
 *
 * @example
 * gammaincc(1, 2); // 0.1353352832366127 (e^(-2))
 */
export const gammaincc: (a: number, x: number) => number = /* @__PURE__ */ several(
  (a: number, x: number) => stdlibGammainc(x, a, true, true),
  () => noDerivative("gammaincc(a, x)", "the shape a"),
  (_, a, x) => neg(gammaDensity(a, x)),
);
