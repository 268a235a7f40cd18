import { noTwin } from "../errors.ts";
import { nativeTwin } from "../natives.ts";
import { freshTag, whileLive } from "../tags.ts";
import { Lift, Parts } from "../tree.ts";
import { type AnyFunction, twinOf } from "../twins.ts";

/** The dual form of `f`, or an error that says why there is none. */
export function dualFormOf(f: unknown): AnyFunction {
  const dual = twinOf(f)?.dual ?? nativeTwin(f);
  if (!dual) throw noTwin(f);
  return dual;
}

/**
 * The pushforward of `f`: `[value, tangent]`, by its tangent form where that takes the arguments,
 * else by its dual form.
 */
export function push(
  f: unknown,
  self: unknown,
  primals: readonly unknown[],
  tangents: readonly unknown[],
): [value: unknown, tangent: unknown] {
  const twin = twinOf(f);
  return (
    twin?.calls?.push(twin, primals, tangents, f, self) ?? pushDual(f, self, primals, tangents)
  );
}

/**
 * The pushforward by the dual form. Lifts the arguments, runs the dual form, takes the
 * result apart, and carries what `f` wrote into its arguments back to the caller, also when `f` throws.
 */
export function pushDual(
  f: unknown,
  self: unknown,
  primals: readonly unknown[],
  tangents: readonly unknown[],
): [value: unknown, tangent: unknown] {
  const dual = dualFormOf(f);
  const tag = freshTag();
  const lift = new Lift(tag, f, primals);
  const args = primals.map((p, i) => lift.lift(p, tangents[i], `argument ${i}`));
  const parts = new Parts(tag, lift);
  return whileLive(tag, () => {
    let result: unknown;
    try {
      result = dual.apply(self, args);
    } finally {
      lift.writeBack(parts);
    }
    return [parts.primal(result), parts.tangent(result)];
  });
}
