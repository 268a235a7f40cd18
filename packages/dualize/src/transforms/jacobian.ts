import type { Num } from "../dual-number.ts";
import { type Buffers, dualForm, twinOf } from "../twins.ts";
import type { Args, Fn, MapNumbers, Tangent } from "../types.ts";
import { combine, mapLeaves, pushBasis } from "./basis.ts";
import type { ArgnumOption } from "./gradient.ts";

function jacobianOf(
  call: string,
  f: unknown,
  self: unknown,
  args: unknown[],
  argnum: number,
  buffers: Buffers,
) {
  const twin = twinOf(f);
  const fast = twin?.calls?.jacobian(twin, args, argnum, buffers);
  if (fast !== undefined) return { value: fast[0], jacobian: fast[1] };
  const { value, tangents } = pushBasis(call, f, self, args, argnum);
  const shape = mapLeaves(args[argnum], () => 0);
  const jacobian = combine(tangents, (row) => {
    let i = 0;
    return mapLeaves(shape, () => row[i++] as Num);
  });
  return { value, jacobian };
}

/**
 * The Jacobian by one argument, `J[i][j] = ∂fᵢ/∂xⱼ`: rows are outputs, columns inputs. In general the
 * shape of the value with each number replaced by a tree in the shape of the argument.
 * It takes n forward passes for n numbers in the argument.
 *
 * @throws DualizeError DUAL102 when `f` has no twin, DUAL107 when the argument holds no numbers
 *
 * @example
 * const f = dual(([x, y]: number[]) => [x * y, x + y]);
 * jacobian(f)([2, 3]); // [[3, 2], [1, 1]]
 */
export const jacobian: <A extends Args, R, N extends number = 0>(
  f: Fn<A, R>,
  options?: ArgnumOption<N>,
) => Fn<A, MapNumbers<R, Tangent<A[N]>>> = dualForm(((
  f: unknown,
  { argnum = 0 }: ArgnumOption = {},
) => {
  const buffers: Buffers = { args: undefined };
  return dualForm(function (this: unknown, ...args: unknown[]) {
    return jacobianOf("jacobian(f)", f, this, args, argnum, buffers).jacobian;
  });
}) as never);

/**
 * The value and the Jacobian: `x ↦ [f(x), J(x)]`; see `jacobian`.
 *
 * @example
 * const square = dual((x: number[]) => x.map((v) => v * v));
 * valueAndJacobian(square)([1, 3]); // [[1, 9], [[2, 0], [0, 6]]]
 */
export const valueAndJacobian: <A extends Args, R, N extends number = 0>(
  f: Fn<A, R>,
  options?: ArgnumOption<N>,
) => Fn<A, [value: R, jacobian: MapNumbers<R, Tangent<A[N]>>]> = dualForm(((
  f: unknown,
  { argnum = 0 }: ArgnumOption = {},
) => {
  const buffers: Buffers = { args: undefined };
  return dualForm(function (this: unknown, ...args: unknown[]) {
    const { value, jacobian } = jacobianOf("valueAndJacobian(f)", f, this, args, argnum, buffers);
    return [value, jacobian];
  });
}) as never);
