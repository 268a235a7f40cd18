import { jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { compile, load, translate } from "./support/compile.ts";
import { expectAgreement, expectForms, reportOn } from "./support/forms.ts";
import { expectEveryForm } from "./support/programs.ts";

/** What the place of a result tells that nothing else tells of. */

const HELPERS = `"use dual";
  export const centered = (out, xs) => { const m = (xs[0] + xs[1]) / 2; out[0] = xs[0] - m; out[1] = xs[1] - m; return out; };
  export const half = (x) => x / 2;
  export const either = (x) => (x > 0 ? [x, x * x] : x);`;

describe("results of other files", () => {
  it.each([
    ["beside a list", "const ys = isDone ? xs : centered([], xs); return ys[0] * ys[1] * ys[1];"],
    [
      "beside what is beside a list",
      "let ys; ys = !isDone ? centered([], xs) : xs[0] < 0 ? centered(xs, xs) : xs; return ys[0] * ys[1] * ys[1];",
    ],
    [
      "returned where a list is returned too",
      "const g = (us) => { if (isDone) return us; return centered([], us); }; const ys = g(xs); return ys[0] * ys[1] * ys[1] + 0 * xs[0];",
    ],
  ])("are lists: %s", (_, body) => {
    const main = `import { centered } from "./helpers.js";
      export function f(xs, isDone) { "use dual"; ${body} }`;
    // (1, 5) becomes (-2, 2), along (1, 0) as (1/2, -1/2).
    const code = { helpers: HELPERS, main };
    expectEveryForm({
      code,
      at: [[1, 5], false],
      along: [[1, 0], undefined],
      value: -8,
      tangent: 0.5 * 4 + 2 * -2 * 2 * -0.5,
    });
    expectEveryForm({
      code,
      at: [[1, 5], true],
      along: [[1, 0], undefined],
      value: 25,
      tangent: 25,
    });
    expectForms(reportOn(main, "main.js"));
  });

  it("are numbers beside numbers, and what they are is seen when they come", () => {
    const main = `import { half, either } from "./helpers.js";
      export function f(x, isDone) { "use dual"; return isDone ? x : half(x); }
      export function g(x, isDone) { "use dual"; return isDone ? [x] : either(x); }`;
    expectForms(reportOn(main, "main.js"));
    const { f, g } = load(translate({ helpers: HELPERS, main }), "main") as never as Record<
      string,
      never
    >;
    expect(jvp(f, [3, false] as never, [1, null] as never)).toEqual([1.5, 0.5]);
    expect(jvp(g, [3, true] as never, [1, null] as never)).toEqual([[3], [1]]);
    expect(jvp(g, [3, false] as never, [1, null] as never)).toEqual([
      [3, 9],
      [1, 6],
    ]);
    expect(jvp(g, [-3, false] as never, [1, null] as never)).toEqual([-3, 1]);
  });
});

describe("lists of a list and what comes later", () => {
  it.each([
    [
      "a number that is computed later",
      "(x) { const pairs = [[[x, 1], t()], [[1, x], t()]]; function t() { return Math.sin(x); } return pairs[0][0][0] * pairs[1][1]; }",
    ],
    [
      "two returns",
      "(x) { const f = (u) => { const t = Math.acos(u) * 2; return t > 1 ? [[u, t], t] : [[u, u], t]; }; const p = f(x); return p[0][1] * p[1]; }",
    ],
    [
      "one that calls itself",
      "(x) { function f(n, u) { return n > 0 ? [[u], f(n - 1, u * x)[1]] : [[u * u], u]; } const p = f(2, x); return p[0][0] * p[1]; }",
    ],
  ])("are told apart: %s", (_, text) => {
    const code = `export function f${text.replace("{", '{ "use dual";')}`;
    const { exports, report } = compile(code, "plain.js");
    expectForms(report);
    expectAgreement({ f: exports.f as never, at: [0.7] });
  });
});
