import { twinOf } from "dualize/runtime";
import { describe, expect, it } from "vitest";
import { load, translate } from "./support/compile.ts";
import { expectEveryForm } from "./support/programs.ts";

/** Modules that another one exports as a whole, and constants of other files. */

const vec = `"use dual";
  export const LARGEST = 85.5;
  export const SMALLEST: number = -85.5;
  export const RANGE = [-85, 85];
  export function lerp(out: number[], a: number[], b: number[], t: number): number[] {
    for (let i = 0; i < a.length; i++) out[i] = a[i]! + t * (b[i]! - a[i]!);
    return out;
  }
  export function dot(a: number[], b: number[]): number { return a[0]! * b[0]! + a[1]! * b[1]!; }
  export function clamp(x: number, lo: number, hi: number): number { return x < lo ? lo : x > hi ? hi : x; }
  export function within(x: number, range: number[]): number { range[0] = x; return range[1]! - x; }
  export function rotated(xs: number[], n: number): number[] { return [...xs.slice(n), ...xs.slice(0, n)]; }`;
const modules = {
  vec,
  barrel: `export * as vec from "./vec.js";`,
  other: `import * as inner from "./vec.js"; export { inner as vec2 };`,
  all: `export * from "./barrel.js"; export * from "./other.js";`,
};

const program = (body: string) => ({
  ...modules,
  main: `import { vec, vec2 } from "./all.js"; import { LARGEST, SMALLEST, RANGE, clamp, rotated, within } from "./vec.js";
    export function f(x: number, xs: number[]): number { "use dual"; ${body} }`,
});

describe("modules that are exported as a whole", () => {
  it.each([
    ["a function of numbers", "return vec.dot(xs, [x, 1]) * x;", 3 * 9 + 5 * 3, 2 * 3 * 3 + 5],
    [
      "what writes into a list of its own",
      "const p = vec.lerp([], xs, [x, x], 0.5); return p[0]! * p[1]!;",
      3 * 4,
      0.5 * 4 + 3 * 0.5,
    ],
    [
      "what writes into what it is given",
      "vec2.lerp(xs, xs, [x, x], x); return xs[0]! * vec.dot(xs, xs);",
      // The list becomes (3, -1), along (3, 1).
      3 * (9 + 1),
      3 * 10 + 3 * (2 * 3 * 3 - 2),
    ],
  ])("are called in every form: %s", (_, body, value, tangent) => {
    const code = program(body);
    expectEveryForm({ code, at: [3, [3, 5]], along: [1, [0, 0]], value, tangent });
    expect(twinOf(load(translate(code), "main").f as never)?.tangent).toBeDefined();
  });
});

describe("what is handed to functions of other files by what changes something", () => {
  it.each([
    [
      "numbers of other files",
      "xs[0] = clamp(x, SMALLEST, -SMALLEST) * clamp(xs[1]!, -LARGEST, LARGEST); return xs[0]!;",
      15,
      5,
    ],
    [
      "numbers that are one of two",
      "const n = x > 0 ? Math.floor(1.5) : Math.ceil(2.5); xs[0] = x; return rotated(xs, n)[1]! * rotated(xs, n || 1)[0]!;",
      15,
      5,
    ],
    [
      "a list of other files",
      "xs[0] = within(x, RANGE); return xs[0]! * x + RANGE[0]! * 0;",
      82 * 3,
      82 - 3,
    ],
  ])("is told apart: %s", (_, body, value, tangent) => {
    expectEveryForm({ code: program(body), at: [3, [3, 5]], along: [1, [0, 0]], value, tangent });
  });
});
