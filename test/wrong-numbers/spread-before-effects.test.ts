import { describe, it } from "vitest";
import { expectToldForms, type Told } from "../tangent/support/programs.ts";

/** Literals that begin with the fields of a constant, and go on with what has to run after these were taken. */

const helpers = `
  const DEFAULTS = { a: 2, b: 3 };
  function twice(g: (v: number) => number, v: number): number { return g(g(v)); }
  function squared(v: number): number { return v * v; }`;
const cases: Record<string, Told> = {
  "a call of a function that is handed on": {
    code: `${helpers}
      export function f(x: number): number {
        "use dual";
        const o = { ...DEFAULTS, b: twice(squared, x) };
        return o.a * o.b;
      }`,
    at: [1.5],
    value: 2 * 1.5 ** 4,
    tangent: 8 * 1.5 ** 3,
    fast: ["f"],
  },
  "an assignment in another spread": {
    code: `${helpers}
      export function f(x: number): number {
        "use dual";
        let k = x;
        const o = { ...DEFAULTS, ...{ b: (k *= x) } };
        return o.a * o.b * k;
      }`,
    at: [1.5],
    value: 2 * 1.5 ** 4,
    tangent: 8 * 1.5 ** 3,
    fast: ["f"],
  },
  "an object that is changed before its copy is ready": {
    code: `
      export function f(x: number, y: number): number {
        "use dual";
        const p = { c: x, l: [x] };
        const o = { ...p, b: ((p.c = x * y), (p.l[0] = x * x), y) };
        return o.c * o.b * p.c * o.l[0]!;
      }`,
    at: [1.5, 2],
    value: 1.5 ** 4 * 4,
    tangent: 4 * 1.5 ** 3 * 4 + 1.5 ** 4 * 2 * 2,
    fast: ["f"],
  },
};

describe("spreads before what does something", () => {
  it.each(Object.entries(cases))("%s", (_, program) => expectToldForms(program));
});
