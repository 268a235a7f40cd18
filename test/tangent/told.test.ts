import { jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { compile } from "./support/compile.ts";
import { type Case, expectAgreement, expectForms } from "./support/forms.ts";
import { expectEveryForm, type Program } from "./support/programs.ts";

/** What tells a kind where no annotation does: comments, defaults, what a constructor stores. */
const vector = `
  class Vec {
    static { this.prototype.isVec = true; }
    constructor(x = 0, y = 0) { this.x = x; this.y = y; }
    /** @param {Vec} v */
    dot(v) { return this.x * v.x + this.y * v.y; }
    /**
     * @param {Vec} v - The other one.
     * @param {number} s - How much of it.
     */
    add(v, s) { this.x += v.x * s; this.y += v.y * s; return this; }
    scaled(k, target = new Vec()) { target.x = this.x * k; target.y = this.y * k; return target; }
  }
  Vec.prototype.kind = "vector";
`;
const cases: Record<string, [code: string, c: Omit<Case, "f">]> = {
  "a number by its comment": [
    `/** @param {number} x\n @param {Number} [k=2] */ export function f(x, k) { "use dual"; const o = [x, k]; return o[0] * o[1]; }`,
    { at: [3, 4] },
  ],
  "a list by its comment": [
    `/** @param {Array.<number>} xs */ export const f = function (xs) { "use dual"; return g(xs); };
     /** @param {number[]} xs */ function g(xs) { return xs.concat(xs).reduce((a, b) => a + b * b, 0); }`,
    { at: [[1, 2, 3]] },
  ],
  "rows by a comment": [
    `/** @param {Array<Array<number>>} m */ export function f(m) { "use dual"; let s = 0; for (const r of m) s += total(r); return s; }
     /** @param {Array<number>} r */ function total(r) { return r.reduce((a, b) => a + b ** 3, 0); }`,
    { at: [[[1, 2], [3]]] },
  ],
  "an object by its comment": [
    `/** @param {{ a: number, b: { c: number } }} o */ export function f(o) { "use dual"; const { a, b } = o; return a * b.c; }`,
    { at: [{ a: 2, b: { c: 3 } }] },
  ],
  "instances by their comments": [
    `${vector} export function f(x, y) { "use dual"; return new Vec(x, y).add(new Vec(y, x * x), 3).dot(new Vec(2, x)); }`,
    { at: [0.7, 1.9] },
  ],
  "an instance by a default": [
    `${vector} export function f(x, y) { "use dual"; return new Vec(x, y).scaled(x).dot(new Vec(1, y)); }`,
    { at: [0.7, 1.9] },
  ],
  "the type this": [
    `class P { constructor(public x: number) {} by(k: number): this { this.x *= k; return this; } }
     export function f(x: number, k: number): number { "use dual"; return new P(x * x).by(k).x; }`,
    { at: [0.7, 1.9] },
  ],
  "a target that may be missing": [
    `function add(out: number[] | null, a: number[], b: number[]): number[] { !out && (out = a); out[0] = a[0] + b[0] * b[0]; out[1] = a[1] * b[1]; return out; }
     export function f(x: number, y: number): number { "use dual"; const [a, b] = [[x, y], [y, x * y]]; const c = add(null, a, b); const d = add([0, 0], a, b); return a[0] * c[1] + d[0] * d[1]; }`,
    { at: [0.7, 1.9] },
  ],
  "conditions for their effects": [
    `export function f(x: number, y: number): number { "use dual"; let s = x; x > y || (s *= y); x > 5 ? (s = 1) : y > 0 && (s += x * y); return s; }`,
    { at: [0.7, 1.9] },
  ],
  "words by their defaults": [
    `export function f(x: number, y: number, isDoubled = true, order = "xy"): number { "use dual"; const p = order === "xy" ? x * y : y; return isDoubled ? 2 * p : p; }`,
    { at: [0.7, 1.9] },
  ],
  "a list of lists declared as any": [
    `function g(rows: any, t: number): number { let s = 0; for (const row of rows) for (const [a, b] of row) s += a * Math.cos(b * t); return s; }
     export function f(x: number, y: number): number { "use dual"; return g([[[x, y], [y, 2]], [[3, x]]], x); }`,
    { at: [0.7, 1.9] },
  ],
  "Math by another name": [
    `export let f; (function (Math, undefined) { f = function f(x) { "use dual"; return Math.pow(x, 3) * Math.sin(x); }; })(Math);`,
    { at: [0.7] },
  ],
};

describe("kinds that are told otherwise", () => {
  it.each(Object.entries(cases))("%s", (_, [code, c]) => {
    const { exports, report } = compile(code, code.includes(": number") ? "f.ts" : "plain.js");
    expectForms(report);
    expectAgreement({ f: exports.f as never, ...c });
  });

  it("a list of any make", () => {
    const { exports, report } = compile(
      `type Numbers = ArrayLike<number> & Iterable<number>;
       export function f(xs: Numbers, ys: Iterable<number> & number[]): number { "use dual"; return xs[0] * ys[1] + xs.length; }`,
    );
    expectForms(report);
    expectAgreement({
      f: exports.f as never,
      at: [
        [2, 3],
        [4, 5],
      ],
    });
    expectAgreement({ f: exports.f as never, at: [Float64Array.of(2, 3), [4, 5]] });
  });

  it("parameters by the method that a function is handed to", () => {
    const { exports, report } = compile(
      `type Op = (out: number[] | null, m: ArrayLike<number>, n: number) => number[];
       interface Multi<T> { add(dim: number, op: T): T; }
       interface MultiOp extends Op, Multi<Op> {}
       const registry: MultiOp = Object.assign((() => []) as Op, { add: (_: number, op: Op) => op }) as MultiOp;
       export const f = registry.add(2, (out, m, n) => { "use dual"; out = out || [0]; out[0] = m[0]! * m[1]! * n; return out; });`,
    );
    expectForms(report);
    expectAgreement({ f: exports.f as never, at: [[1], [2, 3], 4] });
  });

  it("instances of classes that extend others", () => {
    const { exports, report } = compile(
      `class A { r: number; constructor(r: number) { this.r = r; } twice(): number { return this.r * 2 + this.half; } get half(): number { return this.r / 2; } }
       class B extends A { h: number; constructor(r: number, h: number) { super(r); this.h = h; } volume(k: number): number { return this.twice() * this.h * k; } }
       class C extends B { own(k: number): number { return this.volume(k) * this.half; } }
       export function f(b: C, k: number): number { "use dual"; b.h *= k; return b.own(k) + b.twice(); }
       export function g(a: A | B, k: number): number { "use dual"; return a instanceof B ? a.volume(k) : a.twice() * k; }
       export const made = { a: () => new A(2), b: () => new B(2, 3), c: () => new C(2, 3) } as any;`,
    );
    expect(report.filter((r) => r.form === "tangent").map((r) => r.name)).toEqual(
      expect.arrayContaining(["f", "g", "A.twice", "A.half", "B.volume", "C.own"]),
    );
    const { a, b, c } = exports.made as unknown as Record<string, () => unknown>;
    expectAgreement({ f: exports.f as never, at: [c?.(), 4] });
    expectAgreement({ f: exports.g as never, at: [a?.(), 4] });
    expectAgreement({ f: exports.g as never, at: [b?.(), 4] });
    // Of another class than the union tells of.
    expect(jvp(exports.g as never, [c?.(), 4] as never, [null, 1] as never)).toEqual([60, 15]);
  });

  it("a class whose constructor names it", () => {
    const { exports, report } = compile(
      `type When = number | Time;
       class Time { t: number; constructor(when: When) { this.t = when instanceof Time ? when.t : when; } }
       export function f(time: Time, k: number): number { "use dual"; return time.t * k; }
       export const at = (t: number) => new Time(t);`,
    );
    expect(report.find((r) => r.name === "f")?.form).toBe("tangent");
    expectAgreement({ f: exports.f as never, at: [exports.at?.(3), 4] });
  });
});

const f = (code: string, value: number, tangent: number): Program => ({
  code,
  at: [3],
  value,
  tangent,
});

/** What is told may be wrong; what a value is decides. */
const wrong: Record<string, Program> = {
  "a list where a comment says number": f(
    `/** @param {number} v */ function g(v: any) { return v.length === 1 ? v[0] * v[0] : v; }
     export function f(x: number): number { "use dual"; return g([x]); }`,
    9,
    6,
  ),
  "a subclass where a comment says the class": f(
    `class A { r: number; constructor(r: number) { this.r = r; } area(): number { return this.r; } }
     class B extends A { area(): number { return this.r * this.r; } }
     /** @param {A} a */ function g(a: any) { return a.area(); }
     export function f(x: number): number { "use dual"; return g(new B(x)); }`,
    9,
    6,
  ),
  "another class where a comment says the class": f(
    `class A { r: number; constructor(r: number) { this.r = r; } area(): number { return this.r; } }
     class B { r: number; constructor(r: number) { this.r = r; } area(): number { return this.r * this.r; } }
     /** @param {A} a */ function g(a: any) { return a.area(); }
     export function f(x: number): number { "use dual"; return g(new B(x)); }`,
    9,
    6,
  ),
  "another class where nothing but a comment tells": f(
    `class A { r: number; constructor(r: number) { this.r = r; } area(): number { return this.r; } }
     class B { r: number; constructor(r: number) { this.r = r; } area(): number { return this.r * this.r; } }
     /** @param {A} a */ function g(a) { return a.area(); }
     export function f(x: number): number { "use dual"; return g(new B(x)); }`,
    9,
    6,
  ),
  "another class in a list, a field and a result": f(
    `class A { r: number; constructor(r: number) { this.r = r; } area(): number { return this.r; } }
     class B { r: number; constructor(r: number) { this.r = r; } area(): number { return this.r * this.r; } }
     function g(as: A[]): number { return as[0]!.area(); }
     function h(o: { a: A }): A { return o.a; }
     export function f(x: number): number { "use dual"; const b = h({ a: new B(x) }); const c: A = new B(x); return g([new B(x)]) + b.area() - c.area(); }`,
    9,
    6,
  ),
  "a method that another class overrides": f(
    `class A { r: number; constructor(r: number) { this.r = r; } area(): number { return this.r * this.k(); } k(): number { return 1; } }
     class B extends A { k(): number { return this.r; } }
     function g(a: A): number { return a.area(); }
     export function f(x: number): number { "use dual"; return g(new B(x)); }`,
    9,
    6,
  ),
  "a field over a method": f(
    `class A { r: number; constructor(r: number) { this.r = r; } k(): number { return 1; } area(): number { return this.r * this.k(); } }
     class B extends A { k = () => this.r; }
     export function f(x: number): number { "use dual"; return new B(x).area(); }`,
    9,
    6,
  ),
  "a getter of a class that extends one without it": f(
    `class A { r: number; constructor(r: number) { this.r = r; } }
     class B extends A { get area(): number { return this.r * this.r; } }
     function g(a: A): number { return "area" in a ? (a as B).area : a.r; }
     export function f(x: number): number { "use dual"; return g(new B(x)); }`,
    9,
    6,
  ),
  "another class than the default": f(
    `class A { r = 0; area(): number { return this.r; } }
     class B { r = 0; area(): number { return this.r * this.r; } }
     function g(x: number, a: any = new A()) { a.r = x; return a.area(); }
     export function f(x: number): number { "use dual"; return g(x, new B()); }`,
    9,
    6,
  ),
  "a method that the prototype is given later": f(
    `class A { r: number; constructor(r: number) { this.r = r; } area(): number { return this.r; } }
     (A.prototype as any).area = function (this: A) { "use dual"; return this.r * this.r; };
     export function f(x: number): number { "use dual"; return new A(x).area(); }`,
    9,
    6,
  ),
  "a constant on the prototype over a getter": f(
    `class A { r: number; constructor(r: number) { this.r = r; } get k(): number { return this.r; } set k(v: number) { this.r *= v; } }
     A.prototype.k = 1;
     export function f(x: number): number { "use dual"; return new A(x).k * x; }`,
    9,
    6,
  ),
  "another value than the constructor stores": f(
    `class A { held: any; constructor() { this.held = [1, 2]; } }
     export function f(x: number): number { "use dual"; const a = new A(); a.held = { v: x }; return a.held.v * x; }`,
    9,
    6,
  ),
  "a number where the constructor stores a word": f(
    `class A { held: any; constructor() { this.held = "none"; } }
     export function f(x: number): number { "use dual"; const a = new A(); a.held = x; return a.held * x; }`,
    9,
    6,
  ),
  "an accessor where a field is declared": f(
    `class P { r: number; constructor(r: number) { this.r = r; } get x(): number { return this.r * this.r; } }
     function g(v: { x: number }): number { return v.x; }
     export function f(x: number): number { "use dual"; return g(new P(x)); }`,
    9,
    6,
  ),
  "an accessor where a field is declared, in a pattern": f(
    `class P { r: number; constructor(r: number) { this.r = r; } get x(): number { return this.r * this.r; } }
     function g({ x }: { x: number }): number { return x; }
     export function f(x: number): number { "use dual"; return g(new P(x)); }`,
    9,
    6,
  ),
  "an accessor where a field is declared, in a function that calls itself": f(
    `class P { r: number; constructor(r: number) { this.r = r; } get x(): number { return this.r * this.r; } }
     function g(v: { x: number }, n: number): number { return n > 0 ? g(v, n - 1) : v.x; }
     export function f(x: number): number { "use dual"; return g(new P(x), 2); }`,
    9,
    6,
  ),
  "Math that is another": f(
    `const other = { pow: (x: number, _: number) => x * x };
     let g: any; (function (Math: any) { g = function g(x: number) { "use dual"; return Math.pow(x, 5); }; })(other);
     export function f(x: number): number { "use dual"; return g(x); }`,
    9,
    6,
  ),
  "Math that is changed": f(
    `let g: any; (function (Math: any) { Math = { pow: (x: number) => x * x }; g = function g(x: number) { "use dual"; return Math.pow(x, 5); }; })(Math);
     export function f(x: number): number { "use dual"; return g(x); }`,
    9,
    6,
  ),
};

describe("what is told wrongly", () => {
  it.each(Object.entries(wrong))("%s", (_, program) => expectEveryForm(program));
});
