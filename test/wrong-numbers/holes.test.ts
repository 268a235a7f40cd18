import { describe, it } from "vitest";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** Methods of arrays pass holes over, whoever made them. */

const program = (
  code: string | Readonly<Record<string, string>>,
  value: number,
  tangent: number,
): Program => ({ code, at: [[1.5, 2]], along: [[1, 1]], value, tangent });

const put = "function put(xs: number[], v: number): void { xs[xs.length + 1] = v; }";
const sum =
  "function sum(xs: number[]): number { return xs.reduce((s, v, i) => s + v * v * (i + 1), 0); }";

const programs: Record<string, Program> = {
  "made by a helper": program(
    `"use dual"; ${put} export function f(xs: number[]): number { put(xs, xs[0] * 2); return xs.reduce((s, v) => s + v * v, 0); }`,
    2.25 + 4 + 9,
    3 + 4 + 12,
  ),
  "seen by a helper": program(
    `"use dual"; ${sum} export function f(xs: number[]): number { xs[3] = xs[0] * 2; return sum(xs); }`,
    2.25 + 8 + 36,
    3 + 8 + 48,
  ),
  "made by one helper and seen by another that calls itself": program(
    `"use dual"; ${put} ${sum} function twice(xs: number[], k: number): number { return k > 0 ? twice(xs, k - 1) : sum(xs); }
     export function f(xs: number[]): number { put(xs, xs[0] * 2); return twice(xs, 2); }`,
    2.25 + 8 + 36,
    3 + 8 + 48,
  ),
  "made by a method": program(
    `"use dual"; class Ring { xs: number[]; constructor(xs: number[]) { this.xs = xs; } put(i: number, v: number): void { this.xs[i] = v; } }
     export function f(xs: number[]): number { const r = new Ring([xs[0]]); r.put(2, xs[1] * xs[0]); return r.xs.map((v) => v * v).reduce((s, v) => s + v, 0); }`,
    2.25 + 9,
    3 + 2 * 3 * 3.5,
  ),
  "made in another file": program(
    {
      main: `"use dual"; import { put } from "./other.ts"; ${sum} export function f(xs: number[]): number { put(xs, xs[0] * 2); return sum(xs); }`,
      other: `"use dual"; export ${put}`,
    },
    2.25 + 8 + 36,
    3 + 8 + 48,
  ),
  "seen in another file": program(
    {
      main: `"use dual"; import { sum } from "./other.ts"; export function f(xs: number[]): number { xs[3] = xs[0] * 2; return sum(xs); }`,
      other: `"use dual"; export ${sum}`,
    },
    2.25 + 8 + 36,
    3 + 8 + 48,
  ),
};

const number = (code: string, value: number, tangent: number): Program => ({
  code,
  at: [2],
  along: [1],
  value,
  tangent,
});

const counted = "const sum = xs.reduce((s) => s + x, 0); return sum * xs.length;";

const others: Record<string, Program> = {
  "made of a length": number(
    `export function f(x: number): number { "use dual"; const xs = new Array<number>(3); ${counted} }`,
    0,
    0,
  ),
  "made with a place left out": number(
    `export function f(x: number): number { "use dual"; const xs = [x, , x] as number[]; ${counted} }`,
    12,
    6,
  ),
  "of the file": number(
    `const xs = [1, , 3] as number[]; export function f(x: number): number { "use dual"; ${counted} }`,
    12,
    6,
  ),
  "of the file, which lost an element": number(
    `const xs = [1, 2, 3]; delete xs[1]; export function f(x: number): number { "use dual"; ${counted} }`,
    12,
    6,
  ),
  "of what is made of one of the file": number(
    `const table = [1, 2, 3]; table[4] = 5;
     export function f(x: number): number { "use dual"; const xs = table.map((_, i) => x * i); return xs.reduce((s, v) => s + v, 0) * xs.length; }`,
    70,
    35,
  ),
};

const beyond = "const ys: number[] = []; ys[3] = x; ys[1] = x * x;";
const changed: Record<string, Program> = {
  "that is sorted": number(
    `export function f(x: number): number { "use dual"; ${beyond} ys.sort((a, b) => a - b); return ys[0] * ys[1] * (2 in ys ? 5 : x); }`,
    16,
    32,
  ),
  "that is sorted by a helper": number(
    `"use dual"; function order(ys: { k: number }[]): void { ys.sort((a, b) => a.k - b.k); }
     export function f(x: number): number { const ys: { k: number }[] = []; ys[3] = { k: x }; ys[1] = { k: x * x }; order(ys); return ys[0].k * ys[1].k * (2 in ys ? 5 : x); }`,
    16,
    32,
  ),
  "of which the first is where a sum begins": number(
    `export function f(x: number): number { "use dual"; ${beyond} return ys.reduce((a, b) => (a === undefined ? b * 2 : a * b)); }`,
    8,
    12,
  ),
  "of which the last is where a sum begins": number(
    `export function f(x: number): number { "use dual"; ${beyond} ys.length = 5; return ys.reduceRight((a, b) => (a === undefined ? b * 2 : a * b)); }`,
    8,
    12,
  ),
};

/** Lists that nobody but their makers knows of: what is not known when compiling is looked at when the program runs. */
const outside: Record<string, Program> = {
  "of another file": fromOutside(
    "const ys = table.map((v, i) => v * x + i); return ys.reduce((s) => s + x, 0) * ys.length;",
    30,
    15,
  ),
  "of another file, gone through at once": fromOutside(
    "return table.reduce((s) => s + x, 0) * x;",
    12,
    12,
  ),
  "in an object of another file": fromOutside(
    "let n = 0; world.rows.forEach((row) => { n += x * row.length; }); return n;",
    8,
    4,
  ),
  "that is taken apart in the walk": number(
    `export function f(x: number): number { "use dual"; const xs = [1, 2, 3]; const ys = xs.map((v, i) => { if (i === 0) xs.pop(); return v * x; }); return ys.reduce((s) => s + x, 0) * ys.length; }`,
    12,
    6,
  ),
};

function fromOutside(body: string, value: number, tangent: number): Program {
  return {
    ...number("", value, tangent),
    code: {
      main: `import { table, world } from "./tables"; export function f(x: number): number { "use dual"; ${body} }`,
      tables: `export const table: number[] = [1, 2]; table[4] = 3;
        export const world = { rows: [[1], [2, 3]] as number[][] }; world.rows[4] = [1];`,
    },
  };
}

describe("a list with holes", () => {
  it.each(Object.entries(outside))("%s", (_, p) => expectEveryForm(p));
  it.each(Object.entries(others))("%s", (_, p) => expectEveryForm(p));
  it.each(Object.entries(programs))("%s", (_, p) => expectEveryForm(p));
  it.each(Object.entries(changed))("%s", (_, p) => expectEveryForm(p));
});

it.each([
  ["is reduced", "return p.reduce((s, v) => s * v) * x"],
  ["is sorted", "p.sort((a, b) => b - a); return p[0] * x"],
])("a list that %s has holes where its argument is written beyond its end", (_, body) => {
  expectEveryForm({
    code: `"use dual"; export function f(p: number[], x: number): number { p[3] = 2 * x; ${body} }`,
    at: [[3, 5], 4],
    along: [[1, 1], 1],
    value: body.includes("sort") ? 8 * 4 : 3 * 5 * 8 * 4,
    tangent: body.includes("sort") ? 2 * 8 : 480 / 3 + 480 / 5 + 2 * (480 / 4),
  });
});
