import { add, mul, type Num } from "dualize/dual";
import { noDerivative } from "./errors.ts";
import { onDuals, several } from "./special.ts";
import { besselIValue } from "./values/bessel-i.ts";

/**
 * The modified Bessel function of the first kind `I_ν(x)`, real order; NaN for negative `x` unless the order is whole
 * ([DLMF 10.25](https://dlmf.nist.gov/10.25)).
 *
 * `∂I_ν/∂x = (I_{ν-1}(x) + I_{ν+1}(x)) / 2`
 *
 * @throws DualizeError DUAL108 where the order `ν` is active: that derivative has no closed form
 *
 * @example
 * besselI(0, 1); // 1.2660658777520082
 */
export const besselI: (nu: number, x: number) => number = /* @__PURE__ */ several(
  besselIValue,
  () => noDerivative("besselI(nu, x)", "the order nu"),
  (_, nu, x) => mul(0.5, add(at(add(nu, -1), x), at(add(nu, 1), x))),
);

const at = (nu: Num, x: Num): Num => onDuals(besselI)(nu, x);
