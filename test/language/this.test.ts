import {
  customJvp,
  derivative,
  grad,
  hessian,
  hvp,
  jacobian,
  valueAndGrad,
  valueAndJacobian,
} from "dualize";
import { describe, expect, it } from "vitest";

/** What a transform gives is called as the function itself is: it hands on the `this` that it is called with. */

class Model {
  k = 3;
  square(x: number): number {
    "use dual";
    return this.k * x * x;
  }
  sum(xs: number[]): number {
    "use dual";
    return this.k * xs.reduce((a, b) => a + b * b, 0);
  }
  each(xs: number[]): number[] {
    "use dual";
    return xs.map((x) => this.k * x * x);
  }
}
const literal = {
  k: 3,
  square(x: number): number {
    "use dual";
    return this.k * x * x;
  },
  sum(xs: number[]): number {
    "use dual";
    return this.k * xs.reduce((a, b) => a + b * b, 0);
  },
  each(xs: number[]): number[] {
    "use dual";
    return xs.map((x) => this.k * x * x);
  },
};

describe.each([
  ["an instance", new Model()],
  ["an object", literal],
] as const)("%s", (_, m: Model) => {
  it("is the `this` of derivatives of its methods", () => {
    expect(derivative(m.square).call(m, 2)).toBe(12);
    expect(grad(m.sum).call(m, [1, 2])).toEqual([6, 12]);
    expect(grad(m.sum, { argnum: [0] }).call(m, [1, 2])).toEqual([[6, 12]]);
    expect(valueAndGrad(m.sum, { mode: "reverse" }).call(m, [1, 2])).toEqual([15, [6, 12]]);
    expect(jacobian(m.each).call(m, [1, 2])).toEqual([
      [6, 0],
      [0, 12],
    ]);
    expect(valueAndJacobian(m.each, { mode: "reverse" }).call(m, [1])).toEqual([[3], [[6]]]);
  });

  it("is that of second ones", () => {
    expect(derivative(derivative(m.square)).call(m, 2)).toBe(6);
    expect(hessian(m.sum).call(m, [1, 2])).toEqual([
      [6, 0],
      [0, 6],
    ]);
    expect(hvp(m.sum).call(m, [1, 2], [1, 0])).toEqual([6, 0]);
    expect(hvp(m.square).call(m, 1, 1)).toBe(6);
  });

  it("is that of a function with a rule, where nothing is active", () => {
    const square = customJvp(m.square, ([x], [dx]) => [3 * x * x, 6 * x * dx]);
    const own = Object.assign(Object.create(m) as Model, { square });
    expect(derivative((x: number) => own.square(2) * x + own.square(x))(2)).toBe(24);
  });
});
