import { pull } from "../../packages/dualize/src/transforms/pull.ts";
import { pushDual } from "../../packages/dualize/src/transforms/push.ts";

/**
 * The dot-product test: reverse mode is the transpose of forward mode, `⟨w, J·v⟩ = ⟨Jᵀ·w, v⟩`, where
 * the outputs are the value and what the arguments hold afterwards.
 */

// biome-ignore lint/suspicious/noExplicitAny: any function at all
type AnyFunction = (...args: any[]) => unknown;
type Fields = Record<PropertyKey, unknown>;

const isFields = (x: unknown): x is Fields => typeof x === "object" && x !== null;

/** The same tree with other numbers: weights that are different everywhere, none of them 0. */
export function weights(tree: unknown, seed = { at: 0 }, made = new Map()): unknown {
  if (typeof tree === "number") return Math.fround(Math.cos(1.7 * seed.at++) + 1.25);
  if (!isFields(tree)) return null;
  if (made.has(tree)) return made.get(tree);
  if (ArrayBuffer.isView(tree))
    return Array.from(tree as unknown as Float64Array, () => weights(0, seed));
  if (tree instanceof Map) return new Map([...tree].map(([k, v]) => [k, weights(v, seed, made)]));
  const copy: Fields = Array.isArray(tree) ? ([] as never) : {};
  made.set(tree, copy);
  for (const key of Object.keys(tree)) copy[key] = weights(tree[key], seed, made);
  return copy;
}

/** The scalar product of two trees of one shape, and the sum of the absolute values of its terms. */
export function dot(a: unknown, b: unknown): { sum: number; scale: number } {
  let sum = 0;
  let scale = 0;
  const visit = (x: unknown, y: unknown): void => {
    if (typeof x === "number" && typeof y === "number") {
      // A zero cotangent takes nothing from an infinite tangent.
      const term = x === 0 || y === 0 ? 0 : x * y;
      sum += term;
      scale += Math.abs(term);
    } else if (x instanceof Map && y instanceof Map) {
      for (const [k, v] of x) visit(v, y.get(k));
    } else if (isFields(x) && isFields(y)) {
      for (const key of Object.keys(x)) visit(x[key], y[key]);
    }
  };
  visit(a, b);
  return { sum, scale };
}

const holdsSingles = (x: unknown): boolean =>
  x instanceof Float32Array || (isFields(x) && Object.values(x).some(holdsSingles));

/** What the dot-product test found: nothing, or what is wrong. `copy` makes arguments that share nothing. */
export function transposed(
  f: AnyFunction,
  args: readonly unknown[],
  direction: readonly unknown[],
  copy: <T>(tree: T) => T,
  tolerance = 1e-12,
): string | undefined {
  const given = args.map(copy);
  const tangents = direction.map(copy);
  const [, tangent] = pushDual(f, undefined, given, tangents);
  const back = args.map(copy);
  const { value, pullback } = pull(f, undefined, back, () => true, true);
  const [w, written] = [weights(tangent), weights(tangents)] as [unknown, unknown[]];
  const cotangents = pullback(w, written);
  const forward = dot([w, written], [tangent, tangents]);
  const reverse = dot(cotangents, direction);
  // Tangents of a Float32Array are one too.
  const precision = holdsSingles([args, tangent]) ? 1e-7 : tolerance;
  const scale = Math.max(forward.scale, reverse.scale);
  const apart = Math.abs(forward.sum - reverse.sum);
  if (Number.isNaN(forward.sum) || forward.sum === reverse.sum || apart <= precision * scale)
    return undefined;
  return `⟨w, J·v⟩ is ${forward.sum} and ⟨Jᵀ·w, v⟩ is ${reverse.sum} (of ${scale}), the value ${value}`;
}
