import { add, type Num } from "../dual-number.ts";
import { badArgument } from "../errors.ts";
import { product } from "../tape.ts";
import { describe, hasDuals } from "../tree.ts";
import { type AnyFunction, dualForm, twin } from "../twins.ts";
import type { Args, Cotangents, Fn, Tangent, TangentInputs } from "../types.ts";
import { basis, newestTag } from "./basis.ts";
import { checkFunction } from "./function-argument.ts";
import { asList, mapNumbers, numbersOf, spread } from "./pull.ts";
import { dualFormOf } from "./push.ts";
import { asStep, type Known } from "./step.ts";

/**
 * A function with a derivative of its own, told the way back: `f` for ordinary calls, `forward` and
 * `backward` wherever it is differentiated.
 *
 * `forward` gets the arguments and gives `[value, residual]`: the very value of `f`, and whatever
 * `backward` has to know. `backward` gets the residual and a cotangent of the value, and gives a
 * list of cotangents of the arguments: `[ȳ · ∂f/∂x₁, …]`, null or missing where it is zero.
 *
 * Reverse mode asks `backward` once, when it comes back past the call. Forward mode asks it once for
 * each number in the value, so give a function with many results a `customJvp` as well where it is
 * used so. To be differentiable again both must be marked; function literals passed here are.
 *
 * @throws DualizeError DUAL109 when one of them gives something else, DUAL103 when a cotangent has
 * another shape than its argument, DUAL102 when it is nested and they are not marked
 *
 * @example
 * const dot = customVjp(
 *   (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0),
 *   (a, b) => [a.reduce((sum, x, i) => sum + x * b[i]!, 0), [a, b] as const],
 *   ([a, b], w) => [b.map((x) => w * x), a.map((x) => w * x)],
 * );
 * dot([1, 2], [3, 4]); // 11
 * grad(dot)([1, 2], [3, 4]); // [3, 4]
 */
export const customVjp: <A extends Args, R, S>(
  f: Fn<A, R>,
  forward: (...args: A) => readonly [value: R, residual: S],
  backward: (residual: S, cotangent: Tangent<R>) => TangentInputs<A> | Cotangents<A>,
) => Fn<A, R> = dualForm(((f: AnyFunction, forward: AnyFunction, backward: AnyFunction) => {
  const call = "customVjp(f, forward, backward)";
  for (const part of [f, forward, backward]) checkFunction(call, part);
  const known = (primals: unknown[]): Known => {
    const apply = hasDuals(primals) ? dualFormOf(forward) : forward;
    const result: unknown = apply(...primals);
    if (!Array.isArray(result) || result.length !== 2)
      throw badArgument(call, "a forward rule that returns [value, residual]", describe(result));
    const [value, residual] = result as [unknown, unknown];
    const pull = (cotangent: unknown): unknown[] => {
      const back = hasDuals([residual, cotangent]) ? dualFormOf(backward) : backward;
      const cotangents: unknown = back(residual, cotangent);
      if (Array.isArray(cotangents) && cotangents.length <= primals.length) return cotangents;
      throw badArgument(call, "a backward rule that returns [cotangents]", describe(cotangents));
    };
    return { value, pull, push: (tangents) => transpose(value, pull, tangents) };
  };
  return twin(
    function (this: unknown, ...args: unknown[]) {
      return f.apply(this, args);
    },
    {
      dual(this: unknown, ...args: unknown[]) {
        const tag = newestTag(args);
        return tag < 0 ? f.apply(this, args) : asStep(args, tag, "a customVjp function", known);
      },
    },
  );
}) as never);

/** The tangent of the value from a pullback: a cotangent for each of its numbers, and scalar products. */
function transpose(
  value: unknown,
  pull: (cotangent: unknown) => unknown[],
  tangents: readonly unknown[],
): unknown {
  let i = 0;
  return mapNumbers(
    value,
    () => {
      const cotangents = pull(basis(value, i++));
      let sum: Num = 0;
      tangents.forEach((t, k) => {
        const numbers = numbersOf(t);
        const shape = mapNumbers(t, () => 0, asList);
        spread(shape, cotangents[k], `argument ${k} of a customVjp function`).forEach((c, j) => {
          sum = add(sum, product(c, numbers[j] as Num));
        });
      });
      return sum;
    },
    asList,
  );
}
