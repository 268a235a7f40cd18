import { grad, jacobian, valueAndGrad, valueAndJacobian } from "dualize";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";

/** A function that leaves something behind is run once for a whole gradient: a second pass would find it. */

type F = (...args: unknown[]) => unknown;

const fresh = (body: string, more = ""): Record<string, F> =>
  load(
    translate({
      main: `"use dual"; export const T = [1]; let k = 1; class C { static k = 1 } ${more}
        export const state = () => [T[0], k, C.k];
        export function f(xs: number[]) { ${body} }`,
    }),
    "main",
  ) as Record<string, F>;

const largest = (state: F | undefined): number => Math.max(...((state as F)() as number[]));

const changes = ["T[0]++; const s = T[0];", "C.k++; const s = C.k;", "T[0] *= 2; const s = T[0];"];

describe("each part of a gradient is of the same run", () => {
  it.each(changes)("%s", (change) => {
    const { f, state } = fresh(`${change} return s * xs[0] * xs[1];`);
    expect(grad(f as never)([3, 5] as never)).toEqual([10, 6]);
    expect(largest(state)).toBe(2);
    expect(valueAndGrad(f as never)([3, 5] as never)).toEqual(
      change.includes("*=") ? [60, [20, 12]] : [45, [15, 9]],
    );
  });

  it.each(changes)("of a Jacobian too: %s", (change) => {
    const { f, state } = fresh(`${change} return [s * xs[0], s * xs[1], xs[0] * xs[1]];`);
    expect(jacobian(f as never)([3, 5] as never)).toEqual([
      [2, 0],
      [0, 2],
      [5, 3],
    ]);
    expect(largest(state)).toBe(2);
    const [value] = valueAndJacobian(f as never)([3, 5] as never) as unknown as [number[]];
    expect(value[0]).toBe(change.includes("*=") ? 12 : 9);
  });

  it("where an imported function has the effect", () => {
    const { f, log } = load(
      translate({
        main: `import { noted } from "./lib"; export { log } from "./lib";
          export function f(xs: number[]): number { "use dual"; return noted(xs[0]) * xs[1] }`,
        lib: `export const log: number[] = [];
          export function noted(x: number): number { "use dual"; log.push(1); return x * log.length }`,
      }),
      "main",
    ) as Record<string, F>;
    expect(grad(f as never)([3, 5] as never)).toEqual([5, 3]);
    expect(log).toHaveLength(1);
  });
});
