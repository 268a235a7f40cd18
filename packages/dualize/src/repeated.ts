import { plain } from "./dual-number.ts";
import { unsupportedValue } from "./errors.ts";
import { numbersOf } from "./transforms/pull.ts";

const numbersIn = (x: unknown): readonly unknown[] => numbersOf(x).map(plain);

/**
 * What sees that a function gives the same when it is run again, under checkpoint on the way back: else the derivative
 * would be of another one.
 */
export function repeated(
  value: unknown,
  what = "a function under checkpoint gives something else on the way back",
): (again: unknown) => void {
  const before = numbersIn(value);
  return (again) => {
    const now = numbersIn(again);
    if (before.length !== now.length || before.some((x, i) => !Object.is(x, now[i])))
      throw unsupportedValue(what, "Let it depend on its arguments alone.");
  };
}
