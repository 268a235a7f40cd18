import { grad, hvp, jvp } from "dualize";
import { twinOf } from "dualize/runtime";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";
import { expectEveryForm } from "../tangent/support/programs.ts";

/** Lists that are empty when they are made: what they hold is known later. */

const at = [1.5, 2, 0.3];
const along = [1, -0.5, 0.25];

const mark = `"use dual";\n`;
const helpers = `
  export function tot(m: number[][]): number { let s = 0; for (const r of m) for (const v of r) s += v * v; return s }
  export function rows(x: number[]): number[][] { const h: number[][] = []; for (const v of x) h.push([v, v * v]); return h }
  export function make(): number[][] { return [] }
  export function extend(h: number[], v: number): void { h[h.length] = v; h.push(v * v); h.pop() }
  export function popped(h: number[][]): number { let s = 1; while (h.length > 0) { const e = h.pop()!; s = s * e[0] + e[1] } return s }
`;

const programs: Record<string, string> = {
  "rows are pushed and popped":
    "const h: number[][] = []; for (const v of x) h.push([v, v * v]); let s = 0; while (h.length > 0) { const e = h.pop()!; s = s * e[0] + e[1]; } return s",
  "objects are pushed and popped":
    "const h: { v: number }[] = []; for (const v of x) h.push({ v: v * v }); let s = 1; while (h.length > 0) { const e = h.pop()!; s = s * e.v + x[0]; } return s",
  "numbers are pushed and popped":
    "const h: number[] = []; for (const v of x) h.push(v * v); let s = 1; while (h.length > 0) s = s * h.pop()! + x[0]; return s",
  "an empty list is popped":
    "const h = [x[0]]; const a = h.pop()!; const b = h.pop() ?? x[1] * 2; h.push(a * b); return h[0] * x[2]",
  "a list is popped until it is empty, and filled again":
    "const h = [x[0]]; let s = 0; for (let i = 0; i < 4; i++) { const v = h.pop(); if (v === undefined) { h.push(x[1] * i); s += x[0]; } else { s += v * v; if (i === 2) h.push(v, v * x[2]); } } return s + h.length",
  "what is popped is used by nobody":
    "const h = [x[0], 1]; h.push(x[0] * x[0]); h.pop(); return h[1] * x[0] * x[0] * x[1]",
  "an element is written beyond the end after a push":
    "const h: number[] = []; h.push(x[0] * x[0]); h[1] = x[1]; return h[0] * h[1]",
  "an element is written where one was popped":
    "const h = [x[0], x[1]]; const t = h.pop()!; h[1] = x[0] * 2; return t * h[1] * h[0]",
  "a list is filled by its places, pushed to and popped":
    "const h: number[] = []; for (let i = 0; i < 2; i++) h[i] = x[i] * x[i]; h.push(x[0], x[2]); h[h.length] = x[1]; const t = h.pop()!; h.push(t * t); h.pop(); h.pop(); return h[0] * h[1] * h[2] * t",
  "a list is copied and grows beyond its end":
    "const h = [x[0]]; h.push(x[1]); h.pop(); const c = h.slice(); c[1] = x[2]; c.push(h[0] * c[1]); h.push(c[2]); return c[2] * h[1] * c[0]",
  "rows are written beyond the end, and popped":
    "const h: number[][] = []; h.push([x[0] * x[0], 1]); h[1] = [x[1], x[0]]; const t = h.pop()!; h[1] = [t[0] * t[0], t[1]]; h[2] = t; const u = h.pop()!; return h[0][0] * h[1][0] * u[1] * h[1][1]",
  "a helper writes beyond the end":
    "const h = [x[0]]; h.push(x[1]); const t = h.pop()!; extend(h, t * x[2]); h.push(t); return h[0] * h[1] * h[2] * h[2]",
  "a helper pops":
    "const h: number[][] = []; for (const v of x) h.push([v, v * v]); return popped(h) * x[1]",
  "a helper makes the rows":
    "const h = rows(x); let s = 1; while (h.length > 0) { const e = h.pop()!; s = s * e[0] + e[1]; } return s",
  "the list is copied after it was read":
    "const st: number[][] = []; st.push([x[0], x[1]]); const s = tot(st); const c = st.slice(); return s * c[0][0]",
  "the list is spread after it was read":
    "const st: number[][] = []; st.push([x[0], x[1]]); const s = tot(st); const c = [...st]; return s * c[0][0]",
  "a helper makes the list":
    "const st = make(); st.push([x[0], x[1]]); const s = tot(st); const c = st.slice(); return s * c[0][0]",
  "the list is written to after it was read":
    "const st: number[][] = []; st.push([x[0], x[1]]); const s = tot(st); st[0][0] = s * x[1]; return s * st[0][0] * tot(st)",
  "new Array holds rows":
    "const st: number[][] = new Array(2); st[0] = [x[0], x[1]]; st[1] = [x[2]]; const s = tot(st); const e = st.pop()!; return s * e[0] + st[0][1]",
};

