import { badArgument } from "../errors.ts";
import { describe } from "../tree.ts";
import { type AnyFunction, dualForm, type PullBack, twinOf } from "../twins.ts";
import type { Args, Fn, Pullback } from "../types.ts";
import { copyTree } from "./basis.ts";
import { checkFunction } from "./function-argument.ts";
import { pull } from "./pull.ts";
import { dualFormOf } from "./push.ts";

/**
 * Vector-Jacobian product: the value of `f`, and the pullback, which takes a cotangent of the value
 * back to cotangents of the arguments. Reverse mode: whatever the number of arguments, one pullback
 * costs a small multiple of the function.
 *
 * For `y = f(x₁, …, xₙ)` it gives `[y, ȳ ↦ (ȳ · ∂f/∂x₁, …, ȳ · ∂f/∂xₙ)]`.
 *
 * The pullback may be called any number of times, also never. Its cotangents are new arrays and
 * objects in the shapes of the arguments as they were, null where an argument holds no number; a
 * cotangent that is null or missing is zero. What `f` writes into its arguments comes out of it too:
 * cotangents of the arguments as they are after the call are the second argument of the pullback,
 * zero if not given.
 *
 * Of a function that returns a function the pullback takes the arguments of that first:
 * `vjp(f, [p])[1](x)(ȳ)`. `f` runs again for each of these calls.
 *
 * @throws DualizeError DUAL102 when `f` has no twin, DUAL103 when a cotangent has another shape
 *
 * @example
 * const f = dual((x: number, y: number) => x * y + Math.sin(x));
 * const [value, pullback] = vjp(f, [0, 3]);
 * value; // 0
 * pullback(1); // [4, 0]
 * pullback(10); // [40, 0]
 */
export const vjp: <A extends Args, R>(
  f: Fn<A, R>,
  primals: Readonly<A>,
) => [value: R, pullback: Pullback<A, R>] = dualForm(((f: unknown, primals: unknown[]) => {
  checkFunction("vjp", f);
  if (!Array.isArray(primals)) throw badArgument("vjp", "an array of arguments", describe(primals));
  return pullBack(f, undefined, primals);
}) as never);

/** The value and the pullback, by the adjoint form where that takes the arguments. */
export function pullBack(f: unknown, self: unknown, primals: readonly unknown[]): PullBack {
  const twin = twinOf(f);
  const fast = twin?.adjoints?.pull(f as AnyFunction, self, twin, primals, (p) =>
    record(f, self, p),
  );
  if (!fast) return record(f, self, primals);
  return [fast[0], dualForm(fast[1] as AnyFunction)];
}

/** The same by the dual form. */
function record(f: unknown, self: unknown, primals: readonly unknown[]): PullBack {
  const pulled = pull(f, self, primals, () => true, true);
  const { value } = pulled;
  if (typeof value === "function") {
    const point = copyTree(primals);
    const applied = (...args: unknown[]) => pullBack(appliedTo(f, args), self, copyTree(point))[1];
    return [value, dualForm(applied) as never];
  }
  return [
    value,
    dualForm((cotangent: unknown, written: unknown[] | undefined) =>
      pulled.pullback(cotangent, written),
    ),
  ];
}

/** The function `(...primals) => f(...primals)(...args)`. */
export const appliedTo = (f: unknown, args: readonly unknown[]) => {
  const dual = dualFormOf(f);
  return dualForm(function (this: unknown, ...primals: unknown[]) {
    return dualFormOf(dual.apply(this, primals))(...args);
  });
};
