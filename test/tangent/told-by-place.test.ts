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

  it.each([
    ["a list, by a variable", "const p = pair(x); return p[0] * p[1];", 27, 27],
    ["a list, taken apart", "const [a, b] = pair(x); return a * b;", 27, 27],
    ["a list, at once", "return pair(x)[1] * x;", 27, 27],
    [
      "a list that is gone through",
      "let s = 0; for (const v of pair(x)) s += v * v; return s;",
      90,
      114,
    ],
    [
      "a list that is written to",
      "const p = pair(x); p[0] *= p[1]; p[1] = 2; return p[0] * p[1] * p.length;",
      108,
      108,
    ],
    ["an object, by a variable", "const q = polar(x, 0); return q.x * q.x + q.y;", 9, 6],
    ["an object, taken apart", "const { x: u, y } = polar(x, 0); return u * u + y;", 9, 6],
    ["an object with more", "return more(x).r * x;", 9, 6],
    ["an object with lists", "const m = more(x); return m.rows[0][1] * m.r;", 27, 27],
    [
      "an object that is given back",
      "const m = more(x); return m.r > 0 ? m : m;",
      { r: 3, name: "more", rows: [[3, 9]], z: 1 },
      { r: 1, name: null, rows: [[1, 6]], z: 0 },
    ],
    ["a typed array", "const f = floats(x); f[0] += 1; return f[0] * f[1];", 4 * 9, 9 + 4 * 6],
    [
      "what is given",
      "const o = { r: x, k: 2 }; const p = same(o); p.r *= 2; return o.r * p.k;",
      12,
      4,
    ],
  ] as const)("are what their use tells: %s", (_, body, value, tangent) => {
    const helpers = `"use dual";
      export const pair = (x) => [x, x * x];
      export const polar = (r, a) => ({ x: r * Math.cos(a), y: r * Math.sin(a) });
      export const more = (x) => ({ r: x, name: "more", rows: [[x, x * x]], z: 1 });
      export const floats = (x) => new Float64Array([x, x * x]);
      export const same = (o) => (o.r > 0 ? o : { r: 0, k: 1 });`;
    const main = `import { pair, polar, more, floats, same } from "./helpers.js";
      export function f(x) { "use dual"; ${body} }`;
    expectForms(reportOn(main, "main.js"));
    expectEveryForm({ code: { helpers, main }, at: [3], value, tangent });
  });

  it("may turn out to be something else than their use told", () => {
    const helpers = `"use dual";
      export const text = (x) => "ab" + (x > 0 ? "c" : "");
      export const number = (x) => x * x;
      export const map = (x) => new Map([[0, x]]);
      export const table = (x) => ({ 0: x, 1: x * x, length: 2 });
      export class Vec { constructor(x, y) { this.x = x; this.y = y; } get z() { return this.x * this.y; } }
      export const vec = (x) => new Vec(x, 2);`;
    const main = `import { text, number, map, table, vec } from "./helpers.js";
      export function f(x) { "use dual"; return text(x)[1] === "b" ? x * x : x; }
      export function g(x) { "use dual"; const n = number(x); return n[0] === undefined ? n * x : 0; }
      export function h(x) { "use dual"; const m = map(x); return m.size * m.get(0) * x; }
      export function i(x) { "use dual"; const t = table(x); return t[0] * t[1] * t.length; }
      export function j(x) { "use dual"; const v = vec(x); return v.z * v.x; }`;
    const all = load(translate({ helpers, main }), "main") as never as Record<string, never>;
    const along = (name: string) => jvp(all[name] as never, [3] as never, [1] as never);
    for (const time of ["once", "twice"]) {
      expect(along("f"), time).toEqual([9, 6]);
      expect(along("g"), time).toEqual([27, 27]);
      expect(along("h"), time).toEqual([9, 6]);
      expect(along("i"), time).toEqual([54, 54]);
      expect(along("j"), time).toEqual([18, 12]);
    }
  });

  it("may have methods that are given what may be of their kind", () => {
    const helpers = `"use dual";
      export const vec = (x, y) => ({ x, y, times: (v) => vec(x * v.x, y * v.y) });`;
    const main = `import { vec } from "./helpers.js";
      export function f(x) { "use dual"; return vec(x, 1).times(vec(x, x)).times(vec(2, vec(x, x).times(vec(x, 1)).x)).y; }
      export function g(x) { "use dual"; const v = vec(x, 1), w = v.times(vec(v.x, x)); return w.times(v.times(w)).x; }`;
    const all = load(translate({ helpers, main }), "main") as never as Record<string, never>;
    expect(jvp(all.f as never, [3] as never, [1] as never)).toEqual([27, 27]);
    expect(jvp(all.g as never, [3] as never, [1] as never)).toEqual([243, 405]);
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
