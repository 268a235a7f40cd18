import { describe, expect, test } from "vitest";
import type { Num } from "../src/dual-number.ts";
import { derivative, jvp } from "../src/index.ts";
import { math } from "../src/math.ts";
import * as runtime from "../src/runtime.ts";
import { dualForm } from "../src/twins.ts";

/** What the rules say where functions have edges, exactly. */

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
type F = (...xs: Num[]) => Num;
const m = math as Record<string, F>;
const pow = runtime.pow as F;
const mul = runtime.mul as F;
const div = runtime.div as F;
const rem = runtime.rem as F;
const sub = runtime.sub as F;
const add = runtime.add as F;

/** The tangent of f at `xs` in the direction `dxs`. */
const tangent = (f: F, xs: number[], dxs: (number | null)[]): number =>
  jvp(dualForm(f as never), xs as never, dxs as never)[1] as unknown as number;
/** f' at x. */
const slope = (f: F, x: number): number => tangent(f, [x], [1]);
/** f'' at x. */
const curvature = (f: F, x: number): number => nth(f, 2)(x);
const nth = (f: F, n: number): ((x: number) => number) => {
  let d = dualForm(f as never) as (x: number) => number;
  for (let i = 0; i < n; i++) d = derivative(d);
  return d;
};

describe("a strong zero", () => {
  test("stops an infinite partial in a direction that does not move it", () => {
    for (const name of ["sqrt", "cbrt", "log", "log2", "log10"]) {
      expect(tangent(m[name]!, [0], [0]), name).toBe(0);
    }
    expect(tangent(m.log1p!, [-1], [0])).toBe(0);
    expect(tangent(m.asin!, [1], [0])).toBe(0);
    expect(tangent(m.acosh!, [1], [0])).toBe(0);
    expect(tangent(m.atanh!, [1], [0])).toBe(0);
  });
  test("stops an infinite or NaN factor of a product and quotient", () => {
    expect(tangent(mul, [inf, 2], [1, 0])).toBe(2);
    expect(tangent(mul, [nan, 2], [0, 0])).toBe(0);
    expect(tangent(mul, [2, inf], [0, 0])).toBe(0);
    expect(tangent(div, [1, 0], [0, 0])).toBe(0);
    expect(tangent(div, [0, 0], [0, 0])).toBe(0);
  });
  test("is decided for each derivative by itself when they are nested", () => {
    // d/dy of d/dx (sqrt(x·y)) at x = 0, y = 0 in a direction that moves neither.
    const f: F = (x, y) => m.sqrt!(mul(x, y));
    const inner = dualForm((x: number, y: number) => tangent(f, [x, y], [0, 0]));
    expect(jvp(inner, [0, 0], [1, 1])).toEqual([0, 0]);
  });
  test("drops no higher derivative: the second derivative of x ** 2, x * x and |x| ** 2 at 0 is 2", () => {
    expect(curvature((x) => pow(x!, 2), 0)).toBe(2);
    expect(curvature((x) => mul(x!, x!), 0)).toBe(2);
    expect(curvature((x) => pow(m.abs!(x!), 2), 0)).toBe(2);
    expect(curvature((x) => mul(m.abs!(x!), m.abs!(x!)), 0)).toBe(2);
    expect(curvature((x) => m.pow!(x!, 2), 0)).toBe(2);
  });
  test("drops no higher derivative: x ** n at 0 has exactly its n-th one", () => {
    for (const n of [1, 2, 3, 4, 5]) {
      for (let k = 1; k <= n + 2; k++) {
        const expected = k === n ? [1, 1, 2, 6, 24, 120][n]! : 0;
        expect(nth((x) => pow(x!, n), k)(0) + 0, `${k}-th derivative of x ** ${n}`).toBe(expected);
      }
    }
  });
  test("drops no higher derivative of a product that is zero at the point", () => {
    // (x·sqrt(x + y))'' by x, y at x = 0: d/dy(sqrt(y)) = 1/(2·sqrt(y)).
    const f: F = (x, y) => mul(x!, m.sqrt!(add(x!, y!)));
    const g = dualForm((x: number, y: number) => tangent(f, [x, y], [1, 0]));
    expect(jvp(g, [0, 4], [0, 1])[1]).toBe(0.25);
  });
});

