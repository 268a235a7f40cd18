import stdlibBetaln from "@stdlib/math-base-special-betaln";
import { add, sub } from "dualize/dual";
import { digamma } from "./digamma.ts";
import { onDuals, several } from "./special.ts";

/**
 * `ln B(a, b)` for `a, b > 0`, which does not underflow where {@link beta} does.
 *
 * `∂/∂a = ψ(a) - ψ(a + b)`, and the same for `b`
 *
 * @example
 * betaln(1000, 1000); // -1388.482601635902
 */
export const betaln: (a: number, b: number) => number = /* @__PURE__ */ several(
  stdlibBetaln,
  (_, a, b) => sub(onDuals(digamma)(a), onDuals(digamma)(add(a, b))),
  (_, a, b) => sub(onDuals(digamma)(b), onDuals(digamma)(add(a, b))),
);
