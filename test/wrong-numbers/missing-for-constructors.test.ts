import { describe, it } from "vitest";
import { expectToldForms, type Told } from "../tangent/support/programs.ts";

/**
 * What constructors are given is missing when the program runs, and they put a number in its place; the function changes
 * what it is given, so that it can't be run again where a tangent is NaN.
 */

const V = `class V {
  x: number; y: number;
  constructor(x = 1.5, y = 2.5) { this.x = x; this.y = y; }
  dot(o: V): number { return this.x * o.x + this.y * o.y; }
}`;
const written = (v: string, more = ""): Told => ({
  code: `${V} ${more}
    export function f(xs: number[]): number {
      "use dual";
      xs[1] = xs[0]! * xs[1]!;
      const v = ${v};
      return v.dot(v) * xs[0]!;
    }`,
  at: [[2, 3]],
  along: [[1, 0.5]],
  value: (2.25 + 36) * 2,
  tangent: 2.25 + 36 + 2 * 2 * 6 * 4,
  fast: ["f"],
});
const cases: Record<string, Told> = {
  "a place beyond the end of a list": written("new V(xs.at(9) as number, xs[1]!)"),
  "what is taken from an empty list": written("new V(xs.slice(2).pop() as number, xs[1]!)"),
  "what a method gives": written(
    "new V(new Q(xs).give() as number, xs[1]!)",
    "class Q { l: number[]; constructor(l: number[]) { this.l = l; } give(): number | undefined { return this.l.at(7); } }",
  ),
  "an argument that is handed on": written(
    "made(xs[9]!, xs[1]!)",
    "function made(x: number, y: number): V { return new V(x, y); }",
  ),
  "an argument of a function that calls itself": written(
    "made(xs[9]!, xs[1]!, 2)",
    "function made(x: number, y: number, n: number): V { return n > 0 ? made(x, y, n - 1) : new V(x, y); }",
  ),
  "a field": written("new V(o.a, xs[1]!)", "const o = {} as { a: number };"),
};

describe("what is missing where a constructor is called", () => {
  it.each(Object.entries(cases))("%s", (_, program) => expectToldForms(program));
});
