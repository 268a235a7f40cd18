import { add, mul, type Num, sub } from "dualize/dual";
import { noDerivative } from "./errors.ts";
import { onDuals, several } from "./special.ts";
import { besselYValue } from "./values/bessel-jy.ts";

/**
 * The Bessel function of the second kind `Y_ν(x)`, real order; -Infinity at 0, NaN for negative `x`
 * ([DLMF 10.2](https://dlmf.nist.gov/10.2)).
 *
 * `∂Y_ν/∂x = (Y_{ν-1}(x) - Y_{ν+1}(x)) / 2`
 *
 * @throws DualizeError DUAL108 where the order `ν` is active: that derivative has no closed form
 *
 * @example
 * besselY(0, 1); // 0.08825696421567701
 */
export const besselY: (nu: number, x: number) => number = /* @__PURE__ */ several(
  besselYValue,
  () => noDerivative("besselY(nu, x)", "the order nu"),
  (_, nu, x) => mul(0.5, sub(at(add(nu, -1), x), at(add(nu, 1), x))),
);

const at = (nu: Num, x: Num): Num => onDuals(besselY)(nu, x);
