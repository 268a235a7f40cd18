import { grad, jvp, vjp } from "dualize";
import { describe, expect, it } from "vitest";
import { compile } from "../tangent/support/compile.ts";
import { codeOf, expectToldForms, type Told } from "../tangent/support/programs.ts";

/**
 * Answers that a function keeps outside are made anew in the fast form, and functions that keep lists of their own
 * are run in their dual form in the middle of it. Each program gives what all forms give, in the form that it says.
 */

const T = "interface T { t: number }";
const memo = (rest: string, fill = "memo = { t: a.t, s: Math.sin(a.t) * a.t };"): string =>
  `"use dual"; ${T} interface Kept { t: number; s: number } let memo: Kept;
   function kept(a: T): Kept { if (!memo || Math.abs(memo.t - a.t) > 1e-9) { ${fill} } return memo; } ${rest}`;
const s2 = Math.sin(2) * 2;
const ds2 = Math.cos(2) * 2 + Math.sin(2);

const answers: Record<string, Told> = {
  "read by its fields": {
    code: memo("export function f(x: number): number { return kept({ t: x }).s * x; }"),
    at: [2],
    value: s2 * 2,
    tangent: ds2 * 2 + s2,
    fast: ["kept", "f"],
  },
  "asked for twice, at other places and the same": {
    code: memo(`export function f(x: number): number {
      const a = kept({ t: x }); const b = kept({ t: 3 * x }); const c = kept({ t: x }); return a.s + b.s * c.s; }`),
    at: [2],
    value: s2 + Math.sin(6) * 6 * s2,
    tangent: ds2 + (Math.cos(6) * 6 + Math.sin(6)) * 3 * s2 + Math.sin(6) * 6 * ds2,
    fast: ["kept", "f"],
  },
  "in a loop, by numbers": {
    code: `"use dual"; let last: { x: number; y: number } | undefined;
      function cube(x: number): number { if (!last || last.x !== x) { last = { x, y: x ** 3 }; } return last.y; }
      export function f(x: number): number { let sum = 0; for (let i = 1; i < 4; i++) sum += cube(x * i) * i; return sum; }`,
    at: [2],
    value: 8 * (1 + 16 + 81),
    tangent: 12 * (1 + 16 + 81),
    fast: ["cube", "f"],
  },
  "where one call asks for another": {
    code: `"use dual"; let last: { x: number; n: number; y: number };
      function power(x: number, n: number): number {
        if (!last || last.x !== x || last.n !== n) { const below = n < 1 ? 1 : power(x, n - 1) * x; last = { x, n, y: below }; }
        return last.y; }
      export function f(x: number): number { return power(x, 3) + power(x, 3); }`,
    at: [2],
    value: 16,
    tangent: 24,
  },
  "that whoever is given it writes to": {
    code: memo(`export function f(x: number): number {
      const a = kept({ t: x }); a.s *= 3; return kept({ t: x }).s * x; }`),
    at: [2],
    value: s2 * 6,
    tangent: (ds2 * 2 + s2) * 3,
    slow: ["f", "kept"],
  },
  "that is handed on": {
    code: memo(`const twice = (k: { s: number }): void => { k.s *= 2; };
      export function f(x: number): number { twice(kept({ t: x })); return kept({ t: x }).s * x; }`),
    at: [2],
    value: s2 * 4,
    tangent: (ds2 * 2 + s2) * 2,
    slow: ["f", "kept"],
  },
  "that another function reads": {
    code: memo(`const read = (): number => memo.s;
      export function f(x: number): number { return kept({ t: x }).s + read() * x; }`),
    at: [2],
    value: s2 * 3,
    tangent: ds2 * 3 + s2,
    slow: ["f", "kept"],
  },
  "that something runs before": {
    code: `"use dual"; let last: { x: number; y: number };
      function g(x: number, h: (x: number) => number): number {
        if (!last || last.x !== x) { last = { x, y: x * x }; } const k = h(x); return last.y * k; }
      export function f(x: number): number { return g(x, (v) => (v > 1 ? g(v / 2, (w) => w) : v)); }`,
    at: [2],
    value: 1,
    tangent: 2.5,
    slow: ["g"],
  },
  "that is asked for by some of what it is made of": {
    code: `"use dual"; let last: { x: number; y: number };
      function g(x: number, k: number): number { if (!last || last.x !== x) { last = { x, y: x * k }; } return last.y; }
      export function f(x: number): number { return g(3, x) + g(3, 2 * x); }`,
    at: [2],
    value: 12,
    tangent: 6,
    slow: ["g"],
    noDifferences: "the second call is answered with what the first one left",
  },
};

