import { describe, it } from "vitest";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** Operands are read from left to right, whatever is called in between. */

const seeded = (expression: string, lib?: string): Program["code"] => {
  const own = `
    const rng = { seed: 1 };
    function next(y: number): number { ${lib ? "" : '"use dual";'} rng.seed = rng.seed * 2 + 1; return y * rng.seed; }
    const get = () => rng.seed;`;
  return `${own} export function f(x: number): number { "use dual"; ${expression} }`;
};
const imported = (body: string): Program["code"] => ({
  lib: `export const rng = { seed: 1 };
    export let live = 1;
    export function next(y: number): number { "use dual"; rng.seed = rng.seed * 2 + 1; live = rng.seed; return y * rng.seed; }`,
  main: `import { live, next, rng } from "./lib";
    export function f(x: number): number { "use dual"; ${body} }`,
});

const cases: Record<string, Program> = {
  "a field of a module object, before a function of the module changes it": {
    code: seeded("return rng.seed + x + next(x);"),
    at: [2],
    value: 9,
    tangent: 4,
  },
  "the same in a product": {
    code: seeded("return rng.seed * next(x);"),
    at: [2],
    value: 6,
    tangent: 3,
  },
  "a call that reads, before one that writes": {
    code: seeded("return get() * x + next(x) + get();"),
    at: [2],
    value: 11,
    tangent: 4,
  },
  "a field of an imported object, before an imported function changes it": {
    code: imported("return rng.seed + x + next(x);"),
    at: [2],
    value: 9,
    tangent: 4,
  },
  "an imported variable, before an imported function changes it": {
    code: imported("return live + x + next(x) + live;"),
    at: [2],
    value: 12,
    tangent: 4,
  },
  "arguments that are read before a later one changes them": {
    code: imported(
      "const g = (a: number, b: number) => a * b; return g(rng.seed, next(x)) + rng.seed;",
    ),
    at: [2],
    value: 9,
    tangent: 3,
  },
  "elements of a literal": {
    code: imported("const a = [rng.seed, next(x), rng.seed]; return a[0] * a[1] * a[2];"),
    at: [2],
    value: 18,
    tangent: 9,
  },
  "fields of a literal": {
    code: imported("const a = { p: rng.seed, q: next(x), r: rng.seed }; return a.p * a.q * a.r;"),
    at: [2],
    value: 18,
    tangent: 9,
  },
  "a function that is called indirectly": {
    code: `
      const rng = { seed: 1 };
      function next(y: number): number { rng.seed = rng.seed * 2 + 1; return y * rng.seed; }
      function apply(g: (y: number) => number, y: number): number { return rng.seed + y + g(y); }
      export function f(x: number): number { "use dual"; return apply(next, x); }`,
    at: [2],
    value: 9,
    tangent: 4,
  },
  "a compound assignment whose right side changes the left": {
    code: `
      const rng = { seed: 1 };
      function next(y: number): number { rng.seed = 3; return y * 5; }
      export function f(x: number): number { "use dual"; let s = rng.seed * x; s += rng.seed + next(x) * s; return s; }`,
    at: [2],
    value: 23,
    tangent: 21,
  },
  "a condition that changes what stands before it": {
    code: imported("return rng.seed + (next(x) > 0 ? x : 0) + rng.seed;"),
    at: [2],
    value: 6,
    tangent: 1,
  },
  "a getter that changes what stands before it": {
    code: `
      let n = 1;
      class Count { constructor(readonly k: number) {} get now(): number { n += 1; return this.k * n; } }
      export function f(x: number): number { "use dual"; const c = new Count(x); return n * x + c.now + n; }`,
    at: [2],
    value: 8,
    tangent: 3,
  },
  "a tagged template that changes what stands before it": {
    code: `
      let n = 1;
      const tag = (parts: TemplateStringsArray): number => { n += 1; return n; };
      export function f(x: number): number { "use dual"; return n * x + tag\`a\` + n * x; }`,
    at: [2],
    value: 8,
    tangent: 3,
  },
};

describe("operands are read before what is called after them", () => {
  it.each(Object.entries(cases))("%s", (_, program) => expectEveryForm(program));
});
