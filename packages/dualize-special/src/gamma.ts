import stdlibGamma from "@stdlib/math-base-special-gamma";
import { mul } from "dualize/dual";
import { digamma } from "./digamma.ts";
import { onDuals, unary } from "./special.ts";

/**
 * The gamma function `Γ(x)`, `Γ(n + 1) = n!` ([DLMF 5.2.1](https://dlmf.nist.gov/5.2.E1)). NaN at
 * negative integers.
 *
 * `Γ'(x) = Γ(x)·ψ(x)`
 *
 * @example
 * gamma(5); // 24
 * derivative(gamma)(1); // -0.5772156649015329 (Euler's constant)
 */
export const gamma: (x: number) => number = /* @__PURE__ */ unary(stdlibGamma, (r, x) =>
  mul(r, onDuals(digamma)(x)),
);
