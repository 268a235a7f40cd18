import { hvp } from "dualize";
import { describe, expect, it } from "vitest";
import { compile } from "../tangent/support/compile.ts";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

type Of = (f: never) => (x: number, v: number) => number;

/** Files that give names of the language a meaning of their own, which what is emitted must not take up. */

const program = (more: string, body: string, value: number, tangent: number): Program => ({
  code: `${more} export function f(x: number): number { "use dual"; ${body} }`,
  at: [2],
  value,
  tangent,
});

const squares = "let s = 0; for (const v of ks.map((k) => k * x)) s += v * v; return s;";
const taken = "let s = 0; for (const k of ks) s = s * x + k; const [a] = ks; return s + a!;";

const cases: Record<string, Program> = {
  "a function `Array`": program(
    "const ks = [1, 2]; function Array(n: number) { return n; } export const q = Array;",
    squares,
    20,
    20,
  ),
  "a class `Array`": program(
    "const ks = [1, 2]; class Array { fill() { return this; } } export const q = Array;",
    squares,
    20,
    20,
  ),
  "an `Array` that takes all for lists": program(
    "const ks: number[] = new Set([2, 3]) as any; class Array { static isArray() { return true; } } Array.prototype[Symbol.iterator] = Set.prototype[Symbol.iterator]; export const q = Array;",
    taken,
    9,
    2,
  ),
  "an enum `Array`": program(
    "const ks = [1, 2]; enum Array { a } export const q = Array.a;",
    squares,
    20,
    20,
  ),
  "a `Symbol` without an iterator": program(
    'class L extends Array<number> { *[globalThis.Symbol.iterator](): any { yield 7; } } const ks: number[] = new L() as any; ks.push(2, 3); const Symbol = { iterator: "z" }; export const q = Symbol;',
    taken,
    14,
    0,
  ),
};

describe("where a file has of its own", () => {
  it.each(Object.entries(cases))("%s", (_, p) => expectEveryForm(p));
});

it("a `Math` with another logarithm, in H·v", () => {
  const { exports } = compile(
    `const Math = { log: (v: number): number => v * 1000 }; export const q = Math;
     export function f(x: number): number { "use dual"; return x ** x; }`,
  );
  const log = Math.log(2) + 1;
  expect((hvp as never as Of)(exports.f as never)(2, 1)).toBeCloseTo(4 * (log * log + 1 / 2), 12);
});

it("a factory may have one, too", () =>
  expectEveryForm({
    code: `function make() { const Array = (n: number): number => n; return (x: number): number => { "use dual"; let s = 0; for (const v of [1, 2].map((k) => k * x)) s += v * v; return s * Array(2); }; } export const f = make();`,
    at: [2],
    value: 40,
    tangent: 40,
  }));

it("names of types, and those inside the function, hide nothing", () => {
  const { report } = compile(
    `import type { Symbol } from "typescript"; interface Array2 { s: Symbol }
     export function f(x: number): number { "use dual"; const Math = 2; return x ** Math; }`,
  );
  expect(report.map(({ form }) => form)).toEqual(["tangent"]);
});
