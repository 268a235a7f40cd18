import { DualizeError } from "dualize";

/** An argument along which a function has no derivative that we know how to compute. */
export function noDerivative(call: string, what: string): never {
  throw new DualizeError(
    "DUAL108",
    `${call} has no derivative by ${what} here, and ${what} is active. ` +
      `Give it a plain number: stopGradient(value) if that derivative does not matter, or a rule of your own with customJvp().`,
  );
}
