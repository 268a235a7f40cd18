import { jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { pushDual } from "../../packages/dualize/src/transforms/push.ts";
import { compile } from "./support/compile.ts";
import { expectEveryForm } from "./support/programs.ts";

/** Functions that ask whether a list has more than lists have: `xs.clone ? xs.clone() : xs.slice()`. */

const COPY = `function copy(xs: number[] | Float64Array): number[] | Float64Array {
  return (xs as never as { clone?: () => number[] }).clone ? (xs as never as { clone: () => number[] }).clone() : (new Array(xs.length) as number[]); }`;
const CODE = `"use dual"; ${COPY}
  export function f(xs: number[] | Float64Array): number { const ys = copy(xs); for (let i = 0; i < xs.length; i++) ys[i] = xs[i]! * xs[0]! + (ys[i] ?? 0); return ys[0]! * ys[1]!; }
  class Vec extends Array<number> { clone(): Vec { const made = new Vec(); made.push(this[0]! * 3, this[1]! * 3); return made; } }
  export const vec = (): Vec => { const made = new Vec(); made.push(3, 2); return made; };
  export const own = () => Object.assign([3, 2], { clone: () => [1, 1] });
  export let calls = 0;
  export function g(xs: number[] | Float64Array): number { calls++; return f(xs); }`;

describe("a list that is asked for more", () => {
  it("of the language", () => {
    expectEveryForm({
      code: CODE,
      at: [[3, 2]],
      along: [[1, 1]],
      value: 54,
      tangent: 6 * 6 + 9 * 5,
    });
    expectEveryForm({
      code: CODE,
      at: [Float64Array.of(3, 2)],
      along: [Float64Array.of(1, 1)],
      value: 54,
      tangent: 6 * 6 + 9 * 5,
    });
    const forms = new Map(compile(CODE).report.map((r) => [r.name, r.form]));
    expect([forms.get("copy"), forms.get("f"), forms.get("g")]).toEqual([
      "tangent",
      "tangent",
      "tangent",
    ]);
  });

  it.each(["f", "g"])(
    "of a class, or by itself, is answered as an ordinary call answers: %s",
    (name) => {
      for (const make of ["vec", "own"]) {
        const { exports } = compile(CODE);
        const f = exports[name] as (xs: number[]) => number;
        const given = (): number[] => exports[make]?.();
        const value = f(given());
        expect(pushDual(f, undefined, [given()], [[1, 1]])[0]).toBe(value);
        const pushed = () => (jvp(f, [given()], [[1, 1]] as never) as [unknown, unknown])[0];
        // A function that a list has by itself is refused where nothing can be run again.
        if (make === "own") expect(pushed).toThrow("DUAL108");
        else expect(pushed()).toBe(value);
      }
    },
  );
});
