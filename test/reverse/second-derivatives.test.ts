import { derivative, grad, hessian, hvp, jacobian, jvp } from "dualize";
import { twinOf } from "dualize/runtime";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Twin } from "../../packages/dualize/src/twins.ts";
import { load, translate } from "../tangent/support/compile.ts";
import { numbersOf } from "../tangent/support/trees.ts";

/** Derivatives of derivatives by second-order code, and where that is not taken. */

type F = (...args: unknown[]) => unknown;

const compile = (code: string): F =>
  load(translate({ main: `"use dual";\n${code}` }), "main").f as F;

const d = derivative as unknown as (f: unknown) => F;
const g = grad as unknown as (f: unknown, options?: unknown) => F;
const push = jvp as unknown as (f: unknown, p: unknown[], t: unknown[]) => [unknown, unknown];

/** The dual form of `f` must not be taken. */
function withoutDuals(f: F): F {
  vi.spyOn(twinOf(f) as Twin, "dual").mockImplementation(() => {
    throw new Error("the dual form was taken");
  });
  return f;
}

afterEach(() => vi.restoreAllMocks());

const curve =
  "export function f(x: number, k: number): number { let s = x; for (let i = 0; i < 3; i++) s = Math.sin(k * s) + s * x; return s }";

describe("a derivative of a derivative", () => {
  it("is second-order code", () => {
    const f = withoutDuals(compile(curve));
    const h = 1e-4;
    const found = d(d(f))(0.7, 1.3) as number;
    const first = d(f) as (...args: number[]) => number;
    const difference = (first(0.7 + h, 1.3) - first(0.7 - h, 1.3)) / (2 * h);
    expect(Math.abs(found - difference)).toBeLessThan(1e-5 * Math.abs(found));
  });

  it("is what nested duals give", () => {
    const f = compile(curve);
    const fast = d(d(f))(0.7, 1.3) as number;
    (twinOf(f) as { adjoints?: unknown }).adjoints = undefined;
    expect(fast).toBeCloseTo(d(d(f))(0.7, 1.3) as number, 12);
  });

  it("comes with its value", () => {
    const f = withoutDuals(compile(curve));
    const [value, tangent] = push(d(f), [0.7, 1.3], [2, 0]);
    expect(value).toBe(d(f)(0.7, 1.3));
    expect(tangent).toBe(2 * (d(d(f))(0.7, 1.3) as number));
  });

  it("goes on to the third and the fourth", () => {
    const f = compile("export function f(x: number): number { return x ** 5 }");
    expect(d(d(d(f)))(2)).toBe(240);
    expect(d(d(d(d(f))))(2)).toBe(240);
    expect(d(g(d(f)))(2)).toBe(240);
  });

  it("by several arguments at once is left to duals", () => {
    const f = compile("export function f(x: number, y: number): number { return x * x * y }");
    expect(push(d(f), [3, 5], [1, 1])).toEqual([30, 10 + 6]);
    expect(push(g(f, { argnum: 1 }), [3, 5], [1, 0])).toEqual([9, 6]);
  });

  it("of what is no number is left to them too", () => {
    const f = compile("export function f(x: number): number[] { return [x * x, x ** 3] }");
    expect(d(d(f))(2)).toEqual([2, 12]);
  });

  it("where a zero meets an infinite partial is left to them too", () => {
    const f = compile(
      "export function f(x: number, y: number): number { return x * x + Math.sqrt(y) }",
    );
    expect(d(d(f))(3, 0)).toBe(2);
  });
});

