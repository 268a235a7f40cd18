import { describe, expect, it } from "vitest";
import { type Coded, expectEveryCode } from "../tangent/support/codes.ts";
import { compile } from "../tangent/support/compile.ts";

/** Functions that are values and can't be written in place have gradients where it is known which they are. */

const SIMPSON = `
  function simpson(f: (x: number) => number, a: number, b: number, eps: number, depth: number): number {
    const m = (a + b) / 2;
    const whole = ((b - a) / 6) * (f(a) + 4 * f(m) + f(b));
    const left = ((m - a) / 6) * (f(a) + 4 * f((a + m) / 2) + f(m));
    const right = ((b - m) / 6) * (f(m) + 4 * f((m + b) / 2) + f(b));
    if (depth <= 0 || Math.abs(left + right - whole) < eps) return left + right;
    return simpson(f, a, m, eps / 2, depth - 1) + simpson(f, m, b, eps / 2, depth - 1);
  }`;
const ALL = ["tangent", "adjoint", "hvp"] as const;

const cases: Coded[] = [
  {
    name: "an arrow that is handed to what calls itself",
    code: `${SIMPSON} export function f(k: number, b: number): number {
      "use dual";
      return simpson((x) => Math.exp(-k * x * x), 0, b, 1e-5, 6);
    }`,
    at: [0.7, 2],
    along: [1, 0.5],
    codes: ALL,
  },
  {
    name: "two arrows, and one inside the other",
    code: `${SIMPSON} export function f(k: number, b: number): number {
      "use dual";
      const inner = (y: number) => simpson((x) => Math.cos(k * x * y), 0, 1, 1e-2, 2);
      return simpson(inner, 0, b, 1e-2, 2) * simpson((x) => x * k * inner(x), 0, 1, 1e-2, 2);
    }`,
    at: [0.7, 1.5],
    along: [1, 0.5],
    codes: ALL,
  },
  {
    name: "a function inside that calls itself",
    code: `export function f(a: number[]): number {
      "use dual";
      const tree = (i: number): number =>
        i >= a.length ? 0 : a[i]! ** 2 * (1 + tree(2 * i + 1)) + tree(2 * i + 2);
      return tree(0) * a[1]!;
    }`,
    at: [[1, 2, 0.5, 0.25, 3]],
    along: [[1, -1, 0.5, 0.25, 1]],
    codes: ALL,
  },
  {
    name: "two that call each other, over a variable that is set between the calls",
    code: `export function f(x: number): number {
      "use dual";
      let k = x;
      const even = (n: number): number => (n === 0 ? k : x * odd(n - 1));
      const odd = (n: number): number => (n === 0 ? x * k : k + even(n - 1));
      const first = even(4);
      k = k * k;
      return first + 10 * odd(3);
    }`,
    at: [1.5],
    codes: ALL,
  },
  {
    name: "one that is made in every round of a loop",
    code: `
      function iterate(f: (x: number) => number, x: number, n: number): number { return n === 0 ? x : iterate(f, f(x), n - 1); }
      export function f(x: number): number {
        "use dual";
        let y = x;
        for (let i = 1; i < 4; i++) {
          const k = y * i;
          y = iterate((z) => Math.sin(z * k), y, i);
        }
        return y;
      }`,
    at: [0.75],
    codes: ALL,
  },
  {
    name: "lists that come in and out of it",
    code: `
      type Slope = (t: number, y: number[]) => number[];
      function steps(slope: Slope, t: number, y: number[], n: number): number[] {
        if (n === 0) return y;
        const k = slope(t, y);
        return steps(slope, t + 0.1, y.map((v, i) => v + 0.1 * k[i]!), n - 1);
      }
      export function f(p: number[], y0: number[]): number {
        "use dual";
        const end = steps((t, [a, b]) => [b! + t, -p[0]! * a! - p[1]! * b!], 0, y0, 4);
        return end[0]! * end[1]!;
      }`,
    at: [
      [2, 0.3],
      [1, 0.5],
    ],
    along: [
      [1, 1],
      [0.5, -1],
    ],
    codes: ALL,
  },
  {
    name: "one that gives back a list that it captured",
    code: `
      function deep(f: (n: number) => number[], n: number): number[] { return n === 0 ? f(0) : deep(f, n - 1); }
      export function f(xs: number[]): number {
        "use dual";
        const ys = xs.map((x) => x * x);
        const same = deep((n) => (n === 0 ? ys : [xs[0]!]), 2);
        same[0] = same[0]! * xs[1]!;
        return ys[0]! * 10 + same[0]! * ys[1]!;
      }`,
    at: [[2, 3]],
    along: [[1, 0.5]],
    codes: ["tangent"],
  },
  {
    name: "one that gives back a list that it captured, which is read by both names",
    code: `
      function deep(f: (n: number) => number[], n: number): number[] { return n === 0 ? f(0) : deep(f, n - 1); }
      export function f(xs: number[]): number {
        "use dual";
        const ys = xs.map((x) => x * x);
        const same = deep((n) => (n === 0 ? ys : [xs[0]!]), 2);
        const first = same[0]! * xs[1]!;
        return ys[0]! * 10 + first * ys[1]! + same[1]!;
      }`,
    at: [[2, 3]],
    along: [[1, 0.5]],
    codes: ALL,
  },
  {
    name: "one that writes into a list that it captured",
    code: `
      function each(visit: (i: number) => number, n: number): number { return n === 0 ? 0 : visit(n) + each(visit, n - 1); }
      export function f(x: number): number {
        "use dual";
        const seen = [x, 2 * x, 0, 0];
        const sum = each((i) => { seen[i] = seen[i - 1]! * x + seen[0]!; return seen[i]!; }, 3);
        return sum * seen[1]! + seen[3]!;
      }`,
    at: [1.25],
    codes: [],
  },
  {
    name: "one that is made of another one by a function that calls itself",
    code: `
      type F = (x: number) => number;
      function fold(f: F, g: F, x: number, n: number): number { return n === 0 ? f(x) : g(fold(g, f, x, n - 1)); }
      export function f(x: number, a: number): number { "use dual"; return fold((y) => y * a, (y) => y + a * a, x, 3); }`,
    at: [2, 3],
    along: [1, 0.25],
    codes: ALL,
  },
  {
    name: "constants, and parameters that it does not have",
    code: `
      function go(f: (x: number, n: number) => number, x: number, n: number): number { return n === 0 ? f(x, n) : x * go(f, x, n - 1) + f(x, n); }
      export function f(x: number): number { "use dual"; return go(() => 5, x, 2) + go((y) => y * x, x, 1); }`,
    at: [2],
    codes: ALL,
  },
  {
    name: "one that throws",
    code: `
      function go(f: (x: number) => number, x: number, n: number): number { return n === 0 ? f(x) : go(f, x * x, n - 1); }
      export function f(x: number): number {
        "use dual";
        return go((y) => { if (!(y > 0)) throw new RangeError("not positive"); return Math.log(y) * x; }, x, 2);
      }`,
    at: [1.5],
    codes: ALL,
  },
  {
    name: "one that sets a variable around it",
    code: `
      function each(visit: (i: number) => void, n: number): void { if (n > 0) { visit(n); each(visit, n - 1); } }
      export function f(x: number): number {
        "use dual";
        let sum = x;
        each((i) => { sum = sum * x + i; }, 3);
        return sum;
      }`,
    at: [1.25],
    codes: [],
  },
  {
    name: "one that is compared",
    code: `
      type F = (x: number) => number;
      function go(g: F, h: F, x: number, n: number): number {
        if (n > 0) return go(h, g, x, n - 1);
        return g === h ? 100 * g(x) : g(x);
      }
      export function f(x: number): number {
        "use dual";
        const g = (y: number) => y * x;
        return go(g, g, x, 2) + go((y) => y, g, x, 1);
      }`,
    at: [3],
    codes: ["tangent"],
  },
  {
    name: "inside a function that a marked one gives back",
    code: `
      function iterate(f: (x: number) => number, x: number, n: number): number { return n === 0 ? x : iterate(f, f(x), n - 1); }
      export const make = (k: number) => (x: number): number => {
        "use dual";
        return iterate((z) => Math.sin(z * k) + x, x, 3);
      };
      export const f = make(2);`,
    at: [0.75],
    codes: ALL,
  },
];

describe("a function that is a value", () => {
  it.each(cases)("has every derivative code: $name", expectEveryCode);

  it("throws where it did", () => {
    const { exports } = compile(
      (cases.find((c) => c.name === "one that throws") as Coded).code as string,
    );
    expect(() => exports.f?.(0)).toThrow("not positive");
  });
});
