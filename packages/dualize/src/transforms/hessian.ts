import { dualForm, twinOf } from "../twins.ts";
import type {
  Args,
  ArgsBy,
  Differentiable,
  Fn,
  HasArgument,
  MapNumbers,
  Tangent,
} from "../types.ts";
import { copyTree, countInputs, pushBasis, rowsOf } from "./basis.ts";
import { checkFunction } from "./function-argument.ts";
import { grad } from "./gradient.ts";
import { type ArgnumOption, jobOf } from "./mode.ts";
import { push } from "./push.ts";
import { appliedTo } from "./vjp.ts";

/** A transform that is applied to what is known only at run time. */
type Untyped = (f: unknown, options?: unknown) => (...args: unknown[]) => unknown;

const gradientOf = (f: unknown, argnum = 0) =>
  (grad as unknown as Untyped)(f, { argnum, mode: "reverse" });

/**
 * The Hessian of a scalar function by one argument: `H[i][j] = ∂²f/∂xᵢ∂xⱼ`, for an array of numbers
 * an array of rows. It takes n Hessian-vector products, and is symmetric to the last bit.
 *
 * @throws DualizeError DUAL102 when `f` has no twin, DUAL107 when its value is no number
 *
 * @example
 * const f = dual(([x, y]: [number, number]) => x * x * y);
 * hessian(f)([1, 3]); // [[6, 2], [2, 0]]
 */
export const hessian: <A extends ArgsBy<N>, N extends number = 0>(
  f: Fn<A, number>,
  options?: ArgnumOption<N> & HasArgument<A, N>,
) => Fn<A, MapNumbers<A[N], Tangent<A[N]>>> = dualForm(((f: unknown, options?: ArgnumOption) => {
  const { call, argnum } = jobOf("hessian(f)", f, options);
  const gradient = gradientOf(f, argnum);
  return dualForm(function (this: unknown, ...args: unknown[]) {
    countInputs(call, args, argnum);
    const twin = twinOf(f);
    const rows = argnum === 0 ? twin?.adjoints?.hessian(twin, args) : undefined;
    if (rows !== undefined) return rows;
    const { tangents, shape } = pushBasis(call, gradient, this, args, argnum);
    if (typeof tangents[0] === "function") {
      const point = copyTree(args);
      return dualForm((...more: unknown[]) =>
        (hessian as unknown as Untyped)(appliedTo(f, more), { argnum }).apply(
          this,
          copyTree(point),
        ),
      );
    }
    return rowsOf(tangents, shape);
  });
}) as never);

/**
 * Hessian-vector product: `(x, v) ↦ H(x)·v`, in the shape of `x`, without the Hessian itself. It is
 * the tangent of the gradient (Pearlmutter, "Fast exact multiplication by the Hessian", 1994): one
 * pass, whose cost does not grow with the number of inputs. Further arguments of `f` follow `v`.
 *
 * @throws DualizeError DUAL102 when `f` has no twin, DUAL103 when `v` has another shape than `x`,
 * DUAL107 when the value of `f` is no number
 *
 * @example
 * const f = dual(([x, y]: [number, number]) => x * x * y);
 * hvp(f)([1, 3], [1, 0]); // [6, 2]
 */
export const hvp: <X extends Differentiable, A extends Args>(
  f: (x: X, ...rest: A) => number,
) => (x: X, v: Tangent<X>, ...rest: A) => Tangent<X> = dualForm(((f: unknown) => {
  checkFunction("hvp(f)", f);
  const gradient = gradientOf(f);
  return dualForm(function (this: unknown, x: unknown, v: unknown, ...rest: unknown[]) {
    const twin = twinOf(f);
    const fast = twin?.adjoints?.hvp(twin, [x, ...rest], v);
    // Where the function writes into `x`, tangents are written into what goes along.
    return fast ?? push(gradient, this, [x, ...rest], [copyTree(v)])[1];
  });
}) as never);
