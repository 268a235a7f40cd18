import { derivative, grad, hvp, jacobian, jvp, vjp } from "dualize";
import { twinOf } from "dualize/runtime";
import { afterEach, describe, expect, it, vi } from "vitest";
import { kernels } from "../../packages/bench/src/kernels/index.ts";
import type { Twin } from "../../packages/dualize/src/twins.ts";
import { load, translate } from "../tangent/support/compile.ts";
import { copy, dot, numbersOf, weights } from "../tangent/support/trees.ts";

/** Pullbacks and Jacobians by the adjoint form: when it is taken, and what it gives. */

type F = (...args: unknown[]) => unknown;

const compile = (code: string): F => load(translate({ main: code }), "main").f as F;

const pull = (f: F, args: readonly unknown[]) =>
  vjp(f as never, args as never) as unknown as [
    unknown,
    (w?: unknown, after?: unknown) => unknown[],
  ];

afterEach(() => vi.restoreAllMocks());

/** How often the adjoint form runs, while the dual form must not. */
function countSweeps(f: F) {
  vi.spyOn(twinOf(f) as Twin, "dual").mockImplementation(() => {
    throw new Error("the dual form was taken");
  });
  return vi.spyOn(adjointsOf(f), "sweep");
}

function adjointsOf(f: F) {
  const adjoints = twinOf(f)?.adjoints;
  if (!adjoints) throw new Error("it has no adjoint form");
  return adjoints;
}

/** <w, J·v> and <Jᵀ·w, v>. */
function bothProducts(f: F, args: readonly unknown[], v: readonly unknown[]): [number, number] {
  const [value, tangent] = jvp(f as never, args.map(copy) as never, v as never);
  const w = weights(value);
  const [found, pullback] = pull(f, args.map(copy));
  expect(found).toEqual(value);
  const cotangents = pullback(w);
  return [dot(w, tangent), cotangents.reduce<number>((s, c, i) => s + dot(c, v[i]), 0)];
}

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  found.forEach((x, i) => {
    expect(x).toBeCloseTo(expected[i] as number, 14);
  });
}

describe("kernels of the benchmark", () => {
  it.each(kernels.map((k) => [k.name, k] as const))("%s", (_, { f, args, tangents }) => {
    const [forward, back] = bothProducts(f as F, args, tangents);
    expect(Math.abs(back / forward - 1)).toBeLessThan(1e-12);
  });
});

const mark = `"use dual";\n`;

