import { add, primalOf } from "dualize/dual";
import { noDerivative } from "./errors.ts";
import { onDuals, several } from "./special.ts";
import { polygammaValue } from "./values/polygamma.ts";

/**
 * The polygamma function `ψ⁽ⁿ⁾(x)`, the n-th derivative of {@link digamma}, for whole `n` from 0 to 170
 * ([DLMF 5.15](https://dlmf.nist.gov/5.15)). NaN at 0 and the negative integers, and for other `n`.
 *
 * `∂ψ⁽ⁿ⁾/∂x = ψ⁽ⁿ⁺¹⁾(x)`
 *
 * @throws DualizeError DUAL108 where the order `n` is active
 *
 * @example
 * polygamma(1, 1); // 1.6449340668482264 (π²/6)
 */
export const polygamma: (n: number, x: number) => number = /* @__PURE__ */ several(
  polygammaValue,
  () => noDerivative("polygamma(n, x)", "the order n"),
  (_, n, x) => onDuals(polygamma)(add(primalOf(n), 1), x),
);
