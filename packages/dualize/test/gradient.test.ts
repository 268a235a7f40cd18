import { describe, expect, expectTypeOf, test } from "vitest";
import { derivative, grad, valueAndGrad } from "../src/index.ts";
import { add, exp, get, marked, mul, set, sin } from "./support/ops.ts";

const product = marked((x: number[]) => x.reduce((p, v) => mul(p, v), 1));

describe("grad", () => {
  test("has the shape of the argument", () => {
    expect(grad(product)([2, 3, 5])).toEqual([15, 10, 6]);
    expect(grad(marked((x: number) => mul(x, x)))(3)).toBe(6);
    expect(
      grad(marked((o: { a: number; b: number[] }) => mul(o.a, o.b[1]!)))({ a: 2, b: [3, 5] }),
    ).toEqual({
      a: 5,
      b: [0, 2],
    });
    expect(
      grad(marked((m: number[][]) => mul(m[0]![1]!, m[1]![0]!)))([
        [1, 2],
        [3, 4],
      ]),
    ).toEqual([
      [0, 3],
      [2, 0],
    ]);
  });
  test("keeps float arrays float arrays", () => {
    const f = marked((x: Float64Array) => mul(get(x, 0), get(x, 1)));
    expect(grad(f)(Float64Array.of(2, 3))).toEqual(Float64Array.of(3, 2));
    const g = marked((x: Float32Array) => mul(get(x, 0), 3));
    expect(grad(g)(Float32Array.of(2))).toEqual(Float32Array.of(3));
  });
  test("has null where the argument holds no number", () => {
    const f = marked((o: { x: number; name: string; on: boolean }) => (o.on ? mul(o.x, 2) : 0));
    const g = grad(f)({ x: 1, name: "n", on: true });
    expect(g).toEqual({ x: 2, name: null, on: null });
    expectTypeOf(g).toEqualTypeOf<{ x: number; name: null; on: null }>();
  });
  test("is by the argument that argnum tells", () => {
    const f = marked((k: number, x: number[]) => mul(k, mul(x[0]!, x[1]!)));
    expect(grad(f)(2, [3, 5])).toBe(15);
    expect(grad(f, { argnum: 1 })(2, [3, 5])).toEqual([10, 6]);
    expectTypeOf(grad(f, { argnum: 1 })).toEqualTypeOf<(k: number, x: number[]) => number[]>();
  });
  test("is by several arguments where argnum lists them", () => {
    const f = marked((k: number, x: number[], name: string, y: number) =>
      name ? mul(k, mul(x[0]!, mul(x[1]!, y))) : 0,
    );
    for (const mode of [undefined, "forward", "reverse"] as const) {
      expect(grad(f, { argnum: [0, 1], mode })(2, [3, 5], "n", 7)).toEqual([105, [70, 42]]);
      expect(grad(f, { argnum: [3, 0], mode })(2, [3, 5], "n", 7)).toEqual([30, 105]);
      expect(valueAndGrad(f, { argnum: [1], mode })(2, [3, 5], "n", 7)).toEqual([210, [[70, 42]]]);
      expect(() => grad(f, { argnum: [0, 2], mode } as never)(2, [3, 5], "n", 7)).toThrow(
        /DUAL107/,
      );
      expect(() => grad(f, { argnum: [0, 4], mode } as never)(2, [3, 5], "n", 7)).toThrow(
        /DUAL107/,
      );
    }
    expectTypeOf(grad(f, { argnum: [3, 1] })).toEqualTypeOf<
      (k: number, x: number[], name: string, y: number) => [number, number[]]
    >();
    // @ts-expect-error: there is no such argument
    grad(f, { argnum: [0, 4] });
    // @ts-expect-error: nor is there one at a place below 0
    expect(() => grad(f, { argnum: [-1] })).toThrow(/DUAL109/);
  });
  test("is by several arguments of a curried function", () => {
    const model = marked((a: number, b: number) => marked((x: number) => mul(mul(a, x), b)));
    for (const mode of ["forward", "reverse"] as const)
      expect(grad(model, { argnum: [0, 1], mode })(2, 3)(5)).toEqual([15, 10]);
    expect(grad(model, { argnum: [0, 1] })(2, 3)(5)).toEqual([15, 10]);
  });
  test("is differentiated by several arguments again", () => {
    const f = marked((x: number, y: number) => mul(mul(x, x), y));
    const g = grad(f, { argnum: [0, 1] });
    expect(derivative(marked((x: number) => g(x, 3)[0]))(2)).toBe(6);
    expect(derivative(marked((y: number) => g(2, y)[0]))(3)).toBe(4);
  });
  test("lets a function that writes into its arguments write into them once, by several too", () => {
    for (const mode of ["forward", "reverse"] as const) {
      const x = [3];
      const f = marked((y: number[], k: number) => {
        set(y, 0, mul(y[0]!, k));
        return mul(y[0]!, y[0]!);
      });
      expect(valueAndGrad(f, { argnum: [0, 1], mode })(x, 2)).toEqual([36, [[24], 36]]);
      expect(x).toEqual([6]);
    }
  });
  test("differentiates by one argument, also when the same array is passed twice", () => {
    const dot = marked((a: number[], b: number[]) => add(mul(a[0]!, b[0]!), mul(a[1]!, b[1]!)));
    const x = [2, 3];
    expect(grad(dot)(x, x)).toEqual([2, 3]);
    expect(grad(dot, { argnum: 1 })(x, x)).toEqual([2, 3]);
  });
  test("counts an array that stands in two fields in both", () => {
    const f = marked((o: { a: number[]; b: number[] }) => mul(o.a[0]!, mul(o.b[0]!, o.b[0]!)));
    const shared = [3];
    expect(grad(f)({ a: shared, b: shared })).toEqual({ a: [9], b: [18] });
  });
  test("is right at points where it has zeros", () => {
    expect(grad(product)([0, 0, 5])).toEqual([0, 0, 0]);
    expect(grad(product)([0, 3, 5])).toEqual([15, 0, 0]);
  });
  test("lets a function that writes into its argument write into it once", () => {
    const f = marked((x: number[]) => {
      set(x, 0, mul(get(x, 0), get(x, 0)));
      return mul(get(x, 0), get(x, 1));
    });
    const x = [3, 5];
    expect(grad(f)(x)).toEqual([30, 9]);
    expect(x).toEqual([9, 5]);
  });
  test("of a curried function is a function, to any depth", () => {
    const f = marked((p: number[]) =>
      marked((x: number) => marked((y: number) => mul(p[0]!, mul(x, mul(y, p[1]!))))),
    );
    expect(grad(f)([2, 3])(5)(7)).toEqual([105, 70]);
    expectTypeOf(grad(f)).toEqualTypeOf<(p: number[]) => (x: number) => (y: number) => number[]>();
  });
  test("nests inside derivatives", () => {
    const f = marked((t: number) =>
      grad(marked((x: number[]) => mul(t, mul(x[0]!, x[1]!))))([t, 2]),
    );
    // ∇ = (2t, t²)
    expect(f(3)).toEqual([6, 9]);
    expect(derivative(f)(3)).toEqual([2, 6]);
  });
  test("refuses values that are no numbers, also of curried functions", () => {
    // @ts-expect-error: an array
    expect(() => grad(marked((x: number[]) => x))([1])).toThrow(/DUAL107.*an array of 1/);
    // @ts-expect-error: an object
    expect(() => grad(marked((x: number) => ({ x })))(1)).toThrow(
      /DUAL107.*an object with fields x/,
    );
    const curried = marked((x: number) => marked(() => [x]));
    const untyped = curried as unknown as (x: number) => () => number;
    expect(() => grad(untyped)(1)()).toThrow(/DUAL107.*an array of 1/);
    // @ts-expect-error: a function that returns an array
    grad(curried);
    // @ts-expect-error: a promise
    expect(() => grad(marked(async (x: number) => x))(1)).toThrow(/DUAL107.*Promise/);
  });
  test("refuses arguments without numbers, and arguments that are not there", () => {
    const f = marked((..._: unknown[]) => 1);
    // @ts-expect-error: text
    expect(() => grad(f)("text")).toThrow(/DUAL107/);
    expect(() => grad(f)([])).toThrow(/DUAL107/);
    expect(() => grad(f)()).toThrow(/DUAL107/);
    expect(() => grad(f, { argnum: 2 })(1, 2)).toThrow(/DUAL107/);
  });
});

describe("valueAndGrad", () => {
  test("gives both", () => {
    expect(valueAndGrad(product)([2, 3])).toEqual([6, [3, 2]]);
    const f = marked((x: number, y: number) => mul(exp(x), sin(y)));
    expect(valueAndGrad(f, { argnum: 1 })(0, 0)).toEqual([0, 1]);
  });
  test("gives functions where the function is curried", () => {
    const model = marked((p: number[]) => marked((x: number) => add(mul(p[0]!, x), p[1]!)));
    const [value, gradient] = valueAndGrad(model)([2, 3]);
    expect(value(5)).toBe(13);
    expect(gradient(5)).toEqual([5, 1]);
  });
});
