import { describe, it } from "vitest";
import { expectToldForms, type Told } from "../tangent/support/programs.ts";

/** Functions inside, of which the first use is in what is written in place, and others come after. */

const helper = "function apply(g: (v: number) => number, v: number): number { return g(v); }";
const cases: Record<string, Told> = {
  "in a function with several ends": {
    code: `${helper}
      export function f(x: number): number {
        "use dual";
        const h = (p: number): number => x * p;
        function first(k: number): number {
          if (k > 10) return h(k) + 1;
          return h(k);
        }
        let w = first(x);
        if (x > 0) w *= apply((p) => apply(h, p * x), w);
        return w;
      }`,
    at: [1.5],
    value: 1.5 ** 6,
    tangent: 6 * 1.5 ** 5,
    fast: ["f"],
  },
  "in a branch of it, and in a loop later": {
    code: `${helper}
      export function f(x: number): number {
        "use dual";
        const h = (p: number): number => (p > 100 ? p : x * p);
        const first = (k: number): number => {
          if (k > 0) { const q = apply(h, k); return q; }
          return 0;
        };
        let w = first(x);
        for (let i = 0; i < 2; i++) w = apply(h, w);
        return w;
      }`,
    at: [1.5],
    value: 1.5 ** 4,
    tangent: 4 * 1.5 ** 3,
    fast: ["f"],
  },
  "in one that calls itself": {
    code: `${helper}
      export function f(x: number): number {
        "use dual";
        const h = (p: number): number => x * p;
        const go = (v: number, n: number): number => (n === 0 ? h(v) : apply(h, go(v, n - 1)));
        const first = (k: number): number => {
          for (let i = 0; i < 3; i++) if (k > i) return go(k, 1);
          return 0;
        };
        return first(x) * go(x, 2) * h(x);
      }`,
    at: [1.5],
    value: 1.5 ** 9,
    tangent: 9 * 1.5 ** 8,
  },
};

describe("functions that are used first by what is written in place", () => {
  it.each(Object.entries(cases))("%s", (_, program) => expectToldForms(program));
});
