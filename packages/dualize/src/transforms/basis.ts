import { isView } from "../captured.ts";
import { Dual, type Num } from "../dual-number.ts";
import { notScalar, unsupportedValue } from "../errors.ts";
import { canReplay } from "../replay.ts";
import { describe, frozenAs, isCopied, isNumber, isRecord } from "../tree.ts";
import { type AnyFunction, dualForm, twinOf } from "../twins.ts";
import { behind, DualArray, floatModel } from "../typed-array.ts";
import { mayRunAgain } from "./mode.ts";
import { push } from "./push.ts";

/** Trees of numbers in terms of their leaves, which is how gradients and Jacobians are put together. */

/** `f` of every number in the tree, in its shape; `null` at leaves that are no numbers. */
export function mapLeaves(tree: unknown, f: (x: Num) => Num): unknown {
  if (isNumber(tree)) return f(tree);
  if (Array.isArray(tree)) return tree.map((v) => mapLeaves(v, f));
  if (DualArray.is(tree) || floatModel(tree))
    return likeModel(tree as Float64Array, Array.from(tree as Float64Array, f));
  if (isRecord(tree)) {
    // A copy has the hidden class of the original, which emitted code is optimised for.
    const copy: Record<string, unknown> = { ...tree };
    for (const k in copy) copy[k] = mapLeaves(copy[k], f);
    for (const s of Object.getOwnPropertySymbols(copy)) delete copy[s as never];
    return copy;
  }
  return null;
}

/** A typed array as the caller knows it; one that holds duals where a number is one. */
export function likeModel(tree: Float64Array | DualArray, values: unknown[]): unknown {
  const model = (DualArray.is(tree) ? tree.model : floatModel(tree)) as Float64ArrayConstructor;
  return values.some((v) => v instanceof Dual)
    ? new DualArray(model, values as Num[])
    : new model(values as number[]);
}

/** The numbers of a tree in order. */
export function leaves(tree: unknown): Num[] {
  const found: Num[] = [];
  mapLeaves(tree, (x) => found.push(x));
  return found;
}

/** How many numbers there are in a tree. What contains itself has no end, and is refused. */
export function countNumbers(tree: unknown, depth = 0): number {
  if (isNumber(tree)) return 1;
  if (depth > DEEPEST) {
    throw unsupportedValue(
      `an argument contains itself, or is more than ${DEEPEST} levels deep`,
      "Differentiate by a part of it.",
    );
  }
  const d = depth + 1;
  let count = 0;
  if (Array.isArray(tree)) for (let i = 0; i < tree.length; i++) count += countNumbers(tree[i], d);
  else if (DualArray.is(tree) || floatModel(tree)) count = (tree as Float64Array).length;
  else if (isRecord(tree)) for (const part of Object.values(tree)) count += countNumbers(part, d);
  return count;
}

const DEEPEST = 1000;

/** The `i`-th basis direction of a tree: 1 at its i-th number, 0 elsewhere. */
export function basis(tree: unknown, i: number): unknown {
  let k = 0;
  return mapLeaves(tree, () => Number(k++ === i));
}

/**
 * Puts the tangents of all basis directions together, which have one shape: `leaf` gets the numbers
 * that stand in one place, in order. A function becomes one that asks each of them; `check` sees what
 * is no function.
 */
export function combine(
  trees: readonly unknown[],
  leaf: (column: readonly Num[]) => unknown,
  check: (tree: unknown) => void = () => {},
): unknown {
  const [first] = trees;
  if (typeof first === "function") {
    return dualForm(function (this: unknown, ...args: unknown[]) {
      const results = trees.map((t) => (t as AnyFunction).apply(this, args));
      return combine(results, leaf, check);
    });
  }
  check(first);
  if (isNumber(first)) return leaf(trees as Num[]);
  const at = (k: unknown, part: (tree: never, k: never) => unknown) =>
    combine(
      trees.map((t) => part(t as never, k as never)),
      leaf,
    );
  if (first instanceof Promise) return Promise.all(trees).then((settled) => combine(settled, leaf));
  if (DualArray.is(first) || floatModel(first)) {
    return combine(
      trees.map((t) => Array.from(t as Float64Array)),
      leaf,
    );
  }
  if (Array.isArray(first)) return first.map((_, i) => at(i, (t: unknown[], i: number) => t[i]));
  const get = (t: Map<unknown, unknown>, k: unknown) => t.get(k);
  if (first instanceof Map) return new Map([...first.keys()].map((k) => [k, at(k, get)]));
  // A rule may give what is no tangent, and is told so.
  if (!isRecord(first)) return first ?? null;
  const field = (t: Record<string, unknown>, k: string) => t[k];
  return Object.fromEntries(Object.keys(first).map((k) => [k, at(k, field)]));
}

