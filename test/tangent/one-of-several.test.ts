import { grad, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { compile } from "./support/compile.ts";
import { type Case, expectAgreement, expectForms } from "./support/forms.ts";
import { expectEveryForm, type Program } from "./support/programs.ts";

const time = `
  type When = number | Date | Time;
  export class Time {
    date: Date;
    days: number;
    slow: number;
    constructor(when: When) {
      if (when instanceof Time) {
        this.date = when.date;
        this.days = when.days;
        this.slow = when.slow;
        return;
      }
      if (when instanceof Date && Number.isFinite(when.getTime())) {
        this.date = when;
        this.days = when.getTime() / 864e5;
        this.slow = slowed(this.days);
        return;
      }
      if (Number.isFinite(when)) {
        this.date = new Date(Number(when) * 864e5);
        this.days = <number>when;
        this.slow = slowed(this.days);
        return;
      }
      throw new Error("no time");
    }
    plus(days: number): Time { return new Time(this.days + days); }
  }
  function slowed(days: number): number { return days + Math.sin(days) / 8; }
  function timeOf(when: When): Time { return when instanceof Time ? when : new Time(when); }
`;

/** Values that are one of several things, which the program tells apart. */
const cases: Record<string, [code: string, c: Omit<Case, "f">]> = {
  "an instance, a number or a date": [
    `${time} export function f(when: When, k: number): number { "use dual"; const t = timeOf(when); return t.slow * k + t.plus(k).slow ** 2; }`,
    { at: [0.7, 1.9] },
  ],
  "a date": [
    `${time} export function f(x: number, k: number): number { "use dual"; const t = timeOf(new Date(864e5)); return t.slow * k + t.plus(k * x).slow ** 2; }`,
    { at: [0.7, 1.9] },
  ],
  "a number or a list": [
    `export function f(x: number | number[], k: number): number | number[] { "use dual"; return map(x, (v) => Math.sin(v) * k); }
     function map(x: number | number[], g: (v: number) => number): number | number[] { if (Array.isArray(x)) { const made = x.slice(); for (let i = 0; i < made.length; i++) made[i] = g(x[i]!); return made; } return g(x); }`,
    { at: [[0.7, 1.9], 3] },
  ],
  "a number where there may be a list": [
    `export function f(x: number | Float64Array, k: number): number { "use dual"; if (typeof x === "number") return x * x * k; let s = 0; for (const v of x) s += v * k; return s; }`,
    { at: [0.7, 3] },
  ],
  "a list where there may be a number": [
    `export function f(x: number | Float64Array, k: number): number { "use dual"; if (typeof x === "number") return x * x * k; let s = 0; for (const v of x) s += v * k; return s; }`,
    { at: [Float64Array.of(0.7, 1.9), 3] },
  ],
  "by assertions": [
    `export function f(x: number | number[], k: number): number { "use dual"; const isList = (x as number[]).length !== undefined; return isList ? (x as number[])[1]! * k : (x as number) ** k; }`,
    { at: [0.7, 3] },
  ],
  "an option that is a number or a function": [
    `interface Options { delta?: number | ((x: number) => number); }
     export function f(x: number, options: Options): number { "use dual"; const { delta = 2 } = options; return typeof delta === "function" ? delta(x) : delta * x * x; }`,
    { at: [0.7, { delta: 3 }] },
  ],
  "objects of two classes": [
    `class Disc { constructor(public r: number) {} }
     class Box { constructor(public w: number, public h: number) {} }
     function area(s: Disc | Box): number { return s instanceof Disc ? s.r * s.r * 3 : s.w * s.h; }
     export function f(x: number, y: number): number { "use dual"; return area(new Disc(x)) * area(new Box(x, y)); }`,
    { at: [0.7, 3] },
  ],
  "a result that is a number or an object": [
    `function g(x: number, both: boolean): number | { v: number } { return both ? { v: x * x } : x; }
     export function f(x: number, y: number): number { "use dual"; const a = g(x, true); const b = g(y, false); return (typeof a === "number" ? a : a.v) * (typeof b === "number" ? b : b.v * 5); }`,
    { at: [0.7, 3] },
  ],
};

describe("values that are one of several", () => {
  it.each(Object.entries(cases))("%s", (_, [code, c]) => {
    const { exports, report } = compile(code);
    expect(report.find((r) => r.name === "f")).toMatchObject({ form: "tangent" });
    expectAgreement({ f: exports.f as never, ...c });
  });

  it("take an instance as well", () => {
    const { exports } = compile(cases["an instance, a number or a date"]?.[0] as string);
    const f = exports.f as unknown as (t: object, k: number) => number;
    const Time = exports.Time as unknown as new (days: number) => { slow: number };
    expectAgreement({ f, at: [new Time(0.7), 1.9], along: [{ days: 1, slow: 0.5 }, 2] });
    const [plain, given] = [f(new Time(0.7), 1.9), jvp(f, [new Time(0.7), 1.9], [null, 1])[0]];
    expect(given).toBe(plain);
    expect(grad(f as never)(0.7 as never, 1.9 as never)).toBeCloseTo(
      (jvp as never as (...a: unknown[]) => number[])(f, [0.7, 1.9], [1, 0])[1] as number,
      12,
    );
  });

  it("of another kind take the dual form", () => {
    const { exports } = compile(
      `export function f(x: number | number[], k: number): number { "use dual"; return typeof x === "number" ? x * k : typeof x === "object" && "v" in x ? (x as any).v * k * k : x[0]! * k; }`,
    );
    expect(jvp(exports.f as never, [{ v: 2 }, 3] as never, [{ v: 1 }, 1] as never)).toEqual([
      18,
      9 + 12,
    ]);
  });
});

const f = (code: string, value: number, tangent: number): Program => ({
  code,
  at: [3],
  value,
  tangent,
});

/** Constructors that compute are written where instances are made. */
const made: Record<string, Program> = {
  "fields, parameters that are fields, and what is computed of both": f(
    `class P { y = 2; z: number; constructor(public x: number, k = 3) { this.z = x * this.y * k; if (x > 100) return; this.y = x; } sum(): number { return this.x + this.y + this.z; } }
     export function f(x: number): number { "use dual"; const p = new P(x); return p.sum() * (p instanceof P ? 1 : 0); }`,
    24,
    8,
  ),
  "instances in instances": f(
    `class V { n: number; constructor(public x: number) { this.n = x * x; } }
     class W { v: V; constructor(x: number) { this.v = new V(2 * x); } }
     export function f(x: number): number { "use dual"; const w = new W(x); w.v.x += x; return w.v.n + w.v.x; }`,
    45,
    27,
  ),
  "what the constructor is given is changed": f(
    `class V { n: number; constructor(xs: number[]) { this.n = xs[0]! * 2; xs[0] = this.n * this.n; } }
     export function f(x: number): number { "use dual"; const xs = [x]; const v = new V(xs); return v.n + xs[0]!; }`,
    42,
    26,
  ),
  "a method that the constructor calls": f(
    `class V { n: number; constructor(x: number) { this.n = x; this.twice(); } twice(): void { this.n *= this.n; } }
     export function f(x: number): number { "use dual"; return new V(x).n; }`,
    9,
    6,
  ),
  "keys that are counted": f(
    `class V { a: number; b: number; constructor(x: number) { this.b = x * 2; this.a = x; } }
     export function f(x: number): number { "use dual"; const v = new V(x); return Object.keys(v).length * v.b; }`,
    12,
    4,
  ),
  "a constructor that gives something else": f(
    `class V { n: number; constructor(x: number) { this.n = x; return { n: x * x } as V; } }
     export function f(x: number): number { "use dual"; return new V(x).n; }`,
    9,
    6,
  ),
  "a field that is left open": f(
    `class V { n: number; open?: number; constructor(x: number) { this.n = x * x; } }
     export function f(x: number): number { "use dual"; const v = new V(x); return v.n * ("open" in v ? 1 : 1); }`,
    9,
    6,
  ),
};

/** Functions without a tangent form are called by their dual form. */
const crossed: Record<string, Program> = {
  "a function that counts its arguments": f(
    `function g(x: number, k?: number): number { const [v] = Object.values({ x }) as [number]; return v * arguments.length; }
     export function f(x: number): number { "use dual"; return g(x) + g(x, undefined); }`,
    9,
    3,
  ),
  "nothing where there may be an object": f(
    `function g(x: number): { v: number } | null { const [v] = Object.values({ x }) as [number]; return v > 5 ? null : { v: v * x }; }
     export function f(x: number): number { "use dual"; const a = g(x); const b = g(9 * x); return (a ? a.v : 1) + (b ? b.v : 5 * x); }`,
    24,
    11,
  ),
  "an instance that comes back": f(
    `class P { constructor(public x: number, public y: number) {} get sum(): number { return this.x + this.y; } }
     function made(p: P): P { return new P(p.x * p.y, arguments.length - 1); }
     export function f(x: number): number { "use dual"; const p = new P(x, 2 * x); const q = made(p); return q.sum * p.x; }`,
    54,
    54,
  ),
  "an argument that is written into": f(
    `class P { constructor(public x: number) {} }
     function grow(p: P): number { p.x *= p.x; return arguments.length; }
     export function f(x: number): number { "use dual"; const p = new P(x); grow(p); return p.x * x; }`,
    27,
    27,
  ),
};

/** What the dual form is given and gives are copies, so it is not called where it might keep them. */
const notCrossed: Record<string, Program> = {
  "an argument that is kept": f(
    `let last: { a: number } | undefined;
     function g(o: { a: number }): number { const [v] = Object.values(o) as [number]; const r = last ? last.a : 1; last = o; return v * r; }
     export function f(x: number): number { "use dual"; const o = { a: x }; const v = g(o); o.a *= x; return v + g({ a: 1 }); }`,
    12,
    7,
  ),
  "a function with a memo": f(
    `let kept: { x: number; y: number } | undefined;
     function squared(x: number): { x: number; y: number } { if (!kept || kept.x !== x) { kept = { x, y: x * x }; } return kept; }
     export function f(x: number): number { "use dual"; squared(x + 1); return squared(x).y + squared(2 * x).x; }`,
    15,
    8,
  ),
};

describe("constructors that compute", () => {
  it.each(Object.entries(made))("%s", (_, program) => expectEveryForm(program));
});

describe("functions without a tangent form", () => {
  it.each(Object.entries(crossed))("%s", (_, program) => {
    expectForms(compile(program.code as string).report.filter((r) => r.name === "f"));
    expectEveryForm(program);
  });
});

describe("functions that are not called by their dual form", () => {
  it.each(Object.entries(notCrossed))("%s", (_, program) => expectEveryForm(program));
});