describe("at a kink", () => {
  it.each([
    ["abs", "Math.abs(x) ** 2"],
    ["max of two", "Math.max(x, 0) ** 2 + Math.max(0, -x) ** 2"],
    ["min of two", "Math.min(x, 0) * Math.min(0, x) + Math.max(x, 0) ** 2"],
    ["max of three", "Math.max(x, -x, 0) ** 2 + x * x"],
    ["max of a list", "Math.max(...[x, -x]) ** 2 + x ** 3"],
    ["hypot", "Math.hypot(x, 0) ** 2 + x * x"],
  ])("all ways give what nested duals give: %s", (_, e) => {
    const code = `export function f(x: number): number { return ${e} }`;
    const duals = compile(code);
    (twinOf(duals) as { adjoints?: unknown }).adjoints = undefined;
    const second = d(d(duals))(0);
    expect(d(d(compile(code)))(0)).toBe(second);
    const list = compile(
      `export function f(xs: number[]): number { const x = xs[0]; return ${e} }`,
    );
    expect((hvp as unknown as (f: F) => F)(list)([0], [1])).toEqual([second]);
    expect(push(g(list), [[0]], [[1]])[1]).toEqual([second]);
  });

  it.each([
    ["of two", "Math.hypot(x, y) ** 2 * Math.exp(x)"],
    ["of three", "Math.hypot(x, 3 * x * y, y) ** 2 + x * y * x"],
    ["of a list", "Math.hypot(...[x, y]) ** 2"],
    ["inside a product", "Math.hypot(x, y) * Math.hypot(y, x) + x ** 4"],
  ])("the length %s goes in the direction of the outer derivative at the origin", (_, e) => {
    const f = compile(`export function f(xs: number[]): number { const [x, y] = xs; return ${e} }`);
    const expected = [
      [2, 0],
      [0, 2],
    ];
    expect(hessian(f as never)([0, 0] as never)).toEqual(expected);
    expect(jacobian(g(f) as never)([0, 0] as never)).toEqual(expected);
    expect(jacobian(g(f, { mode: "forward" }) as never)([0, 0] as never)).toEqual(expected);
    expect((hvp as unknown as (f: F) => F)(f)([0, 0], [3, -4])).toEqual([6, -8]);
    // Alone it is 0, whatever the direction.
    expect(push(f, [[0, 0]], [[3, 4]])).toEqual([0, 0]);
  });

  it("the length has third derivatives there, and none where the outer derivative stays at the origin", () => {
    const f = compile(
      "export function f(x: number): number { return Math.hypot(x, 2 * x) ** 2 * Math.exp(x) }",
    );
    expect(d(d(d(f)))(0)).toBeCloseTo(30, 12);
    const still = compile(
      "export function f(x: number): number { return Math.hypot(x - x, x * x) * Math.exp(x) + x * x }",
    );
    expect(d(d(still))(0)).toBe(2);
  });

  it("the absolute value takes the side that the outer derivative goes to", () => {
    expect(
      d(d(compile("export function f(x: number): number { return Math.abs(x) ** 2 }")))(0),
    ).toBe(2);
  });
});

describe("a derivative of a gradient", () => {
  const loss =
    "export function f(p: { w: number[]; b: number }, x: number): number { const y = p.w[0] * x + p.w[1] * x * x + p.b; return y * y * p.b }";
  const at = { w: [0.3, -0.2], b: 1.5 };
  const along = { w: [1, 2], b: -1 };

  it("by all inputs is as many H·v, by second-order code", () => {
    const f = withoutDuals(
      compile(
        "export function f(xs: number[], k: number): number { return xs[0] ** 3 * xs[1] * k + xs[1] ** 2 }",
      ),
    );
    const jacobianOf = jacobian as unknown as (f: unknown) => F;
    expect(jacobianOf(g(f))([1, 2], 5)).toEqual([
      [60, 15],
      [15, 2],
    ]);
  });

  it("is H·v", () => {
    const f = withoutDuals(compile(loss));
    const [value, tangent] = push(g(f), [at, 2], [along, null]);
    expect(value).toEqual(g(f)(at, 2));
    vi.restoreAllMocks();
    const other = compile(loss);
    (twinOf(other) as { adjoints?: unknown }).adjoints = undefined;
    const [, expected] = push(g(other), [at, 2], [along, 0]);
    const [a, b] = [numbersOf(tangent), numbersOf(expected)];
    expect(a.length).toBe(b.length);
    a.forEach((x, i) => {
      expect(x).toBeCloseTo(b[i] as number, 12);
    });
  });

  it("is the same inside another derivative", () => {
    const f = load(
      translate({
        main: `"use dual"; import { grad, jvp } from "dualize";
          function inner(x: number[]): number { return x[0] * x[0] * x[1] }
          export function f(t: number): number { return jvp(grad(inner), [[t, 3]], [[1, t]])[1][0] }`,
      }),
      "main",
    ).f;
    // 2·x₁ + 2·x₀·v₁ = 6 + 2·t²
    expect(push(f, [5], [1])).toEqual([56, 20]);
  });
});
