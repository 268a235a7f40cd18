import stdlibErfinv from "@stdlib/math-base-special-erfinv";
import { exp, mul } from "dualize/dual";
import { unary } from "./special.ts";

const HALF_SQRT_PI = Math.sqrt(Math.PI) / 2;

/**
 * The inverse of the error function: `erf(erfinv(x)) = x` for `-1 ≤ x ≤ 1`, NaN outside
 * ([DLMF 7.17.1](https://dlmf.nist.gov/7.17.E1)).
 *
 * `erfinv'(x) = √π/2 · exp(erfinv(x)²)`, infinite at ±1
 *
 * @example
 * erfinv(0.5); // 0.4769362762044699
 */
export const erfinv: (x: number) => number = /* @__PURE__ */ unary(stdlibErfinv, (r) =>
  mul(HALF_SQRT_PI, exp(mul(r, r))),
);
