import { add, mul, type Num } from "dualize/dual";
import { noDerivative } from "./errors.ts";
import { onDuals, several } from "./special.ts";
import { besselKValue } from "./values/bessel-k.ts";

/**
 * The modified Bessel function of the second kind `K_ν(x)`, real order; Infinity at 0, NaN for negative `x`
 * ([DLMF 10.25](https://dlmf.nist.gov/10.25)).
 *
 * `∂K_ν/∂x = -(K_{ν-1}(x) + K_{ν+1}(x)) / 2`
 *
 * @throws DualizeError DUAL108 where the order `ν` is active: that derivative has no closed form
 *
 * @example
 * besselK(0, 1); // 0.4210244382407084
 */
export const besselK: (nu: number, x: number) => number = /* @__PURE__ */ several(
  besselKValue,
  () => noDerivative("besselK(nu, x)", "the order nu"),
  (_, nu, x) => mul(-0.5, add(at(add(nu, -1), x), at(add(nu, 1), x))),
);

const at = (nu: Num, x: Num): Num => onDuals(besselK)(nu, x);
