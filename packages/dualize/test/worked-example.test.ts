import { describe, expect, test } from "vitest";
import { grad, hessian, jacobian, jvp } from "../src/index.ts";
import { add, exp, marked, mul, sin, sub } from "./support/ops.ts";

/** f(x₁, x₂) = x₁·x₂ + exp(x₁·x₂) - sin(x₂), the example of many an introduction. */
const steps = ([x1, x2]: number[]) => {
  const v1 = mul(x1!, x2!);
  const v2 = exp(v1);
  const v3 = sin(x2!);
  const v4 = add(v1, v2);
  return { v1, v2, v3, v4, y: sub(v4, v3) };
};
const f = marked((x: number[]) => steps(x).y);

const relative = (found: number, exact: number) => Math.abs(found - exact) / Math.abs(exact);
const BOUND = 1e-15;

describe.each([
  [2, 0.5],
  [0.3, 1.7],
  [-1.25, 0.75],
  [1, -2],
  [-0.5, -0.25],
])("x₁·x₂ + exp(x₁·x₂) - sin(x₂) at (%f, %f)", (x1, x2) => {
  const e = Math.exp(x1 * x2);
  const fx1 = x2 * (1 + e);
  const fx2 = x1 * (1 + e) - Math.cos(x2);
  const fx1x1 = x2 * x2 * e;
  const fx1x2 = 1 + e + x1 * x2 * e;
  const fx2x2 = x1 * x1 * e + Math.sin(x2);

  test("has the forward trace of the textbook", () => {
    const trace = marked((x: number[]) => steps(x));
    const [values, tangents] = jvp(trace, [[x1, x2]], [[1, 0]]);
    expect(values).toEqual({
      v1: x1 * x2,
      v2: e,
      v3: Math.sin(x2),
      v4: x1 * x2 + e,
      y: x1 * x2 + e - Math.sin(x2),
    });
    expect(tangents.v1).toBe(x2);
    expect(relative(tangents.v2, x2 * e)).toBeLessThanOrEqual(BOUND);
    expect(tangents.v3).toBe(0);
    expect(relative(tangents.v4, x2 + x2 * e)).toBeLessThanOrEqual(BOUND);
    expect(relative(tangents.y, fx1)).toBeLessThanOrEqual(BOUND);
    const along2 = jvp(trace, [[x1, x2]], [[0, 1]])[1];
    expect(along2.v1).toBe(x1);
    expect(relative(along2.v2, x1 * e)).toBeLessThanOrEqual(BOUND);
    expect(relative(along2.v3, Math.cos(x2))).toBeLessThanOrEqual(BOUND);
    expect(relative(along2.y, fx2)).toBeLessThanOrEqual(BOUND);
  });
  test("has the value of the ordinary call, to the bit", () => {
    const value = x1 * x2 + Math.exp(x1 * x2) - Math.sin(x2);
    expect(f([x1, x2])).toBe(value);
    expect(jvp(f, [[x1, x2]], [[1, 1]])[0]).toBe(value);
  });
  test("has its gradient", () => {
    const [g1, g2] = grad(f)([x1, x2]);
    expect(relative(g1!, fx1)).toBeLessThanOrEqual(BOUND);
    expect(relative(g2!, fx2)).toBeLessThanOrEqual(BOUND);
  });
  test("has its Jacobian as one of two outputs", () => {
    const both = marked((x: number[]) => [f(x), mul(x[0]!, mul(x[1]!, x[1]!))]);
    const [[j11, j12], row2] = jacobian(both)([x1, x2]) as [[number, number], number[]];
    expect(relative(j11, fx1)).toBeLessThanOrEqual(BOUND);
    expect(relative(j12, fx2)).toBeLessThanOrEqual(BOUND);
    expect(row2).toEqual([x2 * x2, 2 * x1 * x2]);
  });
  test("has its Hessian", () => {
    const [[h11, h12], [h21, h22]] = hessian(f)([x1, x2]) as [[number, number], [number, number]];
    expect(relative(h11, fx1x1)).toBeLessThanOrEqual(BOUND);
    expect(relative(h12, fx1x2)).toBeLessThanOrEqual(BOUND);
    expect(relative(h21, fx1x2)).toBeLessThanOrEqual(BOUND);
    expect(relative(h22, fx2x2)).toBeLessThanOrEqual(BOUND);
  });
});
