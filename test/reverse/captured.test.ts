import { derivative, grad, hessian, hvp } from "dualize";
import { twinOf } from "dualize/runtime";
import { describe, expect, it } from "vitest";
import { tape } from "../../packages/dualize/src/adjoint-runtime.ts";
import type { AdjointCalls, Twin } from "../../packages/dualize/src/twins.ts";
import { load, translate } from "../tangent/support/compile.ts";

/** Adjoint and second-order code of functions that are written inside others and see what is around them. */

type F = (...args: never[]) => unknown;

const loaded = (main: string, lib = "") =>
  load(translate({ main: `import { grad } from "dualize";\n${main}`, lib }), "main") as Record<
    string,
    F
  > & {
    make: F;
  };

const at = [0.7, -1.2, 0.4];
const along = [1, 0.5, -2];

/** Gradient and H·v by emitted code, and by dual numbers. */
function compared(f: F) {
  const twin = twinOf(f) as { -readonly [K in keyof Twin]: Twin[K] } & { adjoints?: AdjointCalls };
  const found = [
    twin.adjoints?.gradient(twin, [at], 0)?.[1],
    twin.adjoints?.hvp(twin, [at], along),
  ];
  twin.adjoints = twin.calls = undefined;
  const expected = [
    grad(f as never, { mode: "forward" })(at as never),
    hvp(f as never)(at as never, along as never),
  ];
  expect(tape).toMatchObject({ position: 0, depth: 0, references: [] });
  return { found, expected } as { found: number[][]; expected: number[][] };
}

function expectSame({ found, expected }: ReturnType<typeof compared>): void {
  expect(found.map((x) => x?.length)).toEqual([3, 3]);
  for (const [i, row] of expected.entries())
    for (const [k, x] of row.entries()) expect(found[i]?.[k]).toBeCloseTo(x, 10);
}

const programs: Record<string, string> = {
  "data of a fit": `export function make() { const ts = [1, 2, 3], ys = [0.5, 0.1, 0.9];
    function f(p: number[]): number { "use dual"; let s = 0;
      for (let i = 0; i < ts.length; i++) { const r = p[0] * Math.exp(p[1] * ts[i]) + p[2] - ys[i]; s += r * r }
      return s }
    return f }`,
  "a parameter, in an arrow": `export const make = (k = 3) => { const f = (p: number[]): number => { "use dual"; return k * p[0] ** k * Math.sin(p[1]) * p[2] }; return f }`,
  "names that emitted code has too": `export function make() { const seed = 2, result = 3, p$a = 5, p$t = 7, s$a = 11, end = 13, _v = 17;
    return (p: number[]): number => { "use dual"; let s = 0;
      for (let i = 0; i < p.length; i++) s += seed * p[i] * p[i] * result + p$a * s * p[i] + p$t * Math.sin(p[i] + _v) / s$a + end * p[0];
      return s } }`,
  "the variable of a loop": `export function make() { const fs = []; for (let k = 1; k < 4; k++) { fs.push((p: number[]): number => { "use dual"; return p[0] * k * p[1] + Math.cos(p[2] * k) }) } return fs[1] }`,
  "a helper of the file": `function helper(x: number, y: number): number { "use dual"; let s = x; for (let i = 0; i < 3; i++) s = Math.sin(s * y) + x; return s }
    export function make() { const c = 0.3; return function f(p: number[]): number { "use dual"; return helper(p[0], p[1] * c) * helper(p[2], c) } }`,
  "a function of another file": `import { far } from "./lib"; export function make() { const c = 0.3; return (p: number[]): number => { "use dual"; return far(p[0], c * p[1]) * p[2] } }`,
  "objects and matrices": `export function make() { const m = [[1, 2, 3], [4, 5, 6], [7, 8, 10]], o = { w: 0.5 };
    return (p: number[]): number => { "use dual"; let s = 0; for (let i = 0; i < 3; i++) { const row = m[i]; let d = 0; for (let j = 0; j < 3; j++) d += row[j] * p[j]; s += o.w * Math.tanh(d) * p[i] } return s } }`,
  "the variable of a loop at the top of the file, by the name of another": `const k = 100; const fs: unknown[] = [];
    for (const k of [2, 3]) fs.push((p: number[]): number => { "use dual"; return k * p[0] ** 2 * p[1] + p[2] ** 2 });
    export const make = () => fs[1]`,
  "the counter of such a loop, before its body": `const k = 100; const fs: unknown[] = [];
    for (let k = 2, f = (p: number[]): number => { "use dual"; return k * p[0] ** 2 * p[1] + p[2] ** 2 }; k < 3; k++) fs.push(f);
    export const make = () => fs[0]`,
  "a key of such a loop": `const k = "100"; const fs: unknown[] = [];
    for (const k in { a: 1, bb: 2 }) fs.push((p: number[]): number => { "use dual"; return k.length * p[0] ** 2 * p[1] + p[2] ** 2 });
    export const make = () => fs[1]`,
  "a variable of a switch at the top of the file": `const k = 100; let f: unknown;
    switch (1 as number) { case 1: const k = 2; f = (p: number[]): number => { "use dual"; return k * p[0] ** 2 * p[1] + p[2] ** 2 } }
    export const make = () => f`,
  "a constant of a namespace": `const k = 100; namespace N { const k = 2; export const f = (p: number[]): number => { "use dual"; return k * p[0] ** 2 * p[1] + p[2] ** 2 } }
    export const make = () => N.f`,
  "a helper of the function around it": `export function make() { const c = 0.3; const square = (x: number): number => x * x * c; return (p: number[]): number => { "use dual"; return square(p[0]) * square(p[1] + p[2]) } }`,
  "an array that nothing else in the file writes to, given to a function of the file before": `function rec(v: number[], n: number): number { "use dual"; if (n === 0) return v[0] * v[1] * v[0]; return rec(v, n - 1) * v[1] }
    export function make() { return (p: number[]): number => { "use dual"; const v = [p[0] * p[2], p[1]]; const a = rec(v, 2); v[0] = 5 * p[1]; v[1] = 7; return a * v[0] } }`,
  "two functions around it": `export function make() { const a = 2; function outer(b: number) { return (p: number[]): number => { "use dual"; return a * p[0] * p[1] + b * p[2] ** 3 } } return outer(5) }`,
};

