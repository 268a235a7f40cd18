import { jvp } from "dualize";
import { twinOf } from "dualize/runtime";
import { describe, expect, it } from "vitest";
import { compile } from "./support/compile.ts";
import { expectEveryForm, type Program } from "./support/programs.ts";

/** Functions that marked ones give back, when these were called as usual: what they captured is constant. */

const program = (
  code: string,
  value: number,
  tangent: number,
  at: unknown[] = [2],
  along?: unknown[],
): Program => ({
  code: `"use dual"; ${code}`,
  at,
  ...(along && { along }),
  value,
  tangent,
});

const fast: Record<string, Program> = {
  "an arrow": program(
    "const make = (k: number) => (x: number): number => k * x * x; export const f = make(3);",
    12,
    12,
  ),
  "an arrow in a block": program(
    "function make(xs: number[]): (x: number) => number { const n = xs.length; return (x) => { let s = 0; for (let i = 0; i < n; i++) s += xs[i]! * x ** i; return s; }; } export const f = make([1, 2, 3]);",
    17,
    14,
  ),
  "a declaration": program(
    "function make(k: number) { return f; function f(x: number): number { return k * x ** 3; } } export const f = make(2);",
    16,
    24,
  ),
  "a function expression with a name": program(
    "const make = (k: number) => function f(x: number): number { return k * x * x; }; export const f = make(3);",
    12,
    12,
  ),
  "a constant that is returned later": program(
    "function make(k: number) { const g = (x: number): number => k * x * x; k += 1; return g; } export const f = make(2);",
    12,
    12,
  ),
  "functions in an object": program(
    "const make = (k: number) => ({ k, f: (x: number): number => k * x * x, g: (x: number): number => x }); export const { f } = make(3);",
    12,
    12,
  ),
  "one that calls the one beside it": program(
    "function make(k: number) { const h = (x: number): number => k * x; const f = (x: number): number => h(x) * h(x + 1); return { f, h }; } export const { f } = make(2);",
    24,
    20,
  ),
  "one that calls functions of the file": program(
    `const sq = (x: number): number => x * x;
     function power(x: number, n: number): number { return n === 0 ? 1 : x * power(x, n - 1); }
     const make = (k: number) => (x: number): number => sq(x) + power(x, k);
     export const f = make(3);`,
    12,
    16,
  ),
  "one that calls itself": program(
    "function make(k: number) { function f(x: number): number { return x > 10 ? k : f(x * 2) * x; } return f; } export const f = make(3);",
    3 * 2 * 4 * 8,
    3 * 3 * 4 * 8,
  ),
  "one with helpers beside it that call themselves and each other": program(
    `function make(k: number, w: number[]) {
       const even = (x: number, n: number): number => (n === 0 ? k : odd(x, n - 1) * x);
       function odd(x: number, n: number): number { return n === 0 ? x : even(x, n - 1) + w[n % 2]! * x; }
       const total = (v: number[]): number => { let s = 0; for (const x of v) s += even(x, 3); return s; };
       return { f: (x: number): number => total([x, 2 * x]) * even(x, 2), even };
     }
     export const { f } = make(3, [1, 2]);`,
    1288,
    2804,
  ),
  "one that fills a list by a helper beside it": program(
    `function make(k: number) {
       function fill(out: number[], x: number, n: number): void { if (n >= out.length) return; out[n] = k * x ** n; fill(out, x, n + 1); }
       return (x: number): number => { const out = [0, 0, 0]; fill(out, x, 0); const s = out[1]! * out[2]!; out[1] = 5; return s + out[1]!; };
     }
     export const f = make(3);`,
    77,
    108,
  ),
  "three levels": program(
    "const make = (a: number) => (b: number) => (x: number): number => a * x + b * x * x; export const f = make(1)(2);",
    10,
    9,
  ),
  "names that the emitted code likes too": program(
    `function make(list: number[], of: number, seed: number, result: number, x$t: number, _v: number) {
       const end = 0; const s$a = 1; const i2 = 2; const i = 1;
       return (x: number): number => { let s = 0; for (const v of list) { s += v * x * of; } return s + seed * result * x$t * _v * x + s$a * i2 * i * x * (x > 0 ? 1 : end); };
     }
     export const f = make([1, 2], 3, 1, 2, 3, 4);`,
    70,
    35,
  ),
  "a name that hides one of the file": program(
    `const scale = 10;
     const twice = (x: number): number => scale * x;
     function make(scale: number) { return (x: number): number => scale * x + twice(x); }
     export const f = make(3);`,
    26,
    13,
  ),
  "what it captured changes between calls": {
    ...program(
      "function make() { let k = 3; const f = (x: number): number => k * x; const set = (v: number): void => { k = v; }; return { f, set }; } const made = make(); made.set(5); export const { f } = made;",
      10,
      5,
    ),
  },
  "an array as its argument and one that it captured": program(
    "const make = (w: number[]) => (p: number[]): number => { let s = 0; for (let i = 0; i < p.length; i++) s += w[i]! * p[i]! ** 2; return s; }; export const f = make([1, 2]);",
    22,
    16,
    [[2, 3]],
    [[1, 1]],
  ),
};

