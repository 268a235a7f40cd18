import { grad, hvp, jvp } from "dualize";
import { twinOf } from "dualize/runtime";
import { describe, expect, it } from "vitest";
import { kernels } from "../../packages/bench/src/kernels/index.ts";
import { load, translate } from "../tangent/support/compile.ts";
import { numbersOf } from "../tangent/support/trees.ts";

/** Hessian-vector products by second-order code, against the tangent of the gradient by nested duals. */

type F = (...args: unknown[]) => number;

/** By the form alone; undefined where it is not taken. */
function byForm(f: F, args: readonly unknown[], v: unknown): unknown {
  const twin = twinOf(f);
  return twin?.adjoints?.hvp(twin, args, v);
}

const byDuals = (f: F, [x, ...rest]: readonly unknown[], v: unknown): unknown =>
  jvp(
    grad(f as never, { mode: "reverse" } as never) as never,
    [x, ...rest] as never,
    [v] as never,
  )[1];

function expectSame(found: unknown, expected: unknown, bound = 1e-11): void {
  const [a, b] = [numbersOf(found), numbersOf(expected)];
  expect(a.length).toBe(b.length);
  const scale = Math.max(1e-300, ...b.map(Math.abs));
  a.forEach((x, i) => {
    expect(Math.abs(x - (b[i] as number)) / scale, `number ${i}: ${x}, not ${b[i]}`).toBeLessThan(
      bound,
    );
  });
}

const scalar = kernels.filter((k) => typeof k.f(...(k.args as never[])) === "number");

describe("kernels of the benchmark", () => {
  it.each(scalar.map((k) => [k.name, k] as const))("%s", (_, { f, args, tangents }) => {
    const found = byForm(f as F, args, tangents[0]);
    expect(found).toBeDefined();
    expectSame(found, byDuals(f as F, args, tangents[0]));
  });
});

const at = [0.7, 1.9, 0.3, 1.1];
const along = [1, -0.5, 0.25, 2];

const programs: Record<string, string> = {
  "sums and products": `let s = 0; for (let i = 0; i < x.length; i++) s += x[i] * x[i] * x[(i + 1) % x.length]; return s;`,
  quotients: `return x[0] / x[1] + x[2] / (x[3] * x[0]);`,
  "powers by number and by exponent": `return x[0] ** 3 + x[1] ** x[2] + 2 ** x[3] + x[0] ** 2 + Math.pow(x[1], x[3]);`,
  "the functions of one argument": `return ${[
    "sin",
    "cos",
    "tan",
    "exp",
    "log",
    "sqrt",
    "cbrt",
    "asinh",
    "sinh",
    "cosh",
    "tanh",
    "atan",
    "log1p",
    "expm1",
    "log2",
    "log10",
    "asin",
    "atanh",
    "acos",
  ]
    .map((f) => `Math.${f}(x[2] * 0.9)`)
    .join(" + ")} + Math.acosh(1 + x[0]);`,
  "abs, max and min": `return Math.abs(x[0] - x[1]) ** 3 + Math.max(x[0] * x[2], x[3]) * Math.min(x[1] ** 2, x[0]);`,
  "hypot and atan2": `return Math.hypot(x[0], x[1] * x[2], x[3]) * Math.atan2(x[0] * x[1], x[2]) + Math.hypot(x[0], x[1]);`,
  "several maxima": `return Math.max(x[0] ** 2, x[1] ** 2, x[2] ** 2) * x[3];`,
  "maxima and lengths of lists": `const ys = x.map((v) => v * v); return Math.max(...ys) * x[0] + Math.hypot(...ys) * Math.min(...ys) + Math.hypot(...x) ** 3;`,
  remainders: `return (x[1] * x[0]) % x[2] + (x[3] % 0.4) ** 2 * x[0];`,
  "branches and early exits": `let s = 1; for (const v of x) { if (v > 1.5) continue; s *= v * v; if (s > 100) break; } if (s < 0) return 0; return s * x[0];`,
  "arrays that are made, grown and written": `const ys: number[] = []; for (const v of x) ys.push(v * v); ys[0] = ys[1] * x[0]; const zs = ys.map((y) => y * x[1]); return zs.reduce((a, b) => a + b * b, 0);`,
  "rows of rows": `const m = [[x[0], x[1]], [x[2], x[3]]]; const r = m[1]; r[0] = r[0] * m[0][0]; return (m[0][0] * m[1][1] - m[0][1] * m[1][0]) ** 2;`,
  "objects and typed arrays": `const o = { a: x[0] * x[1], b: x[2] }; o.a = o.a * o.b; const f = new Float64Array(4); for (let i = 0; i < 4; i++) f[i] = x[i] * o.a; return f[0] * f[3] + o.b;`,
  "functions of the file": `return norm(x, 2) * square(x[1]) + deep(x[0], 5);`,
  "functions that give nothing, or nothing with a derivative": `const o = { v: x[0] }; let s = x[1]; for (let i = 0; i < 2; i++) { scale(o, x[2], 2); s += o.v * x[3]; if (isBelow(o, s, 1)) s *= o.v; if (named(o, 1) === undefined) s += o.v * o.v; } return s;`,
  "a number that is overwritten": `let a = x[0]; a = a * a; a = a * x[1]; a *= a; let b = a; b -= a * x[2]; return b;`,
};
const helpers = `
  function square(a: number): number { return a * a; }
  function norm(xs: number[], p: number): number { let s = 0; for (let i = 0; i < xs.length; i++) s += Math.abs(xs[i]) ** (p + 1); return s; }
  function scale(o: { v: number }, by: number, n: number): void { if (n > 0) return scale(o, by, n - 1); o.v *= by; }
  function isBelow(o: { v: number }, s: number, n: number): boolean { if (n > 0) return isBelow(o, s, n - 1); o.v += s; return o.v < 9; }
  function named(o: { v: number }, n: number): string | undefined { if (n > 0) return named(o, n - 1); o.v *= 0.5; if (o.v > 2) return "large"; }
  function deep(a: number, n: number): number { if (n === 0) return a; return deep(a * a * 0.9, n - 1) + Math.sin(a); }
`;