/**
 * The rows of a symmetric matrix from its columns, in the shape of both. Its halves are the same but for
 * rounding; the upper one counts.
 */
export function rowsOf(columns: readonly unknown[], shape: unknown): unknown {
  const entries = columns.map(leaves);
  let i = 0;
  return combine([columns[0]], () => {
    let j = 0;
    const row = mapLeaves(shape, () => (entries[Math.max(i, j)] as Num[])[Math.min(i, j++)] as Num);
    i++;
    return row;
  });
}

/** How many numbers there are in argument `argnum`; there must be some. */
export function countInputs(call: string, args: readonly unknown[], argnum: number): number {
  if (argnum >= args.length) {
    throw notScalar(
      call,
      `an argument ${argnum}`,
      `${args.length} arguments`,
      "argnum counts from 0.",
    );
  }
  const size = countNumbers(args[argnum]);
  if (size > 0) return size;
  throw notScalar(
    call,
    `numbers in argument ${argnum}`,
    describe(args[argnum]),
    "Choose another argnum.",
  );
}

/**
 * One pass for each number in argument `argnum`: the value, all tangents, and the shape that the argument
 * had before the function changed it.
 */
export function pushBasis(
  call: string,
  f: unknown,
  self: unknown,
  args: readonly unknown[],
  argnum: number,
): { value: unknown; tangents: unknown[]; shape: unknown } {
  const size = countInputs(call, args, argnum);
  const shape = mapLeaves(args[argnum], () => 0);
  const twin = twinOf(f);
  const isPure = twin && canReplay(twin) && mayRunAgain(twin, args);
  const restore = !isPure && size > 1 && behind.remembered?.(args);
  let check: ReturnType<NonNullable<typeof behind.same>> | false | undefined;
  let value: unknown;
  const tangents = Array.from({ length: size }, (_, i) => {
    const direction: unknown[] = [];
    direction[argnum] = basis(shape, i);
    // A function may write into its arguments; every pass must see them as they were, and the last one writes.
    if (i > 0 && restore) restore();
    const passArgs = isPure || i > size - 2 ? args : copyTree(args);
    const [v, t] = push(f, self, passArgs, direction);
    // What is private is not as it was.
    if (check) check(v);
    if (restore && v instanceof Promise) {
      throw unsupportedValue(
        "passes of an async function are given an argument that is no copy",
        "Let it be a plain object.",
      );
    }
    check ??= restore && behind.same?.(v, "a pass gives another value");
    value = v;
    return t;
  });
  return { value, tangents, shape };
}

/**
 * A copy of the arrays, maps and objects in a value, with `leaf` of their numbers. What was one object
 * in two places is so again.
 */
export function copyTree<T>(tree: T, leaf?: (x: Num) => Num): T;
export function copyTree(tree: unknown, leaf = (x: Num): Num => x, made = new Map()): unknown {
  if (isNumber(tree)) return leaf(tree);
  if (made.has(tree)) return made.get(tree);
  const remember = <T>(copy: T): T => {
    made.set(tree, copy);
    behind.copied?.(copy, tree);
    return copy;
  };
  const part = (x: unknown) => (copyTree as (...args: unknown[]) => unknown)(x, leaf, made);
  if (DualArray.is(tree)) return remember(new DualArray(tree.model, tree.toArray().map(leaf)));
  // What holds no active numbers may be changed too.
  if (isView(tree)) return remember((tree as Float64Array).slice?.() ?? tree);
  for (const Kind of [Set, Date])
    if (tree instanceof Kind) return remember(new (Kind as new (x: unknown) => object)(tree));
  if (Array.isArray(tree)) {
    const copy = remember(new Array(tree.length));
    // A class that extends `Array` may have another method of this name.
    [].forEach.call(tree, (v, i) => {
      copy[i] = part(v);
    });
    return frozenAs(tree, copy);
  }
  if (tree instanceof Map) {
    const copy = remember(new Map());
    for (const [k, v] of tree) copy.set(k, part(v));
    return copy;
  }
  if (!isCopied(tree)) return tree;
  const copy = remember(Object.create(Object.getPrototypeOf(tree)));
  for (const k of Reflect.ownKeys(tree)) {
    const descriptor = Object.getOwnPropertyDescriptor(tree, k) as PropertyDescriptor;
    if ("value" in descriptor) descriptor.value = part(descriptor.value);
    Object.defineProperty(copy, k, descriptor);
  }
  return frozenAs(tree, copy);
}

/** The newest tag that a value holds anywhere that we can look; -1 where it holds none. */
export function newestTag(x: unknown): number {
  let tag = -1;
  copyTree(x, (n) => {
    if (n instanceof Dual) tag = Math.max(tag, n.tag);
    return n;
  });
  return tag;
}