describe("x ** y", () => {
  for (const [name, f] of [
    ["**", pow],
    ["Math.pow", m.pow!],
  ] as const) {
    test(`with ${name}: by x it is y·x^(y-1)`, () => {
      expect(tangent(f, [0, 3], [1, 0])).toBe(0);
      expect(tangent(f, [0, 1], [1, 0])).toBe(1);
      expect(tangent(f, [0, 0.5], [1, 0])).toBe(inf);
      expect(tangent(f, [-2, 3], [1, 0])).toBe(12);
      expect(tangent(f, [2, -1], [1, 0])).toBe(-0.25);
      expect(tangent(f, [0, -1], [1, 0])).toBe(-inf);
      // x^y·y/x would overflow or underflow here.
      expect(tangent(f, [1e200, 2], [1, 0])).toBe(2e200);
      expect(tangent(f, [1e-200, 2], [1, 0])).toBe(2e-200);
    });
    test(`with ${name}: x ** 0 has derivative 0 by x, also at 0 and NaN`, () => {
      for (const x of [0, -0, 3, -3, nan, inf]) expect(tangent(f, [x, 0], [1, 0])).toBe(0);
    });
    test(`with ${name}: by y at x = 0 it is 0 for y > 0 and -Infinity for y <= 0`, () => {
      expect(tangent(f, [0, 2], [0, 1])).toBe(0);
      expect(tangent(f, [0, 1e-300], [0, 1])).toBe(0);
      expect(tangent(f, [0, 0], [0, 1])).toBe(-inf);
      expect(tangent(f, [0, -2], [0, 1])).toBe(-inf);
    });
    test(`with ${name}: for x < 0 it is NaN by y, unless y does not move`, () => {
      expect(tangent(f, [-2, 2], [0, 1])).toBe(nan);
      expect(tangent(f, [-2, 2], [1, 1])).toBe(nan);
      expect(tangent(f, [-2, 2], [1, 0])).toBe(-4);
      expect(tangent(f, [-2, 2], [1, null])).toBe(-4);
      // Also in a derivative within the derivative.
      const g = dualForm((x: number) => tangent(f, [x, 2], [1, 0]));
      expect(jvp(g, [-2], [1])).toEqual([-4, 2]);
    });
  }
});

describe("roots and logarithms", () => {
  test("sqrt and cbrt at 0 have slope Infinity, whatever the sign of 0", () => {
    for (const zero of [0, -0]) {
      expect(slope(m.sqrt!, zero)).toBe(inf);
      expect(slope(m.cbrt!, zero)).toBe(inf);
    }
    expect(curvature(m.sqrt!, 0)).toBe(-inf);
  });
  test("logarithms at their edge have slope Infinity, whatever the sign of 0", () => {
    for (const zero of [0, -0]) {
      for (const name of ["log", "log2", "log10"]) expect(slope(m[name]!, zero), name).toBe(inf);
    }
    expect(slope(m.log1p!, -1)).toBe(inf);
    expect(curvature(m.log!, 0)).toBe(-inf);
  });
  test("asin, acos, atanh at ±1 and acosh at 1 have infinite slopes", () => {
    expect(slope(m.asin!, 1)).toBe(inf);
    expect(slope(m.asin!, -1)).toBe(inf);
    expect(slope(m.acos!, 1)).toBe(-inf);
    expect(slope(m.acos!, -1)).toBe(-inf);
    expect(slope(m.atanh!, 1)).toBe(inf);
    expect(slope(m.atanh!, -1)).toBe(inf);
    expect(slope(m.acosh!, 1)).toBe(inf);
    expect(curvature(m.asin!, 1)).toBe(inf);
    expect(curvature(m.asin!, -1)).toBe(-inf);
    expect(curvature(m.acosh!, 1)).toBe(-inf);
  });
  test("outside the domain value and derivatives of all orders are NaN", () => {
    const outside: [string, number[]][] = [
      ["log", [-1, -1e-300, -inf]],
      ["log2", [-1]],
      ["log10", [-1]],
      ["log1p", [-1.5, -3]],
      ["sqrt", [-1, -5e-324]],
      ["asin", [1.5, -1.5]],
      ["acos", [1.5, -1.5]],
      ["acosh", [0.5, 0, -1, -2]],
      ["atanh", [1.5, -1.5, inf]],
    ];
    for (const [name, xs] of outside) {
      for (const x of xs) {
        expect(
          jvp(dualForm(m[name] as never), [x] as never, [1] as never),
          `${name}(${x})`,
        ).toEqual([nan, nan]);
        expect(curvature(m[name]!, x), `${name}''(${x})`).toBe(nan);
        expect(nth(m[name]!, 3)(x), `${name}'''(${x})`).toBe(nan);
      }
    }
  });
});

