import { add, mul, type Num, sub } from "dualize/dual";
import { noDerivative } from "./errors.ts";
import { onDuals, several } from "./special.ts";
import { besselJValue } from "./values/bessel-jy.ts";

/**
 * The Bessel function of the first kind `J_ν(x)`, real order; NaN for negative `x` unless the order is whole
 * ([DLMF 10.2](https://dlmf.nist.gov/10.2)).
 *
 * `∂J_ν/∂x = (J_{ν-1}(x) - J_{ν+1}(x)) / 2`
 *
 * @throws DualizeError DUAL108 where the order `ν` is active: that derivative has no closed form
 *
 * @example
 * besselJ(0, 1); // 0.7651976865579665
 */
export const besselJ: (nu: number, x: number) => number = /* @__PURE__ */ several(
  besselJValue,
  () => noDerivative("besselJ(nu, x)", "the order nu"),
  (_, nu, x) => mul(0.5, sub(at(add(nu, -1), x), at(add(nu, 1), x))),
);

const at = (nu: Num, x: Num): Num => onDuals(besselJ)(nu, x);
