import { jacobian, valueAndGrad, vjp } from "dualize";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/**
 * What changes where nothing is written that looks like it. Where a tangent comes out as NaN a function that
 * changes nothing is run again: none of these may be.
 */

/** The same number twice, with what changes in between: the first time 1, then 2. */
const twice = (outside: string, count: string): Program => ({
  code: `"use dual"; ${outside}
    function g(x: number): number { return x * ${count} + x * x * ${count}; }
    export function f(x: number): number { const root = Math.sqrt(x * 0); return g(x) + root; }`,
  at: [2],
  value: 2 + 8,
  tangent: 1 + 8,
  second: 4,
});

const programs: Record<string, Program> = {
  "a list of whole numbers, by a helper": twice(
    "const seen = new Int32Array(1); function next(to: Int32Array): number { to[0]++; return to[0]; }",
    "next(seen)",
  ),
  "a list of flags, by a helper": twice(
    "const seen = [false]; function next(to: boolean[]): number { const n = to[0] ? 2 : 1; to[0] = true; return n; }",
    "next(seen)",
  ),
  "an iterator that a set is made of": twice("const it = [1].values();", "(2 - new Set(it).size)"),
  "an iterator that a list is made of": twice(
    "const it = [1].values();",
    "(2 - new Int32Array(it as never).length)",
  ),
  "an iterator that a helper goes through": twice(
    "const it = [1, 2].values(); function next(of: Iterable<number>): number { for (const v of of) return v; return 0; }",
    "(2 - [...it].length / 2)",
  ),
  "an object that can be gone through": twice(
    `let n = 0; class Range { constructor(readonly k: number) {} [Symbol.iterator]() { n++; return [n, this.k][Symbol.iterator](); } }
     const range = new Range(0); function sum(of: Range): number { let s = 0; for (const v of of) s += v; return s; }`,
    "sum(range)",
  ),
  "a class inside a function": twice(
    "const world = { n: 0 }; function next(): number { class Own { static n = ++world.n; } return Own.n; }",
    "next()",
  ),
  "the block of a class inside a function": twice(
    "const world = { n: 0 }; function next(): number { class Own { static n = 0; static { world.n++; } } return world.n + Own.n; }",
    "next()",
  ),
  "what instanceof asks": twice(
    "let n = 0; class Odd { static [Symbol.hasInstance](_: unknown) { n++; return n % 2 === 1; } }",
    "(({} as object) instanceof Odd ? 1 : 2)",
  ),
  "a field that is deleted if there is an object": twice(
    "const seen: any = { a: true }; function next(): number { const n = seen?.a ? 1 : 2; delete seen?.a; return n; }",
    "next()",
  ),
  "a private field of what is made": twice(
    "let n = 0; class Counted { #k = ++n; get k(): number { return this.#k; } }",
    "new Counted().k",
  ),
  "an outer list in a field, by the constructor": twice(
    "const shared = [0]; class Counted { s = shared; n: number; constructor() { this.s[0]++; this.n = this.s[0]; } }",
    "new Counted().n",
  ),
  "an outer list in a field that the constructor fills": twice(
    "const shared = [0]; class Counted { s: number[]; constructor() { this.s = shared; this.up(); } up(): void { this.s[0]++; } }",
    "new Counted().s[0]",
  ),
  "an outer list in a field, after the constructor": twice(
    "const shared = [0]; class Counted { s = shared; constructor(readonly k: number) {} } function next(): number { const c = new Counted(1); c.s[0]++; return c.s[0]; }",
    "next()",
  ),
};

describe("what is changed is changed once", () => {
  it.each(Object.entries(programs))("%s", (_, program) => expectEveryForm(program));
});

