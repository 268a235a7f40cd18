import { grad, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { compile } from "./support/compile.ts";
import { expectAgreement, expectForms } from "./support/forms.ts";

describe("variables and parameters of which little is told", () => {
  it.each([
    [
      "a list that is made later",
      "(x, n) { var ret, i; ret = Array(n); for (i = 0; i < n; i++) { ret[i] = x * i; } return ret; }",
    ],
    [
      "lists in a list",
      "(x, n) { var ret, row, i, k; ret = Array(n); for (i = 0; i < n; i++) { row = Array(n); for (k = 0; k < n; k++) row[k] = x * i * k; ret[i] = row; } return ret; }",
    ],
    [
      "a list that is begun again",
      "(x, n) { var ret = [x], s; s = ret[0]; ret = []; for (var i = 0; i < n; i++) ret.push(s * x * i); return ret; }",
    ],
    [
      "a variable that nothing is written to",
      "(x, n) { var i, s = 0, never; for (i = 0; i < n; i++) s += x * i; return never === undefined ? s * x : s; }",
    ],
    [
      "a variable of a loop",
      "(x, n) { let last = 1; for (const v of [x, x * n]) last *= v; for (var k in [1, 2]) last += x * +k; return last; }",
    ],
  ])("take the tangent form: %s", (_, text) => {
    const code = `export function f${text.replace("{", '{ "use dual";')}`;
    const { exports, report } = compile(code, "plain.js");
    expectForms(report);
    expectAgreement({ f: exports.f as never, at: [0.7, 4], along: [1, 0] });
  });

  it("take the tangent form: a parameter that nobody looks at", () => {
    const { exports, report } = compile(
      `export function f(unused, x) { "use dual"; return x * x; }
       export function g(x, y) { "use dual"; return f(x * y, x) + f([x], y) * f("", x); }
       export function all(unused, x) { "use dual"; return arguments[0] * x; }`,
      "plain.js",
    );
    expectForms(report, { all: /arguments|type/ });
    const { f, g, all } = exports as Record<string, never>;
    expect(jvp(f, [2, 3] as never, [1, 1] as never)).toEqual([9, 6]);
    expect(jvp(f, ["a", 3] as never, [null, 1] as never)).toEqual([9, 6]);
    expect(jvp(f, [[1, 2], 3] as never, [[1, 1], 1] as never)).toEqual([9, 6]);
    expect(jvp(f, [undefined, 3] as never, [undefined, 1] as never)).toEqual([9, 6]);
    expect(jvp(all, [2, 3] as never, [1, 1] as never)).toEqual([6, 5]);
    expectAgreement({ f: g, at: [0.7, 1.9] });
  });

  it("take the tangent form: a parameter that is only tested, whatever it is", () => {
    const { exports } = compile(
      `"use dual";
       export function f(x, flag) { return flag ? x * x : -x; }
       export function g(x, kind) { if (kind === f || !kind) return x; switch (kind) { case 1: return x * 3; default: return x * x; } }
       export function all(x) { return f(x, "yes") + f(x, 0) + f(x, [x]) + g(x, null) + g(x, 1) + g(x, { x }) + f(x); }
       export function or(x, flag) { return (flag || x) * x; }
       export function changed(x, flag) { flag = flag || x; return flag ? x * flag : x; }`,
      "plain.js",
    );
    const { f, g, or, changed } = exports as Record<string, never>;
    for (const flag of [true, "a", 2, [1], { a: 1 }, null, undefined, 0, Number.NaN])
      expect(jvp(f, [3, flag] as never, [1, null] as never)).toEqual(flag ? [9, 6] : [-3, -1]);
    expect(jvp(f, [3, 2] as never, [1, 5] as never)).toEqual([9, 6]);
    expect(jvp(f, [3, [2]] as never, [1, [5]] as never)).toEqual([9, 6]);
    expect(grad(f, { argnum: 1 } as never)(3 as never, 2 as never)).toBe(0);
    expect(jvp(g, [3, f] as never, [1, null] as never)).toEqual([3, 1]);
    expect(jvp(g, [3, 1] as never, [1, 1] as never)).toEqual([9, 3]);
    // A flag that comes out again is a number like any other.
    expect(jvp(or, [3, 2] as never, [1, 5] as never)).toEqual([6, 2 + 15]);
    expect(jvp(or, [3, 0] as never, [1, 5] as never)).toEqual([9, 6]);
    expect(jvp(changed, [3, 2] as never, [1, 5] as never)).toEqual([6, 2 + 15]);
    expectAgreement({ f: exports.all as never, at: [0.7] });
  });

  it("take the tangent form: a parameter that is only handed on, where it is a number", () => {
    const { exports, report } = compile(
      `"use dual";
       const lib = {};
       lib.scale = function (x, k) { return x * k; };
       lib.first = function (xs) { return xs[0]; };
       lib.kind = function (o) { return typeof o; };
       export function f(x, k) { return lib.scale(x, k) * x; }
       export function first(xs, k) { return lib.first(xs) * k; }
       export function pick(a, b, c) { return c ? a : b; }
       export function wrap(x) { return { x: [x] }; }
       export function told(x, o) { return lib.kind(o) === "object" ? x * x : x; }
       export function picks(x) { return pick(x * x, x, true) + pick(x, 1, x < 0) + pick(2, x, 1); }
       export function lists(x) { return pick([x], [x * x], false)[0] * wrap([x])["x"][0][0]; }
       export function texts(x) { return pick("a", "b", x > 0) === "a" ? x * x : x; }
       export function others(x) { const T = { k: 2 }; return told(x, T) + told(x, null) + told(x, "t"); }`,
      "plain.js",
    );
    const forms = new Map(report.map((r) => [r.name, r.form]));
    for (const name of ["f", "first", "pick", "wrap", "told", "picks"])
      expect([name, forms.get(name)]).toEqual([name, "tangent"]);
    const { f, first, pick, wrap, told } = exports as Record<string, never>;
    expect(jvp(f, [3, 2] as never, [1, 1] as never)).toEqual([18, 12 + 9]);
    expect(jvp(first, [[3, 4], 2] as never, [[1, 0], 1] as never)).toEqual([6, 2 + 3]);
    expect(jvp(pick, [[3], [4], 1] as never, [[5], [6], 0] as never)).toEqual([[3], [5]]);
    expect(jvp(pick, [3, [4], 0] as never, [1, [6], 0] as never)).toEqual([[4], [6]]);
    expect(jvp(pick, ["a", 4, true] as never, [null, 6, null] as never)).toEqual(["a", null]);
    expect(jvp(wrap, [{ y: 1 }] as never, [{ y: 2 }] as never)).toEqual([
      { x: [{ y: 1 }] },
      { x: [{ y: 2 }] },
    ]);
    expect(jvp(told, [3, { a: 1 }] as never, [1, { a: 5 }] as never)).toEqual([9, 6]);
    expect(jvp(told, [3, null] as never, [1, null] as never)).toEqual([9, 6]);
    expect(jvp(told, [3, "a"] as never, [1, null] as never)).toEqual([3, 1]);
    for (const name of ["picks", "lists", "texts"])
      expectAgreement({ f: exports[name] as never, at: [0.7] });
    expectAgreement({
      f: exports.others as never,
      at: [0.7],
      declines: "objects and texts where numbers were expected",
    });
  });
});
