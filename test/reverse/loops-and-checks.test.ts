import { grad } from "dualize";
import { twinOf } from "dualize/runtime";
import { describe, expect, it, vi } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";
import { expectEveryForm } from "../tangent/support/programs.ts";

/** What everyday functions do besides computing, in the adjoint form: it must be taken, and be right. */

type F = (...args: unknown[]) => unknown;

const mark = `"use dual";\n`;
const at = [1.5, 2, 0.3];
const along = [1, -0.5, 0.25];

function expectAdjoint(code: Record<string, string>): void {
  const { f } = load(translate(code), "main") as Record<string, F>;
  const twin = twinOf(f);
  const byForm = twin?.adjoints?.gradient(twin, [at], 0)?.[1] as number[] | undefined;
  const forward = grad(f as never, { mode: "forward" } as never)(at as never) as never as number[];
  if (byForm === undefined) throw new Error("the adjoint form was not taken");
  byForm.forEach((g, i) => {
    expect(g).toBeCloseTo(forward[i] as number, 12);
  });
  const tangent = forward.reduce((s, d, i) => s + d * (along[i] as number), 0);
  expectEveryForm({ code, at: [at], along: [along], value: f?.(at), tangent });
}

describe("the adjoint form is right for a loop whose condition changes something:", () => {
  it.each([
    "let s = 0; for (let i = x.length; i-- > 0; ) s = s * 0.5 + x[i] * x[i]; return s",
    "let s = 1, i = x.length; while (--i >= 0) s *= x[i] + i; return s",
    "let s = 1, i = 0; do { s += x[i] * s } while (++i < x.length); return s",
    "let s = 1, i = 0; do { if (i === 1) continue; s += x[i] * s } while (++i < x.length); return s",
    "let s = 1, i = -1; while (++i < 9) { if (i > 2) break; if (x[i] < 1) continue; s *= x[i] } return s",
    "let s = 0, n = 0; while (n++ < 3) { let k = n; while (k-- > 0) s += x[k] * n } return s * s",
    "let s = x[0], d = 1; for (let i = 0; (d = s / 2) > 0.1 && i < 5; i++) s -= d * x[1] * 0.1; return s * d",
    "let s = 0; for (let i = 3, v; i > 0 && (v = x[--i]) !== undefined; ) { if (v > 1.9) return s * v; s += v * v } return s",
    "let s = 1; outer: for (let i = 3; i-- > 0; ) { for (let j = 3; j-- > 0; ) { if (j === 1) continue outer; s += x[i] * x[j] } } return s",
    "const l = [x[0]]; while (l.push(x[0] * x[1] * l.length) < 5) l[0] *= x[0]; let s = 0; for (const v of l) s += v * v; return s",
    "const l = [x[0]]; do { l[0] *= x[1] } while (l.push(x[0] * l.length) < 4); return l[0] * l[1] + l[2]",
    "const l = [0, x[0]]; let s = x[1]; while (l.fill(s * x[0])[1] < 9) s += l[0] * x[0]; return s + l[1]",
    "const l: { v: number }[] = []; let s = x[0]; while (l.push({ v: s * x[1] }) < 4) s += l[0].v; return s * l[3].v",
    "const l = new Float64Array([x[0], 1]); let s = x[1]; while ((l[0] *= x[1]) < 20) { s += l[0]; l[1] += s } return l[0] * l[1]",
    "const l = [[x[0]], [x[1]], [x[0] * x[1]]]; let s = x[2]; while (l.pop()![0] > 1.6) s += l[0][0] * s; return s * l.length",
    "const o = { v: x[0] }; let s = 0; for (; (o.v = o.v * 0.5 * x[1]) > 0.5; o.v *= 0.8) s += o.v * x[0]; return s + o.v",
  ])("%s", (body) => {
    expectAdjoint({ main: `${mark}export function f(x: number[]): number { ${body} }` });
  });
});

describe("the adjoint form goes back as often as a loop ran that counts from", () => {
  it.each([
    ["NaN", "const none = 5 % 0; for (let k = none; !(k > 2); k++)"],
    ["a rounded NaN", "const none = 0 / 0; for (let k = Math.floor(none); !(k > 2); k++)"],
    ["an infinity", "const all = 1 / 0; for (let k = Math.ceil(all); k > 0; k--)"],
    ["the half of a length", "for (let k = Math.floor(x.length / 2); k < 9; k++)"],
    ["a remainder", "for (let k = x.length % 2; k < 9; k += 2)"],
  ])("%s", (_, head) => {
    const body = `let s = x[0]; ${head} { s = s * x[1] + 1; if (s > 30) break; } return s * x[2]`;
    expectAdjoint({ main: `${mark}export function f(x: number[]): number { ${body} }` });
  });
});

describe("the adjoint form goes back through what the condition of a loop calls:", () => {
  const step =
    "function step(o: { v: number }, by: number, deep: number): number { if (deep > 0) return step(o, by, deep - 1); o.v *= by; return o.v }";
  it.each([
    "while (step(o, x[1], 1) < 30) s += o.v",
    "do { s += o.v * s } while (step(o, x[1], 2) < 9)",
    "for (let i = 0; step(o, x[1], 0) < 9; i++) s += o.v * i",
    "while (step({ v: s }, x[1], 1) < 9) s *= x[0]",
  ])("%s", (loop) => {
    const body = `const o = { v: x[0] }; let s = x[2]; ${loop}; return s * o.v`;
    expectAdjoint({ main: `${mark}${step} export function f(x: number[]): number { ${body} }` });
  });
});

