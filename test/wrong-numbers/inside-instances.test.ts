import { describe, it } from "vitest";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** What is of outside, and a new instance holds: a derivative written to it is seen by both names. */

const cases: Record<string, string> = {
  "a list":
    "class B { constructor(public l: number[]) {} } const p = [0]; export function f(x: number[]): number { const b = new B(p); b.l[0] = x[0]! * x[1]!; return p[0]! * x[2]! }",
  "an object":
    "class B { constructor(public l: { v: number }) {} } const p = { v: 0 }; export function f(x: number[]): number { const b = new B(p); b.l.v = x[0]! * x[1]!; return p.v * x[2]! }",
  "a list that a method pushes to":
    "class B { constructor(public l: number[]) {} add(v: number): void { this.l.push(v) } } const world = { l: [0] }; export function f(x: number[]): number { const b = new B(world.l); b.add(x[0]! * x[1]!); const r = world.l.pop()!; return r * x[2]! }",
};

describe("a new instance holds", () => {
  it.each(Object.entries(cases))("%s", (_, code) => {
    const program: Program = {
      code: `"use dual"; ${code}`,
      at: [[1.5, -2.5, 0.7]],
      along: [[1, 0.5, -1]],
      value: 1.5 * -2.5 * 0.7,
      tangent: 2.525,
    };
    expectEveryForm(program);
  });
});
