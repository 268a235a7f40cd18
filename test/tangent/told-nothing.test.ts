import { jvp } from "dualize";
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
});