describe("the adjoint form is taken where a function looks at what it is given:", () => {
  const check = `
    export function check(x: number[]): void { if (!Array.isArray(x) || x.length === 0) throw new TypeError("no numbers") }
    export function verify(x: number): number { if (!Number.isFinite(x)) { console.trace(); throw new Error(\`not finite: \${x.toFixed(3)}\`) } return x }
  `;
  it.each([
    "check(x); return verify(x[0]) * x[1]",
    "if (x.some((v) => Number.isNaN(v))) return 0; return Array.from({ length: 3 }, (_, i) => x[i] * i).reduce((a, b) => a + b * b, 0)",
    'const name = String(x.length).padStart(2, "0"); return name.includes("3") ? x[0] * x[2] : x[1]',
  ])("%s", (body) => {
    const f = `export function f(x: number[]): number { ${body} }`;
    expectAdjoint({ main: `${mark}${check}${f}` });
    expectAdjoint({
      main: `${mark}import { check, verify } from "./lib";\n${f}`,
      lib: mark + check,
    });
  });

  it("what it prints before it throws is printed once", () => {
    const { f } = load(
      translate({
        main: `${mark}${check}export function f(x: number[]): number { return verify(x[0]) * x[1] }`,
      }),
      "main",
    ) as Record<string, F>;
    const trace = vi.spyOn(console, "trace").mockImplementation(() => {});
    expect(() => grad(f as never)([Number.NaN, 1] as never)).toThrow("not finite: NaN");
    expect(trace).toHaveBeenCalledTimes(1);
    trace.mockRestore();
  });

  it("an unmarked function of another file is called as often as it would be", () => {
    const { f, calls } = load(
      translate({
        main: `import { look } from "./lib"; export { calls } from "./lib";
          export function f(x: number[]): number { "use dual"; look(x.length); return x[0] * x[1] }`,
        lib: "let n = 0; export function look(_: number): void { n++ } export const calls = (): number => n;",
      }),
      "main",
    ) as Record<string, F>;
    expect(grad(f as never)([3, 4] as never)).toEqual([4, 3]);
    expect(calls?.()).toBe(1);
  });
});

describe("the adjoint form is taken beside", () => {
  it.each([
    "class V { constructor(readonly a: number[]) {} toString() { return '[' + this.a.map((v) => v.toFixed(2)).join() + ']'; } }",
    "class V { a = 1; valueOf() { return this.a; } get norm() { return Math.abs(this.a); } }",
    "class T { constructor(readonly date: Date) {} toString() { return this.date.toISOString() + this.date.getTime(); } }",
    "export const keys = [...new Map([[1, 2]]).keys()];",
    'Object.defineProperty(globalThis, "made", { value: 1, configurable: true });',
  ])("%s", (beside) => {
    const f = `const c = { n: 3, w: [1, 2] };
      export function f(x: number[]): number { "use dual"; let s = c.n * x[0] * c.w[1]; for (const [i, v] of x.entries()) s += v * v * i * c.n; return s }`;
    expectAdjoint({ main: `${beside}\n${f}` });
  });
});

it("the adjoint form is taken where texts of enums and of one of several words are made", () => {
  expectAdjoint({
    main: `${mark}let n = 0; class T { toString() { return String(++n); } } export const t = new T();
      export enum Body { Sun = "Sun", Moon = "Moon" }
      let body: Body = Body.Sun; let how: "a" | "b" | undefined = "a"; export const set = (b: Body): void => { body = b; how = "b"; };
      export function f(x: number[]): number {
        if (x.length > 100) throw new Error(\`\${body} \${how}\`); return x[0] * x[1] }`,
  });
});

describe("the adjoint form is taken for loops over lists of indices that are", () => {
  it.each([
    "const near = [[1, 2], [2, 0], [0, 1]];",
    "const near: readonly (readonly number[])[] = [[1, 2], [2, 0], [0, 1]];",
    "let near: Array<number[]> = [[1, 2], [2, 0], [0, 1]]; export const set = (n: number[][]): void => { near = n; };",
    "const near = Array.from({ length: 3 }, (_, i) => [(i + 1) % 3, (i + 2) % 3]); export const size = near.length + near[0]!.length;",
    "const near: [number[], Uint8Array, number[]] = [[1, 2], Uint8Array.of(2, 0), [0, 1]];",
  ])("%s", (before) => {
    expectAdjoint({
      main: `${mark}${before} export function f(x: number[]): number { let s = 0; for (let i = 0; i < 3; i++) for (const j of near[i]) s += x[i] * x[j] ** 2; return s }`,
    });
  });
});

describe("the adjoint form is right for empty lists in literals:", () => {
  it.each([
    "const p: { a: number[]; b: number[] } = { a: [], b: [] }; for (const v of x) { p.a.push(v); p.b.push(v * v) } return p.a[0] * p.b[1] + p.b.reduce((s, v) => s + v, 0)",
    "const p = { a: [] as number[], k: 2 }; for (const v of x) p.a.push(v * p.k); return p.a[0] * p.a[2]",
    "const m: number[][] = [[], []]; for (const v of x) { m[0].push(v); m[1].push(v * v) } return m[0][0] * m[1][0] + m[1][2]",
    "const p: { rows: number[][]; q: { z: number[] } } = { rows: [[]], q: { z: [] } }; for (const v of x) { p.rows[0].push(v); p.q.z.push(v * v) } p.rows.push([x[1]]); return p.rows[0][2] * p.q.z[1] * p.rows[1][0]",
  ])("%s", (body) => {
    expectAdjoint({ main: `${mark}export function f(x: number[]): number { ${body} }` });
  });
});
