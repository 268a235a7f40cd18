import { derivative, hessian, hvp } from "dualize";
import { describe, expect, it } from "vitest";
import { type Coded, expectEveryCode } from "../tangent/support/codes.ts";
import { load, translate } from "../tangent/support/compile.ts";
import { expectNear } from "../tangent/support/programs.ts";

/** Functions inside that call themselves write into what the function around them made. */

const ALL = ["tangent", "adjoint", "hvp"] as const;
const written = (made: string, write: string, result: string): string => `
  export function f(xs: number[]): number {
    "use dual";
    const o = ${made};
    const go = (v: number, n: number): void => {
      if (n === 0) return;
      ${write}
      go(v * v, n - 1);
    };
    go(xs[0]!, 2);
    return ${result};
  }`;

const cases: Coded[] = [
  {
    name: "a list grows",
    code: written("[] as number[]", "o.push(v * v);", "o[0]! * o[1]!"),
    at: [[1.25]],
    along: [[1]],
    codes: ALL,
  },
  {
    name: "elements are replaced",
    code: written("[0, 0]", "o[n - 1] = v * v;", "o[0]! * o[1]!"),
    at: [[1.25]],
    along: [[1]],
    codes: ALL,
  },
  {
    name: "a typed array is filled",
    code: written("new Float64Array(2)", "o[n - 1] = v * v;", "o[0]! * o[1]!"),
    at: [[1.25]],
    along: [[1]],
    codes: ALL,
  },
  {
    name: "fields are replaced",
    code: written("{ a: 1, b: 1 }", "o.b = o.a; o.a = v * v;", "o.a * o.b"),
    at: [[1.25]],
    along: [[1]],
    codes: ALL,
  },
  {
    name: "a list that is read between the calls",
    code: `export function f(xs: number[]): number {
      "use dual";
      const o = [xs[1]!];
      const go = (v: number, n: number): void => {
        if (n === 0) return;
        o[0] = o[0]! * v;
        go(v * v, n - 1);
      };
      const before = o[0]! * o[0]!;
      go(xs[0]!, 2);
      const between = o[0]! * o[0]!;
      go(xs[1]!, 1);
      return before * between * o[0]!;
    }`,
    at: [[1.25, 0.75]],
    along: [[1, -0.5]],
    codes: ALL,
  },
];

describe("what inner functions write into lists of the function around them", () => {
  it.each(cases)("$name", (program) => expectEveryCode(program));

  it.each(cases)("has second derivatives: $name", ({ code, at = [], along = [] }) => {
    const [x, v] = [at[0], along[0]] as [number[], number[]];
    const { f, line } = load(
      translate({
        main: `${code}
          export function line(t: number, x: number[], v: number[]): number {
            "use dual";
            return f(x.map((at, i) => at + t * v[i]!));
          }`,
      }),
      "main",
    );
    const expected = derivative(derivative(line as never) as never)(0, x as never, v as never);
    const along_ = (w: number[]) => w.reduce((sum, d, i) => sum + d * v[i]!, 0);
    expectNear(along_(hvp(f as never)(x as never, v as never) as number[]), expected, 1e-12, "hvp");
    const rows = hessian(f as never)(x as never) as number[][];
    expectNear(along_(rows.map(along_)), expected, 1e-12, "hessian");
    expect(expected).not.toBe(0);
  });
});
