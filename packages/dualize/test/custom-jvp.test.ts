import { describe, expect, expectTypeOf, test } from "vitest";
import { customJvp, derivative, grad, jvp } from "../src/index.ts";
import { add, call, div, marked, mul, pow } from "./support/ops.ts";

/** The root y of y³ + y = x by Newton's method, as unmarked code has it. */
function solve(x: number): number {
  let y = x;
  for (let i = 0; i < 200; i++) y -= (y ** 3 + y - x) / (3 * y * y + 1);
  return y;
}

describe("customJvp", () => {
  const root: (x: number) => number = customJvp(
    solve,
    marked(([x]: [number], [dx]: [number]): [number, number] => {
      const y = call(root, x);
      return [y, div(dx, add(mul(3, mul(y, y)), 1))];
    }),
  );

  test("leaves ordinary calls to the function", () => {
    let ruled = 0;
    const f = customJvp(solve, (([x], [dx]) => {
      ruled++;
      return [x, dx];
    }) as (p: [number], t: [number]) => [number, number]);
    expect(f(10)).toBe(2);
    expect(ruled).toBe(0);
    expectTypeOf(f).toEqualTypeOf<(x: number) => number>();
  });
  test("takes the derivative from the rule", () => {
    expect(jvp(root, [10], [1])).toEqual([2, 1 / 13]);
    expect(derivative(root)(10)).toBe(1 / 13);
  });
  test("is used inside marked functions", () => {
    const f = marked((x: number) => mul(x, call(root, mul(x, x))));
    // d/dx x·r(x²) = r + 2x²·r'
    const x = Math.sqrt(10);
    expect(derivative(f)(x)).toBeCloseTo(2 + 20 / 13, 14);
  });
  test("is differentiated again through its rule", () => {
    // y'' = -6y·y'² / (3y² + 1)
    expect(derivative(derivative(root))(10)).toBeCloseTo(-12 / 13 / 13 / 13, 16);
  });
  test("need not be marked for derivatives that are not nested", () => {
    const f = customJvp(
      (x: number) => x,
      ([x], [dx]) => [x, 100 * dx] as const,
    );
    expect(jvp(f, [2], [3])).toEqual([2, 300]);
    expect(() => derivative(derivative(f))(2)).toThrow(/DUAL102/);
  });
  test("gets zeros for arguments that do not move, and what is no number as it is", () => {
    const seen: unknown[] = [];
    const f = customJvp(
      (x: number, y: number, _xs: number[], _s: string) => x * y,
      ([x, y, xs, s], tangents) => {
        seen.push([x, y, xs, s], tangents);
        return [x * y, tangents[0] * y + x * tangents[1]] as const;
      },
    );
    expect(jvp(f, [2, 3, [4, 5], "s"], [1])).toEqual([6, 3]);
    expect(seen).toEqual([
      [2, 3, [4, 5], "s"],
      [1, 0, [0, 0], null],
    ]);
  });
  test("works on float arrays and gives arrays and objects", () => {
    const f = customJvp(
      (xs: Float64Array) => ({ sum: xs.reduce((s, x) => s + x, 0) }),
      ([xs], [dxs]) =>
        [{ sum: xs.reduce((s, x) => s + x, 0) }, { sum: dxs.reduce((s, x) => s + x, 0) }] as const,
    );
    expect(jvp(f, [Float64Array.of(1, 2, 3)], [Float64Array.of(1, 10, 100)])).toEqual([
      { sum: 6 },
      { sum: 111 },
    ]);
    expect(grad(marked((xs: Float64Array) => call(f, xs).sum))(Float64Array.of(1, 2))).toEqual(
      Float64Array.of(1, 1),
    );
  });
  test("keeps the perturbations of nested derivatives apart", () => {
    const twice = customJvp(
      (x: number) => 2 * x,
      marked(([x]: [number], [dx]: [number]): [number, number] => [mul(2, x), mul(2, dx)]),
    );
    const f = marked((x: number) =>
      mul(x, derivative(marked((y: number) => call(twice, add(x, y))))(1)),
    );
    expect(derivative(f)(3)).toBe(2);
    const g = marked((x: number) =>
      derivative(marked((y: number) => pow(call(twice, mul(x, y)), 2)))(1),
    );
    // 4x²y² by y at 1: 8x²
    expect(derivative(g)(3)).toBe(48);
  });
  test("keeps `this` of ordinary calls", () => {
    const o = {
      k: 3,
      scale: customJvp(
        function (this: { k: number }, x: number) {
          return this.k * x;
        } as (x: number) => number,
        ([x], [dx]) => [x, dx] as const,
      ),
    };
    expect(o.scale(5)).toBe(15);
  });
  test("refuses rules that are none or give no pair", () => {
    expect(() => customJvp((x: number) => x, undefined as never)).toThrow(/DUAL109/);
    for (const bad of [5, [1], [1, 2, 3], undefined, { 0: 1, 1: 2 }]) {
      const f = customJvp((x: number) => x, (() => bad) as never);
      expect(() => jvp(f, [1], [1]), String(bad)).toThrow(/DUAL109/);
    }
  });
  test("refuses a tangent that has not the shape of the value", () => {
    const f = customJvp((x: number) => [x], (([x]: [number]) => [[x], [1, 2]]) as never);
    expect(() => jvp(f, [1], [1])).toThrow(/DUAL103.*customJvp rule/);
  });
  test("has the rule's value inside derivatives", () => {
    const f = customJvp(
      (x: number) => x,
      ([x], [dx]) => [x + 1000, dx] as const,
    );
    expect(jvp(f, [1], [1])[0]).toBe(1001);
  });
});
