/** What the tests need to do with arrays, typed arrays, objects and instances of numbers. */

type Fields = Record<string, unknown>;
const isFields = (x: unknown): x is Fields => typeof x === "object" && x !== null;
const isFloats = (x: unknown): x is Float64Array =>
  x instanceof Float64Array || x instanceof Float32Array;

/** A copy that shares nothing, with the same prototypes; functions stay as they are. */
export function copy<T>(tree: T): T {
  if (!isFields(tree)) return tree;
  if (isFloats(tree)) return tree.slice() as T;
  if (Array.isArray(tree)) return tree.map(copy) as T;
  return Object.assign(
    Object.create(Object.getPrototypeOf(tree)),
    Object.fromEntries(Object.entries(tree).map(([key, x]) => [key, copy(x)])),
  );
}

/** All numbers, in order of their keys. */
export function numbersOf(tree: unknown): number[] {
  if (typeof tree === "number") return [tree];
  if (isFloats(tree) || Array.isArray(tree)) return Array.from(tree as number[]).flatMap(numbersOf);
  return isFields(tree) ? Object.values(tree).flatMap(numbersOf) : [];
}

/** `tree + scale · direction`, as a new tree. */
export function moved(tree: unknown, direction: unknown, scale: number): unknown {
  if (typeof tree === "number") {
    return typeof direction === "number" ? tree + scale * direction : tree;
  }
  if (!isFields(tree) || !isFields(direction)) return tree;
  const to = copy(tree);
  for (const key of Object.keys(tree)) to[key] = moved(tree[key], direction[key], scale);
  return to;
}

/** Some direction for every number of a tree, always the same; null where there is none. */
export function directionFor(tree: unknown, seed = { at: 0 }): unknown {
  if (typeof tree === "number") return Math.fround(Math.sin(1 + 2.3 * seed.at++) + 0.1);
  if (isFloats(tree)) return tree.map(() => directionFor(0, seed) as number);
  if (Array.isArray(tree)) return tree.map((x) => directionFor(x, seed));
  if (!isFields(tree)) return null;
  return Object.fromEntries(Object.entries(tree).map(([key, x]) => [key, directionFor(x, seed)]));
}

/** The scalar product of two trees; what stands in one of them alone counts as zero. */
export function dot(a: unknown, b: unknown): number {
  if (typeof a === "number") return typeof b === "number" ? a * b : 0;
  if (!isFields(a) || !isFields(b)) return 0;
  return Object.keys(a).reduce((sum, key) => sum + dot(a[key], b[key]), 0);
}

/** Some cotangent of a value: a number for every number, all different, and null for anything else. */
export function weights(tree: unknown, seed = { at: 0 }): unknown {
  if (typeof tree === "number") return 1 / ++seed.at;
  if (isFloats(tree)) return tree.map(() => 1 / ++seed.at);
  if (Array.isArray(tree)) return tree.map((x) => weights(x, seed));
  if (tree instanceof Map) return new Map([...tree].map(([key, x]) => [key, weights(x, seed)]));
  if (!isFields(tree)) return null;
  return Object.fromEntries(Object.entries(tree).map(([key, x]) => [key, weights(x, seed)]));
}

/**
 * How far apart two numbers are, counted in representable numbers; 0 for two NaNs, and for zeros of
 * different sign, which no rule tells apart in tangents.
 */
export function ulps(a: number, b: number): number {
  if (Object.is(a, b) || a === b) return 0;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return Number.POSITIVE_INFINITY;
  const distance = ordinal(a) - ordinal(b);
  return Number(distance < 0n ? -distance : distance);
}

function ordinal(x: number): bigint {
  const bits = new BigInt64Array(new Float64Array([x]).buffer)[0] as bigint;
  return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
}
