import { jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { compile } from "./support/compile.ts";
import { expectToldForms, type Told } from "./support/programs.ts";

/** Functions that change what they are given, as values: made, handed on and given back. */

const put =
  "const make = (k: number) => (out: number[], x: number): number[] => { out[0] = x * k; out[1]! += k; return out; };";

const programs: Record<string, Told> = {
  "into a list made here": {
    code: `"use dual"; ${put} export function f(x: number): number { const p = make(x); const a = [1, 2]; p(a, x); p(a, a[0]!); return a[0]! * a[1]!; }`,
    at: [3],
    value: 27 * 8,
    tangent: 27 * 8 + 27 * 2,
    fast: ["f", "make"],
  },
  "into an argument": {
    code: `"use dual"; ${put} export function f(a: number[], x: number): number { make(x)(a, a[1]!); return a[0]! * x; }`,
    at: [[5, 2], 3],
    along: [[1, 1], 1],
    value: 18,
    tangent: 9 + 12,
  },
  "into a list of the file": {
    code: `"use dual"; ${put} export function f(x: number): number { const table = [1, 2]; make(x)(table, x); const t = outer; make(2)(t, 3); return table[0]! * x + t[1]!; }
      const outer = [0, 0];`,
    at: [3],
    value: 29,
    tangent: 27,
    noDifferences: "a list of the file is changed",
    noGradient: "a list of the file is changed",
  },
  "something active into a list of the file": {
    code: `"use dual"; ${put} const outer = [0, 0];
      export function f(x: number): number { const p = make(x); p(outer, x); return outer[0]! * x + outer[1]!; }`,
    at: [3],
    value: 30,
    tangent: 28,
  },
  "into a list that has two names": {
    code: `"use dual"; const make = (k: number) => (out: number[], v: number[]): number => { out[0] = v[0]! * k; return v[0]! + v[1]!; };
      export function f(x: number): number { const a = [x, 2]; const b = a; return make(x)(a, b) * a[0]!; }`,
    at: [3],
    value: 11 * 9,
    tangent: 6 * 9 + 11 * 6,
    fast: ["f"],
  },
  "into one or the other": {
    code: `"use dual"; const make = (scale: (out: number[], v: number[], k: number) => number[]) => (out: number[] | null, v: number[], n: number): number[] => {
        !out && (out = v); return scale(out, v, n / Math.sqrt(v[0]! * v[0]! + v[1]! * v[1]!)); };
      const scale = (out: number[], v: number[], k: number): number[] => { for (let i = 0; i < v.length; i++) out[i] = v[i]! * k; return out; };
      export function f(x: number): number { const norm = make(scale); const a = [x, 4]; const b = [0, 0]; norm(b, a, x); norm(null, a, 2); return a[0]! * b[1]! + a[1]!; }`,
    at: [3],
    value: (6 / 5) * (12 / 5) + 8 / 5,
    tangent: 2 * (1 / 5 - 9 / 125) * (12 / 5) + (6 / 5) * (4 * (1 / 5 - 9 / 125)) - 24 / 125,
    fast: ["f", "make"],
  },
  "of objects, each of a list": {
    code: `"use dual"; export function f(x: number): number { const ps = [{ v: x }, { v: 2 }]; const k = x * x;
      ps.forEach((p) => { p.v *= k; }); const grow = (p: { v: number }): void => { p.v += k; }; ps.forEach(grow); return ps[0]!.v * ps[1]!.v; }`,
    at: [2],
    value: 12 * 12,
    tangent: (12 + 4) * 12 + 12 * (8 + 4),
  },
  "given to a function of the file": {
    code: `"use dual"; function each(xs: number[], g: (xs: number[], i: number) => void): number { for (let i = 0; i < xs.length; i++) g(xs, i); return xs[0]! * xs[1]!; }
      export function f(x: number): number { const own = [x, 3]; return each(own, (xs, i) => { xs[i]! *= x; }) + own[0]!; }`,
    at: [2],
    value: 28,
    tangent: 36 + 4,
  },
  "given to a function of another file": {
    code: {
      other: `"use dual"; export function each(xs: number[], g: (xs: number[], i: number) => void): number { for (let i = 0; i < xs.length; i++) g(xs, i); return xs[0]! * xs[1]!; }`,
      main: `"use dual"; import { each } from "./other"; export let calls = 0;
        const scaleBy = (k: number) => (xs: number[], i: number): void => { xs[i]! *= k; };
        export function f(x: number): number { calls++; const own = [x, 3]; return each(own, (xs, i) => { xs[i]! *= x; }) + each(own, scaleBy(x)) + own[0]!; }`,
    },
    at: [2],
    value: 24 + 96 + 8,
    tangent: 36 + 5 * 48 + 12,
  },
  "that a function of another file makes": {
    code: {
      other: `"use dual"; export const scaleBy = (k: number) => (xs: number[], i: number): void => { xs[i]! *= k; };`,
      main: `"use dual"; import { scaleBy } from "./other";
        export function f(x: number): number { const own = [x, 3]; const g = scaleBy(x); g(own, 0); g(own, 1); g(own, 0); return own[0]! * own[1]!; }`,
    },
    at: [2],
    value: 48,
    tangent: 4 * 24,
  },
  "that keep what they are given": {
    code: `"use dual"; function make(): (xs?: number[]) => number { let kept = [0]; return (xs) => { if (xs) { kept = xs; xs[0]! *= 2; } return kept[0]!; }; }
      export function f(x: number): number { const g = make(); const a = [x]; g(a); a[0]! *= x; return g() * x; }`,
    at: [3],
    value: 54,
    tangent: 54,
  },
  "several in a list": {
    code: `"use dual"; const both = (k: number): [(o: number[], x: number) => void, (o: number[]) => number] => [(o, x) => { o[0] = x * k; }, (o) => o[0]! * k];
      export function f(x: number): number { const [set, get] = both(x); const o = [0]; set(o, x); return get(o); }`,
    at: [2],
    value: 8,
    tangent: 12,
  },
};

describe("functions that change what they are given", () => {
  it.each(Object.entries(programs))("%s", (_, program) => expectToldForms(program));

  it("in a list that a derivative gives", () => {
    const { exports } = compile(`"use dual";
      export const both = (k: number): [(o: number[], x: number) => void, (x: number) => number] => [(o, x) => { o[0] = x * k; }, (x) => x * k * k];`);
    const [[set, times], [, slope]] = jvp(
      exports.both as never,
      [3] as never,
      [1] as never,
    ) as never as [
      [(o: number[], x: number) => void, (x: number) => number],
      [unknown, (x: number) => number],
    ];
    const o = [0];
    set(o, 2);
    expect(o).toEqual([6]);
    expect(times(2)).toBe(18);
    expect(slope(2)).toBe(12);
  });
});
