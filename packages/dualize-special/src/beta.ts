import stdlibBeta from "@stdlib/math-base-special-beta";
import { add, mul, sub } from "dualize/dual";
import { digamma } from "./digamma.ts";
import { onDuals, several } from "./special.ts";

/**
 * The beta function `B(a, b) = Γ(a)Γ(b)/Γ(a + b)` for `a, b > 0`
 * ([DLMF 5.12.1](https://dlmf.nist.gov/5.12.E1)).
 *
 * `∂B/∂a = B(a, b)·(ψ(a) - ψ(a + b))`, and the same for `b`
 *
 * @example
 * beta(2, 3); // 0.08333333333333333
 */
export const beta: (a: number, b: number) => number = /* @__PURE__ */ several(
  stdlibBeta,
  (r, a, b) => mul(r, sub(onDuals(digamma)(a), onDuals(digamma)(add(a, b)))),
  (r, a, b) => mul(r, sub(onDuals(digamma)(b), onDuals(digamma)(add(a, b)))),
);
