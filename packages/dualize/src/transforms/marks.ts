import { Dual, type Num, primalOf as primalOfNumber } from "../dual-number.ts";
import { noTwin } from "../errors.ts";
import { hasDuals } from "../tree.ts";
import { type AnyFunction, dualForm, twinOf } from "../twins.ts";
import { copyTree } from "./basis.ts";

/**
 * `x` with its derivative taken to be zero, at every nesting level. Works on numbers and on arrays
 * and objects of them.
 *
 * @example
 * const f = dual((x: number) => x * stopGradient(x));
 * derivative(f)(3); // 3 (without it: 6)
 */
export const stopGradient: <T>(x: T) => T = dualForm(((x: unknown) =>
  hasDuals(x) ? copyTree(x, primalOfNumber) : x) as never);

/**
 * Whether `x` carries a tangent, that is, whether it is a number inside a derivative that the
 * derivative depends on.
 *
 * @example
 * import { isDual } from "dualize";
 * import { Dual } from "dualize/dual";
 * isDual(2); // false
 * isDual(new Dual(2, 1)); // true
 */
export const isDual: (x: unknown) => boolean = dualForm((x: unknown) => x instanceof Dual);

/**
 * The plain number inside `x`, without the tangents of any nesting level; for looking, not for
 * computing on: what is computed from it has no derivative.
 *
 * @example
 * let seen = 0;
 * derivative((x: number) => {
 *   seen = primalOf(x * x);
 *   return x * x;
 * })(3); // 6
 * seen; // 9
 */
export const primalOf: (x: number) => number = dualForm((x: Num) => primalOfNumber(x));

/**
 * Marks an expression as a function to differentiate, like `"use dual"` in its body. The plugin
 * compiles the call away; where it did not run, this throws.
 *
 * @throws DualizeError DUAL102 when the plugin did not run
 *
 * @example
 * const square = dual((x: number) => x * x);
 * derivative(square)(3); // 6
 */
export function dual<F extends AnyFunction>(f: F): F {
  if (!twinOf(f)) throw noTwin(f);
  return f;
}
dualForm(dual);
