/** The standard normal distribution. */
import { customJvp } from "dualize";
import { erf } from "mathjs";

/** The density `exp(-x²/2) / √(2π)`. */
export function density(x: number): number {
  "use dual";
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/**
 * The probability of a value below `x`. It comes from a library, which has no derivative code; the
 * rule says what everyone knows, that it is the density. The rule is differentiated again for second
 * derivatives.
 */
export const cumulative: (x: number) => number = customJvp(
  (x: number) => (1 + erf(x / Math.SQRT2)) / 2,
  ([x], [dx]) => [cumulative(x), density(x) * dx],
);
