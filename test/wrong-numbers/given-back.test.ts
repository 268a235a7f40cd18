import { jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";

/** Functions that come out of a derivative, and call functions of the file: as values they give what they give. */

const power =
  "function power(x: number, d: number): number { return d > 0 ? x * power(x, d - 1) : x; }";

/** Programs of which `f(2)` gives a list with a function, that at 3, and the derivative of that by the 2. */
const cases: Record<string, readonly [code: string, value: number, slope: number]> = {
  "a function that calls itself": [
    `${power} export const f = (k: number) => [(y: number) => power(y * k, 2)];`,
    216,
    324,
  ],
  "a constant that is one": [
    "const power = (x: number, d: number): number => (d > 0 ? x * power(x, d - 1) : x); export const f = (k: number) => [(y: number) => power(y * k, 2)];",
    216,
    324,
  ],
  "one with defaults": [
    "function power(x: number, d = 2, s = x): number { return d > 0 ? x * power(x, d - 1, s) : s; } export const f = (k: number) => [(y: number) => power(y * k)];",
    216,
    324,
  ],
  "a method": [
    `class C { constructor(public w: number) {} power(x: number, d: number): number { return d > 0 ? x * this.w * this.power(x, d - 1) : x; } }
     export const f = (k: number) => { const c = new C(k); return [(y: number) => c.power(y, 2)]; };`,
    108,
    108,
  ],
  "one that is written inside": [
    "export const f = (k: number) => { const power = (x: number, d: number): number => (d > 0 ? x * power(x * k, d - 1) : x); return [(y: number) => power(y, 2)]; };",
    216,
    324,
  ],
  "one that a callback calls": [
    `${power} export const f = (k: number) => [(y: number) => [y, 2 * y].map((v) => power(v * k, 1)).reduce((a, b) => a + b)];`,
    180,
    180,
  ],
  "one that is called as a variable that is written in place is": [
    `${power} function scaled(power: number): number { const twice = power * 2; return twice * power; } export const f = (k: number) => { const s = scaled(k); return [(y: number) => power(y * s, 1)]; };`,
    576,
    1152,
  ],
  "one without the fast form": [
    "function part(o: { a: number; b: number }): number { const l: any = []; l.push(o.b); return o.a * l[0]; } export const f = (k: number) => [(y: number) => part({ a: y * k, b: 2 })];",
    12,
    6,
  ],
  "one that is chosen": [
    `const all: Record<string, (x: number) => number> = { square: (x) => x * x }; export const f = (k: number) => [(y: number) => all["square"](y * k)];`,
    36,
    36,
  ],
};

describe("a function that comes out of a derivative calls", () => {
  it.each(Object.entries(cases))("%s", (_, [code, value, slope]) => {
    const { f } = load(translate({ main: `"use dual"; ${code}` }), "main") as { f: never };
    expect((f as (k: number) => ((y: number) => number)[])(2)[0]?.(3)).toBe(value);
    const [[own], [tangent]] = jvp(f, [2] as never, [1]) as never as ((y: number) => number)[][];
    expect(own?.(3)).toBe(value);
    expect(tangent?.(3)).toBeCloseTo(slope, 10);
  });

  it("one of another file", () => {
    const { f } = load(
      translate({
        main: `"use dual"; import { power } from "./other"; export const f = (k: number) => [(y: number) => power(y * k, 2)];`,
        other: `"use dual"; export ${power}`,
      }),
      "main",
    ) as { f: never };
    const [[own], [tangent]] = jvp(f, [2] as never, [1]) as never as ((y: number) => number)[][];
    expect([own?.(3), tangent?.(3)]).toEqual([216, 324]);
  });
});
