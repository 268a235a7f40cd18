import { derivative, grad, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { compile } from "./support/compile.ts";
import { type Case, expectAgreement, expectForms } from "./support/forms.ts";

/** JavaScript: nothing but use tells what a parameter is. */
const numbers: [string, string, Omit<Case, "f">][] = [
  ["arithmetic", "(x, y) { return x * y + x / y - x ** 2; }", { at: [0.7, 1.9] }],
  ["functions of Math", "(x) { return Math.sin(x) + Math.sqrt(x); }", { at: [0.7] }],
  ["comparisons", "(x, y) { if (x > y) return x * 2; return y - x; }", { at: [0.7, 1.9] }],
  ["signs", "(x) { return -x; }", { at: [0.7], along: [1], is: -1 }],
  [
    "loops",
    "(x, n) { let s = 0; for (let i = 0; i < n; i++) { s += x * i; } return s; }",
    { at: [0.7, 4], along: [1, 0], is: 6 },
  ],
  [
    "variables",
    "(x, y) { const a = x * y; let b; b = a + x; var c = b * b; return c; }",
    { at: [0.7, 1.9] },
  ],
  [
    "compound assignment",
    "(x, y) { let s = 1; s *= x; s += y; x -= s; return x * s; }",
    { at: [0.7, 1.9] },
  ],
  ["defaults", "(x, k = 3) { return x * k; }", { at: [0.7], along: [1], is: 3 }],
  [
    "local arrays",
    "(x) { const xs = [x, x * x]; xs.push(2 * x); xs[0] *= 3; return xs.reduce((a, b) => a + b, 0); }",
    { at: [0.7], along: [1], is: 5 + 1.4 },
  ],
  [
    "local objects",
    "(x) { const o = { a: x, b: { c: x * x } }; o.a += o.b.c; const { a, b } = o; return a * b.c; }",
    { at: [0.7] },
  ],
  [
    "local closures",
    "(x, y) { const f = (v) => v * x; function g(a, b) { return f(a) + b; } return g(y, x); }",
    { at: [0.7, 1.9] },
  ],
  [
    "arrays that grow from nothing",
    "(x, n) { const xs = []; for (let i = 0; i < n; i++) xs.push(x ** i); let s = 0; for (const v of xs) s += v; return s; }",
    { at: [0.7, 3], along: [1, 0], is: 1 + 1.4 },
  ],
  [
    "typed arrays",
    "(x) { const xs = new Float64Array(3); xs[1] = x * x; return xs[1] * x + xs[0]; }",
    { at: [0.7], along: [1], is: 3 * 0.7 ** 2 },
  ],
  [
    "Array.from",
    "(x, n) { return Array.from({ length: n }, (_, i) => x * i).map((v) => v * v).reduce((a, b) => a + b); }",
    { at: [0.7, 3], along: [1, 0] },
  ],
];

describe("functions without types", () => {
  it.each(numbers)("take the tangent form where use tells of numbers: %s", (_, text, c) => {
    const { exports, report } = compile(
      `export function f${text.replace("{", '{ "use dual"; ')}`,
      "plain.js",
    );
    expectForms(report);
    expectAgreement({ f: exports.f as never, ...c });
  });

  it("take the tangent form through each other", () => {
    const { exports, report } = compile(
      `const square = (x) => x * x;
       function area(r) { return Math.PI * square(r); }
       export function f(r, n) { "use dual"; return n <= 0 ? area(r) : r * f(r / 2, n - 1); }`,
      "plain.js",
    );
    expectForms(report);
    expectAgreement({ f: exports.f as never, at: [0.7, 3], along: [1, 0] });
  });

  it.each<[string, string, Omit<Case, "f">]>([
    ["lists", "(xs) { return xs[0] * xs[1]; }", { at: [[2, 3]] }],
    ["typed arrays", "(xs) { return xs[0] * xs[1]; }", { at: [new Float64Array([2, 3])] }],
    [
      "lists that are written to",
      "(out, a, b) { out[0] = a[0] * b[0]; out[1] = a[1] - b[0]; return out; }",
      { at: [[0, 0], new Float64Array([2, 3]), [5]] },
    ],
    [
      "lists of lists",
      "(m) { let s = 0; for (const r of m) s += r[0] * r[1]; return s; }",
      {
        at: [
          [
            [2, 3],
            [4, 5],
          ],
        ],
      },
    ],
    [
      "lists, by their methods",
      "(xs) { return xs.map((x) => x * x).reduce((a, b) => a + b); }",
      { at: [[2, 3]] },
    ],
    [
      "lists of objects",
      "(ps) { let s = 0; for (let i = 0; i < ps.length; i++) s += ps[i].x * ps[i].y; return s; }",
      { at: [[{ x: 2, y: 3 }]] },
    ],
    ["objects", "(p) { return p.x * p.y; }", { at: [{ x: 2, y: 3 }] }],
    [
      "objects in objects",
      "(o) { const { p } = o; return p.x * p.q[1] + o.k; }",
      { at: [{ p: { x: 2, q: [1, 3] }, k: 4 }] },
    ],
    ["patterns", "({ x, y: [a, b] }) { return x * a * b; }", { at: [{ x: 2, y: [3, 4] }] }],
    [
      "words",
      "(x, name) { return name === 'square' ? x * x : x; }",
      { at: [3, "square"], along: [1, null], is: 6 },
    ],
    ["functions that they hand it to", "(p) { return first(p) * p[1]; }", { at: [[2, 3]] }],
    ["other names", "(p) { const q = p; let r = q; return r[0] * q[1]; }", { at: [[2, 3]] }],
  ])("take the tangent form where use tells of %s", (_, text, c) => {
    const { exports, report } = compile(
      `function first(xs) { return xs[0] * xs[0]; }
       export function f${text.replace(/\{(?= (return|out|let|const))/, '{ "use dual";')}`,
      "plain.js",
    );
    expectForms(report);
    expectAgreement({ f: exports.f as never, ...c });
  });

  it.each([
    ["a number and a list", "(x) { return x[0] * x; }", [2], [1], [Number.NaN, Number.NaN]],
    ["a function of the language", "(f, x) { return f(x) * x; }", [Math.exp, 0], [null, 1], [0, 1]],
    [
      "another object",
      "(p) { return p.x * p.y; }",
      [{ x: 2, y: 3, z: "" }],
      [{ x: 1, y: 1 }],
      [6, 5],
    ],
    ["text", "(x, xs) { return x * xs.length; }", [2, "abc"], [1, null], [6, 3]],
    ["integers", "(x, xs) { return x * xs[0]; }", [2, new Int8Array([3])], [1, null], [6, 3]],
    ["what is only handed on", "(x) { return [x]; }", [2], [1], [[2], [1]]],
    [
      "an endless chain",
      "(n) { let s = 0; for (; n; n = n.next) s += n.v * n.v; return s; }",
      [{ v: 2, next: { v: 3, next: null } }],
      [{ v: 1 }],
      [13, 4],
    ],
    ["any number of arguments", "(...xs) { return xs[0] * xs[1]; }", [2, 3], [1, 1], [6, 5]],
  ])("take the dual form where a value is %s", (_, text, at, along, expected) => {
    const { exports } = compile(
      `export function f${text.replace(/\{(?= (return|let))/, '{ "use dual";')}`,
      "plain.js",
    );
    expect(jvp(exports.f as never, at as never, along as never)).toEqual(expected);
  });

  it("take the dual form where a value is not what use told", () => {
    const { exports, report } = compile(
      `export function join(a, b) { "use dual"; return a + b; }
       export function later(x) { "use dual"; const xs = []; const ys = xs; ys.push(x); return xs[0] * 2; }
       export function held(x) { "use dual"; const o = {}; o.x = x; return o.x * 2; }
       export function chosen(x) { "use dual"; let v = null; if (x > 0) v = { x }; return v.x * x; }
       export function either(x) { "use dual"; let v = x; if (x > 100) v = [x]; return v * 2; }`,
      "plain.js",
    );
    expect(report.find((r) => r.name === "join")?.form).toBe("tangent");
    expect(jvp(exports.join as never, ["a", "b"] as never, [null, null] as never)).toEqual([
      "ab",
      null,
    ]);
    expect(jvp(exports.join as never, [1, "b"] as never, [1, null] as never)).toEqual(["1b", null]);
    expect(jvp(exports.join as never, [1, 2] as never, [1, 10] as never)).toEqual([3, 11]);
    for (const name of ["later", "held", "either"]) {
      expect(jvp(exports[name] as never, [3] as never, [1] as never)).toEqual([6, 2]);
    }
    expect(jvp(exports.chosen as never, [3] as never, [1] as never)).toEqual([9, 6]);
  });

  it("have gradients where a counter is declared before its loop", () => {
    const { exports } = compile(
      `export function f(xs, x) { "use dual"; var i; var s = 0; for (i = 0; i < xs.length; i++) s += xs[i] * x; return s; }`,
      "plain.js",
    );
    expect(grad(exports.f as never)([1, 2, 3] as never, 2 as never)).toEqual([2, 2, 2]);
    expect(grad(exports.f as never, { argnum: 1 })([1, 2, 3] as never, 2 as never)).toBe(6);
  });

  it("take the same form after their types are stripped", () => {
    const typed = `export function f(x: number, n: number): number { "use dual"; let s: number = 0; for (let i = 0; i < n; i++) s += x ** i; return s; }`;
    const stripped = typed.replace(/: number/g, "");
    const [a, b] = [compile(typed), compile(stripped, "plain.js")];
    expectForms(a.report);
    expectForms(b.report);
    expect(derivative(b.exports.f as never)(2 as never, 4 as never)).toBe(
      derivative(a.exports.f as never)(2 as never, 4 as never),
    );
    expect(grad(b.exports.f as never)(2 as never, 4 as never)).toBe(17);
  });

  it("are compiled where what a function is given tells a callback what it gets", () => {
    const { exports } = compile(
      `"use dual";
      function last(value) { value.each((n) => { value = n.value; }); return value; }
      export function f(x) { return last({ each: (look) => look({ value: x * x }) }); }`,
      "plain.js",
    );
    expect(jvp(exports.f as never, [3] as never, [1] as never)).toEqual([9, 6]);
  });
});
