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
  "a field that a function written in place overwrites, on both sides of a product": {
    code: `
      interface P { x: number }
      function take(p: P): number { const v = p.x; p.x = 7; return v; }
      export function f(x: number): number { "use dual"; const p = { x }; return take(p) * p.x; }`,
    at: [2],
    value: 14,
    tangent: 7,
  },
  "an element that is handed to a function which overwrites it, times that element": {
    code: `
      function first(a: number, p: number[]): number { p[0] = 9; return a; }
      export function f(x: number): number { "use dual"; const p = [x]; return first(p[0], p) * p[0]; }`,
    at: [2],
    value: 18,
    tangent: 9,
  },
  "elements of a list and of what took its place": {
    code: `
      export function f(x: number): number {
        "use dual";
        let a = [x, 1];
        const reset = () => { a = [x * x, 2]; };
        const b = a;
        reset();
        return a[0] * b[0] + a[1];
      }`,
    at: [2],
    value: 10,
    tangent: 12,
  },
  "a swap whose value is used": {
    code: `
      export function f(x: number, y: number): number {
        "use dual";
        const r = ([x, y] = [y, x * 2]);
        return r[0] * x + r[1] * y;
      }`,
    at: [2, 3],
    value: 25,
    tangent: 22,
  },
  "a round that ends in try, where the step to the next is more than an expression": {
    code: `
      function grow(x: number): number { if (x > 100) return 1; return x * 1.5; }
      export function f(x: number): number {
        "use dual";
        let s = 0;
        for (let i = 0, y = x; i < 4; i++, y = grow(y)) { try { if (i === 1) continue; s += y * i; } catch { s = 0; } }
        return s;
      }`,
    at: [2],
    value: 29.25,
    tangent: 14.625,
  },
  "a pattern whose places are found before what is put there is read": {
    code: `
      export function f(q: number[], p: { x: number; y: number }): number {
        "use dual";
        ({ x: p.y, y: q[(p.y *= 2) > 3 ? 0 : 1] = 5 } = p);
        [q[1], p.x] = [p.y, q[(p.y *= 2) > 9 ? 0 : 1]!];
        let i = 0;
        [q[i], q[i++], ...q] = [q[i++]!, q[i++]!, q[0]! * q[1]!, p.x];
        return q[0]! + 10 * q[1]! + 100 * p.x + 1000 * p.y;
      }`,
    at: [[1, 2], { x: 2, y: 3 }],
    along: [[1, 0], { x: 1, y: 0 }],
    value: 8236,
    tangent: 4016,
  },
  "a getter of a literal that counts by this": {
    code: `
      const o = { n: 0, get v() { this.n++; return this.n; } };
      function g(p: { n: number; readonly v: number }, x: number): number { return x * p.v + x * x * p.v; }
      export function f(x: number): number { "use dual"; return g(o, x); }`,
    at: [2],
    value: 10,
    tangent: 9,
    second: 4,
  },
  "a getter of a literal that counts by this, by patterns": {
    code: `
      const o = { n: 0, get v() { this.n++; return this.n; } };
      export function f(x: number): number {
        "use dual";
        const { v } = o;
        const { v: w } = o;
        return x * v + x * x * w;
      }`,
    at: [2],
    value: 10,
    tangent: 9,
    second: 4,
  },
};

describe("operands are read before what is called after them", () => {
  it.each(Object.entries(cases))("%s", (_, program) => expectEveryForm(program));
});
