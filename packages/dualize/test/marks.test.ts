import { describe, expect, expectTypeOf, test } from "vitest";
import { derivative, dual, grad, isDual, jvp, primalOf, stopGradient } from "../src/index.ts";
import { add, call, marked, mul } from "./support/ops.ts";

const stop = <T>(x: T): T => call(stopGradient as (x: T) => T, x);

describe("stopGradient", () => {
  test("takes the derivative to be zero and keeps the value", () => {
    expect(
      jvp(
        marked((x: number) => mul(x, stop(x))),
        [3],
        [1],
      ),
    ).toEqual([9, 3]);
  });
  test("works on arrays and objects, and keeps what holds no numbers", () => {
    class Point {
      constructor(
        public x: number,
        public name: string,
      ) {}
    }
    const date = new Date(0);
    const f = marked((x: number) => {
      const made = stop({
        list: [x, mul(x, 2)],
        p: Object.assign(new Point(0, "p"), { x }),
        date,
        s: "s",
        n: null,
        map: new Map([["k", x]]),
      });
      return { ...made, isPoint: made.p instanceof Point, own: x };
    });
    const [value, tangent] = jvp(f, [3], [1]);
    expect(value).toEqual({
      list: [3, 6],
      p: new Point(3, "p"),
      date,
      s: "s",
      n: null,
      map: new Map([["k", 3]]),
      isPoint: true,
      own: 3,
    });
    expect(tangent).toEqual({
      list: [0, 0],
      p: { x: 0, name: null },
      date: null,
      s: null,
      n: null,
      map: new Map([["k", 0]]),
      isPoint: null,
      own: 1,
    });
  });
  test("stops every nesting level", () => {
    const f = marked((x: number) => mul(x, mul(stop(x), stop(x))));
    expect(derivative(f)(3)).toBe(9);
    expect(derivative(derivative(f))(3)).toBe(0);
    // The outer derivative is stopped as well: d/dx d/dy (y·stop(x)) = 0.
    expect(
      derivative(marked((x: number) => derivative(marked((y: number) => mul(y, stop(x))))(1)))(2),
    ).toBe(0);
  });
  test("returns what holds no active value as it is", () => {
    const xs = [1, 2];
    expect(stopGradient(xs)).toBe(xs);
    expect(stopGradient(5)).toBe(5);
    expectTypeOf(stopGradient(xs)).toEqualTypeOf<number[]>();
  });
});

describe("isDual and primalOf", () => {
  test("tell and take away tangents, at every depth", () => {
    const seen: unknown[] = [];
    const f = marked((x: number) => {
      seen.push(isDual(x), primalOf(x), isDual(primalOf(x)), isDual(5), isDual([x]));
      return mul(x, x);
    });
    derivative(f)(3);
    expect(seen).toEqual([true, 3, false, false, false]);
    seen.length = 0;
    derivative(derivative(f))(3);
    expect(seen).toEqual([true, 3, false, false, false]);
  });
  test("see plain numbers in ordinary calls", () => {
    expect(isDual(3)).toBe(false);
    expect(primalOf(3)).toBe(3);
  });
  test("an active value that is multiplied by zero is still active", () => {
    let active: unknown;
    derivative(
      marked((x: number) => {
        active = isDual(mul(x, 0));
        return x;
      }),
    )(1);
    expect(active).toBe(true);
  });
});

describe("dual", () => {
  test("gives back what is marked", () => {
    const f = marked((x: number) => add(x, 1));
    expect(dual(f)).toBe(f);
    expect(grad(dual(f))(1)).toBe(1);
  });
  test("throws where the plugin did not run", () => {
    expect(() => dual((x: number) => x + 1)).toThrow(/DUAL102.*babel-plugin-dualize/s);
  });
});
