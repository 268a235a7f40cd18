import type { Num } from "../dual-number.ts";
import { unsupportedValue } from "../errors.ts";
import { Term } from "../tape.ts";
import { type AnyFunction, dualForm, twinOf } from "../twins.ts";
import { behind } from "../typed-array.ts";
import type { ArgsBy, Fn, HasArgument, MapNumbers, Tangent } from "../types.ts";
import { combine, copyTree, countInputs, mapLeaves, pushBasis } from "./basis.ts";
import { goesBack, goesForward, type Job, jobOf, type ModeOption } from "./mode.ts";
import { countOutputs, pullOnce } from "./pull.ts";
import { appliedTo } from "./vjp.ts";

type Jacobians = [value: unknown, jacobian: unknown];

function jacobianOf(job: Job, f: unknown, self: unknown, args: readonly unknown[]): Jacobians {
  const { call, argnum, mode, buffers } = job;
  const inputs = countInputs(call, args, argnum);
  const twin = twinOf(f);
  const rows =
    mode !== "forward" &&
    twin?.adjoints?.jacobian(
      f as AnyFunction,
      self,
      twin,
      args,
      argnum,
      inputs,
      mode === "reverse",
    );
  if (rows) return rows;
  const fast =
    goesForward(twin, args, inputs, mode) && twin?.calls?.jacobian(twin, args, argnum, buffers);
  if (fast) return fast;
  // It may have met a function that must not be run again.
  return goesForward(twin, args, inputs, mode)
    ? forwardJacobian(job, f, self, args)
    : reverseJacobian(job, f, self, args, inputs);
}

/** Column by column. */
function forwardJacobian(
  { call, argnum }: Job,
  f: unknown,
  self: unknown,
  args: readonly unknown[],
): Jacobians {
  const { value, tangents, shape } = pushBasis(call, f, self, args, argnum);
  const jacobian = combine(tangents, (row) => {
    let i = 0;
    return mapLeaves(shape, () => row[i++] as Num);
  });
  return [value, jacobian];
}

/** Row by row, one recording for all; column by column after all where that turns out to be less. */
function reverseJacobian(
  job: Job,
  f: unknown,
  self: unknown,
  args: readonly unknown[],
  inputs: number,
): Jacobians {
  const { argnum, mode } = job;
  // The first run may write into the arguments; others have to see them as they were.
  const before = copyTree(args);
  const restore = behind.remembered?.(args);
  return pullOnce(
    f,
    self,
    args,
    (i) => i === argnum,
    ({ value, terms, pull }) => {
      if (typeof value === "function") {
        const jacobian = dualForm(
          (...more: unknown[]) => jacobianOf(job, appliedTo(f, more), self, copyTree(before))[1],
        );
        return [value, jacobian];
      }
      const rows = countOutputs(terms);
      if (mode !== "reverse" && !goesBack(twinOf(f), before, inputs, rows)) {
        restore?.();
        return [value, forwardJacobian(job, f, self, before)[1]];
      }
      if (!Number.isFinite(rows)) {
        throw unsupportedValue(
          "the value of a Jacobian holds a function or a promise",
          'Use the mode "forward".',
        );
      }
      const jacobian = combine([terms], ([t]) => pull(t instanceof Term ? [[t, 1]] : [])[argnum]);
      return [value, jacobian];
    },
  );
}

/**
 * The Jacobian by one argument, `J[i][j] = ∂fᵢ/∂xⱼ`: rows are outputs, columns inputs. In general the
 * shape of the value with each number replaced by a tree in the shape of the argument.
 * Column by column in forward mode, or row by row in reverse mode, whichever is less work; `mode`
 * decides otherwise.
 *
 * @throws DualizeError DUAL102 when `f` has no twin, DUAL107 when the argument holds no numbers
 *
 * @example
 * const f = dual(([x, y]: [number, number]) => [x * y, x + y]);
 * jacobian(f)([2, 3]); // [[3, 2], [1, 1]]
 */
export const jacobian: <A extends ArgsBy<N>, R, N extends number = 0>(
  f: Fn<A, R>,
  options?: ModeOption<N> & HasArgument<A, N>,
) => Fn<A, MapNumbers<R, Tangent<A[N]>>> = dualForm(((f: unknown, options?: ModeOption) => {
  const jacobian = jobOf("jacobian(f)", f, options);
  return dualForm(function (this: unknown, ...args: unknown[]) {
    return jacobianOf(jacobian, f, this, args)[1];
  });
}) as never);

/**
 * The value and the Jacobian: `x ↦ [f(x), J(x)]`; see `jacobian`.
 *
 * @example
 * const square = dual((x: number[]) => x.map((v) => v * v));
 * valueAndJacobian(square)([1, 3]); // [[1, 9], [[2, 0], [0, 6]]]
 */
export const valueAndJacobian: <A extends ArgsBy<N>, R, N extends number = 0>(
  f: Fn<A, R>,
  options?: ModeOption<N> & HasArgument<A, N>,
) => Fn<A, [value: R, jacobian: MapNumbers<R, Tangent<A[N]>>]> = dualForm(((
  f: unknown,
  options?: ModeOption,
) => {
  const valueAndJacobian = jobOf("valueAndJacobian(f)", f, options);
  return dualForm(function (this: unknown, ...args: unknown[]) {
    return jacobianOf(valueAndJacobian, f, this, args);
  });
}) as never);
