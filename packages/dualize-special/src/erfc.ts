import stdlibErfc from "@stdlib/math-base-special-erfc";
import { exp, mul, neg } from "dualize/dual";
import { unary } from "./special.ts";

const TWO_BY_SQRT_PI = 2 / Math.sqrt(Math.PI);

/**
 * The complementary error function `erfc(x) = 1 - erf(x)`, whose digits are not lost for large `x`
 * ([DLMF 7.2.2](https://dlmf.nist.gov/7.2.E2)).
 *
 * `erfc'(x) = -2/√π · exp(-x²)`
 *
 * @example
 * erfc(5); // 1.5374597944280351e-12
 */
export const erfc: (x: number) => number = /* @__PURE__ */ unary(stdlibErfc, (_, x) =>
  mul(-TWO_BY_SQRT_PI, exp(neg(mul(x, x)))),
);
