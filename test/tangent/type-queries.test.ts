import { twinOf } from "dualize/runtime";
import { describe, expect, it } from "vitest";
import { load, translate } from "./support/compile.ts";
import { expectEveryForm, expectToldForms } from "./support/programs.ts";

/** `typeof defaults` as a type: what the variable is declared as, or begins with. */

describe("the type of a variable tells what a parameter is", () => {
  it.each([
    [
      "an object",
      'const D = { k: 2, name: "a" }; function g(c: typeof D, x: number): number { return c.k * x }',
    ],
    [
      "an object in an object, with a list",
      "const D = { a: { k: 2 }, t: [1, 2], k: -3 as number } as const; type C = typeof D; function g(c: { a: { k: number }; t: readonly number[] }, x: number): number { return c.a.k * x * c.t[1] / 2 } const h = (c: C, x: number): number => c.a.k * x + c.k",
    ],
    [
      "one that says its type",
      "interface C { k: number } const D: C = { k: 2 }; function g(c: typeof D, x: number): number { return c.k * x }",
    ],
  ])("of %s", (_, code) => {
    expectToldForms({
      code: `"use dual"; ${code}; export function f(x: number): number { return g(${code.includes("a: {") ? "{ a: { k: x }, t: [1, 2] }" : code.includes("name") ? '{ k: x, name: "b" }' : "{ k: x }"}, x) }`,
      at: [3],
      value: 9,
      tangent: 6,
      fast: ["f", "g"],
    });
  });

  it("of another file", () => {
    const code = {
      config: `"use dual"; export const defaults = { gain: 2, shape: { a: 0.5 } }; export type Config = typeof defaults;`,
      main: `"use dual"; import { Config } from "./config"; const run = (x: number, c: Config): number => c.gain * x + c.shape.a; export function f(x: number): number { return run(x, { gain: x, shape: { a: x } }) }`,
    };
    expect(twinOf(load(translate(code), "main").f)).toMatchObject({
      tangent: expect.any(Function),
    });
    expectEveryForm({ code, at: [3], value: 12, tangent: 7 });
  });

  it("unless other variables of the file have that name", () => {
    expectToldForms({
      code: `"use dual"; const D = { k: 2 }; export function f(x: number): number { const D = { k: [x] }; const g = (c: typeof D): number => c.k[0] * x; return g(D) }`,
      at: [3],
      value: 9,
      tangent: 6,
    });
  });
});
