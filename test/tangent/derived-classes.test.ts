import { describe, expect, it } from "vitest";
import { type Coded, expectEveryCode } from "./support/codes.ts";
import { compile } from "./support/compile.ts";

/** Instances of classes that extend others are made where their constructors can be written in place. */

const ALL = ["tangent", "adjoint", "hvp"] as const;
const BODY = `
  class Body {
    constructor(public mass: number, public v: number) {}
    energy(): number { return 0.5 * this.mass * this.v * this.v; }
  }`;

const cases: Coded[] = [
  {
    name: "a constructor that hands on and stores",
    code: `${BODY}
      class Ball extends Body {
        constructor(mass: number, v: number, readonly r: number) { super(mass, v); }
        spin(): number { return 0.2 * this.mass * this.r ** 2 + this.energy(); }
      }
      export function f(m: number, r: number): number { "use dual"; const b = new Ball(m, 2, r); return b.spin() * b.mass; }`,
    at: [3, 2],
    along: [1, 0.5],
    value: (0.2 * 3 * 4 + 6) * 3,
    codes: ALL,
  },
  {
    name: "no constructor of its own, and a field",
    code: `${BODY}
      class Twice extends Body { factor = 2; read(): number { return this.factor * this.v; } }
      export function f(m: number): number { "use dual"; const t = new Twice(m, m * m); t.factor *= m; return t.read(); }`,
    at: [3],
    value: 54,
    tangent: 54,
    codes: ALL,
  },
  {
    name: "three levels, with defaults and computed arguments",
    code: `
      class A { log: number[] = []; x: number; constructor(x = 2) { this.x = x * x; this.log.push(this.x); } }
      class B extends A { y = 1; constructor(x?: number, k = 3) { super(x); this.y = (this.x + this.y) * k; this.log.push(this.y); } }
      class C extends B { constructor(readonly z: number) { super(z * z, z); this.x += this.z; this.log.push(this.x); } }
      export function f(z: number): number {
        "use dual";
        const c = new C(z);
        const b = new B();
        return c.log[0]! + 10 * c.log[1]! + 100 * c.log[2]! + c.log.length + b.x * b.y * z;
      }`,
    at: [2],
    value: 16 + 340 + 1800 + 3 + 4 * 15 * 2,
    codes: ["tangent"],
  },
  {
    name: "an instance that is given back, with its fields in their order",
    code: `${BODY}
      class Ball extends Body { label = "ball"; constructor(v: number, public r: number) { super(2, v * r); this.v += r; } }
      export function f(r: number): Ball { "use dual"; return new Ball(3, r); }`,
    at: [2],
    noDifferences: "it gives an instance",
    noGradient: "it gives an instance",
    codes: ["tangent", "adjoint"],
  },
  {
    name: "what is written into a list that is given",
    code: `
      class Kept { constructor(public xs: number[]) { xs[0] = xs[0]! * 2; } }
      class More extends Kept { sum: number; constructor(xs: number[], k: number) { super(xs); this.sum = xs[0]! * k; xs.push(k); } }
      export function f(x: number): number { "use dual"; const xs = [x, 1]; const m = new More(xs, x); return m.sum + xs[2]! + m.xs[0]!; }`,
    at: [3],
    value: 18 + 3 + 6,
    tangent: 12 + 1 + 2,
    codes: ["tangent"],
  },
  {
    name: "a constructor that throws",
    code: `${BODY}
      class Heavy extends Body { constructor(m: number) { super(m, 2); if (m < 0) throw new RangeError("light"); this.v *= m; } }
      export function f(m: number): number { "use dual"; return new Heavy(m).energy(); }`,
    at: [3],
    value: 54,
    tangent: 54,
    codes: ALL,
  },
  {
    name: "a constructor above that calls what is overridden",
    code: `
      class A { x: number; constructor(x: number) { this.x = this.scaled(x); } scaled(x: number): number { return x; } }
      class B extends A { scaled(x: number): number { return 3 * x; } }
      export function f(x: number): number { "use dual"; return new B(x).x * x; }`,
    at: [2],
    value: 12,
    tangent: 12,
    codes: [],
  },
  {
    name: "one that overrides what the constructor does not ask for",
    code: `
      class A { constructor(public x: number) {} value(): number { return this.x; } }
      class B extends A { value(): number { return this.x * this.x; } }
      export function f(x: number): number { "use dual"; return new B(x).value() * new A(x).value(); }`,
    at: [2],
    value: 8,
    tangent: 12,
    codes: ALL,
  },
  {
    name: "one that declares a field once more, which begins anew",
    code: `
      class A { x = 1; constructor(x: number) { this.x = x; } }
      class B extends A { x = 5; }
      export function f(x: number): number { "use dual"; const b = new B(x); return b.x * x; }`,
    at: [2],
    value: 10,
    tangent: 5,
    codes: [],
  },
  {
    name: "one that does something before it hands on",
    code: `
      class A { constructor(public x: number) {} }
      class B extends A { constructor(x: number) { const y = x * x; super(y); } }
      export function f(x: number): number { "use dual"; return new B(x).x; }`,
    at: [3],
    value: 9,
    tangent: 6,
    codes: [],
  },
  {
    name: "classes of another file",
    code: {
      vec: `"use dual";
        export class Vec { constructor(public x: number, public y: number) {} get norm(): number { return this.x ** 2 + this.y ** 2; } }
        export class Vec3 extends Vec { constructor(x: number, y: number, public z: number) { super(x, y); } get sum(): number { return this.x + this.y * this.z; } }`,
      main: `
        import { Vec, Vec3 } from "./vec";
        class Weighted extends Vec { constructor(x: number, y: number, public w: number) { super(x, y * w); } }
        export function f(x: number, w: number): number {
          "use dual";
          const a = new Weighted(x, 2, w);
          return a.norm * a.w + new Vec3(x, w, x).sum;
        }`,
    },
    at: [3, 2],
    along: [1, 1],
    value: (9 + 16) * 2 + 3 + 6,
    tangent: (6 + 16) * 2 + 25 + 1 + 5,
    codes: ALL,
  },
];

describe("classes that extend others", () => {
  it.each(cases)("are made in every form: $name", expectEveryCode);

  it("throw where they did", () => {
    const heavy = cases.find((c) => c.name === "a constructor that throws") as Coded;
    const { exports } = compile(heavy.code as string);
    expect(() => exports.f?.(-1)).toThrow("light");
  });
});
