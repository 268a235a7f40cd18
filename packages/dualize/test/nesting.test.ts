import { describe, expect, test } from "vitest";
import { type Dual, isDual } from "../src/dual-number.ts";
import { DualizeError, derivative, grad, hessian, jvp } from "../src/index.ts";
import * as rt from "../src/runtime.ts";
import { dualForm } from "../src/twins.ts";

// Functions as the plugin emits them: typed for plain numbers, computing on whatever comes.
type N = number;
const add = rt.add as (a: N, b: N) => N;
const mul = rt.mul as (a: N, b: N) => N;
const call = (f: unknown, ...args: unknown[]): N => rt.call("test:1:1", f, ...args) as N;
const d = <A extends unknown[], R>(f: (...args: A) => R): ((...args: A) => R) =>
  dualForm(f as never) as never;
type Fn = (x: N) => N;
const D = derivative as unknown as <R>(f: (x: N) => R) => (x: N) => R;

describe("perturbations of nested derivatives", () => {
  test("a function that is constant in the inner variable has the inner derivative 0", () => {
    expect(D(d((x) => D(d(() => x))(1)))(3)).toBe(0);
    expect(D(d((x) => mul(x, D(d(() => x))(1))))(3)).toBe(0);
  });
  test("x · d/dy (x + y) has the derivative 1, not 2", () => {
    expect(D(d((x) => mul(x, D(d((y) => add(x, y)))(1))))(1)).toBe(1);
  });
  test("x · d/dy (x · y) is x², with the derivative 2x", () => {
    expect(D(d((x) => mul(x, D(d((y) => mul(x, y)))(2))))(3)).toBe(6);
  });
  test("the inner function may be taken at the outer variable", () => {
    // d/dx [d/dy (x·y²)](y = x) = d/dx (2x²) = 4x
    expect(D(d((x) => D(d((y) => mul(x, mul(y, y))))(x)))(5)).toBe(20);
  });
  test("the same function nested in itself three deep keeps its levels apart", () => {
    // g(k, x) = x · (d/dy g(k-1, x·y))(y = 1), g(0, x) = x³: every level multiplies by 3·x.
    const g = (k: number): Fn =>
      d((x) => (k === 0 ? mul(x, mul(x, x)) : mul(x, D(d((y) => g(k - 1)(mul(x, y))))(1))));
    // g1 = 3x⁴, g2 = x·d/dy 3x⁴y⁴ = 12x⁵, g3 = 60x⁶.
    expect(g(3)(2)).toBe(60 * 2 ** 6);
    expect(D(g(3))(2)).toBe(360 * 2 ** 5);
    expect(D(D(g(3)))(2)).toBe(1800 * 2 ** 4);
  });
  test("derivatives of order five are exact where arithmetic is", () => {
    const power: Fn = d((x) => mul(mul(mul(x, x), mul(x, x)), x));
    expect(
      [1, 2, 3, 4, 5, 6].map((n) => Array.from({ length: n }).reduce<Fn>((f) => D(f), power)(2)),
    ).toEqual([80, 160, 240, 240, 120, 0]);
  });
  test("a closure variable changed between two derivatives is seen as it is at the time", () => {
    let a: N = 1;
    const f: Fn = d((x) => mul(a, mul(x, x)));
    const outer = D(
      d((x) => {
        a = x;
        const first = D(f)(x); // 2·a·x with a = x: 2x²
        a = mul(x, x);
        const second = D(f)(x); // 2·x²·x = 2x³
        a = 1;
        return add(first, second);
      }),
    );
    expect(outer(3)).toBe(4 * 3 + 6 * 9);
    expect(a).toBe(1);
  });
  test("a variable that the inner function writes carries the outer perturbation only", () => {
    let kept: N = 0;
    const inner = d((y: N) => {
      kept = mul(y, 0);
      return mul(y, y);
    });
    expect(() => D(d((x) => add(D(inner)(x), kept)))(2)).toThrow(/DUAL104/);
  });
  test("Hessians within derivatives mix right", () => {
    // d/da of the Hessian of a²·x·y by (x, y): off the diagonal 2a.
    const f = d(
      (a: N) =>
        hessian(d((v: N[]) => mul(mul(a, a), mul(v[0]!, v[1]!))) as never)([
          1, 1,
        ] as never) as never,
    );
    expect(D(f as never)(3)).toEqual([
      [0, 6],
      [6, 0],
    ]);
  });
});

