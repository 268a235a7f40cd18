import { expect, test } from "vitest";
import { push, pushDual } from "../../packages/dualize/src/transforms/push.ts";
import { check } from "./check.ts";
import { compile } from "./compile.ts";

interface Case {
  readonly name: string;
  readonly source: string;
  readonly primals: unknown[];
  readonly tangents: unknown[];
  /** Value and tangent, worked out by hand. */
  readonly expected: readonly [value: unknown, tangent: unknown];
}

/** What the fuzzer found, made small. */
const cases: readonly Case[] = [
  {
    name: "a compound assignment to an element reads the old value before its right side runs",
    source: `export function f(xs: number[]): number { "use dual"; xs[0] -= xs[0]--; return xs[0]; }`,
    primals: [[5]],
    tangents: [[2]],
    expected: [0, 0],
  },
  {
    name: "an index is looked at before the right side changes it",
    source: `export function f(x: number): number { "use dual"; const xs = [1, 2]; let i = 0; xs[i] = (i = 1, x); return xs[0] * 10 + xs[1]; }`,
    primals: [3],
    tangents: [1],
    expected: [32, 10],
  },
  {
    name: "what is kept of an array of arrays is kept after it was made",
    source: `export function f(x: number): number { "use dual"; let y = x; y += [[x, 2], [3, x].map((v) => v * x)][1][(y++, 1)]; return y; }`,
    primals: [2],
    tangents: [1],
    expected: [6, 5],
  },
  {
    name: "a length that is written shortens the shadow too",
    source: `export function f(x: number): number { "use dual"; const xs = [1, x, x]; xs.length = 1; xs.push(x * x); return xs[1]; }`,
    primals: [3],
    tangents: [1],
    expected: [9, 6],
  },
  {
    name: "an update beyond the end of an array keeps what is pushed after it in step",
    source: `export function f(x: number): number { "use dual"; const xs = [1]; xs[2]++; xs.push(x * x); return xs[3]; }`,
    primals: [3],
    tangents: [1],
    expected: [9, 6],
  },
  {
    name: "an assignment to an element of a typed array is worth what was assigned, also out of range",
    source: `export function f(x: number): number { "use dual"; const xs = new Float64Array(2); return (xs[5] = x * x) + 1; }`,
    primals: [3],
    tangents: [1],
    expected: [10, 6],
  },
  {
    name: "Float64Array.from of active values keeps their tangents through a method call",
    source: `export function f(xs: number[]): number { "use dual"; const ys = Float64Array.from(xs).slice(); return ys[0] * ys[1]; }`,
    primals: [[2, 3]],
    tangents: [[1, 0]],
    expected: [6, 3],
  },
  {
    name: "a loop variable over inactive values may become active",
    source: `export function f(x: number): number { "use dual"; let s = 0; for (let v of new Int32Array([1, 2])) { v *= x; s += v; } return s; }`,
    primals: [3],
    tangents: [1],
    expected: [9, 3],
  },
  {
    name: "arguments of an inactive call that write keep the shadow up",
    source: `export function f(x: number): number { "use dual"; const xs = [1]; if (Number.isFinite((xs[0] = x, 1))) return xs[0] * x; return 0; }`,
    primals: [3],
    tangents: [1],
    expected: [9, 6],
  },
  {
    name: "a callback of Array.from that writes to an outer variable keeps its tangent up",
    source: `export function f(x: number): number { "use dual"; Array.from({ length: 2 }, () => (x = 4)); return x * 2; }`,
    primals: [3],
    tangents: [1],
    expected: [8, 0],
  },
  {
    name: "a function that is called where it is written may change an outer variable",
    source: `export function f(x: number): number { "use dual"; if (((v: number): number => ((x *= x), v))(1) > 0) return x; return 0; }`,
    primals: [3],
    tangents: [1],
    expected: [9, 6],
  },
  {
    name: "an optional call of a method that writes is not taken for a plain one",
    source: `export function f(x: number): number { "use dual"; const xs = [1]; xs?.push(x * x); return xs[1]; }`,
    primals: [3],
    tangents: [1],
    expected: [9, 6],
  },
  {
    name: "an inactive field replaces the tangent that a spread before it brought",
    source: `type P = { x: number; y: number };
export function f(x: number): P { "use dual"; return { ...{ x, y: x }, y: Math.sign(x) && 0.5 }; }`,
    primals: [3],
    tangents: [1],
    expected: [
      { x: 3, y: 0.5 },
      { x: 1, y: 0 },
    ],
  },
  {
    name: "an inactive field that the result's type calls a number has a tangent of zero",
    source: `type P = { x: number; y: number };
function g(x: number): P { return { x, y: (x, 2) }; }
export function f(x: number, xs: number[]): number { "use dual"; xs[0] = g(x).y * x; return xs[0]; }`,
    primals: [3, [0]],
    tangents: [1, [0]],
    expected: [6, 2],
  },
  {
    name: "a spread takes its elements before anything after it writes to them",
    source: `type P = { x: number; y: number };
export function f(p: P): P { "use dual"; return { ...p, x: (p.y = 7) }; }`,
    primals: [{ x: 2, y: 3 }],
    tangents: [{ x: 1, y: 1 }],
    expected: [
      { x: 7, y: 3 },
      { x: 0, y: 1 },
    ],
  },
  {
    name: "the tangent of a redeclared var is made of what it held",
    source: `export function f(x: number): number { "use dual"; var y = x * 2; var y = 0.5 ** (y * x); return y; }`,
    primals: [1],
    tangents: [1],
    expected: [0.25, Math.log(0.5) * 0.25 * 4],
  },
  {
    name: "a function declared in a loop is marked where its name is not followed",
    source: `export function f(x: number): number { "use dual"; let s = 0; for (let i = 0; i < 2; i++) { function g(v: number): number { return v * x; } s += g(x); } return s; }`,
    primals: [3],
    tangents: [1],
    expected: [18, 12],
  },
  {
    name: "logical assignments to elements and fields keep their tangents up",
    source: `export function f(x: number): number { "use dual"; const xs = [0, 2]; xs[0] ||= x * x; xs[1] &&= x; return xs[0] * xs[1]; }`,
    primals: [3],
    tangents: [1],
    expected: [27, 27],
  },
  {
    name: "atan2 of an element beyond the end is NaN, and does not throw",
    source: `export function f(xs: number[]): number { "use dual"; xs[0] = Math.atan2(xs[5], xs[0]); return 1; }`,
    primals: [[3]],
    tangents: [[1]],
    expected: [1, 0],
  },
  {
    name: "what is counted up beyond the end of an array was NaN",
    source: `export function f(m: number[][]): number { "use dual"; const was = m[0][5]++; return was === undefined ? 0 : m[0][0]; }`,
    primals: [[[1, 2]]],
    tangents: [[[1, 2]]],
    expected: [1, 1],
  },
  {
    name: "counters that are made of each other can be compiled",
    source: `export function f(p: number): number {
      "use dual";
      for (const v of [[1.5, p], [0, p]])
        for (let i = 0, w = 1 ^ 0; i < 3 && p < w; i++, w += i) p = w * v[1];
      return p;
    }`,
    primals: [-0.5],
    tangents: [1],
    expected: [-2, 4],
  },
  {
    name: "elements that a callback takes away are not visited",
    source: `export function f(x: number): number { "use dual"; const xs = [x, x, x]; let n = 0; xs.forEach((v) => { xs.pop(); n += v; }); return n; }`,
    primals: [3],
    tangents: [1],
    expected: [6, 2],
  },
  {
    name: "one shadow given for two arrays that are written to is not shared by them",
    source: `export function f(xs: number[], ys: number[]): number { "use dual"; xs[0] = 5; return ys[0] * 2; }`,
    primals: [
      [1, 2],
      [1, 2],
    ],
    tangents: ((t) => [t, t])([3, 4]),
    expected: [2, 6],
  },
  {
    name: "the power 0 of an element beyond the end is 1, and does not move",
    source: `export function f(xs: number[]): number { "use dual"; xs[0] = xs[5] ** (xs[1] * 0); return 1; }`,
    primals: [[3, 1]],
    tangents: [[1, 1]],
    expected: [1, 0],
  },
  {
    name: "a number that is assigned beyond the end of a typed array has no tangent",
    source: `export function f(xs: Float64Array): number { "use dual"; return (xs[5] = 2) * xs[0]; }`,
    primals: [Float64Array.of(3)],
    tangents: [Float64Array.of(1)],
    expected: [6, 2],
  },
  {
    name: "the power 0 of NaN is 1, and does not move",
    source: `export function f(xs: number[]): number { "use dual"; xs[0] = Math.sqrt(xs[0]); xs[0] **= 0; return xs[0] + (xs[0] * xs[5]) ** (xs[1] * 0); }`,
    primals: [[-3, 1]],
    tangents: [[1, 1]],
    expected: [2, 0],
  },
  {
    name: "what a callback calls keeps zero tangents from infinite partials, where its function cannot be run again",
    source: `function h(x: number, ys: number[]): number { ys[0] = x / ys[1]; return 1; }
export function f(xs: number[]): number { "use dual"; let n = 0; [1].forEach(() => { n += h(2, xs); }); return n; }`,
    primals: [[3, 0]],
    tangents: [[1, 0]],
    expected: [1, 0],
  },
  {
    name: "what is called finally leaves the tangent that was returned before",
    source: `function h(x: number, ys: number[]): number { ys[0] = x; return x * x * x; }
export function f(x: number): number { "use dual"; const ys = [0]; try { return x * 2; } finally { h(x, ys); } }`,
    primals: [3],
    tangents: [1],
    expected: [6, 2],
  },
  {
    name: "holes that a pattern makes are not visited",
    source: `export function f(x: number): number { "use dual"; const xs = [x]; xs.pop(); [xs[2]] = [x]; return xs.reduce((s, v) => s + v, 1); }`,
    primals: [3],
    tangents: [1],
    expected: [4, 1],
  },
  {
    name: "an adjoint that nobody reads goes with all that is added to it",
    source: `export function f(x: number): number { "use dual"; const v = 0.3 ** 0.3 <= x ? [0.5, 1 + x, (x **= x)] : [x + x, Math.sin(0.3), 3]; x = v.at(-1)! + ((x /= x), v[0] - v[1]); for (let i = 0; i < 3; i++) {} return x; }`,
    primals: [1],
    tangents: [2],
    expected: [-0.5, 0],
  },
  {
    name: "numbers that are spread beside active ones have zeros, however they are written",
    source: `export function f(xs: number[]): { x: number; y: number } { "use dual"; return { ...{ x: xs[1] < 1 ? 3 : 0.25, y: (xs[0]++, 2) }, y: -xs[0] }; }`,
    primals: [[1, 2]],
    tangents: [[3, 4]],
    expected: [
      { x: 0.25, y: -2 },
      { x: 0, y: -3 },
    ],
  },
];

for (const { name, source, primals, tangents, expected } of cases) {
  test(name, () => {
    const { f } = compile(source);
    const tidy = (pair: unknown) => JSON.parse(JSON.stringify(pair));
    const byDual = pushDual(f, undefined, structuredClone(primals), structuredClone(tangents));
    const asUsual = push(f, undefined, structuredClone(primals), structuredClone(tangents));
    expect(tidy(byDual)).toEqual(tidy(expected));
    expect(tidy(asUsual)).toEqual(tidy(expected));
    if (new Set(tangents).size === tangents.length)
      check({ source, primals, tangents, isSmooth: true });
  });
}