describe("gradients are right where", () => {
  it.each(Object.entries(programs))("%s", (_, body) => {
    const layouts: Record<string, string>[] = [
      { main: `${mark}${helpers}\nexport function f(x: number[]): number { ${body} }` },
      {
        main: `${mark}import { extend, make, popped, rows, tot } from "./lib";\nexport function f(x: number[]): number { ${body.replace("= rows(x)", ": number[][] = rows(x)").replace("= make()", ": number[][] = make()")} }`,
        lib: `${mark}${helpers}`,
      },
    ];
    for (const code of layouts) {
      const { f } = load(translate(code), "main");
      const value = f?.(at);
      const g = grad(f as never, { mode: "forward" } as never)(at as never) as unknown as number[];
      const tangent = g.reduce((s, d, i) => s + d * (along[i] as number), 0);
      expectEveryForm({ code, at: [at], along: [along], value, tangent });
      const duals = load(translate(code), "main").f;
      (twinOf(duals) as { adjoints?: unknown }).adjoints = undefined;
      const byForm = hvp(f as never)(at as never, along as never) as unknown as number[];
      const expected = hvp(duals as never)(at as never, along as never) as unknown as number[];
      byForm.forEach((x, i) => {
        expect(x).toBeCloseTo(expected[i] as number, 8);
      });
    }
  });
});

describe("the adjoint form is there, and gives the gradient by itself, where", () => {
  it.each(
    Object.entries({
      "a neighbour is missing at the ends":
        "let s = 0; for (let i = 0; i < x.length; i++) { const l = x[i - 1] ?? 0, r = x[i + 1] ?? x[0]; s += (x[i] - l) ** 2 * x[i] + (x[i] - r) ** 2 } return s",
      "what is missing is asked for by name":
        "let s = 0; for (let i = 0; i < x.length; i++) { let l = x[i - 1]; if (l === undefined) l = x[i] * 2; s += l * x[i] * x[i] } return s",
      "a field is missing":
        "const o: { a: number; b?: number } = { a: x[0] }; if (x[1] > 5) o.b = x[1]; return o.a * (o.b ?? x[1] * x[1])",
      "an element is counted from the end":
        "const q = x.map((v) => v * v); return q.at(-1)! * q.at(0)! * (x.at(-4) ?? x[1])",
      "a copy begins at a place that is computed":
        "let t = 0; for (let k = 0; k < 3; k++) { const s = x.slice(k); t += s[0] * s[0] * (k + 1); s[0] = t; t += s[s.length - 1] } return t",
      "a copy begins at a place that is counted from the end":
        "const s = x.slice(-2); const m = x.length >> 1; return s[0] * s[1] * x.slice(m, -1).length + x.slice(-10)[0] * x.slice(0.7)[1]",
      "rows are copied from a place that is computed":
        "const rows = [[x[0], x[1]], [x[1], x[0] * x[0]]]; const k = Math.floor(x[0]); const s = rows.slice(-k, 5); return s[0][1] * s[0][0] * x[2] + rows[1][0]",
      "an empty list is what is not given": "return put(x)[0] * put(x, [x[1], x[2]])[1]",
      "an empty list is one of two":
        "const b = x.length > 5 ? x.slice() : []; b.push(x[0] * x[1]); return b[0] * x[2]",
      "an empty list is given back early": "const r = both(x); return r.u[0] * r.v[0]",
      "an empty list is put in later":
        "let b: number[]; b = []; b[0] = x[0] * x[0]; return b[0] * x[1]",
      "an empty row is pushed":
        "const m: number[][] = []; m.push([]); m[0].push(x[0] * x[0]); return m[0][0] * x[1]",
      "an empty list takes the place of a field":
        "const o = { r: x.slice() }; o.r = []; o.r.push(x[0] * x[1]); return o.r[0] * x[2]",
      "an empty list stands for what may be missing":
        "const b = maybe(x) ?? []; b[0] = x[0] * x[1]; return b[0] * x[2]",
    }),
  )("%s", (_, body) => {
    const { f } = load(
      translate({
        main: `${mark}
          function put(x: number[], out: number[] = []): number[] { out[0] = x[0] * x[0]; return out }
          function both(x: number[]): { u: number[]; v: number[] } { if (x.length === 0) return { u: [], v: [] }; return { u: [x[0]], v: [x[1] * x[0]] } }
          function maybe(x: number[]): number[] | undefined { return x.length > 5 ? [x[0]] : undefined }
          export function f(x: number[]): number { ${body} }`,
      }),
      "main",
    );
    const own = twinOf(f) as NonNullable<ReturnType<typeof twinOf>>;
    const swept = own.adjoints?.sweep(own, [at], 0, 1)?.[1] as [number[]];
    const expected = grad(
      f as never,
      { mode: "forward" } as never,
    )(at as never) as unknown as number[];
    expect(Object.keys(swept[0])).toEqual(Object.keys(at));
    swept[0].forEach((g, i) => {
      expect(g).toBeCloseTo(expected[i] as number, 12);
    });
    const product = own.adjoints?.hvp(own, [at], along) as number[];
    const [, tangent] = jvp(
      grad(f as never, { mode: "forward" } as never) as never,
      [at] as never,
      [along] as never,
    ) as unknown as [unknown, number[]];
    expect(Object.keys(product)).toEqual(Object.keys(at));
    product.forEach((g, i) => {
      expect(g).toBeCloseTo(tangent[i] as number, 10);
    });
  });
});

