import { describe, it } from "vitest";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** Objects that are empty, or lack a field, where they are made, and get it later: often by another name. */

const typed = (body: string, value: number, tangent: number): Program => ({
  code: `"use dual"; interface O { name?: string; k?: number; t?: number; in?: { k?: number } }
    export function f(x: number, o: O): number { ${body} }`,
  at: [2, { k: 3 }],
  along: [1, { k: 2 }],
  value,
  tangent,
});

const untyped = (helper: string, body: string, value: number, tangent: number): Program => ({
  code: `"use dual"; function g(x, o) { ${helper} } export function f(x, o) { ${body} }`,
  at: [2, { k: 3 }],
  along: [1, { k: 2 }],
  value,
  tangent,
});

const programs: Record<string, Program> = {
  "an empty one, by another name": typed(
    "const d: O = {}; let p: O | undefined; p = p || d; let q: O = p ?? o; q.k = x; p.t = x * q.k; return d.k! * d.t! * o.k!;",
    24,
    12 * 3 + 8 * 2,
  ),
  "an empty one that is put into an argument": typed(
    "o.in = o.in || {}; const a = o.in; a.k = x * o.k!; o.k = a.k * 2; return o.in.k! * o.k;",
    72,
    6 * 14 + 12 * 7,
  ),
  "one with a name alone": typed(
    "let d: O = { name: 'a' }; if (x > 5) d = o; d.k = x * x; return d.k * o.k!;",
    12,
    4 * 3 + 4 * 2,
  ),
  "an empty one where none is given": untyped(
    "o = o || {}; o.k = o.k || x; return o.k * x;",
    "return g(x) * g(x, o);",
    24,
    4 * 6 + 4 * 7,
  ),
  "an empty one that is given back": untyped(
    "o = o || {}; o.k = o.k || x; o.k *= x; return o;",
    "const a = g(x), b = g(x, o); b.k += a.k; return a.k * b.k;",
    40,
    4 * 10 + 4 * (7 + 4),
  ),
  "one that lacks a field": untyped(
    "o.m = o.m === undefined ? x : o.m; return x * o.k + o.m;",
    "return g(x, o) + g(x, { k: x });",
    8 + 6,
    7 + 1 + 4 + 1,
  ),
  "one that lacks a field that is a constant": untyped(
    "o.m = o.m === undefined ? 3 : o.m; return x * o.k + o.m * x;",
    "return g(x, o) + g(x, { k: x });",
    12 + 10,
    7 + 3 + 4 + 3,
  ),
  "one that lacks a field that is a list": untyped(
    "o.m = [x, 2]; o.m[1] *= x; return x * o.k + o.m[1] * o.m[0];",
    "return g(x, o) + g(x, { k: x });",
    14 + 12,
    7 + 8 + 4 + 8,
  ),
};

/** The dual form goes over a bridge to the tangent form here, since the object has fewer fields than its type says. */
it("a field that an object gets later in another file has a tangent, also where it is a constant", () =>
  expectEveryForm({
    code: {
      main: `"use dual"; import { fill, type R } from "./lib";
        export function f(x: number, y: number): number { const q: R = { s: y }; fill(q, y); return x * q.s! + q.c! * x; }`,
      lib: `"use dual"; export interface R { s?: number; c?: number }
        export function fill(r: R, x: number): void { r.s = (r.s ?? 1) * x; r.c = x + 1; }`,
    },
    at: [2, 3],
    along: [1, 0],
    value: 26,
    tangent: 13,
  }));

describe("a field that an object gets later has a tangent:", () => {
  it.each(Object.entries(programs))("%s", (_, p) => expectEveryForm(p));
});