describe("programs", () => {
  it.each(Object.entries(programs))("%s", (_, body) => {
    const code = `${helpers} export function f(x: number[]): number { "use dual"; ${body} }`;
    const f = load(translate({ main: code }), "main").f as F;
    const found = byForm(f, [at], along);
    expect(found).toBeDefined();
    expectSame(found, byDuals(f, [at], along));
    expect(hvp(f as never)(at as never, along as never)).toEqual(found);
  });
  it("a number by itself has a second derivative", () => {
    const f = load(
      translate({
        main: `export function f(x: number): number { "use dual"; return x ** 4 * Math.sin(x); }`,
      }),
      "main",
    ).f as F;
    expectSame(byForm(f, [1.3], 2), byDuals(f, [1.3], 2));
  });
  it("further arguments and objects", () => {
    const code = `export function f(p: { w: number[]; b: number }, xs: number[][], k: number): number {
      "use dual";
      let s = 0;
      for (const x of xs) { const e = p.w[0] * x[0] * p.w[1] + p.b * k - x[1]; s += e * e; }
      return s;
    }`;
    const f = load(translate({ main: code }), "main").f as F;
    const args = [
      { w: [1, 2], b: 0.5 },
      [
        [1, 2],
        [3, 4],
      ],
      3,
    ];
    const v = { w: [0.3, -1], b: 2 };
    const found = byForm(f, args, v);
    expect(found).toBeDefined();
    expectSame(found, byDuals(f, args, v));
  });
  it("a direction of another shape is an error, as without second-order code", () => {
    const f = load(
      translate({
        main: `export function f(x: number[]): number { "use dual"; return x[0] * x[1]; }`,
      }),
      "main",
    ).f as F;
    expect(() => hvp(f as never)([1, 2] as never, [1] as never)).toThrow(
      expect.objectContaining({ code: "DUAL103" }),
    );
  });

  it.each([
    ["by second-order code", "p[0] *= 3;"],
    ["by nested duals", "const { a, ...rest } = { a: 3, b: 2 }; p[0] *= a + rest.b - 2;"],
    ["of a function inside", "const same = (q: number[]) => q; const b = same(p); b[0] *= 3;"],
  ])("leaves the direction as it is where the function writes into its argument: %s", (_, body) => {
    const { f } = load(
      translate({
        main: `export function f(p: number[]): number { "use dual"; ${body} return p[0] * p[1]; }`,
      }),
      "main",
    ) as { f: F };
    const v = [1, 1];
    const p = [2, 3];
    expect(hvp(f as never)(p as never, v as never)).toEqual([3, 3]);
    expect([p, v]).toEqual([
      [6, 3],
      [1, 1],
    ]);
  });
});