/** Nothing tells before the call that what is chosen changes something, and the form does not take the arguments. */
describe("what a function changes that is chosen on the way is changed once", () => {
  const files = {
    main: `"use dual"; import { next } from "./other"; let i = 1;
      const all: ((x: number) => number)[] = [(x) => x, (x) => next(x)];
      export function f(o: { a: number; b: number }): number { const l = [all[i % 2](o.a), 2]; l.fill(o.b, 1, 2); return l[0] * l[1]; }
      export function h(xs: number[]): number[] { const l = [all[i % 2](xs[0]), 2]; l.fill(xs[1], 1, 2); return [l[0] * l[1]]; }`,
    other: `"use dual"; let n = 0; export const count = (): number => n; export function next(x: number): number { n++; return x * n; }`,
  };
  const fresh = () =>
    load(
      translate({ ...files, main: `${files.main} export { count } from "./other";` }),
      "main",
    ) as {
      f: never;
      h: never;
      count: () => number;
    };

  it("by a gradient by an object", () => {
    const { f, count } = fresh();
    expect(valueAndGrad(f)({ a: 2, b: 3 } as never)).toEqual([6, { a: 3, b: 2 }]);
    expect(count()).toBe(1);
    expect(valueAndGrad(f)({ a: 2, b: 3 } as never)).toEqual([12, { a: 6, b: 4 }]);
    expect(count()).toBe(2);
  });

  it("by a gradient by a list of arguments", () => {
    const { f, count } = fresh();
    const found = valueAndGrad(f, { argnum: [0] } as never)({ a: 2, b: 3 } as never);
    expect(found).toEqual([6, [{ a: 3, b: 2 }]]);
    expect(count()).toBe(1);
  });

  it("by a Jacobian", () => {
    const { h, count } = fresh();
    expect(jacobian(h)([2, 3] as never)).toEqual([[3, 2]]);
    expect(count()).toBe(1);
  });
});

/** It has adjoint code and no tangent form. */
it("what a function changes that is given is changed once", () => {
  const { f, count, calls } = load(
    translate({
      main: `"use dual"; import { power, table, times } from "./other"; let n = 0; export const calls = () => n; export const count = (x: number): number => { n++; return x; };
        const all: ((x: number) => number)[] = [(x) => power(1, table[1], 1) * x, Math.cos];
        export function f(xs: number[], g: (x: number) => number): number { return times(1, g) * all[0](xs[1]) * g(xs[0]); }`,
      other: `"use dual"; export const table = [1, 2]; export function times(x: number, g: (x: number) => number): number { return g(x) * x; }
        export function power(x: number, y: number, d: number): number { return d > 0 ? x * power(x, y, d - 1) : x * y; }`,
    }),
    "main",
  ) as { f: never; count: never; calls: () => number };
  expect(valueAndGrad(f, { mode: "reverse" })([2, 3] as never, count)).toEqual([12, [6, 4]]);
  expect(calls()).toBe(2);
});

/** The adjoints of what a place held before are not those of what is put there. */
describe("something of outside in the place of something made inside", () => {
  it.each([
    [
      "a field",
      "const o = { k: a[0], s: [a[0]] }; o.s = shared; return o.k * o.s[0] + o.s[1]",
      [5, 0],
    ],
    ["a field of an instance", "const o = new Held(a[0]); return o.k * o.s[0] + o.s[1]", [5, 0]],
    [
      "an element",
      "const o = [[a[0]], [a[1]]]; o[1] = shared; return o[0][0] * o[1][0] * a[1]",
      [10, 15],
    ],
    [
      "an element, counted",
      "n++; const o = [[a[0]], [a[1]]]; o[1] = shared; return o[0][0] * o[1][0] * a[1]",
      [10, 15],
    ],
  ])("%s", (_, body, expected) => {
    const { f, state } = load(
      translate({
        main: `"use dual"; const shared = [5, 7]; let n = 0; export const state = () => shared;
          class Held { s: number[]; constructor(public k: number) { this.s = shared; } }
          export function f(a: number[]): number { ${body}; }`,
      }),
      "main",
    ) as { f: never; state: () => number[] };
    const [, gradient] = (
      valueAndGrad(f, { mode: "reverse" } as never) as never as (a: number[]) => unknown[]
    )([3, 2]);
    expect(gradient).toEqual(expected);
    const [, pullback] = vjp(f, [[3, 2]] as never) as unknown as [number, (w: number) => unknown];
    expect(pullback(1)).toEqual([expected]);
    expect(state()).toEqual([5, 7]);
  });
});
