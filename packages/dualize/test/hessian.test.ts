import { describe, expect, expectTypeOf, test } from "vitest";
import { derivative, hessian, hvp } from "../src/index.ts";
import { add, get, marked, mul, pow } from "./support/ops.ts";

// x²·y + y³·z
const f = marked((v: number[]) => add(mul(mul(v[0]!, v[0]!), v[1]!), mul(pow(v[1]!, 3), v[2]!)));
const at = [2, 3, 5];
const H = [
  [6, 4, 0],
  [4, 90, 27],
  [0, 27, 0],
];

describe("hessian", () => {
  test("is the matrix of second derivatives", () => {
    expect(hessian(f)(at)).toEqual(H);
    expectTypeOf(hessian(f)).toEqualTypeOf<(v: number[]) => number[][]>();
  });
  test("of a function of a number is its second derivative", () => {
    expect(hessian(marked((x: number) => pow(x, 4)))(2)).toBe(48);
  });
  test("of a function of an object has the object's shape twice", () => {
    const g = marked((o: { a: number; b: number[] }) => mul(o.a, mul(o.b[0]!, o.b[1]!)));
    expect(hessian(g)({ a: 2, b: [3, 5] })).toEqual({
      a: { a: 0, b: [5, 3] },
      b: [
        { a: 5, b: [0, 2] },
        { a: 3, b: [2, 0] },
      ],
    });
  });
  test("of a function of a float array has float arrays for rows", () => {
    const g = marked((v: Float64Array) => mul(get(v, 0), mul(get(v, 1), get(v, 1))));
    expect(hessian(g)(Float64Array.of(2, 3))).toEqual([
      Float64Array.of(0, 6),
      Float64Array.of(6, 4),
    ]);
  });
  test("is by the argument that argnum tells", () => {
    const g = marked((k: number, x: number[]) => mul(k, mul(x[0]!, x[1]!)));
    expect(hessian(g, { argnum: 1 })(7, [1, 1])).toEqual([
      [0, 7],
      [7, 0],
    ]);
  });
  test("refuses functions whose value is no number", () => {
    expect(() => hessian(marked((v: number[]) => v) as never)([1] as never)).toThrow(/DUAL107/);
  });
});

describe("hvp", () => {
  test("is the Hessian times a vector", () => {
    for (const v of [
      [1, 0, 0],
      [0, 1, 0],
      [3, -2, 7],
    ]) {
      expect(hvp(f)(at, v)).toEqual(H.map((row) => row.reduce((s, h, j) => s + h * v[j]!, 0)));
    }
  });
  test("takes the function's further arguments after the vector", () => {
    const g = marked((x: number[], k: number) => mul(k, mul(x[0]!, x[1]!)));
    expect(hvp(g)([1, 2], [1, 0], 10)).toEqual([0, 10]);
    expectTypeOf(hvp(g)).toEqualTypeOf<(x: number[], v: number[], k: number) => number[]>();
  });
  test("nests inside a derivative", () => {
    // d/dt of H(t,1)·(1,0) for x³y: (6ty, 3t²) → (6, 6t)
    const g = marked((x: number[]) => mul(pow(x[0]!, 3), x[1]!));
    expect(derivative(marked((t: number) => hvp(g)([t, 1], [1, 0])))(2)).toEqual([6, 12]);
  });
  test("refuses a vector of another shape", () => {
    expect(() => hvp(f)(at, [1, 0])).toThrow(/DUAL103/);
  });
});
