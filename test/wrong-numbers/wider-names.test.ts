import { describe, it } from "vitest";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/**
 * Objects in which something is a constant where they are made, and a number by another name: of a parameter, a
 * variable, an element. What is written by that name is read by the first.
 */

const at = { at: [2, 3], along: [1, 2] };

/** The product of `y²`, which is put into a field, and `x`. */
const product = (body: string, outside = ""): Program => ({
  code: `"use dual"; interface Has { v: number; w: number } const flags = { on: true, k: 0 }; ${outside}
    export function f(x: number, y: number): number { ${body} }`,
  ...at,
  value: 18,
  tangent: 9 + 2 * 12,
});

const put = "function put(o: Has, v: number): void { o.v = v * v; }";
const again =
  "function put(o: Has, v: number, n: number): void { if (n > 0) put(o, v, n - 1); else o.v = v * v; }";
const untyped =
  "function put(o, v, n) { if (n > 0) put(o, v, n - 1); else { o.v = v * v; o.s = v; } }";

const programs: Record<string, Program> = {
  "one of two constants, by a parameter": product(
    "const o = { v: flags.on ? 1 : 2, w: x }; put(o, y); return o.v * o.w;",
    put,
  ),
  "one of two constants, by a parameter of what calls itself": product(
    "const o = { v: flags.on ? 1 : 2, w: x }; put(o, y, 2); return o.v * o.w;",
    again,
  ),
  "what else is a constant, by a parameter of what calls itself": product(
    "const o = { v: flags.k || 1, w: x }; put(o, y, 2); return o.v * o.w;",
    again,
  ),
  "one of two constants, by a method": product(
    "const o = { v: flags.on ? 1 : 2, w: x }; new W(y).put(o, 1); return o.v * o.w;",
    "class W { constructor(readonly k: number) {} put(o: Has, n: number): void { if (n > 0) this.put(o, n - 1); else o.v = this.k * this.k; } }",
  ),
  "nothing, by a parameter without a type": product(
    "const o = { v: null, w: x, s: '' }; put(o, y, 2); return o.v * o.w;",
    untyped,
  ),
  "nothing, by a variable": product(
    "const p = { v: null, w: x }; let q: Has = p as never; if (y > 9) q = { v: 1, w: 2 }; q.v = y * y; return p.v! * p.w;",
  ),
  "nothing, by an element": product(
    "const o = { v: null, w: x }; const l = [o, { v: y, w: 2 }]; l[0].v = y * y; return o.v! * o.w;",
  ),
  "nothing, by a field": product(
    "const o = { v: null, w: x }; const h = { o: { v: 1, w: y } }; h.o = o as never; h.o.v = y * y; return o.v! * o.w;",
  ),
  "nothing, by a choice": product(
    "const o = { v: null, w: x }; const p = x > 1 ? o : { v: y, w: y }; p.v = y * y; return o.v! * o.w;",
  ),
};

const elsewhere = (made: string): Program => ({
  code: {
    main: `"use dual"; import { put } from "./lib"; const flags = { on: true, k: 0 };
      export function f(x: number, y: number): number { const o = { v: ${made}, w: x }; put(o, y); return o.v! * o.w; }`,
    lib: `"use dual"; export function put(o: { v: number | null; w: number }, v: number): void { o.v = v * v; }`,
  },
  ...at,
  value: 18,
  tangent: 33,
});

const imported: Record<string, Program> = {
  "one of two constants": elsewhere("flags.on ? 1 : 2"),
  "what else is a constant": elsewhere("flags.k || 1"),
  nothing: elsewhere("null as number | null"),
};

describe("a number in the place of a constant:", () => {
  it.each(Object.entries(programs))("%s", (_, p) => expectEveryForm(p));
});

describe("a number that another file puts in the place of a constant:", () => {
  it.each(Object.entries(imported))("%s", (_, p) => expectEveryForm(p));
});
