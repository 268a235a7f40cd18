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

const twice =
  "function twice(x: number, k: () => number, n: number): number { return n > 0 ? x * twice(x, k, n - 1) * k() : x * k(); }";
const part =
  "function part(x: number, k: (i: number) => { a: number }, n: number): number { return n > 0 ? part(x, k, n - 1) * k(n).a : x * k(n).a; }";

/** Functions that give a constant, where others give what is active. */
const constant: Record<string, Program> = {
  "one that is given to what calls itself": program(
    "let n = 2; n++; return twice(x, () => n, 1) * twice(x, () => x, 0);",
    9 * 4 ** 4,
    9 * 4 * 4 ** 3,
    twice,
  ),
  "one of several that are given": program(
    "const a = twice(x, () => 3, 1); return a * twice(x, () => 2, 0);",
    18 * 4 ** 3,
    18 * 3 * 4 ** 2,
    twice,
  ),
  "one of several that a function gives": program(
    "const [a, b] = [made(x, 0), made(x, 1)]; return x * a() * b() * x * a();",
    27 * 4 ** 3,
    27 * 3 * 4 ** 2,
    "function made(x: number, n: number): () => number { const k = 3; return n > 5 ? made(x, n - 1) : n > 0 ? () => x * k : () => k; }",
  ),
  "one that calls something after it has given it": program(
    "let n = 2, s = 0; n++; const square = (y: number) => (y > 100 ? 1 : y * y); const k = () => { try { return n; } finally { s += square(x); } }; return twice(x, k, 0) * twice(x, () => x, 0) * s;",
    3 * 4 ** 5,
    3 * 5 * 4 ** 4,
    twice,
  ),
  "one that gives an object of the file": program(
    "return part(x, () => fixed, 1) * part(x, () => ({ a: x }), 1);",
    9 * 4 ** 4,
    9 * 4 * 4 ** 3,
    `const fixed = { a: 3 }; ${part}`,
  ),
  "one that gives a table": program(
    "return first(x, () => table, 1) * first(x, () => [x], 1);",
    9 * 4 ** 4,
    9 * 4 * 4 ** 3,
    "const table = [3]; function first(x: number, k: (i: number) => number[], n: number): number { return n > 0 ? first(x, k, n - 1) * k(n)[0] : x * k(n)[0]; }",
  ),
};

const list =
  "const queue: (() => number)[] = []; function later(g: () => number): void { queue.push(g); }";

/** A method of a list of functions is none of the functions. */
const queued: Record<string, Program> = {
  "which is taken out again": program(
    "later(() => x * x); return take() * x;",
    64,
    48,
    `${list} function take(): number { const g = queue.pop(); return g ? g() : 0; }`,
  ),
  "which puts others there": program(
    "later(() => x * x); later(() => { later(() => x * 2); return x; }); return drain() * x;",
    (16 + 4 + 8) * 4,
    28 + 4 * (8 + 1 + 2),
    `${list} function drain(): number { let s = 0; while (queue.length) s += queue.shift()!(); return s; }`,
  ),
  "which is in a field": program(
    "later(() => x * x); return world.all.splice(0, 1)[0]() * x;",
    64,
    48,
    "const world: { all: (() => number)[] } = { all: [] }; function later(g: () => number): void { world.all.unshift(g); }",
  ),
};

describe("a function that waits in a list of the module:", () => {
  it.each(Object.entries(queued))("%s", (_, p) => expectEveryForm(p));
});

describe("a function that gives a constant:", () => {
  it.each(Object.entries(constant))("%s", (_, p) => expectEveryForm(p));
});

describe("derivatives go through them:", () => {
  it.each(Object.entries(cases))("%s", (_, p) => expectEveryForm(p));
});
