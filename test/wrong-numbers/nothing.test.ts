import { grad, hvp, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** A function that ends without `return` gives undefined, and not 0. */

const find = "for (const x of xs) if (x > k) return x * x;";
const numbers = (body: string, value: number, tangent: number, more = ""): Program => ({
  code: `${more} export function f(xs: number[]): number { "use dual"; ${body} }`,
  at: [[2, 3]],
  along: [[1, 1]],
  value,
  tangent,
});
const twice = "return (find(xs, 5) ?? xs[0] * 3) * (find(xs, 2.5) ?? 7);";

const cases: Record<string, Program> = {
  "a function written in place": numbers(
    twice,
    54,
    63,
    `function find(xs: number[], k: number): number | undefined { ${find} }`,
  ),
  "one that returns without a value": numbers(
    twice,
    54,
    63,
    `function find(xs: number[], k: number) { ${find} return; }`,
  ),
  "a function inside": numbers(
    `const find = (xs: number[], k: number): number | undefined => { ${find} }; ${twice}`,
    54,
    63,
  ),
  "functions in a list": numbers(
    "const give = (k: number): number | undefined => { if (k > 1) return xs[0] * k; }; let s = 0; for (const g of [give, (k: number) => k * xs[1]]) s += g(1) ?? xs[1] * 2; return s;",
    9,
    3,
  ),
  "a callback": numbers(
    "const ys = xs.map((x) => { if (x > 2.5) return x; }); return (ys[0] ?? xs[0] * 2) * (ys[1] ?? 5);",
    12,
    10,
  ),
  "a function that calls itself": numbers(
    "return (find(xs, 5, 0) ?? xs[0] * 3) * (find(xs, 2.5, 0) ?? 7);",
    54,
    63,
    `function find(xs: number[], k: number, i: number): number | undefined {
      if (i >= xs.length) return;
      if (xs[i] > k) return xs[i] ** 2;
      return find(xs, k, i + 1);
    }`,
  ),
  "one that gives a list, and calls itself": numbers(
    "const p = scaled(xs, 1) ?? [1, 2]; const q = scaled(xs, -1) ?? [xs[1], 2]; return p[0] * q[0] + p[1];",
    183,
    151,
    `function scaled(xs: number[], k: number): number[] | undefined {
      if (k > 20) return [xs[0] * k, xs[1]];
      if (k > 10) return;
      if (k < 0) return scaled(xs, 15);
      if (k < 2) return scaled(xs, 30);
    }`,
  ),
  "a method": {
    code: `
      class Scale { constructor(public v: number) {} by(k: number): number | undefined { if (k > 1) return this.v * k; } }
      export function f(x: number): number { "use dual"; const s = new Scale(x); return (s.by(0) ?? x * x) + (s.by(3) ?? 1); }`,
    at: [2],
    value: 10,
    tangent: 7,
  },
  "a function of another file": {
    code: {
      lib: `
        export function number(x: number, k: number): number | undefined { "use dual"; if (k > 1) return x * k; }
        export function object(x: number, k: number): { v: number } | undefined { "use dual"; if (k > 1) return { v: x * k }; }`,
      main: `
        import { number, object } from "./lib";
        export function f(x: number): number {
          "use dual";
          return (number(x, 0) ?? x * x) * (number(x, 3) ?? 1) + (object(x, 0)?.v ?? x * x) * (object(x, 3)?.v ?? 1);
        }`,
    },
    at: [2],
    value: 48,
    tangent: 72,
  },
  "a list with gaps of another file, handed on": {
    code: {
      lib: `export function parts(xs: number[]): (number | undefined)[] { "use dual"; return [xs[0], xs[5], xs[1] * xs[0], xs.find((v) => v > 9)]; }`,
      main: `import { parts } from "./lib"; export function f(xs: number[]): (number | undefined)[] { "use dual"; return parts(xs); }`,
    },
    at: [[2, 3]],
    along: [[1, 1]],
    value: [2, undefined, 6, undefined],
    tangent: [1, null, 5, null],
    noGradient: "a list",
  },
  "a number of another file that is handed on, in a function that does not": {
    code: {
      lib: `export function at(xs: number[], i: number): number | undefined { "use dual"; return xs[i]; }
        export function none(x: number): number | null { "use dual"; return x > 1 ? null : x; }`,
      main: `import { at, none } from "./lib";
        const third = (xs: number[]): number | undefined => at(xs, 2);
        export function f(xs: number[]): number { "use dual"; return (third(xs) ?? xs[0] * 3) * (at(xs, 1) ?? 7) + (none(xs[0]) ?? xs[0] ** 2); }`,
    },
    at: [[2, 3]],
    along: [[1, 1]],
    value: 22,
    tangent: 19,
  },
  "options without a value for a function of another file": {
    code: {
      lib: `export interface Options { k?: number; tol?: number }
        export function go(x: number, o: Options = {}): number { "use dual"; const { k = x * 2, tol = k } = o; return x * k + tol; }`,
      main: `import { type Options, go } from "./lib";
        export function f(xs: number[]): number { "use dual"; const o: Options = { k: xs[0] }; return go(xs[1], o) + go(xs[1], { ...o, tol: undefined }) + go(xs[0]); }`,
    },
    at: [[2, 3]],
    along: [[1, 1]],
    value: 28,
    tangent: 22,
  },
  "asked for in a loop, and looked at later": numbers(
    "let s = 1; for (let k = 1; k < 4; k++) { const r = find(xs, k + 0.5); s = s * 2 + (r === undefined ? xs[0] : r * xs[1]); if (r) s += r; } return s;",
    146,
    147,
    `function find(xs: number[], k: number): number | undefined { ${find} }`,
  ),
  "elements that are not there yet, asked for when going back": numbers(
    "const memo: (number | undefined)[] = []; let s = 0; for (const k of [1, 2, 1]) { let v = memo[k]; if (v === undefined) { v = xs[0] ** k * xs[1]; memo[k] = v; } s = s * 2 + v * v; } return s;",
    468,
    1068,
  ),
  "two numbers that may be missing, in one question": numbers(
    "let prev: number | undefined; let s = 1; for (let k = 0; k < 4; k++) { const r = find(xs, k + 0.5); const both = r !== undefined && prev !== undefined; s = s * (both ? r! * prev! : 2) + xs[1]; prev = r; } return s;",
    5985,
    22707,
    `function find(xs: number[], k: number): number | undefined { ${find} }`,
  ),
};

describe("a function that may give nothing:", () => {
  it.each(Object.entries(cases))("%s", (_, program) => expectEveryForm(program));
});

it("second derivatives go through options without a value for a function of another file", () => {
  const { code } = cases["options without a value for a function of another file"] as Program;
  const { f } = load(translate(code as Record<string, string>), "main");
  expect(hvp(f as never)([2, 3] as never, [1, 1] as never)).toEqual([6, 2]);
});

it.each(["atan2(xs[5], xs[0])", "atan2(xs[0], xs[5])", "hypot(xs[5], xs[0])", "pow(xs[5], xs[0])"])(
  "Math.%s of an element beyond the end of a list is NaN, and so is its gradient",
  (call) => {
    const code = `export function f(xs: number[]): number { "use dual"; const xs5 = xs.filter((x) => x > 9); return Math.${call.replace("xs[5]", "xs5[0]!")} * xs[1]!; }`;
    const f = load(translate({ main: code }), "main").f as never;
    for (const mode of ["forward", "reverse"])
      expect(grad(f, { mode } as never)([2, 3] as never)).toEqual([Number.NaN, Number.NaN]);
  },
);

it("what is missing in a list with something infinite takes nothing from the length of it", () => {
  const code = `export function f(xs: number[]): number { "use dual"; xs.pop(); xs.pop(); return Math.hypot(...[xs[0]!, xs[1]!, 1]); }`;
  const f = load(translate({ main: code }), "main").f as never;
  const at = [Number.NEGATIVE_INFINITY, 2, 3];
  expect(jvp(f, [at] as never, [[-0.75, 1, 1]] as never)).toEqual([Number.POSITIVE_INFINITY, 0.75]);
});

describe.each(["", "xs[1] = 7; "])("where `%s` stands before,", (change) => {
  it.each(["xs[5]", "new Array(3).fill(xs[0])[5]", "(xs[0] > 9 ? xs[1] : undefined)", "xs[1]"])(
    "a constructor's default is taken for %s where that is missing",
    (argument) => {
      const code = `class V { constructor(public x: number = 1, public y: number = 2) {} size(): number { return this.x * this.y; } }
        export function f(xs: number[]): number { "use dual"; const v = new V(xs[0], ${argument} as number); ${change}return v.size() * v.x; }`;
      const f = load(translate({ main: code }), "main").f as never;
      const y = argument === "xs[1]" ? 3 : 2;
      expect(jvp(f, [[2, 3]] as never, [[1, 1]] as never)).toEqual([
        4 * y,
        4 * y + (y === 3 ? 4 : 0),
      ]);
    },
  );
});
