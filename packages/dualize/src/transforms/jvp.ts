import { badArgument, shapeMismatch } from "../errors.ts";
import { describe } from "../tree.ts";
import { dualForm } from "../twins.ts";
import type { Args, Fn, Tangent, TangentInputs } from "../types.ts";
import { checkFunction } from "./function-argument.ts";
import { push } from "./push.ts";

/**
 * Jacobian-vector product: the value of `f` and its derivative in one direction, in one pass.
 *
 * For `y = f(x₁, …, xₙ)` it gives `[y, Σᵢ ∂f/∂xᵢ · vᵢ]`.
 *
 * @param f a marked function (`"use dual"`), a function of `Math`, or one made by our own transforms
 * @param primals the arguments: numbers, nested arrays, typed arrays, objects, anything else as it is
 * @param tangents the direction: in the shape of `primals`; a missing, null or undefined part is zero
 * @returns `[value, tangent]`, the tangent in the shape of the value, null at leaves that are no numbers
 * @throws DualizeError DUAL102 when `f` has no twin, DUAL103 when shapes differ (it says where)
 *
 * A function that writes into an array or object argument writes into the caller's primal and into
 * the caller's tangent.
 *
 * @example
 * const energy = dual((q: number, p: number) => (p * p) / 2 - Math.cos(q));
 * jvp(energy, [0, 3], [0, 1]); // [3.5, 3]
 */
export const jvp: <A extends Args, R>(
  f: Fn<A, R>,
  primals: Readonly<A>,
  tangents: TangentInputs<A>,
) => [value: R, tangent: Tangent<R>] = dualForm(((
  f: unknown,
  primals: unknown[],
  tangents: unknown[],
) => {
  checkFunction("jvp", f);
  if (!Array.isArray(primals)) throw badArgument("jvp", "an array of arguments", describe(primals));
  if (!Array.isArray(tangents))
    throw badArgument("jvp", "an array of tangents", describe(tangents));
  if (tangents.length > primals.length) {
    throw shapeMismatch("the tangents", describe(tangents), describe(primals));
  }
  return push(f, undefined, primals, tangents);
}) as never);
