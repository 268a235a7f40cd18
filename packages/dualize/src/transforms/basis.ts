import { Dual, type Num } from "../dual-number.ts";
import { notScalar } from "../errors.ts";
import { describe, isRecord } from "../tree.ts";
import { type AnyFunction, dualForm } from "../twins.ts";
import { DualArray, floatModel } from "../typed-array.ts";
import { push } from "./push.ts";

/** Trees of numbers in terms of their leaves, which is how gradients and Jacobians are put together. */

const isNumber = (x: unknown): x is Num => typeof x === "number" || x instanceof Dual;

/** `f` of every number in the tree, in its shape; `null` at leaves that are no numbers. */
export function mapNumbers(tree: unknown, f: (x: Num) => unknown): unknown {
  if (isNumber(tree)) return f(tree);
  if (Array.isArray(tree)) return tree.map((v) => mapNumbers(v, f));
  if (DualArray.is(tree)) return tree.toArray().map(f);
  if (floatModel(tree)) return Array.from(tree as Float64Array, f);
  if (isRecord(tree)) {
    return Object.fromEntries(Object.entries(tree).map(([k, v]) => [k, mapNumbers(v, f)]));
  }
  return null;
}

/** Like `mapNumbers` for numbers to numbers: float arrays stay float arrays. */
export function mapLeaves(tree: unknown, f: (x: Num) => Num): unknown {
  if (isNumber(tree)) return f(tree);
  if (Array.isArray(tree)) return tree.map((v) => mapLeaves(v, f));
  const model = DualArray.is(tree) ? tree.model : floatModel(tree);
  if (model) {
    const values = Array.from(tree as Float64Array, f);
    return values.some((v) => v instanceof Dual)
      ? new DualArray(model as Float64ArrayConstructor, values)
      : Reflect.construct(model, [values]);
  }
  if (isRecord(tree)) {
    return Object.fromEntries(Object.entries(tree).map(([k, v]) => [k, mapLeaves(v, f)]));
  }
  return null;
}

/** The numbers of a tree in order. */
export function leaves(tree: unknown): Num[] {
  const found: Num[] = [];
  mapLeaves(tree, (x) => {
    found.push(x);
    return x;
  });
  return found;
}

/** The `i`-th basis direction of a tree: 1 at its i-th number, 0 elsewhere. */
export function basis(tree: unknown, i: number): unknown {
  let k = 0;
  return mapLeaves(tree, () => (k++ === i ? 1 : 0));
}

/**
 * Puts the results of all basis directions together. `combine` gets the tangents in order; where
 * they are functions the result is a function that asks each of them.
 */
export function overDirections(
  tangents: readonly unknown[],
  combine: (tangents: readonly unknown[]) => unknown,
): unknown {
  if (typeof tangents[0] !== "function") return combine(tangents);
  return dualForm(function (this: unknown, ...args: unknown[]) {
    const results = tangents.map((t) => (t as AnyFunction).apply(this, args));
    return overDirections(results, combine);
  });
}

/** One pass for each number in argument `argnum`: the value of the first pass, and all tangents. */
export function pushBasis(
  call: string,
  f: unknown,
  self: unknown,
  args: readonly unknown[],
  argnum: number,
): { value: unknown; tangents: unknown[] } {
  if (argnum >= args.length) {
    throw notScalar(
      call,
      `an argument ${argnum}`,
      `${args.length} arguments`,
      "argnum counts from 0.",
    );
  }
  const size = leaves(args[argnum]).length;
  if (size === 0) {
    throw notScalar(
      call,
      `numbers in argument ${argnum}`,
      describe(args[argnum]),
      "There is nothing to differentiate by.",
    );
  }
  let value: unknown;
  const tangents = Array.from({ length: size }, (_, i) => {
    const direction: unknown[] = [];
    direction[argnum] = basis(args[argnum], i);
    // A function may write into its arguments; every pass but the last must see them as they were.
    const passArgs = i < size - 1 ? args.map(copyTree) : args;
    const [v, t] = push(f, self, passArgs, direction);
    value = v;
    return t;
  });
  return { value, tangents };
}

/** A copy of the arrays and objects of numbers in a value, and of nothing else. */
export function copyTree(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(copyTree);
  if (DualArray.is(tree)) return new DualArray(tree.model, tree.toArray());
  if (floatModel(tree)) return (tree as Float64Array).slice();
  if (isRecord(tree)) {
    const copy = Object.create(Object.getPrototypeOf(tree)) as Record<string, unknown>;
    return Object.assign(
      copy,
      Object.fromEntries(Object.entries(tree).map(([k, v]) => [k, copyTree(v)])),
    );
  }
  return tree;
}
