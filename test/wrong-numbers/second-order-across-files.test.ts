import { grad, hessian, hvp, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";

/** Functions of other files that are given something without numbers before what they are differentiated by. */
const given = {
  "an object without numbers": ["n: { name: string }", "n.name.length", `{ name: "m" }`],
  "a list of texts": ["n: string[]", "n.length", `["m"]`],
  "a tuple of texts": ["n: [string]", "n.length", `["m"]`],
  "an empty list": ["n: number[]", "(1 + n.length)", "[]"],
  "a list of constants": ["n: number[]", "n[0]!", "[1]"],
  "an object of both": ["n: { name: string; k: number }", "n.k", `{ name: "m", k: 1 }`],
  "an object with an active number": ["n: { k: number }", "n.k", "{ k: xs[0]! / xs[0]! }"],
  "a text": ["n: string", "n.length", `"m"`],
} as const;

describe("second derivatives through a function of another file that is given", () => {
  it.each(Object.entries(given))("%s, are right", (_, [param, factor, arg]) => {
    const scripts = translate({
      lib: `"use dual"; export function h(${param}, m: number[]): number { return m[0]! * m[1]! * m[0]! * ${factor}; }`,
      main: `import { h } from "./lib"; export function f(xs: number[]): number { "use dual"; return h(${arg}, [xs[0]!, xs[1]!]); }`,
    });
    const f = load(scripts, "main").f as (xs: number[]) => number;
    const [x, y] = [1.25, 0.75];
    expect(jvp(f, [[x, y]], [[1, 1]])).toEqual([x * x * y, 2 * x * y + x * x]);
    expect(grad(f)([x, y])).toEqual([2 * x * y, x * x]);
    const [first, second] = hvp(f)([x, y], [1, 1]);
    expect(first).toBeCloseTo(2 * y + 2 * x, 12);
    expect(second).toBeCloseTo(2 * x, 12);
    const rows = hessian(f)([x, y]).flat();
    for (const [i, entry] of [2 * y, 2 * x, 2 * x, 0].entries())
      expect(rows[i]).toBeCloseTo(entry, 12);
  });
});
