import { derivative, grad, hessian, hvp, jvp, valueAndGrad, vjp } from "dualize";
import { twinOf } from "dualize/runtime";
import { describe, expect, it, vi } from "vitest";
import { tape } from "../../packages/dualize/src/adjoint-runtime.ts";
import type { AdjointCalls, Twin } from "../../packages/dualize/src/twins.ts";
import { load, translate } from "../tangent/support/compile.ts";
import { codeOf, expectEveryForm } from "../tangent/support/programs.ts";

/**
 * Functions of other files in adjoint code: those of numbers run once and leave their partial derivatives, others
 * run once going forward, and once more going back.
 */

type F = (...args: unknown[]) => unknown;

const mark = `"use dual";\n`;

const loaded = (modules: Record<string, string>) =>
  load(translate(modules), "main") as Record<string, F>;

/** The gradient by the first argument, by the adjoint form; undefined where it is not taken. */
function byForm(modules: Record<string, string>, ...args: unknown[]): unknown {
  const { f } = loaded(modules);
  const twin = twinOf(f);
  if (!twin?.adjoints) throw new Error("it has no adjoint form");
  return twin.adjoints.gradient(twin, args, 0)?.[1];
}

const lib = `${mark}
  export function wave(x: number, y: number): number { return Math.sin(x * y) / (1 + y * y) }
  export function scaled(ys: number[], a: number): number[] { return ys.map((y) => y * a + 1) }
  export function total(ys: number[]): number { let s = 0; for (const y of ys) s += y * y; return s }
  export function same(ys: number[]): number[] { return ys }
  export function pair(x: number): { u: number; v: number[] } { return { u: x * x, v: [x, 2 * x] } }
  export function norm(p: { x: number; y: number }): number { return Math.hypot(p.x, p.y) }
  export function withDefault(x: number, k = 3): number { return x * k }
  export function generic<T>(xs: T[]): T { return xs[0] as T }
  export function fill(ys: number[], x: number): void { ys[0] = x * x }
  export function half(x: number): number { return x < 1 ? x : wave(half(x / 2), x) }
`;

