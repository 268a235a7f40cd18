import { describe, it } from "vitest";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** Objects that go by a name of which nothing is said of their numbers, and are read by one of which more is said. */

const types = "interface Named { name: string } interface Held extends Named { a?: number }";
const point = { at: [[1.25, 0.5]], along: [[1, -0.5]] };
const cases: Record<string, Program> = {
  "a copy that is made by its narrower type": {
    code: `${types}
      function copied(o: Named): Named { return { ...o }; }
      export function f(xs: number[]): number {
        "use dual";
        const o: Held = { name: "p", a: xs[0]! * 2 };
        const all: Held[] = [copied(o)];
        return (all[0]!.a ?? 3) * xs[1]!;
      }`,
    ...point,
    value: 1.25,
    tangent: -0.25,
  },
  "a copy that a list is given later": {
    code: `${types}
      export function f(xs: number[]): number {
        "use dual";
        const o: Held = { name: "p", a: xs[0]! * 2 };
        const copied = (n: Named): Named => ({ ...n });
        const all: Held[] = [];
        all.push(copied(o));
        let s = 0;
        for (const one of all) s += (one.a ?? 3) * xs[1]!;
        return s;
      }`,
    ...point,
    value: 1.25,
    tangent: -0.25,
  },
  "an element of a list of the narrower type": {
    code: `${types}
      export function f(xs: number[]): number {
        "use dual";
        const o: Held = { name: "p", a: xs[0]! * 2 };
        const all: Named[] = [o, { name: "k" }];
        let one: Held = all[0]!;
        one = all[0]!;
        return (one.a ?? 3) * xs[1]!;
      }`,
    ...point,
    value: 1.25,
    tangent: -0.25,
  },
  "a part of an object that has other numbers": {
    code: `${types}
      interface Box { in: Named; k: number } interface Full { in: Held; k: number }
      function copied(b: Box): Box { return { in: { ...b.in }, k: b.k }; }
      function read(b: Full): number { return b.in.a === undefined ? 3 : b.in.a * b.k; }
      export function f(xs: number[]): number {
        "use dual";
        const o: Held = { name: "p", a: xs[0]! * 2 };
        return read(copied({ in: o, k: xs[1]! }));
      }`,
    ...point,
    value: 1.25,
    tangent: -0.25,
  },
  "a copy of an argument without a type": {
    code: `
      function copied(o) { const q = { ...o }; return q; }
      export function f(xs) {
        "use dual";
        const all = [{ a: 1, b: 2 }, copied({ a: xs[0] * 2, b: 1 })];
        return all[1].a * xs[1];
      }`,
    ...point,
    value: 1.25,
    tangent: -0.25,
  },
};

describe("what a narrower name does not speak of", () => {
  it.each(Object.entries(cases))("%s", (_, program) => expectEveryForm(program));
});
