import { describe, it } from "vitest";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** What a function of another file looks at is changed between two calls of it: on the way back it is as it was. */

const other = `"use dual"; export const cfg = { k: 1 }; export const table = [1, 1];
  export function g(x: number): number { return x * x * cfg.k; }
  export function h(x: number): number { return x * x * table[1]; }
  export function all(xs: number[]): number { return xs[0] * xs[1] * cfg.k; }`;
const program = (main: string, value: number, tangent: number, more = other): Program => ({
  code: { main: `"use dual"; ${main}`, other: more },
  at: [[2, 3]],
  along: [[1, 1]],
  value,
  tangent,
});

const programs: Record<string, Program> = {
  "a field": program(
    `import { cfg, g } from "./other"; export function f(xs: number[]): number { cfg.k = 3; const a = g(xs[0]); cfg.k = 4; return a * g(xs[1]); }`,
    432,
    720,
  ),
  "an element of a table": program(
    `import { table, h } from "./other"; export function f(xs: number[]): number { table[1] = 3; const a = h(xs[0]); table[1] = 4; return a * h(xs[1]); }`,
    432,
    720,
  ),
  "a field in each round of a loop": program(
    `import { cfg, g } from "./other"; export function f(xs: number[]): number { cfg.k = 2; let p = 1; for (const x of xs) { cfg.k++; p *= g(x); } return p; }`,
    432,
    720,
  ),
  "a field, and the function takes a list": program(
    `import { cfg, all } from "./other"; export function f(xs: number[]): number { cfg.k = 3; const a = all(xs); cfg.k = 4; return a * all(xs); }`,
    432,
    720,
  ),
  "a variable that the other file imports": program(
    `import { g } from "./other"; export let n = 2; export function f(xs: number[]): number { n = 2; let p = 1; for (const x of xs) { n++; p *= g(x); } return p; }`,
    432,
    720,
    `"use dual"; import { n } from "./main"; export function g(x: number): number { return x * x * n; }`,
  ),
  "a variable that the other file asks a function for": program(
    `import { g } from "./other"; let n = 2; export function now(): number { return n; } export function f(xs: number[]): number { n = 2; let p = 1; for (const x of xs) { n++; p *= g(x); } return p; }`,
    432,
    720,
    `"use dual"; import { now } from "./main"; export function g(x: number): number { return x * x * now(); }`,
  ),
};

describe("what another file looks at and this one changes:", () => {
  it.each(Object.entries(programs))("%s", (_, program) => expectEveryForm(program));
});
