import { Dual, type Num } from "../dual-number.ts";
import { cotangentMismatch, leakedDual, unsupportedValue } from "../errors.ts";
import { freshTag, whileLive } from "../tags.ts";
import { type Recording, type Seed, sweep, Tape, Term } from "../tape.ts";
import { describe, isNumber, isRecord, Lift, Parts } from "../tree.ts";
import { DualArray, floatModel } from "../typed-array.ts";
import { likeModel } from "./basis.ts";
import { dualFormOf } from "./push.ts";

/** Reverse mode by the dual form: a function runs once with tangents that are terms of a tape. */

type Floats = (tree: Float64Array | DualArray, values: unknown[]) => unknown;

/**
 * `leaf` of every number in a tree, in its order, and null where there is none. An object that holds
 * itself stays one that does. `floats` makes what stands for a typed array; maps count as values only,
 * not as arguments.
 */
export function mapNumbers(
  tree: unknown,
  leaf: (x: Num) => unknown,
  floats: Floats,
  withMaps = false,
  above: Map<unknown, unknown> = new Map(),
): unknown {
  if (isNumber(tree)) return leaf(tree);
  if (above.has(tree)) return above.get(tree);
  const map = (x: unknown) => mapNumbers(x, leaf, floats, withMaps, above);
  if (DualArray.is(tree) || floatModel(tree) !== undefined)
    return floats(tree as Float64Array, Array.from(tree as Float64Array, leaf));
  if (Array.isArray(tree)) {
    const made: unknown[] = new Array(tree.length);
    above.set(tree, made);
    for (let i = 0; i < tree.length; i++) if (i in tree) made[i] = map(tree[i]);
    above.delete(tree);
    return made;
  }
  if (withMaps && tree instanceof Map) return new Map([...tree].map(([k, v]) => [k, map(v)]));
  if (!isRecord(tree)) return null;
  const made: Record<string, unknown> = {};
  above.set(tree, made);
  for (const [k, v] of Object.entries(tree)) made[k] = map(v);
  above.delete(tree);
  return made;
}

/** Terms are no numbers, so those of a typed array stand in a plain one. */
export const asList: Floats = (_, values) => values;

/** A function that has run and can be pulled back. */
export interface Pulled {
  readonly value: unknown;
  /** The tangent of the value: a tree with a term, or 0, for each number; of a promise, a promise. */
  readonly terms: unknown;
  /** Cotangents of the arguments from those of the value and of what the arguments hold afterwards. */
  pullback(cotangent: unknown, written?: readonly unknown[]): unknown[];
  /** The arguments with zeros for numbers. */
  readonly shapes: readonly unknown[];
  /** The same for terms of the tape. */
  pull(seeds: readonly Seed[]): unknown[];
  readonly recording: () => Recording;
  /** Gives the tape back, so that `pullback` cannot be called any more. */
  end(): void;
}

/** Runs `f`, and hands what was recorded to `use`, after which it is gone. */
export function pullOnce<R>(
  f: unknown,
  self: unknown,
  primals: readonly unknown[],
  isActive: (i: number) => boolean,
  use: (pulled: Pulled) => R,
): R {
  const pulled = pull(f, self, primals, isActive, false);
  try {
    return use(pulled);
  } finally {
    pulled.end();
  }
}

/**
 * Runs `f` and records it. `isActive` says by which arguments it is differentiated. What is kept gets
 * a tape of its own; else `end` must be called.
 */
