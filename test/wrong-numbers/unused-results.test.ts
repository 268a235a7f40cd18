import { describe, it } from "vitest";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** Methods of which nothing is known are called for what they change: nobody looks at what they give. */

const list = (change: string): Program => ({
  code: `type Numbers = number[] | Float64Array;
    export function f(xs: Numbers, y: number): number {
      "use dual";
      const a = xs.slice() as Numbers & { reverse(): unknown; copyWithin(to: number, from: number): unknown };
      ${change}
      return a[0] * a[0] * y;
    }`,
  at: [[2, 5, 3], 7],
  along: [[1, 10, 100], 0],
  value: 63,
  tangent: 4200,
});

const untyped = (change: string): Program => ({
  code: `export function f(xs, y) { "use dual"; const a = xs.slice(); ${change} return a[0] * a[0] * y; }`,
  at: [[2, 5, 3], 7],
  along: [[1, 10, 100], 0],
  value: 63,
  tangent: 4200,
});

const lists: Record<string, Program> = {
  "a list of any make is reversed": list("a.reverse();"),
  "a part of it is copied": list("a.copyWithin(0, 2);"),
  "it is reversed where a condition is": list("if (!a.reverse()) return y;"),
  "it is reversed before a comma": list("const two = (a.reverse(), 2); y = (y * two) / 2;"),
  "it is reversed in a text": list('if ("".concat(a.reverse() as never) === "") return y;'),
  "its method has a computed name": list('for (const k of ["reverse"] as const) a[k]();'),
  "a list of which use tells is reversed": untyped("a.reverse();"),
  "elements are taken from it": untyped("a.shift(); a.shift();"),
  "elements are taken from it, and looked at": untyped("while (a.length > 1 && a.shift() > 0);"),
};

const spring = (change: string): Program => ({
  code: `interface Pair { x: number; y: number }
    class Spring implements Pair {
      x: number; y: number;
      constructor(x: number, y: number) { this.x = x; this.y = y; }
      swap(_: TemplateStringsArray): void { const t = this.x; this.x = this.y; this.y = t; }
    }
    export function f(x: number, y: number): number {
      "use dual";
      const s = new Spring(x, y);
      ${change}
      return s.x * s.x;
    }`,
  at: [2, 3],
  along: [1, 10],
  value: 9,
  tangent: 60,
});

const tags: Record<string, Program> = {
  "a tag that is a method": spring("s.swap`a`;"),
  "a tag that is a method, in a condition": spring("if (s.swap`a` !== undefined) return x;"),
};

describe("what a call changes is changed in all forms, where", () => {
  it.each(Object.entries({ ...lists, ...tags }))("%s", (_, program) => expectEveryForm(program));
});
