import { add, Linear, type Num, strong } from "../dual-number.ts";
import { badArgument } from "../errors.ts";
import { describe, hasDuals, Lift, Parts } from "../tree.ts";
import { type AnyFunction, dualForm, twin } from "../twins.ts";
import type { Args, Fn, Tangent } from "../types.ts";
import { basis, combine, leaves, newestTag } from "./basis.ts";
import { checkFunction } from "./function-argument.ts";
import { dualFormOf } from "./push.ts";

/**
 * A function with a derivative rule of its own: `f` for ordinary calls, `rule` wherever it is
 * differentiated, in every form and at every nesting level.
 *
 * The rule gets the primals and the tangents (zeros where an argument does not move) and gives
 * `[value, tangent]`; inside a derivative the value is the rule's, so it should be the very value of
 * `f`. It may be asked more than once for one call, so it should change nothing. To be differentiable again the rule itself must be marked; a function literal passed here is.
 *
 * @throws DualizeError DUAL109 when the rule gives no pair, DUAL102 when it is nested and not marked
 *
 * @example
 * // The root y of y³ + y = x: found by iteration, differentiated by the implicit function theorem.
 * function solve(x: number): number {
 *   let y = x;
 *   for (let i = 0; i < 100; i++) y -= (y ** 3 + y - x) / (3 * y * y + 1);
 *   return y;
 * }
 * const root: (x: number) => number = customJvp(solve, ([x], [dx]) => {
 *   const y = root(x);
 *   return [y, dx / (3 * y * y + 1)];
 * });
 * root(10); // 2
 * jvp(root, [10], [13]); // [2, 1]
 */
export const customJvp: <A extends Args, R>(
  f: Fn<A, R>,
  rule: (
    primals: A,
    tangents: { [K in keyof A]: Tangent<A[K]> },
  ) => readonly [value: R, tangent: Tangent<R>],
) => Fn<A, R> = dualForm(((f: AnyFunction, rule: AnyFunction) => {
  checkFunction("customJvp(f, rule)", f);
  checkFunction("customJvp(f, rule)", rule);
  const differentiated = function (this: unknown, ...args: unknown[]): unknown {
    const tag = newestTag(args);
    if (tag < 0) return f.apply(this, args);
    const parts = new Parts(tag);
    const primals = args.map((a) => parts.primal(a));
    const tangents = args.map((a) => parts.tangent(a));
    const ask = (direction: unknown): [value: unknown, tangent: unknown] => {
      const apply = hasDuals([primals, direction]) ? dualFormOf(rule) : rule;
      const result: unknown = apply(primals, direction);
      if (Array.isArray(result) && result.length === 2) return [result[0], parts.primal(result[1])];
      throw badArgument(
        "customJvp(f, rule)",
        "a rule that returns [value, tangent]",
        describe(result),
      );
    };
    const [given, along] = alongTerms(tangents, ask) ?? ask(tangents);
    const value = parts.primal(given);
    // What the rule captured may be active too.
    const captured = parts.tangent(given);
    // A rule of duals gives zeros that are no numbers, which a tape does not take.
    const tangent = leaves(tangents).every((t) => t === 0)
      ? captured
      : value === given
        ? along
        : combine([captured, along], sum);
    return new Lift(tag).lift(value, tangent, "the value of a customJvp rule");
  };
  return twin(
    function (this: unknown, ...args: unknown[]) {
      return f.apply(this, args);
    },
    // A rule is a formula: it may be asked more than once.
    { dual: differentiated, replayable: true },
  );
}) as never);

const sum = (column: readonly Num[]): Num => column.reduce((a, b) => add(a, b));

/**
 * In reverse mode tangents are no numbers that a rule could take: it is asked once for each that
 * moves, and the answers are added up. Undefined where all are numbers.
 */
function alongTerms(
  tangents: unknown,
  ask: (direction: unknown) => [value: unknown, tangent: unknown],
): [value: unknown, tangent: unknown] | undefined {
  const all = leaves(tangents);
  const moving = all.flatMap((t, i) => (t instanceof Linear ? [i] : []));
  if (moving.length === 0) return undefined;
  const answers = moving.map((i) => ask(basis(tangents, i)));
  const tangent = combine(
    answers.map(([, t]) => t),
    (column) => sum(column.map((t, k) => strong(t, all[moving[k]!] as Num))),
  );
  return [answers[0]?.[0], tangent];
}
