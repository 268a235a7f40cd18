import { derivative, grad, jvp, valueAndGrad } from "dualize";
import { twinOf } from "dualize/runtime";
import { describe, expect, it } from "vitest";
import { compile } from "./support/compile.ts";
import { codeOf, expectEveryForm, type Program } from "./support/programs.ts";

/** Libraries that are one object, to which functions are added: `lib.gamma = function …`, `lib.gamma(x)`. */

const LIB = `"use dual";
var lib = {};
lib.k = 3;
lib.square = function (x) { return x * x; };
lib.wave = function wave(x, k) { return Math.sin(k * x); };
lib.pair = function (x) { return [x, x * x]; };
lib.total = function (xs) { var s = 0; for (var i = 0; i < xs.length; i++) s += xs[i] * xs[i]; return s; };
lib.polar = function (r, a) { return { x: r * Math.cos(a), y: r * Math.sin(a) }; };
lib.both = function (x) { return lib.square(x) + lib.wave(x, 2); };
lib.deep = {}; lib.deep.cube = function (x) { return x * x * x; };
lib.scaled = function (x) { return this.k * x; };
lib.twice = function (x, n) { return n > 0 ? lib.twice(2 * x, n - 1) : x; };
lib.counted = function (x) { lib.calls = (lib.calls || 0) + 1; return x * x; };
lib.doubleAll = function (xs) { for (var i = 0; i < xs.length; i++) xs[i] *= 2; return xs; };
`;

interface Case extends Omit<Program, "code"> {
  readonly name: string;
  readonly body: string;
  readonly forms: readonly string[];
}

const BOTH = ["tangent", "adjoint"];
const cases: Case[] = [
  {
    name: "a function of numbers",
    body: "(x) { return lib.square(x) * x; }",
    at: [3],
    value: 27,
    tangent: 27,
    forms: BOTH,
  },
  {
    name: "one that calls others",
    body: "(x) { return lib.both(x) - lib.wave(x, 2); }",
    at: [3],
    value: 9 + Math.sin(6) - Math.sin(6),
    tangent: 6,
    forms: BOTH,
  },
  {
    name: "one further inside",
    body: "(x) { return lib.deep.cube(x) + 8; }",
    at: [3],
    value: 35,
    tangent: 27,
    forms: BOTH,
  },
  {
    name: "one that gives a list",
    body: "(x) { var p = lib.pair(x); return p[0] * p[1]; }",
    at: [3],
    value: 27,
    tangent: 27,
    forms: BOTH,
  },
  {
    name: "one that gives an object",
    body: "(x) { var p = lib.polar(x, 0); return p.x * p.x + p.y; }",
    at: [3],
    value: 9,
    tangent: 6,
    forms: BOTH,
  },
  {
    name: "one that takes a list",
    body: "(x) { return lib.total([x, 2 * x]) * x; }",
    at: [2],
    value: 40,
    tangent: 60,
    forms: BOTH,
  },
  {
    name: "one that hands its parameters on",
    body: "(xs) { return lib.total(xs); }",
    at: [[1, 2]],
    along: [[1, 1]],
    value: 5,
    tangent: 6,
    forms: BOTH,
  },
  {
    name: "one that calls itself",
    body: "(x) { return lib.twice(x, 3) * x; }",
    at: [2],
    value: 32,
    tangent: 32,
    forms: BOTH,
  },
  {
    name: "by another name",
    body: "(x) { var sq = lib.square, wave = lib.wave; return sq(x) + 0 * wave(x, 1); }",
    at: [3],
    value: 9,
    tangent: 6,
    forms: BOTH,
  },
  {
    name: "one that uses `this`",
    body: "(x) { return lib.scaled(x) * x; }",
    at: [2],
    value: 12,
    tangent: 12,
    forms: BOTH,
  },
  {
    name: "one that uses `this`, of which nothing is used",
    body: "(x) { return lib.scaled(x) * 0 + x; }",
    at: [2],
    value: 2,
    tangent: 1,
    forms: BOTH,
  },
  {
    name: "one that counts its calls",
    body: "(x) { return lib.counted(x) + 100 * lib.calls; }",
    at: [2],
    value: 104,
    tangent: 4,
    noDifferences: "each call counts on",
    forms: BOTH,
  },
  {
    name: "one that changes what it is given",
    body: "(x) { var xs = [x, 1]; var ys = lib.doubleAll(xs); return xs[0] * ys[0]; }",
    at: [3],
    value: 36,
    tangent: 24,
    forms: BOTH,
  },
  {
    name: "with what it is not given",
    body: "(x) { return lib.twice(x); }",
    at: [3],
    value: 3,
    tangent: 1,
    forms: BOTH,
  },
  {
    name: "with more than it takes",
    body: "(x) { return lib.square(x, lib.square(x)); }",
    at: [3],
    value: 9,
    tangent: 6,
    forms: BOTH,
  },
  {
    name: "arguments that change what they are made of",
    body: "(x) { var i = 1; return lib.wave(x, i++) * 0 + lib.wave(x, i++) * 0 + x * i; }",
    at: [3],
    value: 9,
    tangent: 3,
    forms: BOTH,
  },
  {
    name: "in a loop",
    body: "(x) { for (var i = 0; i < 3; i++) x = lib.square(x) / 2; return x; }",
    at: [2],
    value: 2,
    tangent: 8,
    forms: BOTH,
  },
];

