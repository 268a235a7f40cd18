import { derivative, grad, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { compile } from "../tangent/support/compile.ts";

/** The ways in which people write that something is there already, and is used. */

const map = "const c = new Map<number, number>();";
const object = "const c: Record<string, number> = {};";
const byText = (asked: string): string =>
  `${object} export function f(x: number): number { const k = String(x); ${asked} return (c[k] = x * x) * x; }`;
const used = "let v = c.get(k); if (v === undefined) { v = x * x; c.set(k, v); } return v * x;";
/** A class that keeps by text in a way of its own. */
const wrapped = (members: string, body = used): string =>
  `class S { ${members} } const c = new S(); export function f(x: number): number { const k = "k" + x; ${body} }`;
const inObject =
  "o: Record<string, number> = {}; get(k: string): number | undefined { return this.o[k]; } set(k: string, v: number): void { this.o[k] = v; }";

/** Each computes `x³`. */
const shapes: Record<string, string> = {
  "an optional get": `${map} export function f(x: number): number { let v = c?.get(x); if (v === undefined) { v = x * x; c?.set(x, v); } return v * x; }`,
  "an optional has": `const o: { c?: Map<number, number> } = { c: new Map() };
    export function f(x: number): number { if (o.c?.has(x)) return o.c.get(x)! * x; const v = x * x; o.c?.set(x, v); return v * x; }`,
  "an optional place": `const o: { c?: Record<string, number> } = { c: {} };
    export function f(x: number): number { const k = String(x); const hit = o.c?.[k]; if (hit !== undefined) return hit * x; const v = x * x; if (o.c) o.c[k] = v; return v * x; }`,
  "typeof a number": byText('if (typeof c[k] === "number") return c[k]! * x;'),
  "typeof undefined": byText('if (typeof c[k] !== "undefined") return c[k]! * x;'),
  "hasOwnProperty.call": byText(
    "if (Object.prototype.hasOwnProperty.call(c, k)) return c[k]! * x;",
  ),
  "Reflect.has": byText("if (Reflect.has(c, k)) return c[k]! * x;"),
  "a conditional": `${map} export function f(x: number): number { const v = c.has(x) ? c.get(x)! : x * x; c.set(x, v); return v * x; }`,
  "||, and set afterwards": `${map} export function f(x: number): number { const v = c.get(x) || x * x; c.set(x, v); return v * x; }`,
  "??, and set afterwards": `${map} export function f(x: number): number { const v = c.get(x) ?? x * x; c.set(x, v); return v * x; }`,
  "??, and put afterwards": `${object} export function f(x: number): number { const k = String(x); const v = c[k] ?? x * x; c[k] = v; return v * x; }`,
  "a loop": `${map} export function f(x: number): number { while (!c.has(x)) c.set(x, x * x); return c.get(x)! * x; }`,
  "text of two numbers": `const c = new Map<string, number>();
    function g(a: number, b: number): number { const k = a + "," + b; let v = c.get(k); if (v === undefined) { v = a * b; c.set(k, v); } return v; }
    export function f(x: number): number { return g(x, x) * x; }`,
  "text of text": `const c = new Map<string, number>();
    export function f(x: number): number { const name = "x" + x; const k = \`\${name}:\${String(x)}\`; let v = c.get(k); if (v === undefined) { v = x * x; c.set(k, v); } return v * x; }`,
  "tables in a table": `const c: Record<string, Record<string, number>> = {};
    export function f(x: number): number { const a = "a" + x, b = "b" + x; const row = (c[a] ??= {}); return (row[b] ??= x * x) * x; }`,
  "a class that keeps in an object": wrapped(inObject),
  "a class that keeps in an object, asked by has": wrapped(
    `${inObject} has(k: string): boolean { return k in this.o; }`,
    "if (!c.has(k)) c.set(k, x * x); return c.get(k)! * x;",
  ),
  "a class that keeps in a Map by text": wrapped(
    "#m = new Map<string, number>(); get(k: string): number | undefined { return this.#m.get(k); } set(k: string, v: number): void { this.#m.set(k, v); }",
  ),
  "a class that forgets": wrapped(
    `${inObject} clear(): void { this.o = {}; }`,
    "let u = c.get(k); if (u === undefined) { u = 1; c.set(k, u); } c.clear(); let v = c.get(k); if (v === undefined) { v = x * x; c.set(k, v); } return v * x;",
  ),
  "a class that extends one": `class Kept { protected m = new Map<number, number>(); get(x: number): number | undefined { return this.m.get(x); } set(x: number, v: number): void { this.m.set(x, v); } }
    class Few extends Kept { set(x: number, v: number): void { if (this.m.size > 5) this.m.delete(this.m.keys().next().value!); super.set(x, v); } }
    const c = new Few(); export function f(x: number): number { let v = c.get(x); if (v === undefined) { v = x * x; c.set(x, v); } return v * x; }`,
  "a class that computes": `class Kept { m = new Map<number, number>(); getOr(x: number, g: () => number): number { if (!this.m.has(x)) this.m.set(x, g()); return this.m.get(x)!; } }
    const c = new Kept(); export function f(x: number): number { return c.getOr(x, () => x * x) * x; }`,
  "two numbers that move differently, in an object of a class": `${wrapped(inObject).replace("export function f", "function g")}
    export function f(x: number): number { return (g(x) + g(2 * x - 3) - g(2 * x - 3)) * (x / x) + g(3) - g(3); }`,
  pairs: `const c: [number, number][] = []; export function f(x: number): number { for (const [k, v] of c) if (k === x) return v * x; c.push([x, x * x]); return x * x * x; }`,
  findIndex: `const ks: number[] = [], vs: number[] = []; export function f(x: number): number { const i = ks.findIndex((k) => k === x); if (i !== -1) return vs[i]! * x; ks.push(x); vs.push(x * x); return x * x * x; }`,
};

describe("a memo that is asked by", () => {
  it.each(Object.entries(shapes))("%s", (_, code) => {
    for (const isWarm of [false, true]) {
      const { exports } = compile(`"use dual"; ${code}`);
      const f = exports.f as (x: number) => number;
      if (isWarm) expect(f(3)).toBe(27);
      expect(jvp(f, [3], [1])).toEqual([27, 27]);
      expect(f(3)).toBe(27);
      expect(grad(f)(3)).toBe(27);
      expect(derivative(derivative(f))(3)).toBe(18);
      expect(f(3)).toBe(27);
    }
  });

  it.each([
    ["a pattern", byText("const { [k]: hit } = c; if (hit !== undefined) return hit * x;")],
    ["NaN", byText("if (!Number.isNaN(c[k])) return c[k]! * x;")],
    ["a number that stands for nothing", byText("if (c[k] !== -1) return c[k]! * x;")],
    [
      "an exception",
      `${map} export function f(x: number): number { try { const hit = c.get(x); if (hit === undefined) throw 0; return hit * x; } catch { const v = x * x; c.set(x, v); return v * x; } }`,
    ],
  ])("%s has a note", (_, code) => {
    const notes = compile(`"use dual"; ${code}`, "note.ts").notes.map((n) => n.code);
    expect(new Set(notes)).toEqual(new Set(["DUAL011"]));
  });
});
