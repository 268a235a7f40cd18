import { derivative, grad, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { twinOf } from "../../packages/dualize/src/twins.ts";
import { compile } from "./support/compile.ts";
import { expectAgreement } from "./support/forms.ts";

const head = `"use dual";
class Vec {
  constructor(public x = 0, public y = 0) {}
  set(x: number, y: number): this { this.x = x; this.y = y; return this; }
  copy(v: Vec): this { this.x = v.x; this.y = v.y; return this; }
  add(v: Vec): this { this.x += v.x; this.y += v.y; return this; }
  scale(k: number): this { this.x *= k; this.y *= k; return this; }
  dot(v: Vec): number { return this.x * v.x + this.y * v.y; }
  minus(v: Vec, target = new Vec()): Vec { target.x = this.x - v.x; target.y = this.y - v.y; return target; }
  turned(target?: Vec): Vec {
    if (!target) target = new Vec();
    const x = this.x;
    target.x = -this.y;
    target.y = x;
    return target;
  }
}
const s = new Vec();
const t = new Vec(1, 2);
`;

/** What writes before it reads, on every way. */
const takes: [string, string][] = [
  ["sets it", "s.set(x, y); return s.dot(s);"],
  ["writes its fields", "s.x = x * y; s.y = x; return s.x * s.y;"],
  ["copies into it", "const v = new Vec(x, y); s.copy(v).scale(y); return s.dot(v);"],
  ["hands it to a default", "const v = new Vec(x, y); v.minus(new Vec(y, 2), s); return s.dot(v);"],
  [
    "hands it to what asks for it",
    "const v = new Vec(x, y).turned(s); return s.x * v.y + y * v.x;",
  ],
  [
    "writes it on both ways",
    "if (x > y) s.set(x, 1); else { s.x = y; s.y = x * x; } return s.x * s.y;",
  ],
  [
    "writes it again and again",
    "let sum = 0; for (let i = 0; i < 3; i++) { s.set(x * i, y); sum += s.dot(s); } return sum;",
  ],
  [
    "writes it before a loop",
    "s.set(x, y); for (let i = 0; i < 3; i++) s.scale(x); return s.x + y * s.y;",
  ],
  [
    "leaves a loop",
    "s.set(x, y); for (let i = 0; i < 9; i++) { if (i > 2) break; if (i === 1) continue; s.scale(y); } return s.dot(s);",
  ],
  ["has two", "s.set(x, y); t.copy(s).scale(x); return s.dot(t);"],
  ["swaps them", "s.set(x, y); t.set(y, 3); s.turned(s); t.add(s); return t.x * s.y;"],
  ["leaves early", "if (x < 0) return x * y; s.set(x, y); return s.x * s.x;"],
  ["calls another one", "s.set(x, y); const d = s.dot(s); return d * other(x, y);"],
  [
    "writes it again after another one",
    "s.set(x, y); const d = s.x; const o = large(x, y); s.set(d, o); return s.dot(s);",
  ],
];

/** What would find there what somebody left. */
const keeps: [string, string][] = [
  ["reads what was left", "const d = s.x; s.set(x, y); return s.dot(s) + d;"],
  ["writes a part of it", "s.x = x * y; return s.x * s.y;"],
  ["writes it on one way", "if (x > 100) s.set(x, y); return s.x + x;"],
  ["adds to it", "s.x += x; s.y = y; return s.x * s.y;"],
  ["writes it in a loop", "for (let i = 0; i < x; i++) s.set(x, y + i); return s.x * y + x;"],
  [
    "writes it after a round",
    "let sum = x; for (let i = 0; i < 3; i++) { sum += s.x * y; s.set(x, y); } return sum;",
  ],
  ["is overwritten by what it calls", "s.set(x, y); const o = large(y, x); return s.x * o;"],
  ["is overwritten by what it is given", "s.set(x, y); const o = f(y) as number; return s.x * o;"],
  ["gives it back", "s.set(x, y); return s;"],
  ["keeps it", "s.set(x, y); const kept = [s]; s.set(y, x); return kept[0].x * x;"],
  ["keeps it in an object", "s.set(x, y); const o = { v: s }; o.v.x *= y; return s.x * x;"],
];

const large = `
function other(x: number, y: number): number { t.set(y, x); return t.x * t.y; }
function large(x: number, y: number): number {
  s.set(x * 3, y * 5);
  let sum = 0;
  ${Array.from({ length: 30 }, (_, i) => `sum += Math.sin(x * ${i + 1}) * s.x + Math.cos(y + ${i}) * s.y;`).join("\n")}
  return sum;
}
`;

describe("objects of the module to write into", () => {
  it.each(takes)("belong to each function that %s", (_, body) => {
    const { exports } = compile(
      `${head} ${large} export function f(x: number, y: number): number { ${body} }`,
    );
    const f = exports.f as never as (x: number, y: number) => number;
    expect(twinOf(f)?.tangent).toBeDefined();
    expectAgreement({ f, at: [0.7, 1.9] });
    expectAgreement({ f, at: [1.9, 0.7] });
    const twice = derivative((x: number) => derivative((y: number) => f(x, y))(1.9));
    const h = 1e-4;
    const slope = (x: number) => grad(f, { argnum: 1 })(x, 1.9);
    const difference = (slope(0.7 + h) - slope(0.7 - h)) / (2 * h);
    expect(Math.abs(twice(0.7) - difference)).toBeLessThan(1e-5 * (1 + Math.abs(difference)));
  });

  it.each(keeps)("do not belong to a function that %s", (_, body) => {
    const code = `${head} ${large} export function f(x: number, y: number, f?: (x: number) => unknown): unknown { ${body} }
      export const reset = (x: number, y: number) => { s.set(x, y); t.set(x, y); return x; };
      export const g = (x: number) => { s.set(x * 5, 8); return s.x + x; };`;
    const run = (derive: boolean) => {
      const { exports } = compile(code);
      const { f, reset, g } = exports as Record<string, (...xs: unknown[]) => unknown>;
      const text = (v: unknown) => JSON.stringify(v);
      reset?.(0.3, 0.4);
      const first = derive
        ? text((jvp(f as never, [0.7, 1.9, g] as never, [1, 0.5] as never) as unknown[])[0])
        : text(f?.(0.7, 1.9, g));
      // What it left is what the ordinary call leaves.
      return [first, text(f?.(1.1, 0.2, g)), text(f?.(0.1, 0.9, g))];
    };
    expect(run(true)).toEqual(run(false));
  });

  it("have derivatives that go through what one call leaves for another", () => {
    const { exports } = compile(
      `${head}
       export function fill(x: number): number { s.set(x, x * x); return x; }
       export function read(k: number): number { return s.x * k + s.y; }
       export function f(x: number): number { fill(x); return read(3); }`,
    );
    const { f } = exports as Record<string, (x: number) => number>;
    expect(jvp(f as never, [0.7] as never, [1] as never)).toEqual([0.7 * 3 + 0.7 * 0.7, 3 + 1.4]);
    expect(grad(f as never)(0.7 as never)).toBeCloseTo(4.4, 12);
  });

  it("are looked for in functions that have no fast form too", () => {
    const { exports } = compile(
      `${head}
       export function fill(x: number): number { s.set(x, x * x); return s.x; }
       export function late(x: number, n: any): any { const { a, ...rest } = n; return s.x * x + rest.b + a; }
       export function f(x: number): number { fill(x); return late(x, { a: 1, b: 2 }) as number; }`,
    );
    const { f, late } = exports as Record<string, (...x: unknown[]) => number>;
    expect(jvp(f as never, [0.7] as never, [1] as never)).toEqual([0.7 * 0.7 + 3, 1.4]);
    expect(late?.(2, { a: 0, b: 0 })).toBe(1.4);
  });

  it("stay what they are where they are exported, read at the top or in a closure", () => {
    for (const [more, after] of [
      ["export { s };", ""],
      ["", "s.set(3, 4);"],
      ["export const look = () => s.x;", ""],
      ["export const table = [s];", ""],
    ]) {
      const { exports } = compile(
        `${head} ${after} export function f(x: number, y: number): number { s.set(x, y); return s.dot(s); } ${more}`,
      );
      expect(jvp(exports.f as never, [2, 3] as never, [1, 0] as never)).toEqual([13, 4]);
      const { look, s, table } = exports as never as {
        look?: () => number;
        s?: { x: number };
        table?: { x: number }[];
      };
      const seen = look?.() ?? s?.x ?? table?.[0]?.x;
      expect(seen === undefined || seen === 2).toBe(true);
    }
  });

  it.each(["x = 0; constructor() { made++; }", "x = made++;", "x = 0; #own = made++;"])(
    "are made once where their class counts that: %s",
    (body) => {
      const { exports } = compile(
        `"use dual"; let made = 0; class Counted { ${body} set(x: number): void { this.x = x; } }
       const s = new Counted();
       export function f(x: number, y: number): number { s.set(x * y); return s.x * s.x; }
       export const count = () => made;`,
      );
      const { f, count } = exports as Record<string, (...x: unknown[]) => number>;
      expect(jvp(f as never, [2, 3] as never, [1, 0] as never)).toEqual([36, 36]);
      expect(grad(f as never)(2 as never, 3 as never)).toBe(36);
      expect(count?.()).toBe(1);
    },
  );
});