/** What is compared says less than what the answer is made of, or not that it is the same. */
const loose: Record<string, Told> = {
  "by the whole part of a number": {
    code: `"use dual"; let last: { k: number; y: number };
      function g(x: number): number { if (!last || last.k !== Math.floor(x)) { last = { k: Math.floor(x), y: x * x }; } return last.y; }
      export function f(x: number): number { return g(x) + 10 * g(x + 0.5); }`,
    at: [2.25],
    value: 2.25 ** 2 * 11,
    tangent: 4.5 * 11,
    slow: ["g"],
  },
  "by which is greater": {
    code: `"use dual"; let last: { x: number; y: number };
      function g(x: number): number { if (!last || last.x < x) { last = { x, y: x * x }; } return last.y; }
      export function f(x: number): number { return g(x) + 10 * g(x / 2); }`,
    at: [2],
    value: 44,
    tangent: 44,
    slow: ["g"],
  },
};

/** What an ordinary call finds there is none of what it would make. */
const stale: Record<string, string> = {
  "that a variable of the module was read for": `"use dual"; let last: { x: number; y: number }; let scale = 2;
    function g(x: number): number { if (!last || last.x !== x) { last = { x, y: scale * x }; } return last.y; }
    export function f(x: number): number { scale = 2; const a = g(x); scale = 3; return a * g(x); }`,
  "that another field of the argument was read for": `"use dual"; let last: { t: number; y: number };
    function g(a: { t: number; u: number }): number { if (!last || last.t !== a.t) { last = { t: a.t, y: a.u }; } return last.y; }
    export function f(x: number): number { return g({ t: 1, u: x }) + 10 * g({ t: 1, u: x * x }); }`,
};

const lists: Record<string, Told> = {
  "a list that one function has": {
    code: `"use dual"; ${T} const cache: number[][] = [];
      function fill(list: number[][], i: number): number[] { if (!list[i]) { list[i] = [i, 2 * i].sort(); } return list[i]!; }
      function g(a: T): number { const k = fill(cache, Math.floor(a.t)); return a.t * a.t * [k[0]!, k[1]!].sort()[1]!; }
      export function f(x: number): number { return g({ t: x }) * x; }`,
    at: [2.5],
    value: 2.5 ** 3 * 4,
    tangent: 3 * 2.5 ** 2 * 4,
    slow: ["g"],
    fast: ["f"],
  },
  "a list that another function reads": {
    code: `"use dual"; ${T} const cache: number[] = [];
      function g(a: T): number { cache[0] = [a.t, a.t].sort()[0]!; return a.t; }
      export function f(x: number): number { return g({ t: x * x }) + (cache[0] ?? 0) * x; }`,
    at: [2],
    value: 12,
    tangent: 16,
    slow: ["f"],
  },
  "an object that is kept is the one that was given": {
    code: `"use dual"; ${T} const cache: T[] = [];
      function g(a: T): number { cache[0] = a; return [a.t, a.t].sort()[0]!; }
      function last(): T { return cache[0]!; }
      export function f(x: number): number { const a = { t: x }; const y = g(a); a.t = y * x; return last().t * x; }`,
    at: [2],
    value: 8,
    tangent: 12,
    slow: ["f"],
  },
  "an argument that is written to": {
    code: `"use dual"; ${T} const cache: number[] = [];
      function g(a: T): number { cache.push(1); a.t = [a.t * 2, a.t * 2].sort()[0]!; return a.t; }
      export function f(x: number): number { const a = { t: x }; return g(a) * a.t; }`,
    at: [2],
    value: 16,
    tangent: 16,
  },
  "an object of its own that it writes to again and gives": {
    code: `"use dual"; const at = { x: 0, y: 0 };
      function point(r: number): { x: number; y: number } { at.x = [r, r].sort()[0]!; at.y = r * r; return at; }
      export function f(x: number): number { const a = point(x); const b = point(x + 1); return a.x * b.y + a.y; }`,
    at: [2],
    value: 36,
    tangent: 33,
    slow: ["point", "f"],
  },
  "one of several objects of its own": {
    code: `"use dual"; const all = { points: [{ x: 0 }, { x: 0 }], next: 0 };
      function point(r: number): { x: number } { const p = all.points[all.next]!; all.next = 1 - all.next; p.x = r * r; return p; }
      export function f(x: number): number { const a = point(x); const b = point(x + 1); const c = point(x + 2); return a.x * 100 + b.x * 10 + c.x; }`,
    at: [2],
    value: 1706,
    tangent: 868,
    slow: ["point", "f"],
  },
  "an object of its own in a new one": {
    code: `"use dual"; const at = { x: 0 };
      function point(r: number): { at: { x: number }; r: number } { at.x = [r, r].sort()[0]!; return { at, r }; }
      export function f(x: number): number { const a = point(x); const b = point(x * x); return a.at.x * b.at.x + a.r; }`,
    at: [2],
    value: 18,
    tangent: 33,
    slow: ["point", "f"],
  },
};

