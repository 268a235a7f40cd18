import { Dual, type Num } from "../dual-number.ts";
import { notScalar } from "../errors.ts";
import { describe } from "../tree.ts";
import { type Buffers, dualForm, twinOf } from "../twins.ts";
import type { Args, Fn, Tangent } from "../types.ts";
import { combine, mapLeaves, pushBasis } from "./basis.ts";

/** Options of the transforms that differentiate by one argument. */
export interface ArgnumOption<N extends number = number> {
  /** Which argument to differentiate by, counted from 0 (the default). */
  readonly argnum?: N;
}

/** What a scalar function, or a function that returns scalar functions, has for a gradient by `T`. */
export type Gradient<R, T> = R extends (...args: infer A) => infer S
  ? (...args: A) => Gradient<S, T>
  : Tangent<T>;

const checkScalar = (call: string, x: unknown): Num => {
  if (typeof x === "number" || x instanceof Dual) return x;
  throw notScalar(
    call,
    "a function whose value is a number",
    `a value that is ${describe(x)}`,
    "Use jacobian for functions with many results.",
  );
};

function gradientOf(
  call: string,
  f: unknown,
  self: unknown,
  args: unknown[],
  argnum: number,
  buffers: Buffers,
) {
  const twin = twinOf(f);
  const fast = twin?.calls?.gradient(twin, args, argnum, buffers);
  if (fast !== undefined) return { value: fast[0], gradient: fast[1] };
  const { value, tangents } = pushBasis(call, f, self, args, argnum);
  if (typeof value !== "function") checkScalar(call, value);
  const shape = mapLeaves(args[argnum], () => 0);
  const gradient = combine(
    tangents,
    (column) => {
      let i = 0;
      return mapLeaves(shape, () => column[i++] as Num);
    },
    (t) => checkScalar(call, t),
  );
  return { value, gradient };
}

/**
 * The gradient of a scalar function by one of its arguments, in the shape of that argument:
 * `∇f = (∂f/∂x₁, …, ∂f/∂xₙ)`. It takes n forward passes.
 *
 * Of a function that returns a function (`params => x => y`) it is a function too:
 * `grad(model)(params)(x)` is the gradient of `model(params)(x)` by `params`.
 *
 * @throws DualizeError DUAL102 when `f` has no twin, DUAL107 when its value is no number
 *
 * @example
 * const f = dual((x: number[]) => x[0] * x[1]);
 * grad(f)([2, 3]); // [3, 2]
 */
export const grad: <A extends Args, R, N extends number = 0>(
  f: Fn<A, R>,
  options?: ArgnumOption<N>,
) => Fn<A, Gradient<R, A[N]>> = dualForm(((f: unknown, { argnum = 0 }: ArgnumOption = {}) => {
  const buffers: Buffers = { args: undefined };
  return dualForm(function (this: unknown, ...args: unknown[]) {
    return gradientOf("grad(f)", f, this, args, argnum, buffers).gradient;
  });
}) as never);

/**
 * The value of a scalar function and its gradient: `x ↦ [f(x), ∇f(x)]`; see `grad`.
 *
 * @example
 * const f = dual((x: number[]) => x[0] * x[1]);
 * valueAndGrad(f)([2, 3]); // [6, [3, 2]]
 */
export const valueAndGrad: <A extends Args, R, N extends number = 0>(
  f: Fn<A, R>,
  options?: ArgnumOption<N>,
) => Fn<A, [value: R, gradient: Gradient<R, A[N]>]> = dualForm(((
  f: unknown,
  { argnum = 0 }: ArgnumOption = {},
) => {
  const buffers: Buffers = { args: undefined };
  return dualForm(function (this: unknown, ...args: unknown[]) {
    const { value, gradient } = gradientOf("valueAndGrad(f)", f, this, args, argnum, buffers);
    return [value, gradient];
  });
}) as never);