describe("abs", () => {
  test("at 0 has derivative 0, at -0 too", () => {
    expect(slope(m.abs!, 0)).toBe(0);
    expect(slope(m.abs!, -0)).toBe(0);
    expect(tangent(m.abs!, [0], [-3]) + 0).toBe(0);
  });
  test("elsewhere has the derivative of the side", () => {
    expect(slope(m.abs!, 5e-324)).toBe(1);
    expect(slope(m.abs!, -5e-324)).toBe(-1);
    expect(slope(m.abs!, -inf)).toBe(-1);
    expect(slope(m.abs!, nan)).toBe(nan);
    expect(curvature(m.abs!, nan)).toBe(nan);
    expect(curvature(m.abs!, -3) + 0).toBe(0);
  });
  test("keeps the value 0 positive inside nested derivatives", () => {
    const seen: number[] = [];
    const f = dualForm((x: number) => {
      const a = m.abs!(x as Num);
      seen.push(runtime.plain(a) as number);
      return a as number;
    });
    jvp(derivative(f), [-0], [1]);
    jvp(derivative(f), [0], [-1]);
    expect(seen).toEqual([0, 0]);
  });
});

describe("max and min", () => {
  test("take the tangent of the one that is chosen", () => {
    expect(tangent(m.max!, [1, 2, 0], [10, 20, 30])).toBe(20);
    expect(tangent(m.min!, [1, 2, 0], [10, 20, 30])).toBe(30);
    expect(tangent(m.max!, [1, 2], [inf, 1])).toBe(1);
  });
  test("share ties equally among the tied arguments only", () => {
    expect(tangent(m.max!, [2, 2, 0], [10, 20, 99])).toBe(15);
    expect(tangent(m.min!, [2, 2, 2], [3, 6, 9])).toBe(6);
    expect(tangent(m.max!, [0, -0], [1, 0])).toBe(0.5);
    expect(tangent(m.max!, [2, 2], [1, null])).toBe(0.5);
    expect(slope((x) => m.max!(x!, 0), 0)).toBe(0.5);
  });
  test("give NaN and a NaN tangent where an argument is NaN", () => {
    expect(jvp(dualForm(m.max as never), [nan, 1] as never, [1, 1] as never)).toEqual([nan, nan]);
    expect(jvp(dualForm(m.min as never), [1, nan] as never, [1, 0] as never)).toEqual([nan, nan]);
  });
  test("of one argument and of none are what JavaScript says", () => {
    expect(jvp(dualForm(m.max as never), [3] as never, [2] as never)).toEqual([3, 2]);
    expect(m.max!()).toBe(-inf);
    expect(m.min!()).toBe(inf);
  });
});

describe("hypot", () => {
  test("at the origin has derivative 0", () => {
    expect(tangent(m.hypot!, [0, 0], [1, 1])).toBe(0);
    expect(tangent(m.hypot!, [0], [1])).toBe(0);
    expect(tangent(m.hypot!, [-0, 0, 0], [1, 2, 3])).toBe(0);
    expect(curvature((x) => m.hypot!(x!, 0), 0)).toBe(0);
    expect(nth((x) => m.hypot!(x!, mul(2, x!)), 3)(0)).toBe(0);
  });
  test("neither overflows nor underflows", () => {
    for (const s of [2 ** 1000, 2 ** -1000, 2 ** 1020, 2 ** -1060, 2 ** -1073]) {
      expect(tangent(m.hypot!, [3 * s, 4 * s], [1, 0]), `${s}`).toBe(0.6);
      expect(tangent(m.hypot!, [3 * s, 4 * s], [0, 1]), `${s}`).toBe(0.8);
    }
    expect(tangent(m.hypot!, [1e300, 1e-300], [1, 0])).toBe(1);
    expect(tangent(m.hypot!, [1e-300, 1e-300], [1, 0])).toBeCloseTo(Math.SQRT1_2, 15);
    // The value overflows here, its slopes do not.
    expect(tangent(m.hypot!, [1.5e308, 1.5e308], [1, 0])).toBeCloseTo(Math.SQRT1_2, 15);
  });
  test("of infinite arguments moves with these alone", () => {
    expect(tangent(m.hypot!, [inf, 1], [1, 0])).toBe(1);
    expect(tangent(m.hypot!, [-inf, 1], [1, 0])).toBe(-1);
    expect(tangent(m.hypot!, [inf, 1], [0, 1])).toBe(0);
  });
  test("of three arguments has the unit vector for a gradient and the right second derivatives", () => {
    const at = [2, 3, 6];
    expect(
      [0, 1, 2].map((i) =>
        tangent(
          m.hypot!,
          at,
          at.map((_, j) => Number(i === j)),
        ),
      ),
    ).toEqual([2 / 7, 3 / 7, 6 / 7]);
    const g = dualForm((x: number, y: number, z: number) =>
      tangent(m.hypot!, [x, y, z], [1, 0, 0]),
    );
    expect(jvp(g, [2, 3, 6], [0, 1, 0])[1]).toBeCloseTo(-6 / 343, 16);
    expect(jvp(g, [2, 3, 6], [1, 0, 0])[1]).toBeCloseTo(45 / 343, 16);
  });
});

