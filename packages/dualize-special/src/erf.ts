import stdlibErf from "@stdlib/math-base-special-erf";
import { exp, mul, neg } from "dualize/dual";
import { unary } from "./special.ts";

const TWO_BY_SQRT_PI = 2 / Math.sqrt(Math.PI);

/**
 * The error function `erf(x) = 2/√π ∫₀ˣ exp(-t²) dt` ([DLMF 7.2.1](https://dlmf.nist.gov/7.2.E1)).
 *
 * `erf'(x) = 2/√π · exp(-x²)`
 *
 * @example
 * erf(0.5); // 0.5204998778130465
 * derivative(erf)(0); // 1.1283791670955126
 */
export const erf: (x: number) => number = /* @__PURE__ */ unary(stdlibErf, (_, x) =>
  mul(TWO_BY_SQRT_PI, exp(neg(mul(x, x)))),
);
