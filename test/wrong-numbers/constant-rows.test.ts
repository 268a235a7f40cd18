import { describe, it } from "vitest";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** Lists of which nothing is active, among the rows and fields that gradients go back through. */

const helpers = `
  const TABLE = [0.5, 1.25, 2];
  function sum(l: number[]): number { let s = 0; for (let i = 0; i < l.length; i++) s += (l[i] ?? 0) * (i + 1); return s; }`;
const point = { at: [[1.5, 0.5]], along: [[1, -0.5]] };
const cases: Record<string, Program> = {
  "among literals": {
    code: `${helpers}
      export function f(xs: number[]): number {
        "use dual";
        const rows: number[][] = [TABLE.slice(), [1, 2]];
        return sum(rows[0]!) * sum(xs);
      }`,
    ...point,
    value: 9 * 2.5,
    tangent: 0,
  },
  "among what is active": {
    code: `${helpers}
      export function f(xs: number[]): number {
        "use dual";
        const rows: number[][] = [TABLE.slice(), xs];
        let s = 0;
        for (const row of rows) s += sum(row) * row[0]!;
        return s;
      }`,
    ...point,
    value: 4.5 + 2.5 * 1.5,
    tangent: 2.5,
  },
  "put at the end of a list": {
    code: `${helpers}
      export function f(xs: number[]): number {
        "use dual";
        const rows: number[][] = [];
        rows.push(TABLE.slice(), [xs[0]!, 2]);
        return sum(rows[0]!) * sum(rows[1]!);
      }`,
    ...point,
    value: 9 * 5.5,
    tangent: 9,
  },
  "handed to what calls itself": {
    code: `${helpers}
      function pick(m: number[][], i: number): number { return i > 0 ? pick(m, i - 1) : sum(m[0]!) * sum(m[1]!); }
      export function f(xs: number[]): number { "use dual"; return pick([TABLE.slice(), [xs[0]!, 2]], 2); }`,
    ...point,
    value: 9 * 5.5,
    tangent: 9,
  },
  "in a field of an object in a list": {
    code: `${helpers}
      export function f(xs: number[]): number {
        "use dual";
        const all: { l: number[] }[] = [{ l: TABLE.slice() }, { l: xs }];
        let s = 1;
        for (const { l } of all) s *= (l[1] ?? 1) * l[0]!;
        return s;
      }`,
    ...point,
    value: 0.625 * 0.75,
    tangent: 0.625 * (0.5 - 0.75),
  },
};

describe("constant lists among others", () => {
  it.each(Object.entries(cases))("%s", (_, program) => expectEveryForm(program));
});
