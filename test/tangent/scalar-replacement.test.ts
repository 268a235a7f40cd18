import { grad, hvp } from "dualize";
import { twinOf } from "dualize/runtime";
import { describe, expect, it } from "vitest";
import { compile } from "./support/compile.ts";
import { expectAgreement } from "./support/forms.ts";

const head = `"use dual";
class Vec {
  constructor(public x: number, public y: number) {}
  add(v: Vec): Vec { return new Vec(this.x + v.x, this.y + v.y); }
  scale(k: number): Vec { return new Vec(this.x * k, this.y * k); }
  dot(v: Vec): number { return this.x * v.x + this.y * v.y; }
}
class Ease {
  z = 3;
  name: string;
  constructor(public x = 2, public y = -1, name = "ease") { this.name = name; }
}
class Sum {
  total = 0;
  constructor(a: number, b: number) { this.total = a * b; }
  add(x: number): void { this.total += x * this.total; }
}
interface P { x: number; y: number }
const shared = { x: 2, y: 3 };
export let count = 0;
function large(v: P, k: number): number {
  if (k <= 0) return v.x * v.y;
  return large({ x: v.y * v.x, y: v.x }, k - 1) + v.y;
}
`;

type Way = readonly [name: string, body: string];

/** Programs that keep none of what they make. */
const gone: Way[] = [
  ["a vector", "const v = new Vec(x, y); return v.dot(v);"],
  ["a chain of vectors", "return new Vec(x, y).scale(y).add(new Vec(1, x)).dot(new Vec(y, 2));"],
  [
    "vectors that go through a loop",
    "let p = new Vec(x, y); let v = new Vec(y, -x); for (let i = 0; i < 5; i++) { v = v.add(p.scale(-0.1)); p = p.add(v.scale(0.1)); } return p.dot(v);",
  ],
  [
    "a swap",
    "let a = new Vec(x, 1); let b = new Vec(2, y); const t = a; a = b; b = t; return a.x * b.x + a.y * b.y;",
  ],
  [
    "a swap of its own parts",
    "let p = { x, y: y * y }; for (let i = 0; i < 3; i++) p = { x: p.y * 2, y: p.x + x }; return p.x * p.y;",
  ],
  ["a pair", "const p = [x * y, x + y]; const [a, b] = p; return a * b + p.length;"],
  [
    "a variable that changes after it is put in",
    "let a = x; const p = { x: a, y }; a = y * y; return p.x * a + p.y;",
  ],
  ["fields that are written", "const p = { x, y }; p.x += y; p.y *= p.x; return p.x * p.y + p.y;"],
  [
    "fields that are written in a loop, in an object of each round",
    "let s = 0; for (let i = 0; i < 4; i++) { const o = { a: x, n: i }; o.a *= o.n + y; s += o.a; } return s;",
  ],
  [
    "places that are written",
    "const p = [x, 1]; p[1] = p[0] * y; p[0] = p[1] + 1; return p[0] * p[1];",
  ],
  ["a field that one way writes", "const p = { x, y }; if (x > 1) p.x = y * y; return p.x * p.y;"],
  ["an object in an object", "const o = { p: { x, y }, k: 2 }; return o.p.x * o.p.y * o.k;"],
  [
    "objects in an object that goes through a loop",
    "let s = { p: new Vec(x, y), v: new Vec(1, x) }; for (let i = 0; i < 3; i++) s = { p: s.p.add(s.v.scale(0.5)), v: s.v.add(s.p.scale(-0.5)) }; return s.p.dot(s.v);",
  ],
  ["one of two", "let v = new Vec(x, y); if (x > y) v = new Vec(y, x * x); return v.x * v.y;"],
  [
    "what a parameter's default stands in for",
    "const e = new Ease(x * 2); return e.x * e.y + e.z;",
  ],
  ["a literal field", "const e = new Ease(x * y, y * 3); return e.x * e.z - e.y;"],
  [
    "what a constructor computes",
    "const s = new Sum(x, y); s.add(y); s.add(x); return s.total * s.total;",
  ],
  ["a constant of the program", "const p = { x: 2, y: 3 }; return p.x * x + p.y * y;"],
  [
    "what a closure makes",
    "const f = (a: number) => { const p = new Vec(a, x); return p.dot(p); }; return f(x) + f(y);",
  ],
  [
    "two that share a vector",
    "const a = new Vec(x, y); const b = a; const c = b.scale(2); return a.x * b.y + c.x;",
  ],
  [
    "what conditions and places ask for",
    "const o = { n: 3, name: 'b', k: x }; let s = 0; for (let i = 0; i < o.n; i++) s += o.k * ('ab'[i % 2] === o.name ? y : i); return s;",
  ],
  [
    "a sum of which parts are set and read by the way",
    "const p = { x, y }; const r = p.x + (p.x = y * y) * p.x; return r * p.x;",
  ],
  [
    "parts that change places",
    "const p = { x, y }; for (let i = 0; i < 3; i++) [p.x, p.y] = [p.y * 2, p.x]; return p.x * p.x * p.y;",
  ],
  [
    "rounds that are left and skipped from inside",
    "let p = { x, y }; outer: for (let i = 0; i < 3; i++) { for (let j = 0; j < 3; j++) { if (j === 1) continue outer; if (i === 2) break outer; p = { x: p.y * x, y: p.x + j }; } p = { x: 0, y: 0 }; } return p.x * p.y;",
  ],
  [
    "names that are those of the variables",
    "const p = { x$t: x, $a: y }; const p_x$t = y; const p_$a = x * y; p.x$t *= 2; p.$a += x; return p.x$t * p.$a * p_x$t * p_$a;",
  ],
  [
    "a place of undefined",
    "const p = { x, y: undefined as number | undefined }; if (x > 0) p.y = x * y; return p.x * (p.y ?? 7);",
  ],
];

