import { describe, it } from "vitest";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

const body = (code: string) => `let z = 0; for (const k of Object.values(p)) z += k; ${code}`;

/** A function of another file, which has the dual form alone, and one that calls it. */
const across = (
  g: string,
  code: string,
  f: string,
  value: number,
  tangent: number,
  outside = "",
): Program => ({
  code: {
    other: `export interface P { a: number; b: number } ${outside}
      export function g(${g}): number { "use dual"; ${body(code)} }`,
    main: `import { g } from "./other";
      export function f(x: number): number { "use dual"; const o = { a: x, b: 2 }; ${f} }`,
  },
  at: [3],
  value,
  tangent,
});

/** A function that is called by its dual form is given copies of arrays and objects. */
const programs: Record<string, Program> = {
  "an argument that is kept": across(
    "p: P",
    "const r = last ? last.a : 1; last = p; return z * r;",
    "const q = g(o); o.a *= x; return q + g({ a: 1, b: 1 });",
    23,
    13,
    "let last: P | undefined;",
  ),
  "an argument that is kept by another function": across(
    "p: P",
    "const r = last ? last.a : 1; keep(p); return z * r;",
    "const q = g(o); o.a *= x; return q + g({ a: 1, b: 1 });",
    23,
    13,
    "let last: P | undefined; function keep(p: P): void { last = p; }",
  ),
  "an argument that joins a list": across(
    "p: P",
    "all.push(p); return z * all[0]!.a;",
    "const q = g(o); o.a *= x; return q + g({ a: 1, b: 1 });",
    33,
    20,
    "const all: P[] = [];",
  ),
  "an argument that is counted": across(
    "p: P",
    "const n = (times.get(p) ?? 0) + 1; times.set(p, n); return z * n;",
    "return g(o) * g(o);",
    50,
    20,
    "const times = new WeakMap<object, number>();",
  ),
  "an argument that is known": across(
    "p: P",
    "const n = known.has(p) ? 2 : 1; known.add(p); return z * n;",
    "return g(o) * g(o);",
    50,
    20,
    "const known = new Set<object>();",
  ),
  "a function that reads what was changed": across(
    "p: P, h: (v: number) => number",
    "p.a *= 2; return h(z) * h(p.a);",
    "return g(o, (v) => v * o.a) * o.a;",
    6480,
    9936,
  ),
  "a function that knows what it is given": across(
    "p: P, h: (v: P) => number",
    "return h(p) * z;",
    "return g(o, (v) => (v === o ? 2 : 3) * v.a * o.b) * o.a;",
    180,
    156,
  ),
  "a function that is kept": across(
    "p: P, h: (v: number) => number",
    "const r = last ? last(z) : 1; last = h; return r * p.a;",
    "return g(o, (v) => v * x) * g(o, (v) => v * x);",
    135,
    162,
    "let last: ((v: number) => number) | undefined;",
  ),
  "fields that only one of several has": {
    code: {
      other: `type S = { t: 1; r: number } | { t: 2; w: number[] };
        export function g(s: S): S { "use dual"; return s.t === 1 ? { t: 2, w: [s.r, s.r] } : { t: 1, r: s.w[0]! * s.w[1]! }; }`,
      main: `import { g } from "./other"; type S = { t: 1; r: number } | { t: 2; w: number[] };
        export function f(x: number): number { "use dual"; const a: S = g({ t: 1, r: x }); const b: S = g(a); return (b.t === 1 ? b.r : 0) * (a.t === 2 ? a.w[0]! : 0); }`,
    },
    at: [3],
    value: 27,
    tangent: 27,
  },
  "an object that is held elsewhere": {
    code: {
      other: `const state = { v: 1 };
        export function get(): { v: number } { "use dual"; return state; }
        export function read(): number { "use dual"; return state.v; }`,
      main: `import { get, read } from "./other";
        export function f(x: number): number { "use dual"; const s: { v: number } = get(); s.v = x * x; return read() * x; }`,
    },
    at: [3],
    value: 27,
    tangent: 27,
  },
  "an object that is given twice": {
    code: {
      other: `const made = new Map<number, { v: number }>();
        export function get(x: number): { v: number } { "use dual"; let o = made.get(x); if (!o) made.set(x, o = { v: x }); return o; }`,
      main: `import { get } from "./other";
        export function f(x: number): number { "use dual"; const a: { v: number } = get(x); const b: { v: number } = get(x); a.v *= 2; return a === b ? b.v * x : 0; }`,
    },
    at: [3],
    value: 18,
    tangent: 12,
  },
  "a view of what was given": {
    code: {
      other: `export function rest(l: Float64Array, x: number): Float64Array { "use dual"; l[1] = x; return l.subarray(1); }`,
      main: `import { rest } from "./other";
        export function f(x: number): number { "use dual"; const l = new Float64Array(2); const r: Float64Array = rest(l, x); r[0] *= x; return l[1]! * x; }`,
    },
    at: [3],
    value: 27,
    tangent: 27,
  },
  "functions that come in an object": across(
    "p: P",
    "return { by: (v: number) => { p.a *= v; return v; }, get: (v: number) => p.a * v };",
    "const h: { by: (v: number) => number; get: (v: number) => number } = g(o); h.by(x); o.a *= 5; return h.get(x) * h.by(2);",
    270,
    270,
  ),
  "a function that sees what is changed later": across(
    "p: P",
    "return (v: number) => v * p.a * z;",
    "const h: (v: number) => number = g(o); o.a *= x; return h(x) * h(2);",
    12150,
    25110,
  ),
  "an argument that is changed before an error": across(
    "p: P",
    `p.a *= 2; if (z > 4) throw new Error("large"); return z;`,
    "let s = x; try { s = g(o); } catch { s = o.a; } return s * o.a;",
    36,
    24,
  ),
  "an argument that is thrown": across(
    "p: P",
    "if (z > 4) throw p; return z;",
    "let s = x; try { s = g(o); } catch (e) { s = e === o ? o.a : 1; } return s * o.a;",
    9,
    6,
  ),
};

describe("copies of arguments", () => {
  it.each(Object.entries(programs))("%s", (_, program) => expectEveryForm(program));
  it.each(Object.entries(programs))("%s, where calls are counted", (_, { code, ...program }) => {
    const { main = "", ...others } = code as Record<string, string>;
    const counted = `let calls = 0; ${main.replace(`"use dual";`, `"use dual"; calls++;`)}`;
    expectEveryForm({ ...program, code: { ...others, main: counted } });
  });
});
