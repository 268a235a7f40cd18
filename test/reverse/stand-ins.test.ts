import { describe, it } from "vitest";
import { type Coded, expectEveryCode } from "../tangent/support/codes.ts";

/** Objects of the file that stand in for what is missing, and lists that tell late what they hold. */

const ALL = ["tangent", "adjoint", "hvp"] as const;

const cases: Coded[] = [
  {
    name: "a default that is an object of the module",
    code: `
      interface Air { g: number; rho: number; wind: number[] }
      const AIR: Air = { g: 9.5, rho: 1.25, wind: [1, 2] };
      export function f(v: number, air: Air = AIR): number {
        "use dual";
        const { wind } = air;
        return 0.5 * air.rho * v * v - air.g * wind[1]!;
      }`,
    at: [3],
    value: 0.625 * 9 - 19,
    tangent: 1.25 * 3,
    codes: ALL,
  },
  {
    name: "the same, where something is handed in",
    code: `
      interface Air { g: number; rho: number; wind: number[] }
      const AIR: Air = { g: 9.5, rho: 1.25, wind: [1, 2] };
      export function f(air: Air = AIR): number {
        "use dual";
        let held = air;
        if (held.g < 0) held = AIR;
        return held.rho * held.rho * held.wind[1]!;
      }`,
    at: [{ g: 1, rho: 3, wind: [1, 2] }],
    along: [{ g: 1, rho: 1, wind: [0, 1] }],
    value: 18,
    tangent: 12 + 9,
    codes: ALL,
  },
  {
    name: "one that is written to",
    code: `
      export const KEPT = [1, 2];
      export function f(x: number, xs: number[] = KEPT): number {
        "use dual";
        const held = xs.length > 1 ? xs : [x, x];
        const own = held === KEPT ? [3, 4] : held;
        own[0] = x * x;
        return own[0]! * own[1]!;
      }`,
    at: [3, [5, 7]],
    along: [1, [0, 1]],
    codes: [],
  },
  {
    name: "a list of a length, filled and then written to",
    code: `
      export function f(x: number[], n: number): number {
        "use dual";
        const sums: number[] = new Array(n).fill(0);
        for (let i = 0; i < n; i++) sums[i] = (i > 0 ? sums[i - 1]! : 0) + x[i]! * x[i]!;
        return sums[n - 1]! * sums[1]!;
      }`,
    at: [[1, 2, 3], 3],
    along: [[1, 0, 1], 0],
    value: 14 * 5,
    tangent: 8 * 5 + 14 * 2,
    codes: ALL,
  },
  {
    name: "an empty list that a function of the file fills, which is not written in place",
    code: `
      function into(out: number[], x: number, n: number): number[] {
        if (n === 0) return out;
        out.push(x ** n);
        return into(out, x, n - 1);
      }
      export function f(x: number): number { "use dual"; const [a, b] = into([], x, 2); return a! * b!; }`,
    at: [2],
    value: 8,
    tangent: 12,
    codes: ALL,
  },
  {
    name: "recursion that makes lists",
    code: `
      function fft(re: number[], im: number[]): { re: number[]; im: number[] } {
        const n = re.length;
        if (n === 1) return { re, im };
        const even = fft(re.filter((_, i) => i % 2 === 0), im.filter((_, i) => i % 2 === 0));
        const odd = fft(re.filter((_, i) => i % 2 === 1), im.filter((_, i) => i % 2 === 1));
        const outRe: number[] = new Array(n).fill(0);
        const outIm: number[] = new Array(n).fill(0);
        for (let k = 0; k < n / 2; k++) {
          const c = Math.cos((-2 * Math.PI * k) / n);
          const s = Math.sin((-2 * Math.PI * k) / n);
          const tr = c * odd.re[k]! - s * odd.im[k]!;
          const ti = s * odd.re[k]! + c * odd.im[k]!;
          outRe[k] = even.re[k]! + tr;
          outIm[k] = even.im[k]! + ti;
          outRe[k + n / 2] = even.re[k]! - tr;
          outIm[k + n / 2] = even.im[k]! - ti;
        }
        return { re: outRe, im: outIm };
      }
      export function f(x: number[]): number {
        "use dual";
        const { re, im } = fft(x, x.map(() => 0));
        let s = 0;
        for (let i = 0; i < re.length; i++) s += i * (re[i]! ** 2 + im[i]! ** 2) ** 1.5;
        return s;
      }`,
    at: [[1, 2, 0.5, 3]],
    along: [[1, 0, 1, 0.5]],
    codes: ALL,
  },
];

describe("gradients know", () => {
  it.each(cases)("$name", expectEveryCode);
});
