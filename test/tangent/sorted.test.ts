import { describe, expect, it } from "vitest";
import { compile } from "./support/compile.ts";
import { expectToldForms, type Told } from "./support/programs.ts";

/** Lists that are sorted, copies by `Float64Array.from`, and results that types of several shapes tell of. */

const weigh =
  "const weigh = (xs: ArrayLike<number>): number => { let s = 0; for (let i = 0; i < xs.length; i++) s += xs[i]! * (i + 1) * xs[i]!; return s; };";

const programs: Record<string, Told> = {
  "a list of numbers": {
    code: `"use dual"; ${weigh} export function f(xs: number[]): number { xs.sort((a, b) => b - a); return weigh(xs); }`,
    at: [[3, 1, 4, 2]],
    along: [[1, 2, 3, 4]],
    value: 16 + 18 + 12 + 4,
    tangent: 2 * (4 * 3 + 2 * 3 + 3 * 2 * 4 + 4 * 2),
    fast: ["f"],
  },
  "equal ones as they were": {
    code: `"use dual"; ${weigh} export function f(x: number): number { const xs = [x, 2, x * 1, 1]; return weigh(xs.sort((a, b) => a - b)); }`,
    at: [2],
    value: 1 + 8 + 12 + 16,
    tangent: 4 * (2 + 4),
    noDifferences: "they are equal",
    fast: ["f"],
  },
  "a typed array, by itself": {
    code: `"use dual"; ${weigh} export function f(x: number): number { const xs = Float64Array.from([x, 0, -x, 2 * x, x / 10]); xs.sort(); return weigh(xs); }`,
    at: [3],
    value: 9 + 0.09 * 3 + 9 * 4 + 36 * 5,
    tangent: 2 * (3 + 0.03 * 3 + 12 + 60),
    fast: ["f"],
  },
  "a copy of either make": {
    code: `"use dual"; ${weigh} const g = (xs: number[] | Float64Array): number => weigh(Float64Array.from(xs).sort((a, b) => b - a));
      export function f(x: number): number { return g([x, 2 * x]) + g(new Float64Array([x, 3 * x])) * x; }`,
    at: [2],
    value: 4 * (4 + 2) + 4 * (9 + 2) * 2,
    tangent: 4 * 6 + 12 * 11,
    fast: ["f", "g"],
  },
  "objects by a field": {
    code: `"use dual"; export function f(x: number): number { const ps = [{ k: x, v: x * x }, { k: 1, v: 5 }, { k: -x, v: x }];
      ps.sort((a, b) => a.k - b.k); const first = ps[0]!; first.v *= 2; return ps[0]!.v * 3 + ps[1]!.v * x + ps[2]!.v; }`,
    at: [3],
    value: 18 + 15 + 9,
    tangent: 6 + 5 + 6,
    fast: ["f"],
  },
  "by how far they are": {
    code: `"use dual"; export function f(x: number, y: number): number { const xs = [1, 2, x, y]; const far = (v: number): number => Math.abs(v - x);
      xs.sort((a, b) => far(a) - far(b)); return xs[0]! + 2 * xs[1]! + 3 * xs[2]! * xs[3]!; }`,
    at: [1.9, 7],
    value: 1.9 + 4 + 21,
    tangent: 1 + 3,
  },
  "by a function of the file": {
    code: `"use dual"; const down = (a: number, b: number): number => b - a; export function f(x: number): number { const xs = [x, x * x, 1]; xs.sort(down); return xs[0]! * 3 + xs[1]!; }`,
    at: [2],
    value: 14,
    tangent: 13,
    fast: ["f"],
  },
  "by what counts": {
    code: `"use dual"; export let asked = 0; export function f(x: number): number { const xs = [x, x * x, 1]; xs.sort((a, b) => { asked++; return a - b; }); return xs[0]! * 3 + xs[1]!; }`,
    at: [2],
    value: 5,
    tangent: 1,
    slow: ["f"],
  },
  "in a loop, and what is missing": {
    code: `"use dual"; export function f(x: number): number { let s = 0; for (let i = 0; i < 3; i++) { const xs = [x + i, x * x, 2 * i]; xs[4] = x; xs.sort((a, b) => a - b); s += xs[i]! * (i + 1) + xs.length; } return s; }`,
    at: [2],
    value: 31,
    tangent: 2 + 12,
    noDifferences: "some are equal",
  },
  "by text": {
    code: `"use dual"; export function f(x: number): number { const xs = [x, 10, 9]; xs.sort(); return xs[0]! * 2 + xs[1]! * 3 + xs[2]!; }`,
    at: [2],
    value: 20 + 6 + 9,
    tangent: 3,
    noDifferences: "the order of texts jumps",
    slow: ["f"],
  },
  "a slice that is sorted, and a list that is not": {
    code: `"use dual"; export function f(xs: number[]): number { const ys = xs.slice().sort((a, b) => a - b); const mid = ys[ys.length >> 1]!; return mid * xs[0]!; }`,
    at: [[5, 1, 3]],
    along: [[1, 0, 2]],
    value: 15,
    tangent: 13,
    fast: ["f"],
  },
  "a copy with a function": {
    code: `"use dual"; export function f(x: number): number { const xs = Float64Array.from([x, 2], (v) => v * v); return xs[0]! * xs[1]!; }`,
    at: [3],
    value: 36,
    tangent: 24,
  },
  "a result whose type depends on a type": {
    code: {
      other: `"use dual"; type Made<C> = C extends Float64ArrayConstructor ? Float64Array : C extends Int32ArrayConstructor ? Int32Array : number[];
        export function make<C extends Float64ArrayConstructor | ArrayConstructor = Float64ArrayConstructor>(n: number, C?: C): Made<C> { return (C === Array ? new Array(n).fill(0) : new Float64Array(n)) as Made<C>; }
        export function out(given: number[], n: number): number[]; export function out(given: undefined, n: number): Float64Array;
        export function out(given: number[] | Float64Array | undefined, n: number): number[] | Float64Array { return given ?? new Float64Array(n); }
        export const isList = (x: unknown): x is number[] => Array.isArray(x);`,
      main: `"use dual"; import { isList, make, out } from "./other";
        export function f(x: number): number { const a = make(2); const b = out(undefined, 1); const c = out([x], 1); a[0] = x; a[1] = 2 * x; b[0] = x * x; c[0]! *= 3;
          if (isList(x)) return 0; return a[0]! * a[1]! + b[0]! * c[0]!; }`,
    },
    at: [2],
    value: 8 + 24,
    tangent: 8 + 36,
  },
};

describe("lists that are sorted and copied", () => {
  it.each(Object.entries(programs))("%s", (_, program) => expectToldForms(program));

  it("where there is nothing to copy", () => {
    const { exports } = compile(
      `"use dual"; export function f(x: number, xs?: number[]): number { return x * Float64Array.from(xs!).length; }`,
    );
    expect(() => exports.f?.(2)).toThrow(TypeError);
  });
});