describe("atan2", () => {
  test("at (0, 0) has derivative NaN, whatever the signs", () => {
    for (const y of [0, -0]) {
      for (const x of [0, -0]) {
        expect(tangent(m.atan2!, [y, x], [1, 0])).toBe(nan);
        expect(tangent(m.atan2!, [y, x], [0, 1])).toBe(nan);
        expect(tangent(m.atan2!, [y, x], [0, 0])).toBe(0);
      }
    }
  });
  test("neither overflows nor underflows", () => {
    for (const s of [1e300, 1e-300]) {
      expect(tangent(m.atan2!, [3 * s, 4 * s], [s, 0])).toBeCloseTo(0.16, 15);
      expect(tangent(m.atan2!, [3 * s, 4 * s], [0, s])).toBeCloseTo(-0.12, 15);
    }
    expect(tangent(m.atan2!, [1e-300, 1e300], [0, 1])).toBe(0);
    expect(tangent(m.atan2!, [1e-310, 1], [1, 0])).toBe(1);
  });
  test("of infinite arguments has derivative 0", () => {
    expect(tangent(m.atan2!, [inf, 1], [1, 1])).toBe(0);
    expect(tangent(m.atan2!, [1, -inf], [1, 1])).toBe(0);
  });
  test("on the axes is plain 1/x and -1/y", () => {
    expect(tangent(m.atan2!, [0, 4], [1, 0])).toBe(0.25);
    expect(tangent(m.atan2!, [4, 0], [0, 1])).toBe(-0.25);
    expect(tangent(m.atan2!, [0, -4], [1, 0])).toBe(-0.25);
  });
});

describe("x % y", () => {
  test("has derivative 1 by x and -trunc(x/y) by y", () => {
    for (const [x, y] of [
      [7.5, 2],
      [-7.5, 2],
      [7.5, -2],
      [-7.5, -2],
      [1, 3],
      [0, 3],
    ] as const) {
      expect(tangent(rem, [x, y], [1, 0])).toBe(1);
      expect(tangent(rem, [x, y], [0, 1]) + 0).toBe(-Math.trunc(x / y) + 0);
    }
  });
  test("at whole quotients counts what the remainder says, not what the rounded quotient says", () => {
    expect(tangent(rem, [6, 2], [0, 1])).toBe(-3);
    // 1 / 0.1 rounds to 10, yet 1 % 0.1 is nearly 0.1: 0.1 goes nine times into 1.
    expect(1 % 0.1).toBeGreaterThan(0.09);
    expect(tangent(rem, [1, 0.1], [0, 1])).toBe(-9);
    expect(tangent(rem, [2 ** 53, 3], [0, 1])).toBe(-((2 ** 53 - 2) / 3));
  });
  test("by Infinity leaves x alone, and by 0 and of Infinity is NaN", () => {
    expect(tangent(rem, [5, inf], [1, 1])).toBe(1);
    expect(tangent(rem, [5, 0], [1, 0])).toBe(nan);
    expect(tangent(rem, [inf, 5], [1, 0])).toBe(nan);
    expect(tangent(rem, [5, 0], [0, 0])).toBe(0);
  });
});

describe("constant steps", () => {
  test("have tangent 0, also at their jumps", () => {
    for (const name of ["floor", "ceil", "round", "trunc", "sign", "clz32"]) {
      for (const x of [0, -0, 1, -1, 2.5, nan, inf]) {
        expect(tangent(m[name]!, [x], [1]), `${name}(${x})`).toBe(0);
      }
    }
    expect(tangent(m.imul!, [3, 4], [1, 1])).toBe(0);
  });
  test("fround rounds the value and lets the tangent pass", () => {
    expect(jvp(dualForm(m.fround as never), [0.1] as never, [2] as never)).toEqual([
      Math.fround(0.1),
      2,
    ]);
  });
});