describe("what is not there is not read before a loop that would not have read it", () => {
  it.each([
    "for (let i = 0; i < m.length; i++) s += m[0][0] * x[i];",
    "for (let i = 0; i < m.length; i++) s += m[0].length * x[i];",
    "const p = m[0]; for (let i = 0; i < m.length; i++) s += p[1] * x[i];",
    "let i = 0; while (i < m.length) { s += m[0][1] * x[i]; i++ }",
  ])("%s", (loop) => {
    const { f } = load(
      translate({
        main: `${mark}export function f(x: number[], m: number[][]): number { let s = x[0] * x[0]; ${loop} return s }`,
      }),
      "main",
    );
    const g = grad(f as never, { mode: "reverse" } as never) as unknown as (
      x: number[],
      m: number[][],
    ) => number[];
    expect(g([3, 4], [])).toEqual([6, 0]);
    expect(hvp(f as never)([3, 4] as never, [1, 1] as never, [] as never)).toEqual([2, 0]);
    expect(g([3, 4], [[5, 6]])[0]).toBeGreaterThan(6);
  });
});

describe("a direction of H·v", () => {
  const { f, g } = load(
    translate({
      main: `${mark}export function f(x: number[]): number { return x[0] * x[0] * x[1] }
        export function g(x: { p: number; q: number[] }): number { return x.p * x.p * x.q[0] }`,
    }),
    "main",
  ) as Record<string, (...args: unknown[]) => unknown>;
  const product = (of: unknown) => hvp(of as never) as unknown as (...args: unknown[]) => unknown;

  it("has the shape of the point", () => {
    expect(() => product(f)([1, 3], [1, 2, 3])).toThrow(/DUAL103/);
    expect(() => product(g)({ p: 1, q: [3] }, { p: 1, q: [1, 2] })).toThrow(/DUAL103/);
    expect(product(f)([1, 3], [1, 0])).toEqual([6, 2]);
  });

  it("is zero where it is missing", () => {
    expect(product(g)({ p: 1, q: [3] }, { p: 1 })).toEqual({ p: 6, q: [2] });
    expect(product(g)({ p: 1, q: [3] }, { p: 1, q: null })).toEqual({ p: 6, q: [2] });
  });
});