const right: Record<string, Program> = {
  "a function that it was given": program(
    "const make = (g: (x: number) => number) => (x: number): number => g(x) * x; export const f = make((x) => x * x);",
    8,
    12,
  ),
  "a helper whose names mean something else where it is called": program(
    `function make(k: number) {
       const power = (x: number, n: number): number => (n === 0 ? k : x * power(x, n - 1));
       return (k: number) => (x: number): number => power(x, 2) + k;
     }
     export const f = make(3)(5);`,
    17,
    12,
  ),
  "one that calls itself by its own name": program(
    "const make = (k: number) => { return function f(x: number): number { return x > 10 ? k : f(x * 2) * x; }; }; export const f = make(3);",
    3 * 2 * 4 * 8,
    3 * 3 * 4 * 8,
  ),
  "its own name as a value": program(
    "const make = (k: number) => function own(x: number): number { return k * x * x * own.length; }; export const f = make(3);",
    12,
    12,
  ),
  "its own name, which the file has too": program(
    "const own = [1, 2, 3]; const make = (k: number) => function own(x: number): number { return k * x * x * own.length; }; export const f = make(own.length);",
    12,
    12,
  ),
  "fields of its maker": program(
    "class Fit { constructor(readonly k: number) {} of() { return (x: number): number => this.k * x * x; } } export const f = new Fit(3).of();",
    12,
    12,
  ),
  "a hidden name of the language": program(
    "const make = (Math: { sin: (x: number) => number }) => (x: number): number => Math.sin(x) * x; export const f = make({ sin: (x) => x * x });",
    8,
    12,
  ),
  "a hidden function of the file": program(
    "const sq = (x: number): number => x * x; const make = (sq: (x: number) => number) => (x: number): number => sq(x); export const f = make((x) => x * x * x); export const g = sq;",
    8,
    12,
  ),
  "a class of its own": program(
    "function make(k: number) { class P { constructor(readonly x: number) {} get y(): number { return this.x * k; } } return (x: number): number => new P(x).y * x; } export const f = make(3);",
    12,
    12,
  ),
  "a variable that it writes": program(
    "function make() { const seen = { last: 0 }; return (x: number): number => { seen.last = x * x; return seen.last * x; }; } export const f = make();",
    8,
    12,
  ),
  "a list that it captured and fills": program(
    "function make() { const buffer = [0, 0]; return (x: number): number => { buffer[0] = x; buffer[1] = buffer[0]! * x; return buffer[1]! * x; }; } export const f = make();",
    8,
    12,
  ),
  "a buffer that it captured and changes": program(
    "function make() { const buf = [0]; return (x: number): number => { let s = 0; for (let i = 1; i < 4; i++) { buf[0] = i; s += buf[0]! * x * x; } return s; }; } export const f = make();",
    24,
    24,
  ),
  "a getter of what it captured, that counts": program(
    "let reads = 0; const o = { get k() { return ++reads; } }; const make = (o: { k: number }) => (x: number): number => { let s = 0; for (let i = 0; i < 2; i++) s += o.k * x * x; return s; }; export const f = make(o);",
    12,
    12,
  ),
  "a counter that it captured": program(
    "function make() { let n = 0; return (x: number): number => { n++; return x * x * n; }; } export const f = make();",
    4,
    4,
  ),
  "arguments of its maker, and its own": program(
    "function make(..._: number[]) { const n = arguments.length; return function (x: number): number { return x * x * n * arguments.length; }; } export const f = make(3, 4, 5);",
    12,
    12,
  ),
  "variables of a loop and of a switch": program(
    "function make(n: number) { for (let i = 3; i < 9; i++) switch (n) { case 1: { let k = i; return (x: number): number => k * x * x * (i - 2); } } return (x: number): number => x; } export const f = make(1);",
    12,
    12,
  ),
  "what was taken apart, and defaults": program(
    "const make = ({ k, ...r }: { k: number; a: number }, [w = 2]: number[] = []) => (x: number, y = k * x): number => y * x + r.a * w * x; export const f = make({ k: 3, a: 1 });",
    16,
    14,
  ),
  "an instance that it captured": program(
    "class V { constructor(readonly a: number) {} times(x: number): number { return this.a * x; } } const make = (v: V) => (x: number): number => v.times(x) * x; export const f = make(new V(3));",
    12,
    12,
  ),
  "lists that hold each other, so that it may not come out": program(
    "function make(k: number) { const g = (x: number): number => k * x * x; const a: unknown[] = [g, () => b]; const b: unknown[] = [a]; return a[0] as typeof g; } export const f = make(3);",
    12,
    12,
  ),
  "a helper that is replaced later": program(
    "function make(k: number) { let h = (x: number): number => k * x; const f = (x: number): number => h(x) * x; h = (x) => k * x * 2; return f; } export const f = make(3);",
    24,
    24,
  ),
  "one that tests what another function of its maker sets": {
    ...program(
      "function make() { const o = { k: 1 }; return { g: (x: number): number => (o.k ? x ** 3 : x), set: (v: number): void => { o.k = v; } }; } const { g, set } = make(); export function f(v: number): number { set(v - 2); return g(v); }",
      2,
      1,
    ),
    noDifferences: "the test jumps there",
  },
  "one that compares what another function of its maker sets": {
    ...program(
      "function make() { const o = { k: 1 }; return { g: (x: number): number => (o.k === 4 ? x ** 3 : x), set: (v: number): void => { o.k = v; } }; } const { g, set } = make(); export function f(v: number): number { set(v * v); return g(v); }",
      8,
      12,
    ),
    noDifferences: "the test jumps there",
  },
  "one that asks for the type of what a function of the file sets": program(
    "const o = { k: 1 }; const set = (v: number): void => { o.k = v; }; const g = (x: number): number => (typeof o.k === 'number' ? x ** 3 : x); export function f(v: number): number { set(v * v); return g(v); }",
    8,
    12,
  ),
  "one that tests what a function of another file puts into a list": {
    code: {
      other: `"use dual"; const list: number[] = []; export function put(v: number): void { list.push(v); } export function g(x: number): number { return list[0] ? x ** 3 : x; }`,
      main: `import { g, put } from "./other"; export function f(v: number): number { "use dual"; put(v - 2); return g(v); }`,
    },
    at: [2],
    value: 2,
    tangent: 1,
    noDifferences: "the test jumps there",
  },
  "one that another file makes": {
    code: {
      other: `"use dual"; export function make(xs: number[]) { const n = xs.length; return (p: number[]): number => { let s = 0; for (let i = 0; i < n; i++) s += p[0]! * p[1]! * xs[i]!; return s; }; }`,
      main: `import { make } from "./other"; const loss = make([1, 2]); export function f(x: number): number { "use dual"; return loss([x, 2 * x]) * x; }`,
    },
    at: [2],
    value: 48,
    tangent: 72,
  },
};

describe("functions that marked ones give back", () => {
  it.each(Object.entries(fast))("%s has every form", (_, p) => {
    expectEveryForm(p);
    const { exports } = compile(p.code as string);
    const twin = twinOf(exports.f);
    expect(twin?.tangent).toBeTypeOf("function");
    expect(twin?.adjoint).toBeDefined();
  });

  it.each(Object.entries(right))("%s is right", (_, p) => expectEveryForm(p));

  it("tell an argument from an array like it that they captured", () => {
    const { exports } = compile(`"use dual";
      export const p = [2, 3];
      const make = (q: number[]) => (p: number[]): number => { p[0]! *= 2; return p[0]! * q[0]!; };
      export const f = make(p);`);
    const { f, p } = exports as unknown as { f: (p: number[]) => number; p: number[] };
    expect(f([...p])).toBe(8);
    expect(jvp(f, [[...p]], [[1, 0]])).toEqual([8, 4]);
  });
});