export function pull(
  f: unknown,
  self: unknown,
  primals: readonly unknown[],
  isActive: (i: number) => boolean,
  keep: boolean,
): Pulled {
  const dual = dualFormOf(f);
  const tag = freshTag();
  const tape = new Tape();
  try {
    const lift = new Lift(tag, f, primals);
    const parts = new Parts(tag, lift);
    const map = (leaf: (x: Num) => unknown, floats: Floats) =>
      primals.map((p, i) => (isActive(i) ? mapNumbers(p, leaf, floats) : null));
    const shapes = map(() => 0, likeModel);
    const trees = map(() => tape.input(), asList);
    const args = primals.map((p, i) => lift.lift(p, trees[i], `argument ${i}`));
    const [value, terms] = whileLive(tag, () => {
      let result: unknown;
      try {
        result = dual.apply(self, args);
      } finally {
        lift.writeBack(parts);
      }
      return [parts.primal(result), parts.tangent(result)];
    });
    let recording: Recording = tape;
    const finish = () => {
      if (keep) recording = tape.snapshot();
      tape.end();
    };
    // An async function goes on recording until it is done.
    if (terms instanceof Promise) terms.then(finish, finish);
    else if (keep) finish();
    const pull = (seeds: readonly Seed[]) => {
      const sums = sweep(recording, seeds);
      let k = 0;
      return shapes.map((shape) => mapNumbers(shape, () => sums[k++], likeModel));
    };
    const cotangents = (terms: unknown, cotangent: unknown, written: readonly unknown[]) => {
      const seeds: Seed[] = [];
      collect(seeds, terms, cotangent, "the value");
      written.forEach((c, i) => {
        collect(seeds, trees[i], c, `argument ${i}`);
      });
      return pull(seeds);
    };
    return {
      value,
      terms,
      shapes,
      pullback: (cotangent, written = []) =>
        terms instanceof Promise
          ? (terms.then((t) => cotangents(t, cotangent, written)) as never)
          : cotangents(terms, cotangent, written),
      pull,
      recording: () => recording,
      end: () => tape.end(),
    };
  } catch (e) {
    tape.end();
    throw e;
  }
}

/** The terms that a cotangent goes to; throws where its shape is not that of the terms. */
function collect(seeds: Seed[], terms: unknown, cotangent: unknown, path: string): void {
  if (cotangent === null || cotangent === undefined) return;
  const bad = (expected: string) => cotangentMismatch(path, describe(cotangent), expected);
  const each = (keys: Iterable<unknown>, at: (x: never, k: never) => unknown) => {
    for (const k of keys)
      collect(
        seeds,
        at(terms as never, k as never),
        at(cotangent as never, k as never),
        `${path}${typeof k === "number" ? `[${k}]` : `.${k}`}`,
      );
  };
  if (terms instanceof Term || typeof terms === "number") {
    if (typeof cotangent !== "number" && !(cotangent instanceof Dual)) throw bad("a number");
    if (terms instanceof Term) seeds.push([terms, cotangent]);
  } else if (terms instanceof Dual) throw leakedDual(path);
  else if (isList(terms)) {
    if (!isList(cotangent) || cotangent.length !== terms.length) throw bad(describe(terms));
    const get = (x: ArrayLike<unknown> | DualArray, i: number) =>
      DualArray.is(x) ? x.get(i) : x[i];
    each(Array(terms.length).keys(), get);
  } else if (terms instanceof Map) {
    if (!(cotangent instanceof Map)) throw bad("a Map");
    each(cotangent.keys(), (x: Map<unknown, unknown>, k) => x.get(k));
  } else if (isRecord(terms)) {
    if (!isRecord(cotangent) || Object.keys(cotangent).some((k) => !(k in terms)))
      throw bad(describe(terms));
    each(Object.keys(cotangent), (x: Record<string, unknown>, k) => x[k]);
  } else if (typeof terms === "function" || terms instanceof Promise) {
    throw unsupportedValue(
      `${path} is ${describe(terms)} inside an array or object, which has no cotangent`,
      "Return it alone, or leave its cotangent out.",
    );
  } else throw bad("no number, whose cotangent is null");
}

/** The numbers of a tree in order, or its terms. */
export function numbersOf(tree: unknown): Num[] {
  const found: Num[] = [];
  mapNumbers(tree, (x) => found.push(x), asList, true);
  return found;
}

/** The numbers of `tangent`, which has the shape of `shape`, in its order; zeros where nothing is given. */
export function spread(shape: unknown, tangent: unknown, path: string): Num[] {
  const tag = freshTag();
  const found: Num[] = [];
  mapNumbers(
    new Lift(tag).lift(shape, tangent, path),
    (x) => found.push(x instanceof Dual && x.tag === tag ? x.tangent : 0),
    asList,
  );
  return found;
}

/** How many numbers there are in a value; infinitely many where it holds a function or a promise. */
export function countOutputs(terms: unknown): number {
  if (isNumber(terms)) return 1;
  if (typeof terms === "function" || terms instanceof Promise) return Number.POSITIVE_INFINITY;
  if (isList(terms) && !Array.isArray(terms)) return terms.length;
  const parts =
    terms instanceof Map
      ? terms.values()
      : isRecord(terms) || Array.isArray(terms)
        ? Object.values(terms)
        : [];
  let count = 0;
  for (const part of parts) count += countOutputs(part);
  return count;
}

const isList = (x: unknown): x is ArrayLike<unknown> =>
  Array.isArray(x) || DualArray.is(x) || floatModel(x) !== undefined;
