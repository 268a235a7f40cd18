import { grad, jvp, vjp } from "dualize";
import { describe, expect, it } from "vitest";
import { pushDual } from "../../packages/dualize/src/transforms/push.ts";
import { load, translate } from "../tangent/support/compile.ts";

/** Lists that are more than their elements: with fields and methods of their own, and of classes of their own. */

class Vector extends Array<number> {
  get first(): number {
    return this[0] as number;
  }
  norm(): number {
    return Math.hypot(...this);
  }
}

const cases: Record<string, readonly [body: string, xs: () => number[]]> = {
  "a field": ["return p[0] * (p.k ?? 1) + p[1];", () => Object.assign([3, 4], { k: 3 })],
  "a list in a field": [
    "return p[0] * p.rows[1][0] + p.length;",
    () => Object.assign([3, 4], { rows: [[1], [2]] }),
  ],
  "an accessor of its class": ["return (p.first ?? 5) * p[1];", () => Vector.of(3, 4)],
  "its class": ["return p.constructor === Array ? p[0] : p[0] * p[0];", () => Vector.of(3, 4)],
  "a list inside": [
    "return p[0][0] * (p[0].k ?? 1);",
    () => [Object.assign([3, 4], { k: 3 })] as never,
  ],
};

describe("an argument has", () => {
  it.each(Object.entries(cases))("%s", (_, [body, xs]) => {
    const code = `"use dual"; export function f(p: any): number { ${body} }`;
    const { f } = load(translate({ main: code }), "main") as { f: (p: unknown) => number };
    const value = f(xs());
    const at = (h: number, i: number) => {
      const p = xs();
      const row = (Array.isArray(p[0]) ? p[0] : p) as number[];
      row[i] = (row[i] as number) + h;
      return f(p);
    };
    const slope = [0, 1].map((i) => (at(1e-5, i) - at(-1e-5, i)) / 2e-5);
    const nested = Array.isArray(xs()[0]);
    const direction = nested ? [[1, 2]] : [1, 2];
    const flat = (g: unknown) => (nested ? (g as unknown[])[0] : g) as number[];
    const expected = (slope[0] as number) + 2 * (slope[1] as number);
    for (const [v, t] of [
      jvp(f as never, [xs()] as never, [direction] as never),
      pushDual(f, undefined, [xs()], [direction]) as [number, number],
    ]) {
      expect(v).toBe(value);
      expect(t).toBeCloseTo(expected, 6);
    }
    for (const mode of ["forward", "reverse"] as const) {
      const g = flat(grad(f as never, { mode })(xs() as never));
      expect(Array.from(g)[0]).toBeCloseTo(slope[0] as number, 6);
      expect(Array.from(g)[1]).toBeCloseTo(slope[1] as number, 6);
    }
    expect(vjp(f as never, [xs()] as never)[0]).toBe(value);
  });

  it("fields that are written", () => {
    const code = `"use dual"; export function f(p: any): number { p.sum = p[0] * p[1]; p[0] = p.k; return p.sum + p[0]; }`;
    const { f } = load(translate({ main: code }), "main") as { f: (p: unknown) => number };
    const [plain, given] = [Object.assign([3, 4], { k: 2 }), Object.assign([3, 4], { k: 2 })];
    expect(jvp(f as never, [given] as never, [[1, 0]] as never)).toEqual([f(plain), 4]);
    expect(given).toEqual(plain);
  });
});
