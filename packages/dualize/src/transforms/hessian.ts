import { dualForm } from "../twins.ts";
import type { Args, Fn, MapNumbers, Tangent } from "../types.ts";
import { type ArgnumOption, grad } from "./gradient.ts";
import { jacobian } from "./jacobian.ts";
import { push } from "./push.ts";

/**
 * The Hessian of a scalar function by one argument: `H[i][j] = ∂²f/∂xᵢ∂xⱼ`, for an array of numbers
 * an array of rows. Forward over forward: it takes n² passes.
 *
 * @throws DualizeError DUAL102 when `f` has no twin, DUAL107 when its value is no number
 *
 * @example
 * const f = dual((x: number[]) => x[0] * x[0] * x[1]);
 * hessian(f)([1, 3]); // [[6, 2], [2, 0]]
 */
export const hessian: <A extends Args, N extends number = 0>(
  f: Fn<A, number>,
  options?: ArgnumOption<N>,
) => Fn<A, MapNumbers<A[N], Tangent<A[N]>>> = dualForm(((f: never, options?: ArgnumOption) =>
  jacobian(grad(f, options) as never, options)) as never);

/**
 * Hessian-vector product: `(x, v) ↦ H(x)·v`, in the shape of `x`, without the Hessian itself;
 * it takes n passes for n numbers in `x`. Further arguments of `f` follow `v`.
 *
 * @example
 * const f = dual((x: number[]) => x[0] * x[0] * x[1]);
 * hvp(f)([1, 3], [1, 0]); // [6, 2]
 */
export const hvp: <X, A extends Args>(
  f: (x: X, ...rest: A) => number,
) => (x: X, v: Tangent<X>, ...rest: A) => Tangent<X> = dualForm(((f: never) => {
  const gradient = grad(f);
  return dualForm(
    (x: unknown, v: unknown, ...rest: unknown[]) => push(gradient, undefined, [x, ...rest], [v])[1],
  );
}) as never);
