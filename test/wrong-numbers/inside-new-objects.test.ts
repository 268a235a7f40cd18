import { describe, it } from "vitest";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** What is of outside, and a new object or instance holds: a derivative written to it is seen by both names. */

const cases: Record<string, string> = {
  "a list":
    "class B { constructor(public l: number[]) {} } const p = [0]; export function f(x: number[]): number { const b = new B(p); b.l[0] = x[0]! * x[1]!; return p[0]! * x[2]! }",
  "an object":
    "class B { constructor(public l: { v: number }) {} } const p = { v: 0 }; export function f(x: number[]): number { const b = new B(p); b.l.v = x[0]! * x[1]!; return p.v * x[2]! }",
  "a list that a method pushes to":
    "class B { constructor(public l: number[]) {} add(v: number): void { this.l.push(v) } } const world = { l: [0] }; export function f(x: number[]): number { const b = new B(world.l); b.add(x[0]! * x[1]!); const r = world.l.pop()!; return r * x[2]! }",
  "an object that changes its field":
    "const p = { v: 0 }; export function f(x: number[]) { const b = { q: { v: 1 }, r: p }; b.q = b.r; b.q.v = x[0] * x[1]; return p.v * x[2] }",
  "an object that is exchanged for another":
    "const p = { v: 0 }; export function f(x: number[]) { const b = { q: { v: 1 }, r: p }; [b.q, b.r] = [b.r, b.q]; b.q.v = x[0] * x[1]; return p.v * x[2] }",
  "an object with a type that changes its field":
    "interface P { v: number } const p: P = { v: 0 }; export function f(x: number[]) { const b: { q: P; r: P } = { q: { v: 1 }, r: p }; b.q = b.r; b.q.v = x[0] * x[1]; return p.v * x[2] }",
  "an object that a helper puts in":
    "const world = { p: { v: 0 } }; function put(b: { q?: { v: number } }): void { b.q = world.p } export function f(x: number[]) { const b: { q?: { v: number } } = {}; put(b); b.q!.v = x[0] * x[1]; return world.p.v * x[2] }",
  "an object with a name of its own":
    "const p = { v: 0 }; export function f(x: number[]) { const b = { q: { v: 1 }, r: p }; const c = b.r; c.v = x[0] * x[1]; return p.v * x[2] }",
  "a list that changes its field":
    "const p = [0]; export function f(x: number[]) { const b = { q: [1], r: p }; b.q = b.r; b.q[0] = x[0] * x[1]; return p[0] * x[2] }",
  "a row that changes its place":
    "const p = [0]; export function f(x: number[]) { const m = [[1], p]; m[0] = m[1]; m[0][0] = x[0] * x[1]; return p[0] * x[2] }",
  "a row that is pushed":
    "const p = [0]; export function f(x: number[]) { const m: number[][] = []; m.push(p); m[0][0] = x[0] * x[1]; return p[0] * x[2] }",
  "a row that is pushed by another name":
    "const p = [0]; export function f(x: number[]) { const m: number[][] = []; const w = { m }; w.m.push(p); for (const r of w.m) r[0] = x[0] * x[1]; return p[0] * x[2] }",
  "a list that a helper gives":
    "const p = [0]; function pick(k: number): number[] { return k > 0 ? p : [1] } export function f(x: number[]) { const b = { q: pick(1) }; b.q[0] = x[0] * x[1]; return p[0] * x[2] }",
  "one of two lists":
    "const p = [0]; export function f(x: number[]) { const b = { q: x.length > 9 ? [1] : p }; b.q[0] = x[0] * x[1]; return p[0] * x[2] }",
  "a list that a pattern takes out":
    "const p = [0]; const at = { p }; export function f(x: number[]) { const { p: q = [1] } = at; q[0] = x[0] * x[1]; return p[0] * x[2] }",
  "a list that is copied":
    "const p = [0]; const ms = [p]; export function f(x: number[]) { const m = ms.map((r) => r); m[0][0] = x[0] * x[1]; return p[0] * x[2] }",
  "a list that is spread":
    "const p = [0]; const o = { q: p }; export function f(x: number[]) { const b = { ...o, k: 1 }; b.q[0] = x[0] * x[1]; return p[0] * x[2] }",
};

describe("something new holds", () => {
  it.each(Object.entries(cases))("%s", (_, code) => {
    const program: Program = {
      code: `"use dual"; ${code}`,
      at: [[1.5, -2.5, 0.7]],
      along: [[1, 0.5, -1]],
      value: 1.5 * -2.5 * 0.7,
      tangent: 2.525,
    };
    expectEveryForm(program);
  });
});