describe("partials that would cancel", () => {
  test("tanh has a slope, not 0, where 1 - tanh² is 0", () => {
    expect(1 - Math.tanh(20) ** 2).toBe(0);
    expect(slope(m.tanh!, 20)).toBeCloseTo(4 * Math.exp(-40), 30);
    expect(slope(m.tanh!, 360)).toBeGreaterThan(0);
    expect(slope(m.tanh!, -360)).toBe(slope(m.tanh!, 360));
  });
  test("asin and acos have slopes near ±1 where 1 - x² loses its digits", () => {
    const x = 1 - 2 ** -53;
    expect(slope(m.asin!, x)).toBeCloseTo(1 / Math.sqrt(2 ** -53 * (2 - 2 ** -53)), -1);
  });
  test("the second derivatives of asin, acos and atanh keep their digits near 0", () => {
    expect(curvature(m.asin!, 1e-20)).toBe(1e-20);
    expect(curvature(m.acos!, 1e-20)).toBe(-1e-20);
    expect(curvature(m.atanh!, 1e-20)).toBe(2e-20);
  });
  test("expm1 has the slope exp, near 0 and far below", () => {
    expect(slope(m.expm1!, 1e-300)).toBe(1);
    expect(slope(m.expm1!, -50)).toBe(Math.exp(-50));
  });
});

describe("infinite arguments", () => {
  test("have the slopes of the limit, and no NaN in higher derivatives where there is a limit", () => {
    for (const order of [1, 2, 3]) {
      for (const x of [inf, -inf, 1e308, 800]) {
        expect(nth(m.tanh!, order)(x) + 0, `tanh, order ${order}, at ${x}`).toBe(0);
      }
      for (const x of [inf, -inf]) {
        expect(nth(m.atan!, order)(x) + 0, `atan, order ${order}, at ${x}`).toBe(0);
        expect(nth(m.asinh!, order)(x) + 0, `asinh, order ${order}, at ${x}`).toBe(0);
      }
      expect(nth(m.exp!, order)(-inf) + 0).toBe(0);
      expect(nth(m.log!, order)(inf) + 0).toBe(0);
      expect(nth(m.sqrt!, order)(inf) + 0).toBe(0);
    }
    expect(slope(m.exp!, inf)).toBe(inf);
    expect(slope(m.sinh!, -inf)).toBe(inf);
    expect(slope(m.sin!, inf)).toBe(nan);
  });
  test("in sums and products behave as numbers do", () => {
    expect(tangent(sub, [inf, inf], [1, 1])).toBe(0);
    expect(tangent(mul, [inf, 0], [1, 0])).toBe(0);
    expect(tangent(mul, [inf, 0], [0, 1])).toBe(inf);
    expect(tangent(div, [1, 0], [0, 1])).toBe(-inf);
    expect(tangent(div, [1, inf], [0, 1]) + 0).toBe(0);
  });
});

describe("NaN, subnormal and signed zero arguments", () => {
  test("NaN has NaN for a slope in every function that is no step", () => {
    const steps = [
      "floor",
      "ceil",
      "round",
      "trunc",
      "sign",
      "clz32",
      "imul",
      "random",
      "fround",
      "f16round",
    ];
    for (const [name, f] of Object.entries(m)) {
      if (steps.includes(name)) continue;
      const rest = ["atan2", "hypot", "pow"].includes(name) ? [2.5] : [];
      expect(
        slope((x) => f(x!, ...rest), nan),
        name,
      ).toBe(nan);
      expect(
        curvature((x) => f(x!, ...rest), nan),
        `${name}, twice`,
      ).toBe(nan);
    }
  });
  test("subnormal numbers are as good as others", () => {
    expect(slope(m.sqrt!, 2 ** -1074)).toBe(2 ** 536);
    expect(slope(m.log!, 2 ** -1022)).toBe(2 ** 1022);
    expect(slope(m.log!, 5e-324)).toBe(inf);
    expect(slope(m.sin!, 5e-324)).toBe(1);
  });
  test("a signed zero comes through", () => {
    expect(jvp(dualForm(m.sin as never), [-0] as never, [1] as never)).toEqual([-0, 1]);
    expect(jvp(dualForm(mul as never), [-0, 3] as never, [0, 1] as never)[0]).toBe(-0);
    expect(jvp(dualForm(runtime.neg as never), [0] as never, [1] as never)).toEqual([-0, -1]);
  });
});
