import type { AnyFunction } from "./compile.ts";
import type { Program } from "./grammar.ts";

/** Numbers of a structure, in order; NaN for what is none. */
function numbersIn(x: unknown, into: number[] = []): number[] {
  if (typeof x === "number") into.push(x);
  else if (typeof x !== "object" || x === null) into.push(Number.NaN);
  else for (const k of keysOf(x)) numbersIn((x as Record<string, unknown>)[k], into);
  return into;
}

/** The tangents of the numbers of a structure, in the same order. A missing one means zero. */
function tangentsIn(x: unknown, t: unknown, into: number[] = []): number[] {
  if (typeof x !== "object" || x === null) into.push(typeof t === "number" ? t : 0);
  else {
    for (const k of keysOf(x)) {
      const part = (t as Record<string, unknown> | null | undefined)?.[k];
      tangentsIn((x as Record<string, unknown>)[k], part, into);
    }
  }
  return into;
}

const keysOf = (x: object): string[] =>
  Array.isArray(x) ? Array.from(x, (_, i) => String(i)) : Object.keys(x);

/** `primal + h · tangent`, structure by structure. */
function moved(primal: unknown, tangent: unknown, h: number): unknown {
  if (typeof primal === "number") return primal + h * (tangent as number);
  if (primal instanceof Float64Array)
    return primal.map((p, i) => p + h * ((tangent as Float64Array)[i] as number));
  if (Array.isArray(primal)) return primal.map((p, i) => moved(p, (tangent as unknown[])[i], h));
  return Object.fromEntries(
    Object.entries(primal as object).map(([k, p]) => [
      k,
      moved(p, (tangent as Record<string, unknown>)[k], h),
    ]),
  );
}

const LEVELS = 4;

/**
 * Compares tangents with central differences of the plain function, extrapolated to h = 0
 * (Richardson). A number is compared only where the differences converge: not at kinks and jumps,
 * nor where the function is too steep or too noisy for them, nor where
 * the tangent is NaN, because something on the way was infinite. Gives how many were compared.
 */
export function compareWithDifferences(
  f: AnyFunction,
  { source, primals, tangents }: Program,
  results: unknown,
  found: unknown,
  fail: (message: string) => never,
): number {
  const at = (h: number): number[] => {
    const args = primals.map((p, i) => moved(p, tangents[i], h));
    const value = f(...args);
    return numbersIn([value, args]);
  };
  const tangent = tangentsIn(results, found);
  const suspects = new Map<number, string>();
  let compared = 0;
  // A wrong tangent is wrong at every step size; differences that went wrong are so at one.
  for (const [round, step] of [2e-3, 3e-4].entries()) {
    if (round > 0 && suspects.size === 0) break;
    const estimates = estimate(at, step);
    if (estimates === undefined) return compared;
    const still = new Set<number>();
    for (const [i, { slope, error, value }] of estimates.entries()) {
      const t = tangent[i] as number;
      if (round === 0 && !Number.isNaN(slope)) compared++;
      if (round > 0 && !suspects.has(i)) continue;
      if (Math.abs(t - slope) <= error || Number.isNaN(slope) || Number.isNaN(t)) continue;
      // What is left of a huge number by `%` or rounding is flat between the numbers there are: `1e43 % 0.25`,
      // and so is what is left of any by a tiny one: `1 % 1e-20`.
      const isHuge =
        Math.abs(t) * Number.EPSILON > 1 + Math.abs(value) ||
        (value !== 0 && Math.abs(t) * Number.EPSILON > Math.abs(value)) ||
        Math.abs(value) > Number.MAX_SAFE_INTEGER;
      if (isHuge && /%|Math\.(floor|ceil|round|trunc)/.test(source)) continue;
      still.add(i);
      suspects.set(
        i,
        `tangent ${t}, by differences ${slope} ± ${error} (number ${i} of the result and the arguments)`,
      );
    }
    for (const i of suspects.keys()) if (!still.has(i)) suspects.delete(i);
  }
  const [first] = suspects.values();
  if (first !== undefined) fail(first);
  return compared;
}

function estimate(
  at: (h: number) => number[],
  step: number,
): (Slope & { value: number })[] | undefined {
  const middle = at(0);
  const sides: { up: number[]; down: number[]; h: number }[] = [];
  for (let k = 0; k < LEVELS; k++) {
    const h = step / 2 ** k;
    let up: number[];
    let down: number[];
    try {
      up = at(h);
      down = at(-h);
    } catch {
      return undefined;
    }
    if (up.length !== middle.length || down.length !== middle.length) return undefined;
    sides.push({ up, down, h });
  }
  return middle.map((value, i) => ({
    value,
    ...slopeOf(
      value,
      sides.map(({ up, down, h }) => ({ up: up[i] as number, down: down[i] as number, h })),
    ),
  }));
}

interface Slope {
  readonly slope: number;
  readonly error: number;
}

const NONE = { slope: Number.NaN, error: 0 };

function slopeOf(middle: number, sides: readonly { up: number; down: number; h: number }[]): Slope {
  if (
    !Number.isFinite(middle) ||
    sides.some(({ up, down }) => !Number.isFinite(up) || !Number.isFinite(down))
  )
    return NONE;
  let row = sides.map(({ up, down, h }) => (up - down) / (2 * h));
  const central = row;
  let previous = row;
  for (let order = 1; order < LEVELS; order++) {
    const factor = 4 ** order;
    previous = row;
    const last = row;
    row = last.slice(1).map((fine, k) => fine + (fine - (last[k] as number)) / (factor - 1));
  }
  const slope = row[0] as number;
  const scale = Math.max(Math.abs(slope), 1e-3);
  const { up, down, h } = sides.at(-1) as (typeof sides)[number];
  // Differences that converge do so by a factor of about 16 from row to row; the two finest must agree.
  const spread =
    Math.abs(slope - (previous.at(-1) as number)) +
    Math.abs((central.at(-1) as number) - slope) * 1e-3;
  const rounding =
    (64 * Number.EPSILON * Math.max(Math.abs(middle), Math.abs(up), Math.abs(down))) / h;
  const error = 10 * spread + rounding + 1e-7 * scale;
  // At a kink the two sides have different slopes however small the step is.
  const bend = Math.abs((up - middle) / h - (middle - down) / h);
  const coarse = sides[0] as (typeof sides)[number];
  const coarseBend = Math.abs((coarse.up - middle) / coarse.h - (middle - coarse.down) / coarse.h);
  const isKink = bend > 1e-6 * scale + 2 * rounding && bend > 0.3 * coarseBend;
  if (isKink || error > 1e-3 * scale) return NONE;
  return { slope, error };
}
