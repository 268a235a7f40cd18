import { describe, it } from "vitest";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** Reverse mode goes through the rounds of a loop as often as the loop did, whatever it counts by. */

const cases: Record<string, Program> = {
  "a counter that begins at a fraction, which its steps do not come back to": {
    code: `
      export function f(x: number): number {
        "use dual";
        let s = x;
        const t = 0.3;
        for (let i = t; i < 3; i++) s *= x;
        return s;
      }`,
    at: [2],
    value: 16,
    tangent: 32,
  },
  "one that begins at the sum of fractions": {
    code: `
      export function f(x: number): number {
        "use dual";
        let s = x;
        const h = 0.1;
        const g = 0.2;
        for (let i = h + g; i < 3; i++) s *= x;
        return s;
      }`,
    at: [2],
    value: 16,
    tangent: 32,
  },
  "one that begins at the length of something that is no list": {
    code: `
      const rod = { length: 0.3 };
      export function f(x: number, y: number): number {
        "use dual";
        let s = x;
        for (let i = rod.length; i < 3; i++) s *= x;
        let k = 0;
        for (let q = rod.length; q < 2; q++) k += y * q;
        return s + k;
      }`,
    at: [2, 3],
    along: [1, 2],
    value: 16 + 3 * 1.6,
    tangent: 32 + 2 * 1.6,
  },
  "one that a function is given, a fraction once": {
    code: `
      function product(x: number, from: number): number {
        let s = x;
        for (let i = from; i < 3; i++) s *= x;
        return s;
      }
      export function f(x: number): number { "use dual"; return product(x, 0.3) + product(x, 1); }`,
    at: [2],
    value: 24,
    tangent: 44,
  },
  "a variable that the loop sets after its counter began there": {
    code: `
      export function f(xs: number[]): number {
        "use dual";
        let s = 1;
        let k = 2;
        for (let i = k; i < xs.length; i++) { s = s * xs[i] + i; k = 0; }
        for (let i = k; i < 2; i++) s *= xs[i];
        return s;
      }`,
    at: [[2, 3, 4, 5]],
    along: [[1, 1, 1, 1]],
    value: 198,
    tangent: 231,
  },
  "positions of callbacks, and halves of lengths": {
    code: `
      export function f(xs: number[]): number {
        "use dual";
        let s = 0;
        xs.forEach((x, i) => { for (let j = i + 1; j < xs.length; j++) s += x * xs[j]; });
        for (let j = xs.length >> 1; j < xs.length; j++) s *= xs[j];
        return s;
      }`,
    at: [[2, 3]],
    along: [[1, 1]],
    value: 18,
    tangent: 21,
  },
};

describe("gradients of loops:", () => {
  it.each(Object.entries(cases))("%s", (_, program) => expectEveryForm(program));
});