describe("derivatives of functions that return functions", () => {
  const exp = Math.exp;
  // f = x => g => y => g(x + y)
  const f = d((x: N) => d((g: Fn) => d((y: N) => call(g, add(x, y)))));
  const shift = D(f as never)(3) as unknown as (g: Fn) => Fn;

  test("D(exp)(5) is e⁸ for D = derivative(x => g => y => g(x + y))(3)", () => {
    expect(shift(exp)(5)).toBe(Math.exp(8));
  });
  test("D(D(exp))(5) is e¹¹, not 0", () => {
    expect(shift(shift(exp))(5)).toBe(Math.exp(11));
  });
  test("D(D(D(exp)))(5) is e¹⁴", () => {
    expect(shift(shift(shift(exp)))(5)).toBe(Math.exp(14));
  });
  test("the value of such a function has the same care as its tangent", () => {
    const [value, tangent] = jvp(f as never, [3], [1]) as unknown as [(g: Fn) => Fn, (g: Fn) => Fn];
    expect(value(exp)(5)).toBe(Math.exp(8));
    expect(value(value(exp))(5)).toBe(Math.exp(11));
    expect(tangent(value(exp))(5)).toBe(Math.exp(11));
    expect(value(tangent(exp))(5)).toBe(Math.exp(11));
  });
  test("D may be applied to a function that carries an outer perturbation", () => {
    // d/da of D(y => a·y²)(5) = 2a(3 + 5): 16
    const outer = D(d((a: N) => shift(d((y) => mul(a, mul(y, y))))(5)));
    expect(outer(7)).toBe(16);
  });
  test("D may be made inside a derivative and be applied there", () => {
    // h(x) = D_x(exp)(x) with D = derivative(f)(x): e^(2x), with slope 2·e^(2x).
    const h = d((x: N) => (D(f as never)(x) as unknown as (g: Fn) => Fn)(exp)(x));
    expect(h(1)).toBe(Math.exp(2));
    expect(D(h)(1)).toBe(2 * Math.exp(2));
  });
  test("D applied to D of itself inside a derivative is right", () => {
    // With D = derivative(f)(x): D(D(exp))(y) = e^(2x + y).
    const h = d((x: N) => {
      const made = D(f as never)(x) as unknown as (g: Fn) => Fn;
      return made(made(exp))(1);
    });
    expect(h(2)).toBe(Math.exp(5));
    expect(D(h)(2)).toBe(2 * Math.exp(5));
  });
  test("curried functions of several numbers have all partial derivatives", () => {
    // f(x)(y)(z) = x·y·z²
    const g = d((x: N) => d((y: N) => d((z: N) => mul(mul(x, y), mul(z, z)))));
    const byX = D(g as never)(2) as unknown as (y: N) => Fn;
    expect(byX(3)(5)).toBe(75);
    expect(D(byX(3))(5)).toBe(30);
    expect(D(d((y: N) => byX(y)(5)))(3)).toBe(25);
  });
  test("a closure is asked for its derivative at many points, each for itself", () => {
    const g = d((x: N) => d((y: N) => mul(mul(x, x), y)));
    const slope = D(g as never)(3) as unknown as Fn;
    expect([1, 2, 3].map((y) => slope(y))).toEqual([6, 12, 18]);
    expect(D(slope)(1)).toBe(6);
  });
  test("functions inside arrays and objects are differentiated too", () => {
    const make = d((x: N) => ({
      scale: d((y: N) => mul(x, y)),
      list: [d((y: N) => mul(mul(x, x), y)), x],
    }));
    const t = D(make as never)(3) as unknown as { scale: Fn; list: [Fn, number] };
    expect(t.scale(5)).toBe(5);
    expect(t.list[0](5)).toBe(30);
    expect(t.list[1]).toBe(1);
    const [v] = jvp(make as never, [3], [1]) as unknown as [typeof t];
    expect(v.scale(5)).toBe(15);
    expect(v.list[0](5)).toBe(45);
    expect(v.list[1]).toBe(3);
  });
  test("functions inside arrays and objects have e⁸ and e¹¹ as well", () => {
    const boxed = d((x: N) => ({ of: d((g: Fn) => [d((y: N) => call(g, add(x, y)))] as const) }));
    const t = D(boxed as never)(3) as unknown as { of: (g: Fn) => [Fn] };
    expect(t.of(exp)[0](5)).toBe(Math.exp(8));
    expect(t.of(t.of(exp)[0])[0](5)).toBe(Math.exp(11));
  });
  test("a function that takes and returns objects keeps perturbations apart", () => {
    // x => ({g}) => y => g(x + y), the function handed over inside an object.
    const boxed = d((x: N) => d((box: { g: Fn }) => ({ g: d((y: N) => call(box.g, add(x, y))) })));
    const t = D(boxed as never)(3) as unknown as (box: { g: Fn }) => { g: Fn };
    expect(t({ g: exp }).g(5)).toBe(Math.exp(8));
    expect(t(t({ g: exp })).g(5)).toBe(Math.exp(11));
  });
  test("state that a returned closure keeps is shared by its value and its tangent", () => {
    // A closure over a counter must not count twice for value and tangent asked one after the other.
    const g = d((x: N) => {
      let calls = 0;
      return d(() => {
        calls++;
        return mul(x, calls);
      });
    });
    const [value, tangent] = jvp(g as never, [2], [1]) as unknown as [() => N, () => N];
    expect(value()).toBe(2);
    expect(tangent()).toBe(2);
  });
  test("grad of a curried model is a function of its input", () => {
    const model = d(([a, b]: N[]) => d((x: N) => add(mul(a!, x), b!)));
    const g = grad(model as never)([2, 3] as never) as unknown as (x: N) => N[];
    expect(g(5)).toEqual([5, 1]);
    expect(g(7)).toEqual([7, 1]);
  });
});

