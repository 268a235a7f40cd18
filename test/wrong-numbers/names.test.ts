import { describe, it } from "vitest";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** Names mean what they mean where they are written, whatever else is called the same. */

const cases: Record<string, Program> = {
  "a class of the factory that is called as one of the module is": {
    code: `
      class P { x: number; constructor(x: number) { this.x = x; } }
      const make = (k: number) => {
        class P { x: number; constructor(x: number) { this.x = x * k; } }
        return (x: number): number => { "use dual"; const p = new P(x * x); return p.x * x; };
      };
      export const f = make(3);
      export const other = new P(1);`,
    at: [2],
    value: 24,
    tangent: 36,
  },
  "a class that is given to the factory, called as one of the module is": {
    code: `
      class P { x: number; constructor(x: number) { "use dual"; this.x = x; } }
      class Q { x: number; constructor(x: number) { "use dual"; this.x = x * 3; } }
      const make = (P: typeof Q) => (x: number): number => { "use dual"; const p = new P(x * x); return p.x * x; };
      export const f = make(Q);
      export const other = new P(1);`,
    at: [2],
    value: 24,
    tangent: 36,
  },
  "a method of such a class": {
    code: `
      class P { x: number; constructor(x: number) { this.x = x; } twice(): number { "use dual"; return this.x; } }
      function make() {
        class P { x: number; constructor(x: number) { this.x = x; } twice(): number { "use dual"; return this.x * 2; } }
        function of(p: P): number { "use dual"; return p.twice() * p.x; }
        return (x: number): number => { "use dual"; return of(new P(x)) * x; };
      }
      export const f = make();
      export const other = new P(1);`,
    at: [2],
    value: 16,
    tangent: 24,
  },
  "a type of the factory that is called as one of the module is": {
    code: `
      type P = string;
      export const label: P = "label";
      function make() {
        type P = number;
        function by(a: P, b: P): P { "use dual"; return a * b; }
        return (x: number): number => { "use dual"; return by(x, x) * x; };
      }
      export const f = make();`,
    at: [2],
    value: 8,
    tangent: 12,
  },
  "a parameter of the factory, and a module constant of that name in a function written in place": {
    code: `
      const K = 3;
      function scale(x: number): number { return K * x; }
      const make = (K: number) => (x: number): number => { "use dual"; return scale(x) + K * x; };
      export const f = make(10);`,
    at: [2],
    value: 26,
    tangent: 13,
  },
  "a local of the factory": {
    code: `
      const K = 3;
      function scale(x: number): number { return K * x; }
      function make() { const K = 10; return (x: number): number => { "use dual"; return scale(x) + K * x; }; }
      export const f = make();`,
    at: [2],
    value: 26,
    tangent: 13,
  },
  "a function of the factory called as one of the module is": {
    code: `
      const g = (x: number): number => 3 * x;
      function scale(x: number): number { return g(x); }
      function make() { const g = (x: number): number => 10 * x; return (x: number): number => { "use dual"; return scale(x) + g(x); }; }
      export const f = make();`,
    at: [2],
    value: 26,
    tangent: 13,
  },
  "a parameter that hides the module's Math": {
    code: `
      function root(x: number): number { return Math.sqrt(x); }
      const make = (Math: { k: number }) => (x: number): number => { "use dual"; return root(x) * Math.k; };
      export const f = make({ k: 4 });`,
    at: [4],
    value: 8,
    tangent: 1,
  },
  "the name of the function itself": {
    code: `
      const scale = 3;
      function times(x: number): number { return scale * x; }
      export const f = function scale(x: number): number { "use dual"; return x > 100 ? scale(x / 2) : times(x); };`,
    at: [2],
    value: 6,
    tangent: 3,
  },
  "a module variable called $this": {
    code: `
      const $this = { k: 3 };
      class Scale { constructor(readonly k: number) {} of(x: number): number { return this.k * x * $this.k; } }
      export function f(x: number): number { "use dual"; return new Scale(x).of(x); }`,
    at: [2],
    value: 12,
    tangent: 12,
  },
  "a local called $this": {
    code: `
      class Scale { constructor(readonly k: number) {} of(x: number): number { const $this = 3; return this.k * x * $this; } }
      export function f(x: number): number { "use dual"; return new Scale(x).of(x); }`,
    at: [2],
    value: 12,
    tangent: 12,
  },
  "a parameter called $this": {
    code: `
      class Scale { constructor(readonly k: number) {} of($this: number): number { return this.k * $this; } }
      export function f(x: number): number { "use dual"; return new Scale(3).of(x); }`,
    at: [2],
    value: 6,
    tangent: 3,
  },
  "names that look like those of shadows and forms": {
    code: `
      export function f(x: number): number {
        "use dual";
        const _x = 5, _t = 7, x$t = 11, dx = 13, out = 17, f$tangent = 19;
        return x * _x + _t + x$t * x + dx * x + out + f$tangent;
      }`,
    at: [2],
    value: 101,
    tangent: 29,
  },
  "an inner block that hides what an outer one uses": {
    code: `
      export function f(x: number): number {
        "use dual";
        const a = x * x;
        let sum = 0;
        for (let i = 0; i < 2; i++) { const a = sum + x; { const a = i; sum += a * x; } sum += a; }
        return sum * a;
      }`,
    at: [2],
    value: 32,
    tangent: 48,
  },
  "a variable of a loop's head in a function made there": {
    code: `
      export function f(x: number): number {
        "use dual";
        const fs: (() => number)[] = [];
        for (let i = 0, y = x; i < 3; i++, y = y * x) fs.push(() => y * i);
        return fs[0]() + fs[1]() + fs[2]();
      }`,
    at: [2],
    value: 20,
    tangent: 28,
  },
  "several variables in a loop's head that build on each other": {
    code: `
      export function f(x: number): number {
        "use dual";
        let sum = 0;
        for (let a = 2 * x, b = Math.exp(a - 4) * a; b < 100; b = b * a + a) { sum += b; a = a + x; }
        return sum;
      }`,
    at: [2],
    value: 34,
    tangent: 85,
  },
  "a field called constructor": {
    code: `
      export function f(o: { constructor: number; v: number }): number { "use dual"; return o.constructor * o.v; }`,
    at: [{ constructor: 3, v: 2 }],
    along: [{ constructor: 1, v: 1 }],
    value: 6,
    tangent: 5,
  },
  "fields named like those every object has": {
    code: `
      export function f(x: number): number {
        "use dual";
        const o = { toString: x, valueOf: x * x, hasOwnProperty: 1 };
        return o.toString * o.valueOf + o.hasOwnProperty;
      }`,
    at: [2],
    value: 9,
    tangent: 12,
  },
  "a label of a function written in place, inside a loop of that label": {
    code: `
      function g(x: number): number {
        let s = 0;
        outer: for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) { if (j > i) continue outer; s += x * j; }
        return s;
      }
      export function f(x: number): number {
        "use dual";
        let s = 0;
        outer: for (let i = 0; i < 3; i++) {
          s += g(x);
          for (let j = 0; j < 3; j++) { if (j > 1) continue outer; s += x ** j; }
          s += 100;
        }
        return s;
      }`,
    at: [2],
    value: 33,
    tangent: 15,
  },
  "a label of a function that is a value, inside a loop of that label": {
    code: `
      export function f(x: number): number {
        "use dual";
        let s = 0;
        outer: for (let i = 0; i < 3; i++) {
          const g = (y: number): number => { outer: for (;;) { if (y > 9) break outer; y *= 2; } return y * x; };
          const all = [g];
          s += all[0](x);
          for (let j = 0; ; j++) if (j > 1) continue outer;
        }
        return s;
      }`,
    at: [2],
    value: 96,
    tangent: 96,
  },
  "a variable of a loop's head, in a function of that head": {
    code: `export function f(x: number): number { "use dual"; let s = 0; for (let i = 0, g = () => (i + 1) * x; i < 3; i++) s = s * x + g(); return s; }`,
    at: [2],
    value: 14,
    tangent: 17,
  },
  "an active variable of a loop's head, in a function of that head": {
    code: `export function f(x: number): number { "use dual"; let s = 0; for (let v = x, g = () => v * v; v < 9; v = v * 2) s += g() * v; return s; }`,
    at: [2],
    value: 56,
    tangent: 84,
  },
  "`arguments`, in a function without parameters": {
    code: `"use dual"; function product(): number { let p = 1; for (let i = 0; i < arguments.length; i++) p *= arguments[i] + i; return p; }
      const all = product as (...xs: number[]) => number;
      export function f(x: number): number { return all(x, x, 3) * all(x); }`,
    at: [2],
    value: 60,
    tangent: 80,
  },
  "`arguments` of the function around an arrow": {
    code: `"use dual"; function product(): number { const p = () => arguments[0] * arguments[1]; return p(); }
      const all = product as (...xs: number[]) => number;
      export function f(x: number): number { return all(x, x * x) * x; }`,
    at: [2],
    value: 16,
    tangent: 32,
  },
  "a function of another file, in a helper without the fast form that is not called": {
    code: {
      main: `"use dual"; import { first, n } from "./other"; let k = 0; function helper(x: number): number { k++; return first(x, [x]) * first(n, [1]); }
        export function f(o: { a: number }): number { o.a += 1; const g = (z: number) => helper(z); return o.a * first(o.a, [1]); }`,
      other: `"use dual"; export let n = 1; export function first(x: number, of: number[]): number { return x * of[0]; }`,
    },
    at: [{ a: 2 }],
    along: [{ a: 1 }],
    value: 9,
    tangent: 6,
  },
  "`arguments` of a method": {
    code: `"use dual"; class Product { of(): number { return arguments[0] * arguments[1]; } }
      export function f(x: number): number { return (new Product() as { of(...xs: number[]): number }).of(x, x * x) * x; }`,
    at: [2],
    value: 16,
    tangent: 32,
  },
};

describe("a name is that of its own scope", () => {
  it.each(Object.entries(cases))("%s", (_, program) => expectEveryForm(program));
});
