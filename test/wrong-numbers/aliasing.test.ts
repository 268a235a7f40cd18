import { grad, hvp, jacobian, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** Arrays and objects that are in two places, and functions that write to them. */

const f = (code: string) => load(translate({ main: code }), "main").f as never;

const cases: Record<string, Program> = {
  "one array as two arguments of which one is written": {
    code: `export function f(a: number[], b: number[]): number { "use dual"; a[0] = a[0] * 2; return a[0] * b[0]; }`,
    given: () => {
      const [xs, ts] = [[3], [1]];
      return [
        [xs, xs],
        [ts, ts],
      ];
    },
    value: 36,
    tangent: 24,
    noDifferences: "differences move the two apart",
  },
  "an array in itself twice": {
    code: `export function f(m: number[][]): number { "use dual"; m[0][0] = m[0][0] * 2; return m[0][0] * m[1][0]; }`,
    given: () => {
      const [row, t] = [[3], [1]];
      return [[[row, row]], [[t, t]]];
    },
    value: 36,
    tangent: 24,
    noDifferences: "differences move the two apart",
  },
  "a filter whose callback writes into the array": {
    code: `export function f(xs: number[]): number[] { "use dual"; return xs.filter((x, i) => { xs[i] = 0; return x > 0; }); }`,
    at: [[1, -2, 3]],
    along: [[1, 1, 1]],
    value: [1, 3],
    tangent: [1, 1],
  },
  "a filter whose callback doubles what comes later": {
    code: `export function f(x: number): number {
      "use dual";
      const xs = [x, x, x];
      const kept = xs.filter((v, i) => { if (i + 1 < xs.length) xs[i + 1] = v * x; return v > 1; });
      return kept[0] + kept[1] + kept[2];
    }`,
    at: [2],
    value: 14,
    tangent: 17,
  },
  "a find whose callback writes into the array": {
    code: `export function f(x: number): number {
      "use dual";
      const xs = [x, x * x];
      return xs.find((v, i) => { xs[i] = 0; return v > 3; }) ?? 0;
    }`,
    at: [2],
    value: 4,
    tangent: 4,
  },
  "a map whose callback writes into the array": {
    code: `export function f(x: number): number {
      "use dual";
      const xs = [x, x];
      const ys = xs.map((v, i) => { xs[1 - i] = v * x; return v; });
      return ys[0] + ys[1] + xs[0];
    }`,
    at: [2],
    value: 14,
    tangent: 17,
  },
  "a reduce whose callback writes into the array": {
    code: `export function f(x: number): number {
      "use dual";
      const xs = [x, x];
      return xs.reduce((s, v, i) => { if (i === 0) xs[1] = v * x; return s + v; }, 0);
    }`,
    at: [2],
    value: 6,
    tangent: 5,
  },
  "a function given by name that writes to its argument": {
    code: `
      function norm(v: number[]): number { v[0] = v[0] * v[0]; return v[0]; }
      export function f(x: number): number { "use dual"; const xs = [[x], [2 * x]]; return xs.map(norm)[1] + xs[0][0]; }`,
    at: [2],
    value: 20,
    tangent: 20,
  },
  "Math.max given by name to map": {
    code: `export function f(xs: number[]): number { "use dual"; const ys = xs.map(Math.abs); return ys[0] + ys[1]; }`,
    at: [[-2, 3]],
    along: [[1, 1]],
    value: 5,
    tangent: 0,
  },
};

describe("what is in two places is one thing", () => {
  it.each(Object.entries(cases))("%s", (_, program) => expectEveryForm(program));
});

describe("a direction that is a primal too", () => {
  const kick = () =>
    f(
      `export function f(q: number[], p: number[]): number { "use dual"; q[0] = q[0] * p[0]; return q[0]; }`,
    );

  it("gives the derivative along what it was before the call", () => {
    const [q, p] = [[3], [2]];
    // ∂ = p·dq + q·dp with dq = p, dp = q.
    expect(jvp(kick(), [q, p] as never, [p, q] as never)).toEqual([6, 13]);
    expect([q, p]).toEqual([[6], [2]]);
  });
  it("may be the argument itself", () => {
    const square = f(
      `export function f(xs: number[]): number { "use dual"; xs[0] = xs[0] * xs[0]; return xs[0]; }`,
    );
    const xs = [3];
    expect(jvp(square, [xs] as never, [xs] as never)).toEqual([9, 18]);
    expect(xs).toEqual([9]);
  });
  it("may be the argument itself in typed arrays", () => {
    const square = f(
      `export function f(xs: Float64Array): number { "use dual"; xs[0] = xs[0] * xs[0]; return xs[0]; }`,
    );
    const xs = new Float64Array([3]);
    expect(jvp(square, [xs] as never, [xs] as never)).toEqual([9, 18]);
    expect([...xs]).toEqual([9]);
  });
  it("may be frozen", () => {
    const square = f(
      `export function f(xs: number[]): number { "use dual"; xs[0] = xs[0] * xs[0]; return xs[0]; }`,
    );
    expect(jvp(square, [[3]] as never, [Object.freeze([1])] as never)).toEqual([9, 6]);
  });
  it("may be the argument in H·v", () => {
    const cubes = f(
      `export function f(xs: number[]): number { "use dual"; return xs[0] ** 3 + xs[1] ** 3; }`,
    );
    const xs = [1, 2];
    expect(hvp(cubes)(xs as never, xs as never)).toEqual([6, 24]);
  });
});

describe("parts of an argument in the result", () => {
  it.each([
    ["subarray", "xs.subarray(1)", "Float64Array"],
    ["slice", "xs.slice(1)", "Float64Array"],
    ["slice of an array", "xs.slice(1)", "number[]"],
  ])("a Jacobian through %s has its ones", (_, body, type) => {
    const part = f(`export function f(xs: ${type}): ${type} { "use dual"; return ${body}; }`);
    const xs = type === "number[]" ? [1, 2, 3] : new Float64Array([1, 2, 3]);
    const rows = jacobian(part)(xs as never) as never as ArrayLike<ArrayLike<number>>;
    expect(Array.from(rows, (r) => [...Array.from(r)])).toEqual([
      [0, 1, 0],
      [0, 0, 1],
    ]);
  });
  it("a row of a matrix has its ones", () => {
    const row = f(`export function f(m: number[][]): number[] { "use dual"; return m[1]; }`);
    expect(jacobian(row)([[1], [2]] as never)).toEqual([[[0], [1]]]);
  });
});

describe("overlapping views of one buffer", () => {
  const code = `export function f(a: Float64Array, b: Float64Array): number { "use dual"; a[1] = a[0] * a[0]; return b[0] * a[1]; }`;
  const views = () => {
    const all = new Float64Array([3, 5, 7]);
    return [all.subarray(0, 2), all.subarray(1, 3)];
  };
  it("that are written to are refused, and nothing is half done", () => {
    const given = views();
    const run = () =>
      jvp(f(code), given as never, [new Float64Array([1, 0]), new Float64Array(2)] as never);
    expect(run).toThrow(expect.objectContaining({ code: "DUAL108" }));
    expect([...(given[0] as never as number[])]).toEqual([3, 5]);
  });
  it("that are only read are right", () => {
    const read = f(
      `export function f(a: Float64Array, b: Float64Array): number { "use dual"; return a[1] * b[0]; }`,
    );
    const [value, tangent] = jvp(
      read,
      views() as never,
      [new Float64Array([0, 1]), new Float64Array([1, 0])] as never,
    );
    expect([value, tangent]).toEqual([25, 10]);
  });
});

describe("what contains itself", () => {
  it("is refused by grad with a code", () => {
    const o: Record<string, unknown> = { v: 2 };
    o.self = o;
    const g = f(`export function f(o: { v: number }): number { "use dual"; return o.v * o.v; }`);
    expect(() => grad(g)(o as never)).toThrow(expect.objectContaining({ code: "DUAL108" }));
  });
});

describe("an inner derivative in the midst of an outer one", () => {
  it("leaves the outer tangent alone", () => {
    const outer = f(`
      import { jvp } from "dualize";
      function g(y: number): number { "use dual"; return y * y; }
      const config = { get v(): number { return jvp(g, [5], [1])[1]; } };
      export function f(x: number): number { "use dual"; return x * 3 + config.v; }`);
    expect(jvp(outer, [2] as never, [1] as never)).toEqual([16, 3]);
  });
});