describe("gradients go through a function of another file", () => {
  const at = [0.7, -1.2, 0.4];
  const along = [1, 0.5, -2];
  const programs: Record<string, string> = {
    "of numbers": "return wave(xs[0], xs[1]) * wave(xs[2] * xs[2], 3)",
    "in a loop":
      "let s = 0; for (let i = 0; i < xs.length; i++) s += xs[i] * wave(xs[i], s); return s",
    "of a list": "return total(xs) * xs[0]",
    "that gives a list": "const r: number[] = scaled(xs, xs[0]); return r[0] * r[1] + r[2]",
    "whose list is copied and written to":
      "const q: number[] = scaled(xs, xs[0]); const r = q.slice(); r[0] = xs[1] * r[1]; r[1] += r[0] * r[2]; return r[0] * r[1]",
    "of a list that is written to afterwards":
      "const c = xs.slice(); const s = total(c); c[0] = s * c[1]; return s * total(c)",
    "of a list made on the way": "return total([xs[0] * xs[1], xs[2], 3])",
    "that gives an object":
      "const p: { u: number; v: number[] } = pair(xs[0]); return p.u * p.v[1] + p.v[0] * xs[1]",
    "of an object": "return norm({ x: xs[0] * xs[1], y: xs[2] })",
    "with a default": "return withDefault(xs[0]) * withDefault(xs[1], 2)",
    "that calls itself": "return half(xs[0] + 9) * xs[1]",
    "of the argument itself in one branch, and of its elements after it":
      "if (xs[0] > 9) return total(xs); return wave(xs[2], xs[0]) * total(xs)",
    "of the argument itself in one round of a loop and in another":
      "let s = 1; for (const x of xs) { if (x > 0) s += total(xs) * x; else s *= listed(xs) + x } return s * total(xs)",
    "by a function of the file": "return own(xs[0]) + own(xs[1] * xs[0])",
  };
  const main = (
    body: string,
  ) => `${mark}import { fill, generic, half, norm, pair, same, scaled, total, wave, withDefault } from "./lib";
    function listed(ys: number[]): number { let s = 0; for (const y of ys) s += y * y * ys[0]; return s }
    export function own(x: number): number { const y = wave(x, 2); return y > 0 ? y * x : total([y, x]) }
    export function f(xs: number[]): number { ${body} }`;

  it.each(Object.entries(programs))("%s", (_, body) => {
    const modules = { main: main(body), lib };
    const value = loaded(modules).f?.(at);
    const g = byForm(modules, at) as number[];
    expect(g).toHaveLength(3);
    const tangent = g.reduce((s, d, i) => s + d * (along[i] as number), 0);
    expectEveryForm({ code: modules, at: [at], along: [along], value, tangent });
    expect(tape).toMatchObject({ position: 0, depth: 0, references: [] });
  });

  it.each(Object.entries(programs))("%s, and so do Hessian-vector products", (_, body) => {
    const { f } = loaded({ main: main(body), lib });
    const twin = twinOf(f) as { hvp?: unknown; adjoints: AdjointCalls } & Twin;
    const found = twin.adjoints.hvp(twin, [at], along) as number[];
    twin.hvp = undefined;
    const expected = hvp(f as never)(at as never, along as never) as unknown as number[];
    expect(found).toHaveLength(3);
    for (const [i, x] of expected.entries()) expect(found[i]).toBeCloseTo(x, 11);
    expect(tape).toMatchObject({ position: 0, depth: 0, references: [] });
  });

  it.each([
    [
      "const r: number = k(xs[0], xs[1])",
      "k(x: number, y: number): number { return Math.max(x * x, y) }",
    ],
    [
      "const r: number = k(xs[0], xs[1])",
      "k(x: number, y: number): number { return Math.abs(x - y) * (x * x - y) }",
    ],
    [
      "const r: number = k(xs)",
      "k(v: number[]): number { return Math.max(v[0] * v[0], v[1]) + v[0] }",
    ],
    [
      "const r: number = k({ a: xs[0], b: xs[1] })",
      "k(o: { a: number; b: number }): number { let s = 0; for (let i = 0; i < 3; i++) s += Math.max(o.a * o.a, o.b) * i; return s }",
    ],
    [
      "const [r]: number[] = k(xs)",
      "k(v: number[]): number[] { return [Math.min(v[0] * v[0], v[1])] }",
    ],
    [
      "const r: number = k(xs[0], 1)",
      "k(x: number, y: number): number { return Math.max(x * x, y, x) }",
    ],
  ])("and have the second derivatives of nested duals at a kink there: %s, %s", (r, k) => {
    // Long functions have no second-order code for other files.
    for (const more of ["", "let none = 0; ".concat("none += 0 * Math.sin(none); ".repeat(20))]) {
      const { f } = loaded({
        main: `${mark}import { k } from "./lib"; export function f(xs: number[]): number { ${r}; return r * 3 + xs[0] * xs[1] }`,
        lib: `${mark}export function ${k.replace("{ return", `{ ${more} return`)}`,
      });
      const product = () => hvp(f as never)([1, 1] as never, [1, 2] as never);
      const found = product();
      const twin = twinOf(f) as { -readonly [K in keyof Twin]: Twin[K] };
      expect(twin.hvp).toBeDefined();
      twin.adjoints = twin.calls = undefined;
      expect(found).toEqual(product());
    }
  });

  it.each(["Math.max(x * x, y)", "Math.abs(x - y) * (x * x - y)", "Math.min(x * x, x) * y"])(
    "and have them at a kink two files away: %s",
    (kink) => {
      const seconds = (withCode: boolean) =>
        [1, 0, -1].map((x) => {
          const { f, g } = loaded({
            main: `${mark}import { k } from "./lib"; export function f(x: number): number { return k(x, 1) * x } export function g(xs: number[]): number { return k(xs[0], xs[1]) * xs[1] }`,
            lib: `${mark}import { m } from "./m"; export function k(x: number, y: number): number { return m(x, y) + x }`,
            m: `${mark}export function m(x: number, y: number): number { return ${kink} }`,
          });
          for (const h of withCode ? [] : [f, g]) {
            const twin = twinOf(h) as { -readonly [K in keyof Twin]: Twin[K] };
            twin.adjoints = twin.calls = undefined;
          }
          return [
            derivative(derivative(f as never) as never)(x as never),
            hessian(g as never)([x, 1] as never),
            jvp(grad(g as never) as never, [[x, 1]] as never, [[-1, 0.5]] as never),
          ];
        });
      expect(seconds(true)).toEqual(seconds(false));
    },
  );

  it.each([
    ["gives its own argument", "const r: number[] = same(xs); return r[0] * r[1] + xs[2]"],
    ["writes into what it is given", "const c = [1, xs[1]]; fill(c, xs[0]); return c[0] * c[1]"],
    ["is generic", "const v: number = generic(xs); return v * v"],
  ])("or leave it to the dual form where it %s", (_, body) => {
    const modules = { main: main(body), lib };
    const { f } = loaded(modules);
    const twin = twinOf(f);
    expect(twin?.adjoints?.gradient(twin, [at], 0)).toBeUndefined();
    if (twin?.hvp) expect(twin.adjoints?.hvp(twin, [at], along)).toBeUndefined();
    const g = grad(f as never)(at as never) as unknown as number[];
    const tangent = g.reduce((s, d, i) => s + d * (along[i] as number), 0);
    expectEveryForm({ code: modules, at: [at], along: [along], value: f?.(at), tangent });
  });

  it("by its own adjoint form, and not by the dual form", () => {
    const { slow, f } = loaded({
      main: `${mark}import { slow } from "./lib"; export { slow }; export function f(xs: number[]): number { return slow(xs[0]) * slow(xs[1]) }`,
      lib: `${mark}export function slow(x: number): number { return x * x }`,
    });
    const twin = twinOf(slow) as unknown as { dual: F; adjoint: { run: F } };
    twin.dual = () => {
      throw new Error("the dual form ran");
    };
    const run = vi.spyOn(twin.adjoint, "run");
    expect(grad(f as never)([2, 3] as never)).toEqual([36, 24]);
    expect(run).toHaveBeenCalledTimes(2);
  });

  it.each([
    ["of numbers", "return last(x) * x"],
    [
      "of numbers, in a loop",
      "let y = x; for (let i = 0; i < 1; i++) y = y * last(y) + 1; return y",
    ],
    ["of a number and a text", 'return named("twice", x) * x'],
    // The dual form has the functions of Math by itself.
    ["of numbers without an adjoint form", "return tried(x) * x", 0],
  ])("through one %s, which runs once however many files are between", (_, body, runs = 1) => {
    const { f, plain } = loaded({
      main: `${mark}import { a } from "./a"; export { a as plain }; export function f(xs: number[]): number { return a(xs[0]) * xs[1] }`,
      a: `${mark}import { b } from "./b"; export function a(x: number): number { return b(x) * x }`,
      b: `${mark}import { c } from "./c"; export function b(x: number): number { const y = c(2 * x, 1); return y * y }`,
      c: `${mark}import { last, named, tried } from "./d"; export function c(x: number, k: number): number { ${body} }`,
      d: `${mark}export function last(x: number): number { return Math.exp(-x) }
        export function named(how: string, x: number): number { return (how === "twice" ? 2 : 1) * Math.exp(-x) }
        export function* steps(x: number) { yield Math.exp(-x); }
        export function tried(x: number): number { for (const s of steps(x)) return s; return 0 }`,
    });
    const h = 1e-5;
    const slope = ((plain?.(0.3 + h) as number) - (plain?.(0.3 - h) as number)) / (2 * h);
    const exp = vi.spyOn(Math, "exp");
    const g = grad(f as never)([0.3, 2] as never) as unknown as number[];
    expect(exp).toHaveBeenCalledTimes(runs as number);
    exp.mockRestore();
    expect(g[0]).toBeCloseTo(2 * slope, 7);
    expect(g[1]).toBeCloseTo(plain?.(0.3) as number, 14);
  });

  it.each([
    ["of another file", "taken(x * y, y)"],
    ["that is given", "(g as (x: number, y: number) => number)(x * y, y)"],
  ])("nothing comes back to what a function %s is given and does not take", (_, call) => {
    const { f, taken } = loaded({
      main: `${mark}import { loose as taken, plain, two } from "./k"; export { plain as taken };
        export function f(xs: number[], g: (x: number) => number): number { const [x, y] = xs; return two(x, y) * ${call} }`,
      k: `${mark}export function plain(x: number): number { return x * x } export function two(x: number, y: number): number { return x * y * y } export const loose: (x: number, y: number) => number = plain`,
    });
    // x·y²·(xy)² at (3, 2).
    expect(grad(f as never)([3, 2] as never, taken as never)).toEqual([432, 864]);
  });

  it("and what is text though its type says number is left to the dual form", () => {
    const { f } = loaded({
      main: `${mark}import { k } from "./k"; export function f(xs: number[]): number { return k(xs[0], 2) * xs[0] }`,
      k: `${mark}const text = (x: unknown): never => String(x) as never; export function k(x: number, n: number): number { return x > 1 ? text(n) : x }`,
    });
    expect(grad(f as never)([3] as never)).toEqual([2]);
    expect(grad(f as never)([0.5] as never)).toEqual([1]);
  });

  it("by its own second-order code, for H·v", () => {
    const { wave, f } = loaded({
      main: `${mark}import { wave } from "./lib"; export { wave }; export function f(xs: number[]): number { return wave(xs[0], xs[1]) * wave(xs[1], 2) }`,
      lib: `${mark}export function wave(x: number, y: number): number { return x * x * y }`,
    });
    const twin = twinOf(wave) as unknown as { dual: F; second: { run: F } };
    twin.dual = () => {
      throw new Error("the dual form ran");
    };
    const run = vi.spyOn(twin.second, "run");
    // f = 2·x²·y³, so H = [[4y³, 12xy²], [12xy², 12x²y]].
    expect(hvp(f as never)([1, 2] as never, [1, 10] as never)).toEqual([32 + 480, 48 + 240]);
    expect(run).toHaveBeenCalledTimes(2);
  });

  it("whose name stands for another one later", () => {
    const { f, swap } = loaded({
      main: `${mark}import { op, swap } from "./lib"; export { swap };
        export function f(xs: number[]): number { return op(xs[0]) }`,
      lib: `function square(x: number): number { "use dual"; return x * x }
        function cube(x: number): number { "use dual"; return x * x * x }
        export let op = square; export function swap() { op = cube }`,
    });
    const g = valueAndGrad(f as never);
    expect(g([2] as never)).toEqual([4, [4]]);
    swap?.();
    expect(g([2] as never)).toEqual([8, [12]]);
  });

  it("with a rule of its own", () => {
    const modules = {
      main: `${mark}import { twice } from "./lib"; export function f(xs: number[]): number { return twice(xs[0]) * xs[0] }`,
      lib: `import { customVjp } from "dualize";
        export const twice = customVjp((x: number) => 2 * x, (x: number) => [2 * x, x], (x: number, g: number) => [100 * g]);`,
    };
    const { f } = loaded(modules);
    expect(grad(f as never)([3] as never)).toEqual([6 + 300]);
  });

  it("that takes a derivative itself", () => {
    const modules = {
      main: `${mark}import { slope } from "./lib";
        export function f(xs: number[]): number { let s = 0; for (let i = 0; i < xs.length; i++) s += Math.exp(xs[i]) * slope(xs[i] * s); return s }`,
      lib: `${mark}import { grad } from "dualize";
        function inner(p: number[]): number { return Math.sin(p[0]) * p[1] / (1 + p[0] * p[0]) }
        export function slope(x: number): number { return grad(inner)([x, 2 * x])[1] }`,
    };
    const { f } = loaded(modules);
    const value = f?.(at);
    const g = grad(f as never, { mode: "forward" } as never)(at as never) as unknown as number[];
    const back = grad(f as never, { mode: "reverse" } as never)(at as never) as unknown as number[];
    back.forEach((x, i) => {
      expect(x).toBeCloseTo(g[i] as number, 12);
    });
    const tangent = g.reduce((s, d, i) => s + d * (along[i] as number), 0);
    expectEveryForm({ code: modules, at: [at], along: [along], value, tangent });
  });

  it("that throws, and leaves nothing behind", () => {
    const { f } = loaded({
      main: `${mark}import { risky } from "./lib";
        export function f(xs: number[]): number { let s = 1; for (let i = 0; i < xs.length; i++) s = Math.exp(s) * risky(xs[i]); return s }`,
      lib: `${mark}export function risky(x: number): number { if (x < 0) throw new RangeError("below zero"); return Math.sqrt(x) }`,
    });
    expect(() => grad(f as never)([0.5, -1] as never)).toThrow("below zero");
    expect(tape).toMatchObject({ position: 0, depth: 0, references: [] });
    const g = grad(f as never)([0.5] as never) as unknown as number[];
    expect(g[0]).toBeCloseTo((Math.E * 0.5) / Math.sqrt(0.5), 14);
  });

  it("that has an effect, run once", () => {
    const { f, log } = loaded({
      main: `import { noted } from "./lib"; export { log } from "./lib";
        export function f(xs: number[]): number { "use dual"; return noted(xs[0]) * xs[1] }`,
      lib: `export const log: number[] = [];
        export function noted(x: number): number { "use dual"; log.push(1); return x * x }`,
    });
    expect(grad(f as never, { mode: "reverse" } as never)([3, 2] as never)).toEqual([12, 9]);
    expect((log as unknown as number[]).length).toBe(1);
  });

  it("that nobody marked is an error with its place", () => {
    const code = {
      main: `${mark}import { plain } from "./lib"; export function f(x: number): number { return plain(x) * x }`,
      lib: "export function plain(x: number): number { return x * x }",
    };
    expect(codeOf(code, 2)).toBe("DUAL101");
    const { f } = loaded({
      ...code,
      main: code.main.replace("x: number", "xs: number[]").replaceAll(/\bx\b/g, "xs[0]"),
    });
    expect(() => grad(f as never)([2] as never)).toThrow(/DUAL101.*main.ts:2/s);
  });
});

it("pullbacks and objects cross files", () => {
  const { f } = loaded({
    main: `${mark}import { energy } from "./lib";
      export function f(p: { x: number; y: number }[], k: number): number {
        let s = 0; for (const q of p) s += energy(q, k); return s }`,
    lib: `${mark}export function energy(q: { x: number; y: number }, k: number): number { return k * (q.x * q.x + q.y) }`,
  });
  const twin = twinOf(f);
  const points = [
    { x: 1, y: 2 },
    { x: 3, y: 4 },
  ];
  expect(twin?.adjoints?.sweep(twin, [points, 5], 0, 1)?.[1]).toEqual([
    [
      { x: 10, y: 5 },
      { x: 30, y: 5 },
    ],
    1 + 2 + 9 + 4,
  ]);
  const [, pullback] = vjp(f as never, [points, 5] as never);
  expect((pullback as F)(2)).toEqual([
    [
      { x: 20, y: 10 },
      { x: 60, y: 10 },
    ],
    32,
  ]);
});
