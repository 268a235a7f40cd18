import { badArgument } from "../errors.ts";
import { describe } from "../tree.ts";

/** @throws DualizeError DUAL109 where a transform gets something else than a function, such as a value of it */
export function checkFunction(call: string, f: unknown): void {
  if (typeof f !== "function") throw badArgument(call, "a function (f, not f(x))", describe(f));
}
