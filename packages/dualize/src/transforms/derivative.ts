import { Dual } from "../dual-number.ts";
import { notScalar } from "../errors.ts";
import { describe } from "../tree.ts";
import { type AnyFunction, dualForm, gradientForm, twinOf } from "../twins.ts";
import type { Args, Fn, Tangent } from "../types.ts";
import { checkFunction } from "./function-argument.ts";
import { push } from "./push.ts";

/**
 * The derivative of a function along its first argument, a number: `x ↦ ∂f/∂x (x, ...rest)`.
 *
 * The result has the shape of the value of `f`: a number, or an array, object or function of them.
 *
 * @throws DualizeError DUAL102 when `f` has no twin, DUAL107 when the first argument is no number
 *
 * @example
 * const cube = dual((x: number) => x ** 3);
 * derivative(cube)(2); // 12
 * derivative(derivative(cube))(2); // 12
 */
export const derivative: <A extends [x: number, ...rest: Args], R>(
  f: Fn<A, R>,
) => Fn<A, Tangent<R>> = dualForm(((f: unknown) => {
  checkFunction("derivative", f);
  const derivative = function (this: unknown, ...args: unknown[]) {
    const twin = twinOf(f);
    const fast = twin?.calls?.derivative(twin, args);
    if (fast !== undefined) return fast;
    const [x] = args;
    if (typeof x !== "number" && !(x instanceof Dual)) {
      throw notScalar(
        "derivative(f)",
        "a number as the first argument",
        describe(x),
        "Use grad, jacobian or jvp for functions of arrays and objects.",
      );
    }
    return push(f, this, args, ONE)[1];
  };
  return gradientForm(derivative, f as AnyFunction);
}) as never);

const ONE = [1];
