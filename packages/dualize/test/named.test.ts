import { customJvp, derivative, grad, jvp } from "dualize";
import { describe, expect, test } from "vitest";

describe("a function of the same file that a transform gets by its name", () => {
  const cube = (x: number) => x ** 3;
  function scaled(x: number): number {
    return 2 * helper(x);
  }
  function helper(x: number): number {
    return x * x;
  }
  const plane = ([x, y]: [number, number]) => x * y;

  test("is marked by that, with what it calls", () => {
    expect(derivative(cube)(2)).toBe(12);
    expect(derivative(derivative(cube))(2)).toBe(12);
    expect(derivative(scaled)(3)).toBe(12);
    expect(grad(plane)([2, 3])).toEqual([3, 2]);
    expect(jvp(cube, [2], [1])).toEqual([8, 12]);
  });
  test("may be made inside another function, or be one of two", () => {
    const slopeAt = (a: number, x: number): number => {
      const inner = (y: number) => a * y * y;
      return derivative(inner)(x);
    };
    expect(slopeAt(5, 2)).toBe(20);
    const pick = (which: boolean) => derivative(which ? cube : scaled)(2);
    expect([pick(true), pick(false)]).toEqual([12, 8]);
  });
  test("may be anything where it has a rule", () => {
    // biome-ignore lint/security/noGlobalEval: what can't be differentiated
    const evaluated = (x: number): number => eval("(y) => y * y")(x);
    const f = customJvp(evaluated, ([x], [dx]) => [x * x, 2 * x * (dx ?? 0)]);
    expect(jvp(f, [3], [1])).toEqual([9, 6]);
  });
});
