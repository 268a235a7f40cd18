import { grad, vjp } from "dualize";
import { describe, expect, it } from "vitest";
import { compile } from "../tangent/support/compile.ts";

/** A function under checkpoint runs again on the way back, and has to be the same function then. */

const program = (body: string) => {
  const { exports } = compile(`"use dual"; import { checkpoint } from "dualize";
    let k = 2; const cfg = { k: 2 };
    export const set = (v: number): void => { k = v; cfg.k = v; };
    export const count = (): number => k;
    const step = checkpoint((x: number): number => ${body});
    const steps = checkpoint((xs: number[]): number[] => xs.map((x) => ${body}));
    export function f(x: number): number { return step(x) * x; }
    export function g(x: number): number { return steps([x, 2 * x])[0]! * x; }`);
  return exports as Record<"f" | "g" | "set" | "count", (x: number) => number>;
};

describe("a function under checkpoint", () => {
  it.each(["k * x * x", "cfg.k * x * x"])("that reads what has changed is an error: %s", (body) => {
    const { f, g, set } = program(body);
    for (const h of [f, g]) {
      set(2);
      const [value, pullback] = vjp(h, [3]);
      expect([value, pullback(1)]).toEqual([54, [54]]);
      set(5);
      expect(() => pullback(1)).toThrow(/DUAL108.*gives something else on the way back/);
      set(2);
      expect(pullback(2)).toEqual([108]);
      expect(grad(h)(3)).toBe(54);
    }
  });

  it("that is never the same is an error, or runs once", () => {
    const { f, g, count } = program("k++ * x");
    for (const h of [f, g]) {
      const pullback = vjp(h, [3])[1];
      expect(() => pullback(1)).toThrow(/DUAL108.*on the way back/);
      const before = count(0);
      try {
        expect(grad(h)(3)).toBe(6 * before);
      } catch (error) {
        expect(String(error)).toMatch(/DUAL108.*on the way back/);
      }
    }
  });

  it("whose value somebody writes into is the same", () => {
    const { exports } = compile(`"use dual"; import { checkpoint } from "dualize";
      const squares = checkpoint((xs: number[]): number[] => xs.map((x) => x * x));
      export function f(x: number): number { const ys = squares([x, 2 * x]); ys[0] = ys[0]! * x; return ys[0]! + ys[1]!; }`);
    expect(grad(exports.f as (x: number) => number)(3)).toBe(27 + 24);
  });
});
