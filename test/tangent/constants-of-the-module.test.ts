import { grad } from "dualize";
import { describe, expect, it } from "vitest";
import { type Coded, expectEveryCode } from "./support/codes.ts";
import { compile, load, translate } from "./support/compile.ts";

/** Instances and objects of the module that stand among what is active. */

const VEC = `
  export class Vec {
    constructor(public x: number, public y: number) {}
    static readonly ONES = new Vec(1, 1);
    add(o: Vec): Vec { return new Vec(this.x + o.x, this.y + o.y); }
    to(o: Vec): number { return (this.x - o.x) ** 2 + (this.y - o.y) ** 2; }
    get norm(): number { return this.x * this.x + this.y * this.y; }
  }`;
const ALL = ["tangent", "adjoint", "hvp"] as const;
const SETTINGS = `
  interface Settings { k: number; c: number; name: string; steps: number }
  const DEFAULTS: Settings = { k: 2, c: 0.5, name: "none", steps: 3 };`;
const RUN = `
  export function f(x: number, given: Partial<Settings> = {}): number {
    "use dual";
    const s = { ...DEFAULTS, ...given };
    let v = x;
    for (let i = 0; i < s.steps; i++) v = v * s.k + s.c * x;
    return v * s.name.length;
  }`;

const cases: Coded[] = [
  {
    name: "a sum that begins with one",
    code: `${VEC}
      const ZERO = new Vec(0, 0);
      export function f(xs: number[]): number {
        "use dual";
        let s = ZERO;
        for (const x of xs) s = s.add(new Vec(x, 2 * x));
        return s.norm;
      }`,
    at: [[1, 2]],
    along: [[1, 0]],
    value: 9 + 36,
    tangent: 6 + 24,
    codes: ALL,
  },
  {
    name: "one that belongs to its class",
    code: `${VEC}
      export function f(x: number, n: number): number {
        "use dual";
        let s = Vec.ONES;
        for (let i = 0; i < n; i++) s = s.add(new Vec(x, x * x));
        return s.norm;
      }`,
    at: [3, 1],
    along: [1, 0],
    value: 16 + 100,
    tangent: 8 + 2 * 10 * 6,
    codes: ALL,
  },
  {
    name: "no round at all",
    code: `${VEC}
      export function f(x: number, n: number): number {
        "use dual";
        let s = Vec.ONES;
        for (let i = 0; i < n; i++) s = s.add(new Vec(x, x * x));
        return s.norm * x;
      }`,
    at: [3, 0],
    along: [1, 0],
    value: 6,
    tangent: 2,
    codes: ALL,
  },
  {
    name: "what a list is added up to",
    code: `${VEC}
      const ZERO = new Vec(0, 0);
      export function f(xs: number[]): number {
        "use dual";
        return xs.map((x) => new Vec(x, x * x)).reduce((a, b) => a.add(b), ZERO).norm;
      }`,
    at: [[1, 2]],
    along: [[1, 0]],
    value: 9 + 25,
    tangent: 6 + 20,
    codes: ALL,
  },
  {
    name: "one whose method is called",
    code: `${VEC}
      const ORIGIN = new Vec(1, 2);
      export function f(x: number): number { "use dual"; return ORIGIN.to(new Vec(x, x * x)) + ORIGIN.add(ORIGIN).norm; }`,
    at: [3],
    value: 4 + 49 + 20,
    tangent: 4 + 2 * 7 * 6,
    codes: [],
  },
  {
    name: "one that is given back, and written to",
    code: `${VEC}
      const ZERO = new Vec(0, 0);
      export function f(x: number): number {
        "use dual";
        let s = ZERO;
        if (x > 0) s = s.add(new Vec(x, x));
        s.x = s.x * x;
        return s.norm;
      }`,
    at: [3],
    value: 81 + 9,
    tangent: 2 * 9 * 6 + 6,
    codes: [],
  },
  {
    name: "one of another file",
    code: {
      vec: `"use dual"; ${VEC} export const ZERO = new Vec(0, 0);`,
      main: `
        import { Vec, ZERO } from "./vec";
        export function f(xs: number[]): number {
          "use dual";
          let s = ZERO;
          for (const x of xs) s = s.add(new Vec(x, 2 * x));
          return s.norm * 2;
        }`,
    },
    at: [[1, 2]],
    along: [[1, 0]],
    value: 90,
    tangent: 60,
    codes: ALL,
  },
  {
    name: "options over defaults",
    code: `${SETTINGS} ${RUN}`,
    at: [1.5, { c: 3 }],
    along: [1, { c: 1 }],
    codes: ALL,
  },
  { name: "no options", code: `${SETTINGS} ${RUN}`, at: [1.5, {}], along: [1, {}], codes: ALL },
  {
    name: "defaults over what is given, and fields after them",
    code: `${SETTINGS}
      export function f(x: number, given: { k: number; own: number }): number {
        "use dual";
        const s = { own: x, ...given, ...DEFAULTS, c: x * given.k };
        return s.k * x + s.own * s.c;
      }`,
    at: [1.5, { k: 7, own: 3 }],
    along: [1, { k: 0.5, own: 1 }],
    value: 3 + 3 * 10.5,
    tangent: 2 + 10.5 + 3 * (7 + 0.75),
    codes: [],
  },
  {
    name: "defaults that need not have what their type has, over what is given",
    code: `
      const DEFAULTS: { k?: number; c?: number } = { c: 2 };
      export function f(x: number): number { "use dual"; const s = { k: x, ...DEFAULTS }; return s.k * s.k * s.c!; }`,
    at: [3],
    value: 18,
    tangent: 12,
    codes: [],
  },
  {
    name: "defaults that are none",
    code: `
      const DEFAULTS: { k: number } | null = null;
      export function f(x: number, o: { k: number }): number { "use dual"; const s = { ...DEFAULTS, ...o }; return s.k * x; }`,
    at: [3, { k: 2 }],
    along: [1, { k: 1 }],
    value: 6,
    tangent: 5,
    codes: [],
  },
  {
    name: "defaults of two sorts, of which the type of one has more than it has",
    code: `
      const ROUGH: { k?: number; c?: number } = { c: 2 };
      const FINE = { k: 5 };
      export function f(x: number): number { "use dual"; const s = { ...FINE, ...ROUGH, d: x }; return s.k! * s.d * s.c!; }`,
    at: [3],
    value: 30,
    tangent: 10,
    codes: ALL,
  },
  {
    name: "a copy of defaults that is written to",
    code: `${SETTINGS}
      export function f(x: number): number {
        "use dual";
        const s = { ...DEFAULTS };
        s.k = s.k * x;
        s.c += s.k;
        return s.c * s.k + DEFAULTS.k;
      }`,
    at: [3],
    value: 6.5 * 6 + 2,
    tangent: 2 * 6 + 6.5 * 2,
    codes: ALL,
  },
  {
    name: "a copy of defaults that is given back",
    code: `${SETTINGS}
      export function f(x: number): Settings { "use dual"; return { ...DEFAULTS, k: x * x }; }`,
    at: [3],
    value: { k: 9, c: 0.5, name: "none", steps: 3 },
    tangent: { k: 6, c: 0, name: null, steps: 0 },
    codes: ["adjoint"],
  },
  {
    name: "a copy of defaults with a list in it",
    code: `
      const DEFAULTS = { w: [1, 2], k: 3 };
      export function f(x: number): number {
        "use dual";
        const s = { ...DEFAULTS, k: x };
        const w = s.w.map((v) => v * s.k);
        return w[0]! * w[1]!;
      }`,
    at: [3],
    value: 18,
    tangent: 12,
    codes: ["tangent"],
  },
];

