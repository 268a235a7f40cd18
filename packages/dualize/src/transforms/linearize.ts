import type { Num } from "../dual-number.ts";
import { badArgument, shapeMismatch } from "../errors.ts";
import { replay, type Term } from "../tape.ts";
import { describe } from "../tree.ts";
import { dualForm, twinOf } from "../twins.ts";
import type { Args, Fn, Tangent, TangentInputs } from "../types.ts";
import { copyTree, likeModel } from "./basis.ts";
import { checkFunction } from "./function-argument.ts";
import { countOutputs, mapNumbers, pull, spread } from "./pull.ts";
import { push } from "./push.ts";

/**
 * The value of `f` at a point and its linear approximation there: `[f(x), v ↦ Df(x)·v]`.
 *
 * `f` runs once; its partial derivatives are recorded, and each call of the map goes over the record. A
 * function that gives more than a number, and whose form depends on its arguments alone, is faster: each
 * call is one pass of its tangent form at the primals as they were. (Where the value is or holds a function
 * or a promise, `f` runs each time.) The directions are left as they are, also where `f` writes into its arguments.
 *
 * @throws DualizeError DUAL102 when `f` has no twin, DUAL103 when a direction has another shape
 *
 * @example
 * const f = dual((x: number, y: number) => x * y);
 * const [value, push] = linearize(f, [2, 3]);
 * value; // 6
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
  checkFunction("linearize", f);
  if (!Array.isArray(primals))
    throw badArgument("linearize", "an array of arguments", describe(primals));
  const point = copyTree(primals);
  // A pass of the tangent form costs less than going over a record, but sees what has changed since.
  const pulled = twinOf(f)?.adjoint?.isClosed
    ? undefined
    : pull(f, undefined, primals, () => true, true);
  const value = pulled ? pulled.value : push(f, undefined, primals, [])[0];
  const isRecorded = pulled && Number.isFinite(countOutputs(pulled.terms));
  const pushforward = dualForm((tangents: unknown[]) => {
    if (!Array.isArray(tangents))
      throw badArgument(
        "the linear map",
        "an array of tangents, one for each argument",
        describe(tangents),
      );
    if (tangents.length > point.length)
      throw shapeMismatch("the tangents", describe(tangents), describe(point));
    if (!isRecorded) return push(f, undefined, copyTree(point), copyTree(tangents))[1];
    const { shapes, recording, terms } = pulled;
    const directions = shapes.flatMap((shape, i) => spread(shape, tangents[i], `argument ${i}`));
    const along = replay(recording(), directions);
    return mapNumbers(terms, (t) => along(t as unknown as Term) as Num, likeModel, true);
  });
  return [value, pushforward];
}) as never);
