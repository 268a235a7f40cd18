import type { Num } from "../dual-number.ts";
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
import {
  combine,
  copyTree,
  countInputs,
  leaves,
  mapLeaves,
  pushBasis,
  type Tree,
  zeroed,
} from "./basis.ts";
import { checkFunction } from "./function-argument.ts";
import { grad } from "./gradient.ts";
import { type ArgnumOption, jobOf } from "./mode.ts";
import { push } from "./push.ts";
import { appliedTo } from "./vjp.ts";

/** A transform that is applied to what is known only at run time. */
type Untyped = (f: unknown, options?: unknown) => (...args: unknown[]) => unknown;

const gradientOf = (f: unknown, argnum = 0) =>
  (grad as unknown as Untyped)(f, { argnum, mode: "reverse" });

/** Numbers of a row that the processor fetches together. */
const WIDTH = 8;

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
    const size = countInputs(call, args, argnum);
    // One direction for all: a copy, which the engine keeps as it keeps the argument.
    const along: Tree = [mapLeaves(args[argnum], (x) => x)];
    const places = zeroed(along);
    const fast =
      argnum === 0 && places.length === size ? byAdjoint(f, args, along, places) : undefined;
    const columns = fast ?? pushBasis(call, gradient, this, args, argnum).tangents;
    if (typeof columns[0] === "function") {
      const point = copyTree(args);
      return dualForm((...more: unknown[]) =>
        (hessian as unknown as Untyped)(appliedTo(f, more), { argnum }).apply(
          this,
          copyTree(point),
        ),
      );
    }
    // Both halves are the same but for rounding; the upper one counts.
    if (fast && places.every(([list]) => list === along[0] && list.length === size)) {
      // Rows that are new lists of numbers, one for each number of the argument, are the result.
      const rows = columns as number[][];
      // Some columns at a time: what is written to a row lies side by side. What is told twice is the same by then.
      for (let from = 0; from < size; from += WIDTH) {
        const end = Math.min(from + WIDTH, size);
        for (let i = 0; i < end; i++)
          for (let j = from; j < end; j++)
            (rows[i] as number[])[j] = (rows[j] as number[])[i] as number;
      }
      return rows;
    }
    const entries = columns.map(leaves);
    let i = 0;
    return combine([columns[0]], () => {
      let j = 0;
      const row = mapLeaves(
        along[0],
        () => (entries[Math.max(i, j)] as Num[])[Math.min(i, j++)] as Num,
      );
      i++;
      return row;
    });
  });
}) as never);

/** The columns by second-order code; undefined where that does not take the arguments. */
function byAdjoint(
  f: unknown,
  args: readonly unknown[],
  // The direction, in a list: a number is no place.
  along: Tree,
  places: ReturnType<typeof zeroed>,
): unknown[] | undefined {
  const twin = twinOf(f);
  const columns: unknown[] = [];
  for (const [holder, key] of places) {
    holder[key] = 1;
    const column = twin?.adjoints?.hvp(twin, args, along[0], columns.length < places.length - 1);
    holder[key] = 0;
    if (column === undefined) return undefined;
    columns.push(column);
  }
  return columns;
}

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