describe("constants of the module", () => {
  it.each(cases)("take the fast forms: $name", expectEveryCode);

  it("are what they are when the program runs", () => {
    const code = `${SETTINGS} ${RUN} export const set = (k: number) => { DEFAULTS.k = k; };`;
    const { exports } = compile(code);
    exports.set?.(5);
    const { exports: plain } = compile(code.replace("k: 2", "k: 5"));
    const by = [1.5, { c: 3 }] as never;
    expect(grad(exports.f as never)(...(by as [never]))).toBe(
      grad(plain.f as never)(...(by as [never])),
    );
  });

  it("may be instances of other classes than their types say", () => {
    const scripts = translate({
      main: `${VEC}
        class Odd extends Vec { add(o: Vec): Vec { return new Vec(o.x * o.x, o.y); } }
        const ZERO: Vec = new Odd(0, 0);
        export function f(x: number): number {
          "use dual";
          let s = ZERO;
          for (let i = 0; i < 2; i++) s = s.add(new Vec(x, x));
          return s.norm;
        }`,
    });
    // (x² + x)² + (2x)²
    expect(grad(load(scripts, "main").f as never)(3 as never)).toBe(2 * 12 * 7 + 8 * 3);
  });

  it("leave no tangent where there is no field", () => {
    const { exports } = compile(`${SETTINGS} ${RUN}`);
    const g = grad(exports.f as never, { argnum: 1 } as never) as unknown as (
      ...a: unknown[]
    ) => object;
    expect(Object.keys(g(1.5, { c: 3 }))).toEqual(["c"]);
    expect(g(1.5, { c: 3, k: undefined })).toEqual(
      grad(exports.f as never, { argnum: 1, mode: "forward" } as never)(
        1.5 as never,
        { c: 3, k: undefined } as never,
      ),
    );
  });
});