const lib = `export function far(x: number, y: number): number { "use dual"; return x * x * Math.exp(y) }`;

describe("a function that sees", () => {
  it.each(Object.entries(programs))("%s", (_, code) => {
    expectSame(compared(loaded(code, lib).make() as F));
  });

  it("a helper around it whose names mean something else there is left to the dual form", () => {
    const f = loaded(
      `export function make() { const c = 0.3; const square = (x: number): number => x * x * c;
        const outer = (c: number) => (p: number[]): number => { "use dual"; return square(p[0]) * square(p[1] + p[2]) + c }; return outer(7) }`,
    ).make() as F;
    const twin = twinOf(f) as Twin;
    expect(twin.adjoint).toBeUndefined();
    // c²·x²·(y + z)² + 7, at (1, 2, 3).
    const [x, y, z] = grad(f as never, { mode: "reverse" })([1, 2, 3] as never) as number[];
    expect(x).toBeCloseTo(0.09 * 2 * 25, 12);
    expect([y, z]).toEqual([y, y]);
    expect(y).toBeCloseTo(0.09 * 10, 12);
  });

  it("a function with a rule of its own, made beside it, is left to the dual form", () => {
    const { make } = loaded(
      `import { customVjp } from "dualize"; export function make() {
        const twice = customVjp((x: number) => 2 * x, (x: number) => [2 * x, x], (x: number, g: number) => [100 * g]);
        return (p: number[]): number => { "use dual"; return twice(p[0]) * p[1] } }`,
    );
    expect(grad(make() as never, { mode: "reverse" })([3, 5] as never)).toEqual([500, 6]);
  });

  it("what changes between calls gets the gradient of the moment", () => {
    const { make, set } = loaded(
      `let k = 2; export function set(to: number) { k = to }
       export function make() { let own = 1; return { f: (p: number[]): number => { "use dual"; return k * own * p[0] * p[0] }, more() { own++ } } }`,
    );
    const { f, more } = make() as { f: F; more: () => void };
    const g = grad(f as never) as unknown as (p: number[]) => number[];
    expect(g([3])).toEqual([12]);
    more();
    expect(g([3])).toEqual([24]);
    set?.(10 as never);
    expect(g([3])).toEqual([120]);
    expect(hessian(f as never)([3] as never)).toEqual([[40]]);
  });

  it("this keeps it, or is left to the dual form", () => {
    const { make } = loaded(
      `class Model { k = 3; make() { return (p: number[]): number => { "use dual"; return this.k * p[0] * p[0] } } }
       export const make = () => new Model().make();`,
    );
    expect(grad(make() as never)([2] as never)).toEqual([12]);
  });

  it("a counter that it changes runs once for a gradient", () => {
    const { make } = loaded(
      `export function make() { let runs = 0; return { f: (p: number[]): number => { "use dual"; runs++; return p[0] * p[1] }, runs: () => runs } }`,
    );
    const { f, runs } = make() as { f: F; runs: () => number };
    expect(grad(f as never)([2, 5] as never)).toEqual([5, 2]);
    expect(runs()).toBe(1);
  });

  it("numbers alone has second derivatives by emitted code", () => {
    const { make } = loaded(
      `export function make() { const k = 4; return (x: number, y: number): number => { "use dual"; return Math.sin(k * x) * y } }`,
    );
    const f = make() as F;
    const twin = twinOf(f) as Twin & { adjoints: AdjointCalls };
    expect(twin.adjoints.hvp(twin, [0.3, 2], 1)).toBeCloseTo(-32 * Math.sin(1.2), 12);
    expect(derivative(derivative(f as never) as never)(0.3 as never, 2 as never)).toBeCloseTo(
      -32 * Math.sin(1.2),
      12,
    );
  });
});
