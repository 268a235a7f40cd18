import { add, type Num, scaled, strong } from "../dual-number.ts";
import { cotangentMismatch } from "../errors.ts";
import { running } from "../tags.ts";
import { describe, hasDuals, isNumber } from "../tree.ts";
import type { AdjointCalls, AnyFunction, PullBack, Twin } from "../twins.ts";
import { basis, combine, copyTree, likeModel } from "./basis.ts";
import { countOutputs, mapNumbers, spread } from "./pull.ts";

/** Pullbacks, and Jacobians row by row, by the adjoint form of a function. */

const givesNumber = (twin: Twin): boolean => twin.adjoint?.signature.endsWith(":n") === true;

/** Value and pullback, or undefined where the adjoint form does not take the arguments. */
export const pullByAdjoint: AdjointCalls["pull"] = (f, self, twin, primals, general) => {
  if (twin.adjoints === undefined) return undefined;
  const isOnce = givesNumber(twin) && !twin.adjoint?.writes;
  return isOnce ? pullNumber(twin, primals) : pullAgain(f, self, twin, primals, general);
};

/** Swept back at once, with a cotangent of 1: a pullback is linear, and scales that. */
function pullNumber(twin: Twin, primals: readonly unknown[]): PullBack | undefined {
  const found = twin.adjoints?.sweep(twin, primals, 0, 1);
  if (found === undefined) return undefined;
  const [value, unit] = found;
  const pullback = (cotangent: unknown, written: unknown[] = []) => {
    const c = cotangent ?? 0;
    if (!isNumber(c)) throw cotangentMismatch("the value", describe(c), "a number");
    if (typeof c === "number" && written.length === 0) return timesEach(unit, c);
    return unit.map((tree, i) => {
      // The function writes nothing, so what its arguments hold afterwards they held before.
      const ended = written[i] ?? undefined;
      const after = ended === undefined ? undefined : spread(tree, ended, `argument ${i}`);
      let k = 0;
      const leaf = (g: Num) => (after ? add(strong(g, c), after[k++] as Num) : strong(g, c));
      return mapNumbers(tree, leaf, likeModel);
    });
  };
  return [value, pullback];
}

function timesEach(trees: readonly unknown[], c: number): unknown[] {
  const made = new Array<unknown>(trees.length);
  for (let i = 0; i < trees.length; i++) made[i] = times(trees[i], c);
  return made;
}

/** A new tree of the numbers of another, each `c` times as large. */
function times(tree: unknown, c: number): unknown {
  if (typeof tree === "number") return scaled(tree, c);
  if (typeof tree !== "object" || tree === null) return tree;
  if (Array.isArray(tree)) return tree.map((part) => times(part, c));
  if (tree instanceof Float64Array || tree instanceof Float32Array) {
    const made = tree.slice();
    for (let i = 0; i < made.length; i++) made[i] = scaled(made[i] as number, c);
    return made;
  }
  const made: Record<string, unknown> = { ...tree };
  for (const key in made) made[key] = times(made[key], c);
  return made;
}

/**
 * The arguments are kept, and each pullback runs the function once more: only where nothing but its
 * arguments decides what it computes.
 */
function pullAgain(
  f: AnyFunction,
  self: unknown,
  twin: Twin,
  primals: readonly unknown[],
  general: (primals: readonly unknown[]) => PullBack,
): PullBack | undefined {
  const isOutside = running() && hasDuals(primals);
  if (!twin.adjoint?.isClosed || isOutside || !twin.adjoints?.takes(twin, primals))
    return undefined;
  const point = copyTree(primals);
  const value: unknown = f.apply(self, primals as unknown[]);
  const shape = copyTree(value);
  const pullback = (cotangent: unknown, written: unknown[] | undefined) => {
    const fast = written ? undefined : twin.adjoints?.sweep(twin, point, shape, cotangent);
    return fast?.[1] ?? general(copyTree(point))[1](cotangent, written);
  };
  return [value, pullback];
}

/** A row by the adjoint form costs about twice what a column by the tangent form does. */
const COLUMNS_A_ROW = 2;

/** Fewer columns than these are done before it is known how many rows there are. */
const FEW_COLUMNS = 4;

/**
 * The value and the Jacobian row by row. Undefined where the columns are fewer, unless the mode is
 * asked for, and where the adjoint form does not take the arguments.
 */
export const jacobianByAdjoint: AdjointCalls["jacobian"] = (
  f,
  self,
  twin,
  args,
  argnum,
  columns,
  isAsked,
) => {
  // What is chosen outside is looked at on the way: the form tells before anything is run twice.
  if (columns < FEW_COLUMNS && !isAsked && !twin.isOpen) return undefined;
  if (!twin.adjoints?.takes(twin, args) || (running() && hasDuals(args))) return undefined;
  const by = [argnum];
  const writes = twin.adjoint?.writes;
  // A number comes with its row, so that the function is run once.
  if (givesNumber(twin) && !writes) {
    const found = twin.adjoints.sweep(twin, args, 0, 1, by);
    return found && [found[0], found[1][argnum]];
  }
  const value = writes ? onCopies(f, self, args) : plainValue(f, self, twin, args);
  if (value === UNSURE) return undefined;
  const rows = countOutputs(value);
  if (!Number.isFinite(rows) || (rows * COLUMNS_A_ROW > columns && !isAsked)) return undefined;
  const found: unknown[] = [];
  for (let i = 0; i < rows; i++) {
    const row = twin.adjoints.sweep(twin, args, value, basis(value, i), by);
    if (row === undefined) return undefined;
    found.push(row[1][argnum]);
  }
  let i = 0;
  const jacobian = combine([value], () => found[i++]);
  return [writes ? f.apply(self, args as unknown[]) : value, jacobian];
};

const UNSURE = Symbol("unsure");

/** What a function gives. One that is chosen outside may change something: then the form declines before it is called. */
function plainValue(f: AnyFunction, self: unknown, twin: Twin, args: readonly unknown[]): unknown {
  if (!twin.isOpen) return f.apply(self, args as unknown[]);
  const found = twin.calls?.push(twin, args, [], f, self);
  return found ? found[0] : UNSURE;
}

/** What a function that writes into its arguments gives; an error comes from the call as usual, with what it has written. */
function onCopies(f: AnyFunction, self: unknown, args: readonly unknown[]): unknown {
  try {
    return f.apply(self, copyTree(args) as unknown[]);
  } catch (error) {
    f.apply(self, args as unknown[]);
    throw error;
  }
}