describe("a pullback", () => {
  it("of a number runs the function once, whatever it is asked", () => {
    const f = compile(
      `${mark}export function f(x: number, ys: number[], o: { z: number }): number {
        let s = o.z * x; for (const y of ys) s += Math.sin(x * y); return s }`,
    );
    const sweep = countSweeps(f);
    const [value, pullback] = pull(f, [2, [0.5, 1], { z: 3 }]);
    expect(value).toBe(f(2, [0.5, 1], { z: 3 }));
    expect(pullback(1)).toEqual([
      3 + 0.5 * Math.cos(1) + Math.cos(2),
      [2 * Math.cos(1), 2 * Math.cos(2)],
      { z: 2 },
    ]);
    expect(pullback(2)[2]).toEqual({ z: 4 });
    expect(pullback()).toEqual([0, [0, 0], { z: 0 }]);
    expect(sweep).toHaveBeenCalledTimes(1);
  });

  it("of a list, an object or an instance takes the adjoint form each time it is called", () => {
    const programs: [string, unknown[]][] = [
      ["(x: number, y: number): number[] { return [x * y, x + y, Math.exp(x)] }", [0.3, 0.7]],
      ["(xs: number[]): number[] { return xs.map((v) => v * v) }", [[1, 2, 3]]],
      [
        "(xs: Float64Array): Float64Array { const r = new Float64Array(xs.length); for (let i = 0; i < r.length; i++) r[i] = xs[i] * xs[0]; return r }",
        [Float64Array.of(1, 2, 3)],
      ],
      ["(x: number): { a: number; b: number[] } { return { a: x * x, b: [x, 2 * x] } }", [3]],
      [
        "(m: number[][]): number[][] { return [[m[0][0] * m[1][1]], [m[0][1]]] }",
        [
          [
            [1, 2],
            [3, 4],
          ],
        ],
      ],
    ];
    for (const [code, args] of programs) {
      const f = compile(`${mark}export function f${code}`);
      const v = args.map((a) => weights(a));
      const sweep = vi.spyOn(adjointsOf(f), "sweep");
      const [forward, back] = bothProducts(f, args, v);
      expect(Math.abs(back / forward - 1)).toBeLessThan(1e-14);
      expect(sweep, code).toHaveBeenCalledTimes(1);
      expect(sweep.mock.results[0]?.value, code).toBeDefined();
      vi.restoreAllMocks();
    }
  });

  it("sees the arguments and the value as they were, whatever became of them", () => {
    const f = compile(
      `${mark}export function f(xs: number[], k: number): number[] { return xs.map((v) => v * v * k) }`,
    );
    const xs = [1, 2, 3];
    countSweeps(f);
    const [value, pullback] = pull(f, [xs, 2]);
    xs[0] = 100;
    (value as number[]).push(5);
    expect(pullback([1, 1, 1])).toEqual([[4, 8, 12], 14]);
    expect(pullback([0, 0, 1])).toEqual([[0, 0, 12], 9]);
  });

  it.each([
    ["a variable", "let scale = 2; export const set = (s: number) => { scale = s }", "scale"],
    [
      "a table",
      "const table = [2]; export const set = (s: number) => { table[0] = s }",
      "table[0]",
    ],
    [
      "an object",
      "export const cfg = { k: 2 }; export const set = (s: number) => { cfg.k = s }",
      "cfg.k",
    ],
  ])("sees %s of the file as it was", (_, state, read) => {
    const { f, set } = load(
      translate({
        main: `${state}
          function scaled(x: number): number { "use dual"; return x * x * ${read} }
          export function f(x: number): number[] { "use dual"; return [scaled(x), x] }
          export function g(x: number): number { "use dual"; return scaled(x) }`,
      }),
      "main",
    ) as Record<string, F>;
    const [, pullback] = pull(f as F, [3]);
    set?.(50);
    expect(pullback([1, 0])).toEqual([12]);
  });

  it.each([
    "[T[0], T[1]] = [T[1], T[0]]",
    "({ a: T[0] } = { a: 9 })",
    "for (T[0] of [7, 8]);",
    "T[0]!++",
    "(T[0] as number) = 9",
    "T.reverse?.()",
    "T.reverse!()",
    "C.k = 9",
    "g.k = 9",
    "M.random = () => 9",
  ])("sees state of the file as it was, though it is changed by %s", (change) => {
    const { f, set } = load(
      translate({
        main: `const T = [2, 3]; class C { static k = 2 } const M = { random: () => 2 };
          function g(x: number): number { "use dual"; return x * C.k } g.k = 2;
          export const set = () => { ${change} };
          export function f(x: number[]): number[] { "use dual"; return [x[0] * x[0] * T[0] * g(1) * g.k * M.random(), x[1]] }`,
      }),
      "main",
    ) as Record<string, F>;
    const expected = pull(f as F, [[3, 4]])[1]([1, 0]);
    const [, pullback] = pull(f as F, [[3, 4]]);
    set?.();
    expect(pullback([1, 0])).toEqual(expected);
  });

  it("takes cotangents of the arguments as they are after the call", () => {
    const f = compile(`${mark}export function f(xs: number[]): number { return xs[0] * xs[1] }`);
    countSweeps(f);
    const [, pullback] = pull(f, [[2, 3]]);
    expect(pullback(1, [[10, 20]])).toEqual([[13, 22]]);
    expect(pullback(1, [null])).toEqual([[3, 2]]);
  });

  it("refuses a cotangent of another shape", () => {
    const f = compile(`${mark}export function f(x: number): number { return x * x }`);
    const g = compile(`${mark}export function f(x: number): number[] { return [x * x, x] }`);
    expect(() => pull(f, [2])[1]([1])).toThrow(/DUAL103.*the value/s);
    expect(() => pull(g, [2])[1]([1])).toThrow(/DUAL103.*the value/s);
    expect(() => pull(g, [2])[1](1)).toThrow(/DUAL103.*the value/s);
    expect(() => pull(f, [2])[1](1, [[1]])).toThrow(/DUAL103.*argument 0/s);
  });

  it("can be differentiated by its cotangent, and inside other derivatives", () => {
    const code = (body: string) => `${mark} import { jvp, vjp } from "dualize";
      export function inner(x: number): number { return x * x * x }
      export function f(x: number): number { ${body} }`;
    const by = (body: string) => jvp(compile(code(body)) as never, [2] as never, [1] as never)[1];
    expect(by("return vjp(inner, [3])[1](x)[0]")).toBe(27);
    expect(by("return vjp(inner, [x])[1](1)[0]")).toBe(12);
    expect(by("return vjp(inner, [x])[1](x)[0]")).toBe(36);
  });

  it("gives zero for a zero cotangent of an infinite partial", () => {
    const f = compile(`${mark}export function f(x: number): number { return Math.sqrt(x) }`);
    const g = compile(
      `${mark}export function f(x: number, y: number): number[] { return [Math.sqrt(x), y * y] }`,
    );
    expect(pull(f, [0])[1](0)).toEqual([0]);
    expect(pull(f, [0])[1](1)).toEqual([Number.POSITIVE_INFINITY]);
    expect(pull(g, [0, 3])[1]([0, 1])).toEqual([0, 6]);
  });
});

