import { describe, it } from "vitest";
import { expectToldForms, type Told } from "../tangent/support/programs.ts";

/** Objects that may be missing where a loop that looks into them has no rounds. */

const loop = (object: string) =>
  `for (let i = 0; i < n; i++) { s = s * ${object}!.v; if (s > 1e6) return again(n - 1, s, o); }`;
const cases: Record<string, Omit<Told, "fast">> = {
  "a parameter with a question mark": {
    code: `function again(n: number, x: number, o?: { v: number }): number { let s = x; ${loop("o")} return s; }
      export function f(x: number): number { "use dual"; return again(0, x) + again(2, x, { v: x }); }`,
    value: 10,
    tangent: 13,
  },
  "a parameter that may be null": {
    code: `function again(n: number, x: number, o: { v: number } | null): number { let s = x; ${loop("o")} return s; }
      export function f(x: number): number { "use dual"; return again(0, x, null) + again(2, x, { v: x }); }`,
    value: 10,
    tangent: 13,
  },
  "a parameter of the function itself": {
    code: `export function f(x: number, o?: { v: number }): number {
      "use dual";
      const n = o ? 2 : 0;
      let s = x * x;
      for (let i = 0; i < n; i++) s = s * o!.v;
      return s;
    }`,
    value: 4,
    tangent: 4,
  },
  "a field that may be null": {
    code: `function again(n: number, x: number, o: { p: { v: number } | null }): number { const q = o.p; let s = x; ${loop("q")} return s; }
      export function f(x: number): number { "use dual"; return again(0, x, { p: null }) + again(2, x, { p: { v: x } }); }`,
    value: 10,
    tangent: 13,
  },
  "a field that is emptied": {
    code: `function again(n: number, x: number, o: { p: { v: number } | null }): number { const q = o.p; let s = x; ${loop("q")} o.p = null; return s; }
      export function f(x: number): number { "use dual"; const o = { p: { v: x } }; return again(2, x, o) + again(0, x, o); }`,
    value: 10,
    tangent: 13,
  },
};

describe("a loop without rounds does not ask for", () => {
  it.each(Object.entries(cases))("%s", (_, c) =>
    expectToldForms({ at: [2], fast: ["f"], ...c } as Told),
  );
});
