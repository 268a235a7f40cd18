import { unsupportedValue } from "../errors.ts";
import { hasDuals } from "../tree.ts";
import { type AnyFunction, dualForm, twin, twinOf } from "../twins.ts";
import { behind } from "../typed-array.ts";
import { copyTree, newestTag } from "./basis.ts";
import { checkFunction } from "./function-argument.ts";
import { numbersOf, pullOnce } from "./pull.ts";
import { dualFormOf, push } from "./push.ts";
import { asStep, isRecorded, type Known } from "./step.ts";

/**
 * The same function, of which reverse mode records nothing: its arguments are kept, and on the way
 * back it runs once more, recorded this time. It costs one more run, and the memory of reverse mode
 * is that of one call instead of all of them. It may be nested: a loop of n steps in √n pieces of √n
 * steps takes the memory of 2·√n steps.
 *
 * Forward mode and ordinary calls run the function as it is. What it computes must depend on its
 * arguments alone, and it must not write into them.
 *
 * @throws DualizeError DUAL102 when `f` has no twin, DUAL108 when it writes into its arguments,
 * or gives another value on the way back
 *
 * @example
 * const step = checkpoint((x: number) => x + 0.001 * Math.sin(x));
 * const run = dual((x: number) => {
 *   for (let i = 0; i < 1000; i++) x = step(x);
 *   return x;
 * });
 * vjp(run, [1])[1](1); // [1.101…]
 */
export const checkpoint: <F extends AnyFunction>(f: F) => F = dualForm(((f: AnyFunction) => {
  checkFunction("checkpoint(f)", f);
  const dual = dualFormOf(f);
  const known = (self: unknown, primals: unknown[]): Known => {
    const before = copyTree(primals);
    const old = numbersOf(before);
    // A closure made in a dual form has no other; anything else is quickest as it is.
    const value: unknown = (hasDuals(primals) ? dual : f).apply(self, primals);
    const now = numbersOf(primals);
    if (old.length !== now.length || old.some((x, i) => !Object.is(x, now[i]))) {
      throw unsupportedValue(
        "a function under checkpoint writes into its arguments",
        "Pass a copy.",
      );
    }
    const check = behind.same?.(value);
    return {
      value,
      pull(cotangent) {
        const args = copyTree(before);
        const twin = twinOf(f);
        const [again, cotangents] =
          twin?.adjoints?.sweep(twin, args, value, cotangent) ??
          pullOnce(
            f,
            self,
            args,
            () => true,
            (pulled) => [pulled.value, pulled.pullback(cotangent)],
          );
        check?.(again);
        return cotangents;
      },
      push: (tangents) => push(f, self, copyTree(before), tangents)[1],
    };
  };
  return twin(
    function (this: unknown, ...args: unknown[]) {
      return f.apply(this, args);
    },
    {
      dual(this: unknown, ...args: unknown[]) {
        const tag = newestTag(args);
        if (tag < 0 || !isRecorded(args, tag)) return dual.apply(this, args);
        return asStep(args, tag, "a function under checkpoint", (primals) => known(this, primals));
      },
    },
  );
}) as never);
