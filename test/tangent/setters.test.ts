import { jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { compile } from "./support/compile.ts";
import { expectToldForms, type Told } from "./support/programs.ts";

/** Assignments that run setters. */

const V = `class V { constructor(public buf: number[], public at: number) {}
  get z(): number { return this.buf[this.at]!; } set z(z: number) { this.buf[this.at] = z; }
  set twice(v: number) { this.z = 2 * v; this.z += this.buf[0]!; } }`;

const programs: Record<string, Told> = {
  "into a list of its own": {
    code: `"use dual"; ${V} export function f(x: number): number { const v = new V([x, 2], 1); v.z = x * x; v.z += x; v.z *= 2; return v.z * v.buf[1]! * x; }`,
    at: [2],
    value: 12 * 12 * 2,
    tangent: 2 * 12 * 10 * 2 + 144,
    fast: ["f"],
  },
  "into a list that is shared": {
    code: `"use dual"; ${V} export function f(xs: number[], x: number): number { const v = new V(xs, 0); const w = new V(xs, 0); v.z = x * w.z; w.z++; return xs[0]! * v.z; }`,
    at: [[3, 1], 2],
    along: [[1, 0], 1],
    value: 49,
    tangent: 2 * 7 * 5,
  },
  "that calls another one": {
    code: `"use dual"; ${V} export function f(x: number): number { const v = new V([x, 2], 1); v.twice = x * x; return v.z * x; }`,
    at: [3],
    value: 21 * 3,
    tangent: 13 * 3 + 21,
    fast: ["f"],
  },
  "what an assignment gives is what was assigned": {
    code: `"use dual"; class C { k = 0; set half(v: number) { this.k = v / 2; } get half(): number { return this.k; } }
      export function f(x: number): number { const c = new C(); const d = new C(); const y = (c.half = d.half = x * x); return y * c.half + d.k; }`,
    at: [2],
    value: 10,
    tangent: 18,
  },
  "that a class above has": {
    code: `"use dual"; class A { k = 1; get y(): number { return this.k; } set y(v: number) { this.k = v * v; } } class B extends A { m = 2; }
      export function f(x: number): number { const b = new B(); b.y = x; return b.y * b.m * x; }`,
    at: [2],
    value: 16,
    tangent: 24,
  },
  "that a class below overrides": {
    code: `"use dual"; class A { k = 1; get y(): number { return this.k; } set y(v: number) { this.k = v * v; } }
      class B extends A { override get y(): number { return this.k; } override set y(v: number) { this.k = 3 * v; } }
      const put = (a: A, x: number): number => { a.y = x; return a.y * x; };
      export function f(x: number): number { return put(new A(), x) + put(new B(), x); }`,
    at: [2],
    value: 8 + 12,
    tangent: 12 + 12,
  },
  "that counts": {
    code: `"use dual"; export let calls = 0; class C { k = 0; get y(): number { return this.k; } set y(v: number) { calls++; this.k = v * v; } }
      export function f(x: number): number { const c = new C(); c.y = x; c.y += 1; return c.y + calls; }`,
    at: [2],
    value: 27,
    tangent: 40,
    noDifferences: "it counts its calls",
  },
  "that keeps what it is given": {
    code: `"use dual"; class C { list: number[] = [0]; set xs(v: number[]) { this.list = v; v[0]! *= 2; } get xs(): number[] { return this.list; } }
      export function f(x: number): number { const c = new C(); const own = [x, 1]; c.xs = own; own[1]! += x; return c.xs[1]! * own[0]!; }`,
    at: [3],
    value: 24,
    tangent: 2 * 4 + 6,
  },
  "that puts something outside": {
    code: `"use dual"; const seen = { v: 0 }; class C { k = 0; set y(v: number) { this.k = v; seen.v = v * v; } get y(): number { return this.k; } }
      export function f(x: number): number { const c = new C(); c.y = x; return seen.v * x + c.y; }`,
    at: [2],
    value: 10,
    tangent: 13,
  },
  "in a loop, of one or another": {
    code: `"use dual"; ${V} export function f(x: number): number { const vs = [new V([1], 0), new V([2], 0)]; for (let i = 0; i < 4; i++) { const v = vs[i % 2]!; v.z = v.z * x + i; } return vs[0]!.z * vs[1]!.z; }`,
    at: [2],
    value: 6 * 13,
    tangent: 4 * 13 + 6 * (4 * 2 + 1),
    fast: ["f"],
  },
  "by taking apart, and exchanging": {
    code: `"use dual"; class P { #none = 0; a: number; b: number; constructor(a: number, b: number) { this.a = a; this.b = b; } get x(): number { return this.a; } set x(v: number) { this.a = v; } get y(): number { return this.b; } set y(v: number) { this.b = v; } }
      export function f(x: number): number { const p = new P(x, 3); [p.x, p.y] = [p.y * x, p.x]; ({ k: p.x } = { k: p.x + p.y }); return p.x * p.y; }`,
    at: [2],
    value: 16,
    tangent: 4 * 2 + 8,
  },
  "of an object of the file": {
    code: `"use dual"; ${V} const kept = new V([1, 2], 1); export function f(x: number): number { kept.z = x * x; const y = kept.z * x; kept.z = 2; return y; }`,
    at: [2],
    value: 8,
    tangent: 12,
    slow: ["f"],
  },
  "of an object that is another one by then": {
    code: `"use dual"; ${V} export function f(x: number): number { let v = new V([x, 2], 1); const w = v; v.z = ((v = new V([3, 4], 0)), x * x); return w.z * x + v.z; }`,
    at: [2],
    value: 11,
    tangent: 12,
  },
  "of a class of another file": {
    code: {
      v: `"use dual"; export ${V}`,
      main: `"use dual"; import { V } from "./v"; export function f(x: number): number { const v = new V([x, 2], 1); v.z = x * x; v.twice = v.z; return v.z * x; }`,
    },
    at: [2],
    value: 20,
    tangent: 18 + 10,
  },
};

describe("assignments that run setters", () => {
  it.each(Object.entries(programs))("%s", (_, program) => expectToldForms(program));

  it("whose prototype gets another one later are not taken for those in the class", () => {
    const { exports, report } = compile(`"use dual"; ${V}
      Object.defineProperty(V.prototype, "z", { get(this: V) { return 7; }, set(this: V, v: number) { this.buf[this.at] = -v; } });
      export function f(x: number): number { const v = new V([x, 2], 1); v.z = x * x; return v.buf[1]! * x; }`);
    expect(report.find((r) => r.name === "f")?.form).toBe("dual");
    expect(exports.f?.(2)).toBe(-8);
    expect(() => jvp(exports.f as never, [2] as never, [1] as never)).toThrow("DUAL105");
  });
});
