import { expect, it } from "vitest";
import { twinOf } from "../../packages/dualize/src/twins.ts";
import { compile } from "../tangent/support/compile.ts";

/** Rounds of loops that keep more numbers at once than the tape begins with. */

const quotients = (n: number) =>
  Array.from({ length: n }, (_, i) => `const v${i + 1} = x[${i % 2}]! / v${i};`).join(" ");

it("the tape has room for a round that keeps more than twice of what is there", () => {
  const n = 1200;
  const { exports } = compile(`"use dual";
    export function f(x: number[]): number { let s = x[0]!;
      for (let k = 0; k < 500; k++) s = x[1]! / s;
      for (let t = 0; t < 2; t++) { const v0 = s + 1; ${quotients(n)} s = v${n}; }
      return s; }`);
  const { f } = exports;
  const form = twinOf(f);
  // The quotients of the round come to v0·(x₁/x₀)^(n/2), and those before it to x₀.
  const [x0, x1] = [1.001, 1];
  const ratio = (x1 / x0) ** (n / 2);
  const value = ((x0 + 1) * ratio + 1) * ratio;
  expect(f?.([x0, x1])).toBeCloseTo(value, 12);
  const [found, gradient] = form?.adjoints?.gradient(form, [[x0, x1]], 0) ?? [];
  expect(found).toBe(f?.([x0, x1]));
  const byRatio = 2 * (x0 + 1) * ratio + 1;
  const [g0, g1] = gradient as number[];
  expect(g0).toBeCloseTo(ratio ** 2 - (byRatio * ratio * n) / 2 / x0, 9);
  expect(g1).toBeCloseTo((byRatio * ratio * n) / 2 / x1, 9);
});
