import { derivative, grad, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { compile } from "./support/compile.ts";
import { type Case, expectAgreement, expectForms } from "./support/forms.ts";

/** What compilers make of `(x = 0)` for older engines, and what people wrote before there was that. */
const ways: [string, string][] = [
  ["if (k === void 0) { k = 3; }", "an if with void 0"],
  ["if (k === undefined) k = 3;", "an if with undefined"],
  ["if (undefined === k) k = 3;", "an if, the other way round"],
  ["if (k == null) k = 3;", "an if with null"],
  ['if (typeof k === "undefined") k = 3;', "an if with typeof"],
  ["k = k === undefined ? 3 : k;", "a condition"],
  ["k = k !== undefined ? k : 3;", "a condition, the other way round"],
  ['k = typeof k !== "undefined" ? k : 3;', "a condition with typeof"],
  ["if (!k) k = 3;", "an if that asks for truth"],
  ["k = k ?? 3;", "??"],
  ["k = k || 3;", "||"],
];

const vector = `
class Vec {
  constructor(x, y) {
    if (x === void 0) { x = 0.0; }
    if (y === void 0) { y = 0.0; }
    this.x = x;
    this.y = y;
  }
  scale(k, target) {
    if (target === void 0) { target = new Vec(); }
    const x = this.x;
    target.x = x * k;
    target.y = this.y * k;
    return target;
  }
  swapped(target) {
    if (target === void 0) { target = new Vec(); }
    target.x = this.y;
    target.y = this.x;
    return target;
  }
  dot(v) { return this.x * v.x + this.y * v.y; }
}`;

const mark = (text: string): string => text.replace(/\{(?= )/, '{ "use dual";');

describe("defaults that are written out", () => {
  it.each(ways)("are taken as defaults: %s", (text) => {
    const { exports, report } = compile(
      `export function f(x, k) { "use dual"; ${text} return x * x * k; }
       export function g(x) { "use dual"; return f(x) * x; }
       export function h(x, y) { "use dual"; return f(x, y) * x; }`,
      "plain.js",
    );
    expectForms(report);
    expectAgreement({ f: exports.f as never, at: [0.7, 2] });
    expectAgreement({ f: exports.g as never, at: [0.7], along: [1], is: 9 * 0.49 });
    expectAgreement({ f: exports.h as never, at: [0.7, 2] });
    expect(derivative(exports.f as never)(0.5 as never)).toBe(3);
    expect(jvp(exports.f as never, [0.5, undefined] as never, [1] as never)).toEqual([0.75, 3]);
    expect(grad(exports.f as never)(0.5 as never)).toBe(3);
    expect(derivative(derivative(exports.f as never) as never)(0.5 as never)).toBe(6);
  });

  it.each<[string, string, Omit<Case, "f">]>([
    ["made", "(x, y) { const v = new Vec(x, y); return v.dot(v); }", { at: [0.7, 1.9] }],
    ["made with less", "(x) { const v = new Vec(x); return v.dot(v) + v.y; }", { at: [0.7] }],
    [
      "made with nothing",
      "(x) { const v = new Vec(); v.y = x * x; return v.dot(v); }",
      { at: [0.7] },
    ],
    [
      "given nothing to write into",
      "(x, y) { const v = new Vec(x, y).scale(x); return v.dot(new Vec(y, x)); }",
      { at: [0.7, 1.9] },
    ],
    [
      "given something to write into",
      "(x, y) { const t = new Vec(); const v = new Vec(x, y); const w = v.scale(y, t); t.x *= x; return w.dot(v); }",
      { at: [0.7, 1.9] },
    ],
    [
      "given themselves to write into",
      "(x, y) { const v = new Vec(x, y); v.swapped(v); return v.x * x + 3 * v.y; }",
      { at: [0.7, 1.9] },
    ],
    [
      "given one of several to write into",
      "(x, y) { const v = new Vec(x, y); const t = x > 0 ? v : undefined; v.scale(y, t); return v.dot(v); }",
      { at: [0.7, 1.9] },
    ],
    [
      "given one of several that is none",
      "(x, y) { const v = new Vec(x, y); const t = x < 0 ? v : undefined; v.scale(y, t); return v.dot(v); }",
      { at: [0.7, 1.9] },
    ],
    [
      "given null",
      "(x, y) { const v = new Vec(x, y); const w = new Vec(null, y); return v.dot(w); }",
      { at: [0.7, 1.9] },
    ],
  ])("make what classes need: instances %s", (_, text, c) => {
    const { exports } = compile(`${vector} export function f${mark(text)}`, "plain.js");
    expectAgreement({ f: exports.f as never, ...c });
  });

  it("make classes and methods that take the tangent form", () => {
    const { exports, report } = compile(
      `"use dual"; ${vector}
       export const make = (x, y) => new Vec(x, y);
       export function f(x, y) { return make(x, y).scale(x).dot(make(y).swapped()); }`,
      "plain.js",
    );
    expectForms(report);
    expectAgreement({ f: exports.f as never, at: [0.7, 1.9] });
  });

  it.each<[string, string, unknown[], unknown[], unknown]>([
    [
      "too late",
      "(x, k) { const y = x * k; if (k === void 0) k = 2; return y * k; }",
      [3],
      [1],
      [Number.NaN, Number.NaN],
    ],
    [
      "in one branch",
      "(x, k) { if (x > 0) { if (k === void 0) k = 2; } return x * k; }",
      [3],
      [1],
      [6, 2],
    ],
    [
      "in the other branch",
      "(x, k) { if (x < 0) { if (k === void 0) k = 2; } return x * k; }",
      [3],
      [1],
      [Number.NaN, Number.NaN],
    ],
    [
      "by another parameter",
      "(x, k) { if (k === void 0) k = x * x; return x * k; }",
      [3],
      [1],
      [27, 27],
    ],
    [
      "by one that is missing",
      "(x, k, l) { if (k === void 0) k = l; if (l === void 0) l = 2; return x * l + k; }",
      [3],
      [1],
      [Number.NaN, 2],
    ],
    [
      "of another kind",
      "(x, k) { if (k === void 0) k = [x, 2]; return x * k[0] * k[1]; }",
      [3],
      [1],
      [18, 12],
    ],
    [
      "of text",
      "(x, k) { if (k === void 0) k = 'twice'; return k === 'twice' ? x * 2 : x; }",
      [3],
      [1],
      [6, 2],
    ],
    [
      "where null is given and undefined asked for",
      "(x, k) { if (k === void 0) k = 2; return x * k; }",
      [3, null],
      [1, null],
      [0, 0],
    ],
    [
      "where null is given and asked for",
      "(x, k) { if (k == null) k = 2; return x * k; }",
      [3, null],
      [1, null],
      [6, 2],
    ],
    [
      "where null alone is asked for",
      "(x, k) { if (k === null) k = 2; return x * k; }",
      [3],
      [1],
      [Number.NaN, Number.NaN],
    ],
    [
      "where zero is given and truth asked for",
      "(x, k) { k = k || 2; return x * k; }",
      [3, 0],
      [1, 1],
      [6, 2],
    ],
    [
      "more than once",
      "(x, k) { if (k === void 0) k = 2; if (k === 2) k = x; return x * k; }",
      [3],
      [1],
      [9, 6],
    ],
  ])("give what the ordinary call gives: %s", (_, text, at, along, expected) => {
    const { exports } = compile(`export function f${mark(text)}`, "plain.js");
    expect(jvp(exports.f as never, at as never, along as never)).toEqual(expected);
    expect(exports.f?.(...at)).toEqual((expected as unknown[])[0]);
  });
});
