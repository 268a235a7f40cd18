import { jvp } from "dualize";
import { twin, twinOf } from "dualize/runtime";
import { describe, expect, it, vi } from "vitest";
import { load, translate } from "./support/compile.ts";

/** Functions without types that are called with fewer arguments than they have parameters. */
const programs: Record<string, string> = {
  "tested for": `(x, month, day) => { if (month !== undefined) return x * month + day; return x * x; }`,
  "with a value instead": `(x, y, z) => { const w = y ?? 3; return x * w * (z === void 0 ? 2 : z); }`,
  "handed on": `(x, y) => { const g = (a, b) => (b === undefined ? a * a : a * b); return g(x, y) + x; }`,
  "counted by": `(x, y) => (typeof y === "number" ? x * y : 1 / x)`,
  "set where it is missing": `(x, y) => { y ??= x * x; return y * x; }`,
  "in a list": `(x, y) => { const v = [x, y]; return v.length * x * x + (v[1] === undefined ? x : 0); }`,
  "that a value is made of": `(x, y) => { const v = [x, y]; return v[1] === undefined ? x * x * x : v[1]; }`,
};

describe("an argument that is missing,", () => {
  it.each(Object.entries(programs))("%s, leaves a function its fast form", (_, code) => {
    const main = `"use dual"; export const f = ${code};`;
    const f = load(translate({ main }, {}, "js"), "main").f as (x: number) => number;
    const { dual, tangent } = twinOf(f) as { dual: () => unknown; tangent: () => unknown };
    expect(tangent).toBeDefined();
    const slope = (f(1.3 + 1e-5) - f(1.3 - 1e-5)) / 2e-5;
    const taken = vi.fn(dual as never);
    const g = twin((x: number) => f(x), { ...twinOf(f), dual: taken } as never);
    const [value, along] = jvp(g, [1.3], [1]);
    expect(value).toBe(f(1.3));
    expect(along).toBeCloseTo(slope, 6);
    expect(taken).not.toHaveBeenCalled();
  });

  it("leaves what is computed with it no number, and what it is without a tangent", () => {
    const main = `"use dual"; export const f = (x, y) => x + y; export const g = (x, y) => [x, y];`;
    const { f, g } = load(translate({ main }, {}, "js"), "main") as Record<string, never>;
    expect(jvp(f, [2] as never, [1] as never)[0]).toBeNaN();
    expect(jvp(g, [2] as never, [1] as never)).toEqual([
      [2, undefined],
      [1, null],
    ]);
  });
});
