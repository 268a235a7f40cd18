import { describe, expect, expectTypeOf, test } from "vitest";
import { derivative, linearize } from "../src/index.ts";
import { get, marked, mul, set } from "./support/ops.ts";

describe("linearize", () => {
  const f = marked((x: number, y: number) => mul(x, mul(y, y)));

  test("gives the value and the linear map at the point", () => {
    const [value, push] = linearize(f, [2, 3]);
    expect(value).toBe(18);
    expect(push([1, 0])).toBe(9);
    expect(push([0, 1])).toBe(12);
    expect(push([null, 2])).toBe(24);
    expect(push([])).toBe(0);
    expectTypeOf(push([1, 0])).toEqualTypeOf<number>();
  });
  test("stays at the point that it was made at", () => {
    const x = [2, 3];
    const [, push] = linearize(
      marked((v: number[]) => mul(v[0]!, v[1]!)),
      [x],
    );
    x[0] = 100;
    expect(push([[0, 1]])).toBe(2);
    expect(push([[1, 0]])).toBe(3);
  });
  test("runs a function that writes into its argument from the point each time", () => {
    const g = marked((v: number[]) => {
      set(v, 0, mul(get(v, 0), get(v, 0)));
      return get(v, 0);
    });
    const x = [3];
    const [value, push] = linearize(g, [x]);
    expect(value).toBe(9);
    expect(x).toEqual([9]);
    expect([push([[1]]), push([[1]]), push([[10]])]).toEqual([6, 6, 60]);
    expect(x).toEqual([9]);
  });
  test("is linear", () => {
    const [, push] = linearize(f, [1.7, 0.3]);
    expect(push([2, 0])).toBe(2 * push([1, 0]));
    expect(push([0.5, 0.25])).toBeCloseTo(0.5 * push([1, 0]) + 0.25 * push([0, 1]), 15);
  });
  test("is differentiable itself, by the point and by the direction", () => {
    const byPoint = derivative(marked((x: number) => linearize(f, [x, x])[1]([1, 0])));
    expect(byPoint(3)).toBe(6);
    const byDirection = derivative(marked((v: number) => linearize(f, [2, 3])[1]([v, 0])));
    expect(byDirection(5)).toBe(9);
  });
  test("refuses directions of another shape, saying where", () => {
    const [, push] = linearize(
      marked((v: number[]) => v),
      [[1, 2]],
    );
    expect(() => push([[1]])).toThrow(/DUAL103.*argument 0/);
    expect(() => push([[1, 2], 3] as never)).toThrow(/DUAL103/);
    expect(() => push(1 as never)).toThrow(/DUAL109/);
    expect(() => linearize(f, 2 as never)).toThrow(/DUAL109/);
  });
});
