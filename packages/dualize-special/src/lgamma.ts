import stdlibGammaln from "@stdlib/math-base-special-gammaln";
import { digamma } from "./digamma.ts";
import { onDuals, unary } from "./special.ts";

/**
 * `ln |Γ(x)|`, which does not overflow where `Γ` does; Infinity at 0 and the negative integers.
 *
 * `lgamma'(x) = ψ(x)`, the {@link digamma} function
 *
 * @example
 * lgamma(100); // 359.13420536957545
 */
export const lgamma: (x: number) => number = /* @__PURE__ */ unary(stdlibGammaln, (_, x) =>
  onDuals(digamma)(x),
);