const fallbacks: Record<string, Told> = {
  "where there is nothing": {
    code: `"use dual"; interface O { k?: number; y?: number }
      export function f(x: number, o?: O): number { const k = (o && o.k) || 3; const y = (o && o.y) || x * x; return k * x + y; }`,
    at: [2],
    value: 10,
    tangent: 7,
    fast: ["f"],
  },
  "where there is an object": {
    code: `"use dual"; interface O { k?: number; y?: number }
      const g = (x: number, o?: O | null): number => { const k = (o && o.k) || 3; const y = (o && o.y) || x * x; return k * x + y; };
      export function f(x: number): number { return g(x, { k: x }) * g(x, { y: x }) + g(x, null) + g(x); }`,
    at: [2],
    value: 8 * 8 + 20,
    tangent: 8 * 8 + 8 * 4 + 14,
    fast: ["g", "f"],
  },
  "where what is behind is no number": {
    code: `"use dual"; interface O { y?: number }
      const g = (x: number, o: O | undefined): number => { const y = o && o.y; return y === undefined ? x : x * y; };
      export function f(x: number): number { return g(x, undefined) + g(x, {}) + g(x, { y: x }) + g(x, { y: 0 }); }`,
    at: [3],
    value: 15,
    tangent: 8,
    fast: ["f"],
  },
};

const handed: Record<string, Told> = {
  "a function that sets variables, to a function inside": {
    code: `"use dual"; export function f(x: number): number {
      const out = { a: 0, b: 0 };
      function both(p: number, q: number, set: (a: number, b: number) => void): void { set(p * q, p + q); }
      both(x, 3, (a, b) => (out.a = a, out.b = b));
      both(out.a, out.b, (a, b) => { out.a += a; out.b -= b; });
      return out.a * out.b; }`,
    at: [2],
    value: (6 + 30) * (5 - 11),
    tangent: (3 + 3 * 5 + 6) * (5 - 11) + (6 + 30) * (1 - 4),
    fast: ["f"],
  },
  "a function that counts its calls": {
    code: `"use dual"; export let calls = 0;
      function cube(x: number): number { calls++; return x ** 3; }
      function slope(g: (x: number) => number, x: number): number { return g(x) + g(2 * x); }
      export function f(x: number): number { return slope((v) => cube(v) * x, x) + calls * x; }`,
    at: [2],
    value: 8 * 2 + 64 * 2 + 4,
    tangent: 4 * 8 + 4 * 64 + 2,
    noDifferences: "it counts its calls",
    fast: ["f", "slope", "cube"],
  },
  "a function inside that is called and handed on": {
    code: `"use dual"; function twice(g: (x: number) => number, x: number): number { return g(g(x)); }
      export function f(x: number): number { function g(v: number): number { return v * x + 1; } let y = g(x); y += g(2 * x); return twice(g, y) * y; }`,
    at: [1.5],
    value: (8.75 * 1.5 * 1.5 + 1.5 + 1) * 8.75,
    tangent: (9 * 1.5 * 1.5 + 8.75 * 3 + 1) * 8.75 + (8.75 * 1.5 * 1.5 + 1.5 + 1) * 9,
    fast: ["f", "twice"],
  },
};

const all = { ...answers, ...loose, ...lists, ...fallbacks, ...handed };

describe("an answer that is kept, a list of one's own, a function that is handed on", () => {
  it.each(Object.entries(all))("%s", (_, program) => expectToldForms(program));

  it.each(Object.entries(stale))("an answer is no other one: %s", (_, code) => {
    expect(codeOf(code, 2)).toBe("DUAL108");
    expect(() => grad(compile(code).exports.f as (x: number) => number)(2)).toThrow(/DUAL108/);
    expect(() => vjp(compile(code).exports.f as (x: number) => number, [2])).toThrow(/DUAL108/);
  });

  it("leaves outside what an ordinary call leaves", () => {
    const { exports } = compile(
      memo(`export function f(x: number): number { return kept({ t: x }).s * x; }`),
    );
    const f = exports.f as (x: number) => number;
    jvp(f, [2], [1]);
    // Answered within the tolerance by what the derivative left.
    expect(f(2 + 1e-10)).toBe(s2 * (2 + 1e-10));
    expect(jvp(f, [2 + 1e-10], [1])[0]).not.toBe(s2 * (2 + 1e-10));
  });
});
