import stdlibDigamma from "@stdlib/math-base-special-digamma";
import { polygamma } from "./polygamma.ts";
import { onDuals, unary } from "./special.ts";

/**
 * The digamma function `ψ(x) = Γ'(x)/Γ(x)` ([DLMF 5.2.2](https://dlmf.nist.gov/5.2.E2)). NaN at 0 and
 * the negative integers.
 *
 * `ψ'(x) = ψ⁽¹⁾(x)`, {@link polygamma} of order 1
 *
 * @example
 * digamma(1); // -0.5772156649015329
 */
export const digamma: (x: number) => number = /* @__PURE__ */ unary(stdlibDigamma, (_, x) =>
  onDuals(polygamma)(1, x),
);
