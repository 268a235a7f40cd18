import { Dual, type Num } from "../dual-number.ts";
import { notScalar } from "../errors.ts";
import { describe } from "../tree.ts";
import { type AnyFunction, dualForm, gradientForm, twinOf } from "../twins.ts";
import type { Args, ArgsBy, Fn, HasArgument, HasArguments, Scalar, Tangent } from "../types.ts";
import { combine, copyTree, countInputs, mapLeaves, pushBasis } from "./basis.ts";
import {
  type GradientOption,
  goesForward,
  isPlaces,
  type Job,
  jobOf,
  type ModeOption,
} from "./mode.ts";
import { pullOnce } from "./pull.ts";
import { dualFormOf } from "./push.ts";
import { appliedTo } from "./vjp.ts";

/** What a scalar function, or a function that returns scalar functions, has for a gradient by `T`. */
export type Gradient<R, T> = R extends (...args: infer A) => infer S
  ? (...args: A) => Gradient<S, T>
  : Tangent<T>;

/** The gradients by several arguments, in the order of their places in `N`. */
export type GradientsBy<R, A extends Args, N extends readonly number[]> = R extends (
  ...args: infer B
) => infer S
  ? (...args: B) => GradientsBy<S, A, N>
  : { -readonly [K in keyof N]: Tangent<A[N[K]]> };

const checkScalar = (call: string, x: unknown): Num => {
  if (typeof x === "number" || x instanceof Dual) return x;
  throw notScalar(
    call,
    "a function whose value is a number",
    `a value that is ${describe(x)}`,
    x instanceof Promise
      ? "Of an async function take jacobian or jvp and await it."
      : "Use jacobian for functions with many results.",
  );
};

type Gradients = [value: unknown, gradient: unknown];

const gradientOf = (
  job: Job<number | readonly number[]>,
  f: unknown,
  self: unknown,
  args: readonly unknown[],
): Gradients =>
  typeof job.argnum === "number"
    ? byOne(job as Job, f, self, args)
    : bySeveral(job as Job<readonly number[]>, f, self, args);

/** One sweep of the adjoint form, or the gradient by the list of the arguments. */
function bySeveral(
  job: Job<readonly number[]>,
  f: unknown,
  self: unknown,
  args: readonly unknown[],
): Gradients {
  const { call, argnum: all, mode } = job;
  const twin = twinOf(f);
  const swept = mode !== "forward" && twin?.adjoints?.gradients(twin, args, all);
  if (swept) return swept;
  for (const i of all) countInputs(call, args, i);
  const ofList = dualForm((list: unknown[]) =>
    dualFormOf(f).apply(
      self,
      args.map((a, i) => list[all.indexOf(i)] ?? a),
    ),
  );
  const by = all.map((i) => args[i]);
  // Beside the list stands the function, so that what it knows is known of this one.
  return byOne({ ...job, argnum: 0, buffers: { args: undefined } }, ofList, self, [by, f]);
}

function byOne(job: Job, f: unknown, self: unknown, args: readonly unknown[]): Gradients {
  const { call, argnum, mode, buffers } = job;
  const twin = twinOf(f);
  // One number is one pass, which is cheaper than anything there is to find out before it.
  const isNumber = typeof args[argnum] === "number" && mode !== "reverse";
  const one = isNumber && twin?.calls?.gradient(twin, args, argnum, buffers);
  if (one) return one;
  const found = mode !== "forward" && twin?.adjoints?.gradient(twin, args, argnum);
  if (found) return found;
  const inputs = countInputs(call, args, argnum);
  const fast =
    goesForward(twin, args, inputs, mode) && twin?.calls?.gradient(twin, args, argnum, buffers);
  if (fast) return fast;
  // It may have met a function that must not be run again.
  if (!goesForward(twin, args, inputs, mode)) return reverseGradient(job, f, self, args);
  const { value, tangents, shape } = pushBasis(call, f, self, args, argnum);
  if (typeof value !== "function") checkScalar(call, value);
  const gradient = combine(
    tangents,
    (column) => {
      let i = 0;
      return mapLeaves(shape, () => column[i++] as Num);
    },
    (t) => checkScalar(call, t),
  );
  return [value, gradient];
}

