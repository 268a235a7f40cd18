import { describe, it } from "vitest";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** Functions of the language where those of the program may stand: in lists, fields and variables. */

const unary = "(y: number) => number";
const program = (body: string, value: number, tangent: number, more = ""): Program => ({
  code: `${more} export function f(x: number): number { "use dual"; ${body} }`,
  at: [4],
  value,
  tangent,
});

const cases: Record<string, Program> = {
  "in a list beside functions of the program": program(
    "const ops = [(y: number) => y * x, Math.sqrt]; let r = x; for (const op of ops) r = op(r); return r;",
    4,
    1,
  ),
  "alone in a list, and put into it": program(
    `const ops: (${unary})[] = [Math.sqrt]; ops.push(Math.abs); return ops.map((op) => op(x)).reduce((a, b) => a * b, 1);`,
    8,
    3,
  ),
  "one of two that a condition chooses": program(
    "const g = x > 1 ? Math.sqrt : (y: number) => y * y; return g(x) * x;",
    8,
    3,
  ),
  "in a field of an instance": program(
    "return new Layer(Math.sqrt).apply(x) + new Layer((y) => y * y).apply(x);",
    72,
    51,
    `class Layer {
      act: ${unary};
      constructor(act: ${unary}) { this.act = act; }
      apply(x: number): number { return this.act(x) * x; }
    }`,
  ),
  "in a field of an object that a helper is given": program(
    "return run({ act: Math.sqrt, k: x }, x) + run({ act: (y) => y * y, k: 2 }, x);",
    40,
    19,
    `interface M { act: ${unary}; k: number } function run(m: M, y: number): number { return m.act(y) * m.k; }`,
  ),
  "in a field of an object that a helper gives": program(
    "const m = make(x); return m.act(x) * m.k;",
    8,
    3,
    `interface M { act: ${unary}; k: number } const make = (k: number): M => ({ act: Math.sqrt, k });`,
  ),
  "put into a field": program(
    "const m: M = { act: (y) => y * y, k: x }; m.act = Math.sqrt; return m.act(x) * m.k;",
    8,
    3,
    `interface M { act: ${unary}; k: number }`,
  ),
  "in the place of a field that is spread": program(
    "const m = { act: (y: number) => y * y, k: x }; return run({ ...m, act: Math.sqrt }, x);",
    8,
    3,
    `interface M { act: ${unary}; k: number } function run(m: M, y: number): number { return m.act(y) * m.k; }`,
  ),
  "rows without derivatives among those with": program(
    "const m = [[x, 1], ks, [x, x]]; let s = 0; for (let i = 0; i < 3; i++) for (const v of m[i]) s = s * x + v; return s;",
    4 ** 6 + 4 ** 4 + 4 ** 3 + 2 * 4 ** 2 + 4 ** 2 + 4,
    6 * 4 ** 5 + 4 * 4 ** 3 + 3 * 4 ** 2 + 4 * 4 + 2 * 4 + 1,
    "const ks = [1, 2];",
  ),
};

describe("derivatives go through them:", () => {
  it.each(Object.entries(cases))("%s", (_, p) => expectEveryForm(p));
});