describe("functions that an object of the module keeps", () => {
  it.each(cases)("are called from every form: $name", ({ name: _, body, forms, ...program }) => {
    const code = `${LIB} export function f${body}`;
    expectEveryForm({ ...program, code });
    const twin = twinOf(compile(code, "plain.js").exports.f as never);
    expect(BOTH.filter((form) => twin?.[form as "tangent"] !== undefined)).toEqual(forms);
  });

  it("are the ones that are there when they are called", () => {
    const { exports } = compile(
      `${LIB} export function f(x) { return lib.square(x) * x; }
       export function put(g) { lib.square = g; }
       export function cube(x) { return x * x * x; }
       export function list(x) { return [x]; }`,
      "plain.js",
    );
    const { f, put, cube, list } = exports as Record<string, never> as never as Record<
      string,
      (x: unknown) => unknown
    >;
    const at3 = () => derivative(f as never)(3 as never);
    expect(at3()).toBe(27);
    put?.(cube);
    expect(at3()).toBe(4 * 27);
    put?.(Math.sqrt);
    expect(at3()).toBeCloseTo(1.5 * Math.sqrt(3), 14);
    put?.((x: number) => x + 1);
    expect(at3).toThrow(/DUAL101/);
    put?.(undefined);
    expect(at3).toThrow(TypeError);
    put?.(list);
    expect(f?.(3)).toBe(9);
    put?.(cube);
    expect(at3()).toBe(4 * 27);
  });

  it("that are not marked are refused, whatever comes of what they give", () => {
    const lib = `const lib = new Function("return { k: 3, scaled(x) { return this.k * x; }, plus: (x) => x + 1 }")();`;
    for (const body of ["lib.scaled(x) * x", "lib.scaled(x) * 0 + x", "lib.plus(x) * x"]) {
      const code = `${lib} export function f(x) { "use dual"; return ${body}; }`;
      expect(codeOf(code, 2), body).toBe("DUAL101");
      const { f } = compile(code, "plain.js").exports;
      expect(() => valueAndGrad(f as never)(2 as never), body).toThrow(/DUAL101/);
    }
  });

  it("may be put there after what calls it, and call it in turn", () => {
    const { exports } = compile(
      `"use dual"; var lib = {};
       lib.log = function (x) { return Math.exp(lib.later(x)) + lib.even(3, x); };
       lib.even = function (n, x) { return n > 0 ? x * lib.odd(n - 1, x) : 1; };
       lib.later = function (x) { return x * x; };
       lib.odd = function (n, x) { return n > 0 ? 2 * x * lib.even(n - 1, x) : 1; };
       lib.never = function (x) { return lib.never(x); };
       export const f = lib.log;
       export const g = function (x) { return x > 0 ? x * x : lib.never(x); };`,
      "plain.js",
    );
    expect(twinOf(exports.f)?.tangent).toBeDefined();
    const x = 0.7;
    const [value, tangent] = jvp(exports.f as never, [x] as never, [1] as never);
    expect(value).toBe(exports.f!(x));
    const slope = 2 * x * Math.exp(x * x) + 6 * x * x;
    expect(tangent).toBeCloseTo(slope, 12);
    expect(grad(exports.f as never)(x as never)).toBeCloseTo(slope, 12);
    expect(jvp(exports.g as never, [3] as never, [1] as never)).toEqual([9, 6]);
  });

  it("may take lists that others see", () => {
    const { exports } = compile(
      `${LIB} export function f(xs, x) { var ys = lib.doubleAll(xs); ys[0] *= x; return xs[0] + xs[1]; }
       export function g(xs) { var ys = lib.same(xs); ys[0] = 5; return xs[0] * ys[1]; }
       lib.same = function (xs) { return xs.length > 0 ? xs : []; };`,
      "plain.js",
    );
    const xs = [1, 2];
    const dxs = [1, 1];
    expect(jvp(exports.f as never, [xs, 3] as never, [dxs, 1] as never)).toEqual([10, 10]);
    expect([xs, dxs]).toEqual([
      [6, 4],
      [8, 2],
    ]);
    const ys = [1, 2];
    const dys = [1, 1];
    expect(jvp(exports.g as never, [ys] as never, [dys] as never)).toEqual([10, 5]);
    expect([ys, dys]).toEqual([
      [5, 2],
      [0, 1],
    ]);
    expect(grad(exports.g as never)([1, 2] as never)).toEqual([0, 5]);
  });
});