/** The gradient by one recording and one sweep over it. */
function reverseGradient(job: Job, f: unknown, self: unknown, args: readonly unknown[]): Gradients {
  const { call, argnum } = job;
  return pullOnce(
    f,
    self,
    args,
    (i) => i === argnum,
    ({ value, pullback }) => {
      if (typeof value !== "function") {
        checkScalar(call, value);
        return [value, pullback(1)[argnum]];
      }
      const point = copyTree(args);
      const gradient = dualForm(
        (...more: unknown[]) => reverseGradient(job, appliedTo(f, more), self, copyTree(point))[1],
      );
      return [value, gradient];
    },
  );
}

/**
 * The gradient of a scalar function by one of its arguments, in the shape of that argument:
 * `∇f = (∂f/∂x₁, …, ∂f/∂xₙ)`. For many numbers it is one pass of reverse mode, whose cost does not
 * grow with n; for few it is n passes of forward mode. `mode` decides otherwise.
 *
 * Of a function that returns a function (`params => x => y`) it is a function too:
 * `grad(model)(params)(x)` is the gradient of `model(params)(x)` by `params`.
 *
 * With a list of places, `{ argnum: [0, 2] }`, it gives the list of the gradients by these arguments, of
 * one run and one sweep.
 *
 * @throws DualizeError DUAL102 when `f` has no twin, DUAL107 when its value is no number
 *
 * @example
 * const f = dual(([x, y]: [number, number]) => x * y);
 * grad(f)([2, 3]); // [3, 2]
 * const g = dual((x: number, y: number) => x * x * y);
 * grad(g, { argnum: [0, 1] })(2, 3); // [12, 4]
 */
export const grad: {
  <A extends ArgsBy<N>, R extends Scalar, N extends number = 0>(
    f: Fn<A, R>,
    options?: ModeOption<N> & HasArgument<A, N>,
  ): Fn<A, Gradient<R, A[N]>>;
  <A extends Args, R extends Scalar, const N extends readonly number[]>(
    f: Fn<A, R>,
    options: GradientOption<N> & HasArguments<A, N>,
  ): Fn<A, GradientsBy<R, A, N>>;
} = dualForm(((f: unknown, options?: GradientOption) => {
  const grad = jobOf("grad(f)", f, options, isPlaces);
  const gradient = function (this: unknown, ...args: unknown[]) {
    return gradientOf(grad, f, this, args)[1];
  };
  return grad.argnum === 0 ? gradientForm(gradient, f as AnyFunction) : dualForm(gradient);
}) as never);

/**
 * The value of a scalar function and its gradient: `x ↦ [f(x), ∇f(x)]`; see `grad`.
 *
 * @example
 * const f = dual(([x, y]: [number, number]) => x * y);
 * valueAndGrad(f)([2, 3]); // [6, [3, 2]]
 */
export const valueAndGrad: {
  <A extends ArgsBy<N>, R extends Scalar, N extends number = 0>(
    f: Fn<A, R>,
    options?: ModeOption<N> & HasArgument<A, N>,
  ): Fn<A, [value: R, gradient: Gradient<R, A[N]>]>;
  <A extends Args, R extends Scalar, const N extends readonly number[]>(
    f: Fn<A, R>,
    options: GradientOption<N> & HasArguments<A, N>,
  ): Fn<A, [value: R, gradients: GradientsBy<R, A, N>]>;
} = dualForm(((f: unknown, options?: GradientOption) => {
  const valueAndGrad = jobOf("valueAndGrad(f)", f, options, isPlaces);
  return dualForm(function (this: unknown, ...args: unknown[]) {
    return gradientOf(valueAndGrad, f, this, args);
  });
}) as never);
