import { describe, it } from "vitest";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** Instances that are taken for objects with fields, of which some are accessors. */

const V = `class V { x: number; y: number; constructor(x: number, y: number) { this.x = x; this.y = y; } get size(): number { return this.x * this.y; } }`;
const cases: Record<string, Program> = {
  "by the use of a parameter without a type": {
    code: `${V}
      function read(b) { return Math.sin(b.v.size); }
      export function f(xs) { "use dual"; return read({ w: xs[1], v: new V(2, xs[0]) }); }`,
    at: [[1.25, 0.5]],
    along: [[1, 0]],
    value: Math.sin(2.5),
    tangent: 2 * Math.cos(2.5),
  },
  "by an interface, where an argument is written": {
    code: `${V}
      interface Sized { size: number }
      function read(l: Sized[]): number { return l[0]!.size * l[0]!.size; }
      export function f(xs: number[]): number {
        "use dual";
        xs[1] = xs[0]! * 2;
        return read([new V(2, xs[0]!)]);
      }`,
    at: [[1.25, 0.5]],
    along: [[1, 0]],
    value: 6.25,
    tangent: 10,
  },
};

describe("accessors that are taken for fields", () => {
  it.each(Object.entries(cases))("%s", (_, program) => expectEveryForm(program));
});