describe("a Jacobian", () => {
  const wide = `${mark}export function f(xs: number[]): number[] {
    let s = 0; let p = 1; for (const x of xs) { s += x * x; p *= x } return [s, p] }`;
  const at = [1, 2, 0.5, 3, -1, 0.25];

  it("of few numbers by many goes row by row through the adjoint form", () => {
    const f = compile(wide);
    const sweep = countSweeps(f);
    const J = jacobian(f as never)(at as never) as unknown as number[][];
    expect(J[0]).toEqual(at.map((x) => 2 * x));
    const p = at.reduce((a, b) => a * b);
    expectClose(
      J[1] as number[],
      at.map((x) => p / x),
    );
    expect(sweep).toHaveBeenCalledTimes(2);
  });

  it("goes column by column where that is asked for, or less", () => {
    const f = compile(wide);
    const sweep = countSweeps(f);
    jacobian(f as never, { mode: "forward" } as never)(at as never);
    jacobian(f as never)([1, 2, 3] as never);
    expect(sweep).not.toHaveBeenCalled();
    jacobian(f as never, { mode: "reverse" } as never)([1, 2, 3] as never);
    expect(sweep).toHaveBeenCalledTimes(2);
  });

  it("is the same both ways, by each argument", () => {
    const f = compile(
      `${mark}export function f(o: { a: number; b: number[] }, k: number[]): { u: number; v: number[] } {
        const v = o.b.map((b) => b * o.a * k[0]); return { u: Math.sin(o.a) + k[1] * k[1], v } }`,
    );
    const args = [{ a: 0.7, b: [1, 2] }, [0.3, 0.4, 0.5, 0.6]];
    for (const argnum of [0, 1]) {
      const by = (mode: string) =>
        numbersOf(jacobian(f as never, { argnum, mode } as never)(...(args as never[])));
      const [forward, reverse] = [by("forward"), by("reverse")];
      expectClose(reverse, forward);
    }
  });
});

describe("what is not differentiated", () => {
  /** Numbers one of which tells when it is read. */
  function watched(): { data: number[]; reads: () => number } {
    const data = Array.from({ length: 1000 }, (_, i) => i + 1);
    let count = 0;
    Object.defineProperty(data, 500, {
      enumerable: true,
      configurable: true,
      get: () => {
        count++;
        return 7;
      },
    });
    return { data, reads: () => count };
  }

  it.each([
    ["grad by a number", "x: number", "x * x", (f: F) => grad(f as never), 3],
    ["grad by a list", "x: number[]", "x[0] * x[0]", (f: F) => grad(f as never), [3, 4]],
    ["derivative", "x: number", "x * x", (f: F) => derivative(f as never), 3],
    [
      "jvp",
      "x: number",
      "x * x",
      (f: F) => (x: number, d: number[]) => jvp(f as never, [x, d] as never, [1, null] as never),
      3,
    ],
    [
      "hvp",
      "x: number[]",
      "x[0] * x[0]",
      (f: F) => (x: number[], d: number[]) => (hvp(f as never) as unknown as F)(x, [1, 0], d),
      [3, 4],
    ],
  ] as const)("is walked once and not again by %s", (_, param, body, transform, at) => {
    const f = compile(
      `${mark}export function f(${param}, data: number[]): number { return ${body} * data[0] }`,
    );
    const { data, reads } = watched();
    const transformed = transform(f) as F;
    const first = transformed(at, data);
    const once = reads();
    expect(transformed(at, data)).toEqual(first);
    expect(reads()).toBe(once);
    data[0] = 10;
    const other = numbersOf(transformed(at, data));
    expect(other).toEqual(numbersOf(first).map((d) => 10 * d));
    data.push(1);
    expect(numbersOf(transformed(at, data))).toEqual(other);
  });

  it("may hold active numbers inside another derivative", () => {
    const f = load(
      translate({
        main: `${mark} import { grad } from "dualize";
          function inner(xs: number[], data: number[]): number { return xs[0] * xs[0] * data[0] }
          export function f(data: number[], y: number): number {
            const before = grad(inner)([3], data)[0];
            data[0] = y * y;
            return before + grad(inner)([3], data)[0] }`,
      }),
      "main",
    ).f as F;
    const [value, tangent] = jvp(f as never, [[2, 1], 5] as never, [[0, 0], 1] as never);
    expect([value, tangent]).toEqual([6 * 2 + 6 * 25, 60]);
  });
});
