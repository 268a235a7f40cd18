import { div, mul, type Num, plain, strong, strongDiv, sub } from "../dual-number.ts";
import { badArgument } from "../errors.ts";
import { running } from "../tags.ts";
import { describe, hasDuals } from "../tree.ts";
import { type AnyFunction, dualForm, twinOf } from "../twins.ts";
import type { Args, Fn } from "../types.ts";
import { customJvp } from "./custom-jvp.ts";
import { checkFunction } from "./function-argument.ts";
import { jvp } from "./jvp.ts";
import { dualFormOf } from "./push.ts";

/**
 * A solver, differentiated by the implicit function theorem (Blondel et al., 2022): for
 * `y = solve(...args)` with `residual(y, ...args) = 0`, `dy = -(∂residual/∂y)⁻¹ ∂residual/∂args`.
 * `y` is a number or an array of numbers, and the residual has its shape.
 *
 * `solve` is never differentiated and needs no mark; it may iterate, bisect, or call another package.
 * The derivative is that of the exact root, as good as the root is. `residual` must be marked; a
 * function literal passed here is. Nests, and works in both modes.
 *
 * @throws DualizeError DUAL109 when the residual has not the shape of the root, its derivative by the root is
 * singular, or one of both captured an active value: hand that over as an argument
 *
 * @example
 * import { jvp } from "dualize";
 * import { customRoot } from "dualize/root";
 * const squareRoot = customRoot(
 *   (y: number, x: number) => y * y - x,
 *   (x: number) => Math.sqrt(x),
 * );
 * jvp(squareRoot, [9], [1]); // [3, 0.16666666666666666]
 */
export const customRoot: <A extends Args, Y extends number | number[]>(
  residual: (y: Y, ...args: A) => NoInfer<Y>,
  solve: (...args: A) => Y,
) => Fn<A, Y> = dualForm(((residual: AnyFunction, solve: AnyFunction) => {
  checkFunction("customRoot(residual, solve)", residual);
  checkFunction("customRoot(residual, solve)", solve);
  const root: AnyFunction = customJvp(
    ((...args: unknown[]) => {
      const y: unknown = solve(...args);
      if (running()) expectNothingCaptured(residual, y, args);
      return y;
    }) as Fn<unknown[], unknown>,
    dualForm((primals: unknown[], tangents: unknown[]) => {
      const y = dualFormOf(root)(...primals) as Num | Num[];
      const along = (dy: unknown, rest: readonly unknown[]) =>
        shaped(y, jvp(residual as never, [y, ...primals] as never, [dy, ...rest] as never)[1]);
      const still = primals.map(() => null);
      const right = along(null, tangents);
      if (!Array.isArray(y))
        return [y, quotient(negated(right[0] as Num), along(1, still)[0] as Num)];
      const columns = y.map((_, j) =>
        along(
          y.map((_, i) => (i === j ? 1 : 0)),
          still,
        ),
      );
      return [y, solved(columns, right.map(negated))];
    }) as never,
  );
  return root;
}) as never);

/**
 * What a solver or a residual captured has a part in the root, and no place among the arguments that this is
 * differentiated by.
 */
function expectNothingCaptured(residual: AnyFunction, y: unknown, args: readonly unknown[]): void {
  if (hasDuals(y) || hasDuals((twinOf(residual)?.dual ?? residual)(y, ...args)))
    throw badArgument(
      "customRoot(residual, solve)",
      "functions of their arguments alone: hand over what is active as an argument",
      "one that captured an active value",
    );
}

const negated = (x: Num): Num => sub(0, x);

/** The numbers of a residual, one for each of the root. */
function shaped(y: Num | Num[], residual: unknown): Num[] {
  const isAlike = Array.isArray(y)
    ? Array.isArray(residual) && residual.length === y.length
    : !Array.isArray(residual);
  if (isAlike) return Array.isArray(residual) ? (residual as Num[]) : [residual as Num];
  throw badArgument(
    "customRoot(residual, solve)",
    `a residual of the shape of the root, ${describe(y)}`,
    describe(residual),
  );
}

function quotient(a: Num, b: Num): Num {
  if (plain(b) === 0) throw singular();
  return strongDiv(a, b);
}

const singular = (): Error =>
  badArgument(
    "customRoot(residual, solve)",
    "a residual whose derivative by the root is not singular",
    "one that is singular there",
  );

/** Solves a linear system, given by its columns, by elimination with pivots. */
function solved(columns: readonly Num[][], right: Num[]): Num[] {
  const n = right.length;
  const rows = right.map((r, i) => [...columns.map((c) => c[i] as Num), r]);
  const size = (x: Num) => Math.abs(plain(x) as number);
  for (let k = 0; k < n; k++) {
    let best = k;
    for (let i = k + 1; i < n; i++)
      if (size(rows[i]![k] as Num) > size(rows[best]![k] as Num)) best = i;
    [rows[k], rows[best]] = [rows[best] as Num[], rows[k] as Num[]];
    const pivot = rows[k] as Num[];
    if (size(pivot[k] as Num) === 0) throw singular();
    for (let i = k + 1; i < n; i++) {
      const row = rows[i] as Num[];
      const factor = div(row[k] as Num, pivot[k] as Num);
      for (let j = k; j <= n; j++) row[j] = sub(row[j] as Num, strong(factor, pivot[j] as Num));
    }
  }
  const x = new Array<Num>(n).fill(0);
  for (let k = n - 1; k >= 0; k--) {
    const row = rows[k] as Num[];
    let sum = row[n] as Num;
    for (let j = k + 1; j < n; j++) sum = sub(sum, mul(row[j] as Num, x[j] as Num));
    x[k] = strongDiv(sum, row[k] as Num);
  }
  return x;
}
