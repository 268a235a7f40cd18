import { describe, expect, expectTypeOf, test } from "vitest";
import { derivative, jacobian, valueAndJacobian } from "../src/index.ts";
import { add, get, marked, mul, set } from "./support/ops.ts";

const f = marked((x: number[]) => [mul(x[0]!, x[1]!), add(x[0]!, mul(x[1]!, x[1]!)), 7]);

describe("jacobian", () => {
  test("has a row for each output and a column for each input", () => {
    expect(jacobian(f)([2, 3])).toEqual([
      [3, 2],
      [1, 6],
      [0, 0],
    ]);
    expectTypeOf(jacobian(f)).toEqualTypeOf<(x: number[]) => number[][]>();
  });
  test("of a number is a gradient, and by a number a derivative", () => {
    expect(jacobian(marked((x: number[]) => mul(x[0]!, x[1]!)))([2, 3])).toEqual([3, 2]);
    expect(jacobian(marked((x: number) => [x, mul(x, x)]))(3)).toEqual([1, 6]);
  });
  test("has the shape of the value with the argument's shape at each number", () => {
    const g = marked((o: { a: number; b: number[] }) => ({
      p: mul(o.a, o.b[0]!),
      q: [o.b[1]!],
      s: "s",
    }));
    expect(jacobian(g)({ a: 2, b: [3, 5] })).toEqual({
      p: { a: 3, b: [2, 0] },
      q: [{ a: 0, b: [0, 1] }],
      s: null,
    });
  });
  test("has float arrays for rows by a float array", () => {
    const g = marked((x: Float64Array) => x.map((v) => mul(v, v)));
    expect(jacobian(g)(Float64Array.of(2, 3))).toEqual([
      Float64Array.of(4, 0),
      Float64Array.of(0, 6),
    ]);
    expectTypeOf(jacobian(g)).toEqualTypeOf<(x: Float64Array) => Float64Array[]>();
  });
  test("looks into maps, functions and promises", async () => {
    const g = marked((x: number[]) => new Map([["p", mul(x[0]!, x[1]!)]]));
    expect(jacobian(g as never)([2, 3] as never)).toEqual(new Map([["p", [3, 2]]]));
    const h = marked((x: number[]) => [marked((y: number) => mul(y, mul(x[0]!, x[1]!)))]);
    expect((jacobian(h)([2, 3]) as ((y: number) => unknown)[])[0]!(10)).toEqual([30, 20]);
    const k = marked((x: number[]) => marked((y: number) => [mul(y, x[0]!), x[1]!]));
    expect(jacobian(k)([2, 3])(10)).toEqual([
      [10, 0],
      [0, 1],
    ]);
    const p = marked(async (x: number[]) => {
      await null;
      return [mul(x[0]!, x[1]!)];
    });
    expect(await jacobian(p as never)([2, 3] as never)).toEqual([[3, 2]]);
  });
  test("is by the argument that argnum tells", () => {
    const g = marked((k: number, x: number[]) => [mul(k, x[0]!), mul(k, x[1]!)]);
    expect(jacobian(g)(2, [3, 5])).toEqual([3, 5]);
    expect(jacobian(g, { argnum: 1 })(2, [3, 5])).toEqual([
      [2, 0],
      [0, 2],
    ]);
  });
  test("runs a function that writes into its argument on copies but for the last time", () => {
    const g = marked((x: number[]) => {
      set(x, 0, mul(get(x, 0), 2));
      return [mul(get(x, 0), get(x, 1))];
    });
    const x = [3, 5];
    expect(jacobian(g)(x)).toEqual([[10, 6]]);
    expect(x).toEqual([6, 5]);
  });
  test("copies keep class, accessors and symbols of what they copy", () => {
    const tag = Symbol("tag");
    class State {
      [tag] = 2;
      constructor(public v: number[]) {}
      get first(): number {
        return this.v[0]!;
      }
    }
    const g = marked((s: State) => mul(s.first, mul(s.v[1]!, s[tag])));
    expect(jacobian(g as never)(new State([3, 5]) as never)).toMatchObject({ v: [10, 6] });
  });
  test("nests", () => {
    const g = marked((t: number) => jacobian(f)([t, 3]));
    expect(derivative(g)(2)).toEqual([
      [0, 1],
      [0, 0],
      [0, 0],
    ]);
  });
  test("refuses an argument without numbers", () => {
    // @ts-expect-error: text
    expect(() => jacobian(marked((_s: string) => [1]))("a")).toThrow(/DUAL107/);
  });
});

describe("valueAndJacobian", () => {
  test("gives both", () => {
    expect(valueAndJacobian(f)([2, 3])).toEqual([
      [6, 11, 7],
      [
        [3, 2],
        [1, 6],
        [0, 0],
      ],
    ]);
  });
  test("gives back the caller's own array as a value that is returned untouched", () => {
    const x = [1, 2];
    expect(valueAndJacobian(marked((v: number[]) => v))(x)[0]).toBe(x);
  });
});