describe("active values that outlive their derivative", () => {
  const leaks: unknown[] = [];
  const keep = d((x: N) => {
    leaks.push(x);
    return mul(x, x);
  });

  test("are reported by DUAL104 when they come out of a later derivative", () => {
    D(keep)(2);
    const leaked = leaks.pop() as N;
    expect(isDual(leaked)).toBe(true);
    for (const result of [
      () => leaked,
      () => [leaked],
      () => ({ a: { b: leaked } }),
      () => new Map([["k", leaked]]),
      (x: N) => mul(x, leaked),
      (x: N) => add(leaked, x),
    ]) {
      const f = d(result as (x: N) => never);
      expect(() => jvp(f, [1], [1]), String(result)).toThrow(DualizeError);
      expect(() => jvp(f, [1], [1]), String(result)).toThrow(/DUAL104/);
    }
  });
  test("are reported when they come in with the arguments", () => {
    D(keep)(2);
    const leaked = leaks.pop() as N;
    expect(() =>
      jvp(
        d((x: N) => x),
        [leaked],
        [1],
      ),
    ).toThrow(/DUAL104/);
    expect(() =>
      jvp(
        d((x: N) => mul(x, x)),
        [1],
        [leaked],
      ),
    ).toThrow(/DUAL104/);
  });
  test("throw where unmarked code computes on them", () => {
    D(keep)(2);
    const leaked = leaks.pop() as N;
    expect(() => leaked + 1).toThrow(/DUAL105/);
    expect(() => leaked > 1).toThrow(/DUAL105/);
    expect(() => Math.sin(leaked)).toThrow(/DUAL105/);
    expect(() => new Float64Array([leaked])).toThrow(/DUAL105/);
    expect(`${leaked}`).toBe("2");
    expect(JSON.stringify({ leaked })).toBe('{"leaked":2}');
    expect((leaked as unknown as Dual).toFixed(2)).toBe("2.00");
  });
  test("do not count as leaked while an outer derivative of theirs goes on", () => {
    expect(D(d((x) => D(d((y) => mul(x, y)))(2)))(3)).toBe(1);
  });
  test("an error inside a derivative ends it", () => {
    const boom = d((): N => {
      throw new Error("boom");
    });
    expect(() => D(boom)(1)).toThrow("boom");
    expect(rt.running()).toBe(false);
  });
});
