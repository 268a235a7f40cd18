import { describe, expect, expectTypeOf, test } from "vitest";
import { derivative } from "../src/index.ts";
import { add, call, cos, marked, mul, pow, sin } from "./support/ops.ts";

describe("derivative", () => {
  test("is a function of the same arguments, along the first", () => {
    const f = marked((x: number, k: number) => mul(mul(x, x), k));
    expect(derivative(f)(3, 10)).toBe(60);
    expectTypeOf(derivative(f)).toEqualTypeOf<(x: number, k: number) => number>();
  });
  test("can be taken again, and of functions of Math", () => {
    const cube = marked((x: number) => pow(x, 3));
    expect(derivative(derivative(cube))(2)).toBe(12);
    expect(derivative(derivative(derivative(cube)))(2)).toBe(6);
    expect(derivative(Math.sin)(0)).toBe(1);
    expect(derivative(derivative(Math.exp))(1)).toBe(Math.E);
  });
  test("has the shape of the value", () => {
    const circle = marked((t: number) => ({ at: [cos(t), sin(t)], label: "c" }));
    expect(derivative(circle)(0)).toEqual({ at: [-0, 1], label: null });
    expectTypeOf(derivative(circle)).toEqualTypeOf<(t: number) => { at: number[]; label: null }>();
  });
  test("leaves further arguments of any kind alone", () => {
    const f = marked((x: number, coefficients: number[], g: (x: number) => number) =>
      coefficients.reduce((sum, c) => add(mul(sum, x), c), call(g, 0)),
    );
    expect(derivative(f)(2, [1, 2, 3], Math.sin)).toBe(6);
  });
  test("is a method where the function was one", () => {
    const o = {
      k: 5,
      slope: derivative(
        marked(function (this: { k: number }, x: number) {
          return mul(mul(x, x), this.k);
        } as (x: number) => number),
      ),
    };
    expect(o.slope(3)).toBe(30);
  });
  test("refuses a first argument that is no number", () => {
    const f = derivative(marked((x: number) => mul(x, x)));
    for (const bad of ["3", [3], null, undefined, 3n]) {
      expect(() => f(bad as never), String(bad)).toThrow(/DUAL107/);
    }
    // @ts-expect-error the first parameter is no number
    derivative((s: string) => s.length);
  });
  test("refuses a function without a twin when it is applied", () => {
    function plain(x: number) {
      return x;
    }
    expect(() => derivative(plain)(1)).toThrow(/DUAL102: 'plain'/);
  });
});
