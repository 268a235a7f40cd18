import { badArgument, shapeMismatch } from "../errors.ts";
import { describe } from "../tree.ts";
import { dualForm } from "../twins.ts";
import type { Args, Fn, Tangent, TangentInputs } from "../types.ts";
import { copyTree } from "./basis.ts";
import { push } from "./push.ts";

/**
 * The value of `f` at a point and its linear approximation there: `[f(x), v ↦ Df(x)·v]`.
 * Each call of the map is one pass at the primals as they were when `linearize` was called.
 *
 * @throws DualizeError DUAL102 when `f` has no twin, DUAL103 when a direction has another shape
 *
 * @example
 * const f = dual((x: number, y: number) => x * y);
 * const [value, push] = linearize(f, [2, 3]);
 * push([1, 0]); // 3
 * push([0, 1]); // 2
 */
export const linearize: <A extends Args, R>(
  f: Fn<A, R>,
  primals: Readonly<A>,
) => [value: R, pushforward: (tangents: TangentInputs<A>) => Tangent<R>] = dualForm(((
  f: unknown,
  primals: unknown[],
) => {
  if (!Array.isArray(primals))
    throw badArgument("linearize", "an array of arguments", describe(primals));
  const point = copyTree(primals);
  const [value] = push(f, undefined, primals, []);
  const pushforward = dualForm((tangents: unknown[]) => {
    if (!Array.isArray(tangents))
      throw badArgument(
        "the linear map",
        "an array of tangents, one for each argument",
        describe(tangents),
      );
    if (tangents.length > point.length)
      throw shapeMismatch("the tangents", describe(tangents), describe(point));
    return push(f, undefined, copyTree(point), tangents)[1];
  });
  return [value, pushforward];
}) as never);