/** Programs in which something is used as a whole. */
const stays: Way[] = [
  [
    "it is kept in a list",
    "const v = new Vec(x, y); const all = [v, v]; let s = 0; for (const w of all) s += w.x * w.y; return s;",
  ],
  [
    "a function that is kept reads it",
    "const o = { n: 2, k: x }; const names = ['a', 'b', 'c'].filter((_, i) => i < o.n); return o.k * names.length * y;",
  ],
  ["a condition is it", "const o = { n: 3, k: x }; return o ? o.k * y : 0;"],
  [
    "it is written by the way",
    "const o = { n: 3, k: x }; return [y, x, x * y][--o.n] * o.n * o.k;",
  ],
  [
    "it is written under another name",
    "const a = { x, y }; const b = a; b.x = y * y; return a.x * a.y;",
  ],
  [
    "the variable may hold another one that is written",
    "let a = { x, y }; const b = { x: y, y: x }; if (x > 1) a = b; b.x = 3 * x; return a.x * b.y;",
  ],
  ["it is given to a function that calls itself", "const p = { x, y }; return large(p, 3) + p.x;"],
  [
    "a place is computed",
    "const p = [x, y, x * y]; let s = 0; for (let i = 0; i < 3; i++) s += p[i] * p[2 - i]; return s;",
  ],
  ["it is what the module has", "let p = shared; if (x > 1) p = { x, y }; return p.x * p.y * x;"],
  [
    "it is what an argument is",
    "let p = q; for (let i = 0; i < 2; i++) p = { x: p.y * x, y: p.x }; return p.x * p.y;",
  ],
  ["it grows", "const p = [x]; p.push(y); return p[0] * p[1];"],
  [
    "it is compared",
    "const a = { x, y }; const b = x > 1 ? a : { x: y, y: x }; return a === b ? a.x * b.y : b.x * b.x * a.y;",
  ],
  ["a number may be missing", "const e = new Ease([x][count + 1], y); return e.x * e.y * x;"],
  ["a field is not there", "const p: { x: number; z?: number } = { x }; return p.x * (p.z ?? y);"],
  [
    "it is written inside another",
    "const a = { x, y }; const o = { p: a, q: a, k: 1 }; o.p.x = y * y; return a.x * o.q.x * a.y * o.k;",
  ],
  [
    "it is taken out and written",
    "const a = { x, y }; const o = { p: a }; const t = o.p; t.x += 1; return a.x * o.p.x * t.y;",
  ],
  [
    "the next round's is the last one's, and written",
    "let last = { x, y }; let s = 0; for (let i = 0; i < 3; i++) { const now = { x: last.y * x, y: last.x }; last = now; now.x += 1; s += last.x * now.x; } return s;",
  ],
  [
    "an argument beyond the end is missing",
    "const xs = [x, y]; const e = new Ease(x, xs[count + 9]); return e.x * e.y * y;",
  ],
  ["it is spread", "const p = { x, y }; const r = { ...p, y: x }; return p.y * r.x * r.y;"],
];

const at = [1.4, 0.6, { x: 0.7, y: -0.4 }];

describe("what a program makes and only looks at the parts of", () => {
  it.each(gone)("is variables: %s", (_, body) => {
    const { code, f } = made(body);
    for (const form of ["f$tangent", "_f$adjoint", "_f$hvp"]) {
      const [, text] = code.split(`function ${form}(`);
      expect(text?.split("\n}\n")[0]).not.toMatch(/new |_blank|\{\n +\w+:|= \[/);
    }
    check(f);
  });

  it.each(stays)("is made where %s", (_, body) => check(made(body).f));
});

function made(body: string) {
  const { exports, code } = compile(
    `${head} export function f(x: number, y: number, q: P): number { ${body} }`,
  );
  return {
    code,
    f: exports.f as never as (x: number, y: number, v: { x: number; y: number }) => number,
  };
}

function check(f: ReturnType<typeof made>["f"]): void {
  expect(twinOf(f)?.tangent).toBeDefined();
  expectAgreement({ f, at });
  expectAgreement({ f, at: [0.3, 2.2, at[2]] });
  const [x, y, v] = at as [number, number, { x: number; y: number }];
  const h = 1e-5;
  const slope = (x: number) => grad(f)(x, y, v);
  const bend = (slope(x + h) - slope(x - h)) / (2 * h);
  const found = hvp(f)(x, 1, y, v) as number;
  expect(Math.abs(found - bend)).toBeLessThan(1e-6 * (1 + Math.abs(bend)));
}
