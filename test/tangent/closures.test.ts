import { derivative, dual, grad, jvp, linearize } from "dualize";
import { describe, expect, it } from "vitest";
import { pushDual } from "../../packages/dualize/src/transforms/push.ts";
import { expectAgreement, expectClose, inTangentForm, testForms } from "./support/forms.ts";

function local(x: number, y: number): number {
  "use dual";
  const square = (v: number) => v * v;
  function shifted(v: number): number {
    return square(v + x) * y;
  }
  const both = (a: number, b: number): number => shifted(a) - square(b);
  return both(x, y) + shifted(2);
}
function captured(x: number): number {
  "use dual";
  let total = x;
  const add = (v: number) => {
    total += v * x;
    return total;
  };
  const a = add(1);
  const b = add(a) + total;
  add(b);
  return total;
}
function hoistedLocal(x: number): number {
  "use dual";
  const r = early(x) * 2;
  function early(v: number): number {
    return v > 1 ? v * x : early(v * 2);
  }
  return r;
}
function localRecursion(x: number): number {
  "use dual";
  const power = (n: number): number => (n <= 0 ? 1 : x * power(n - 1));
  return power(4) + power(2);
}
function inLoops(xs: number[]): number {
  "use dual";
  let s = 0;
  for (let i = 0; i < xs.length; i++) {
    const weigh = (v: number) => v * xs[i]! * (i + 1);
    s += weigh(xs[0]!) + weigh(2);
  }
  return s;
}
function untypedLocal(x: number): number {
  "use dual";
  // @ts-expect-error no types: calls tell what they are
  const mix = (a, b) => a * b + x;
  return mix(x, 2) + mix(1, x);
}
function localArrays(x: number): number {
  "use dual";
  const range = (n: number, step: number): number[] =>
    Array.from({ length: n }, (_, i) => i * step);
  const sum = (xs: number[]) => xs.reduce((a, b) => a + b * b, 0);
  return sum(range(4, x)) * sum([x, 1]);
}
function withDefault(x: number): number {
  "use dual";
  const f = (a: number, b = a * x) => a * b;
  return f(x) + f(2, x) + f(3);
}

function polynomial(coefficients: number[]): (x: number) => number {
  "use dual";
  return (x) => coefficients.reduce((value, c) => value * x + c, 0);
}
function harmonic(amplitude: number, phase: number): (t: number) => number {
  "use dual";
  const k = amplitude * amplitude;
  return (t: number): number => {
    const angle = t + phase;
    return k * Math.sin(angle);
  };
}
function deep(a: number): (b: number) => (c: number) => number {
  "use dual";
  return (b) => (c) => a * b * c + a * a;
}
function named(a: number): (t: number) => number {
  "use dual";
  const at = (t: number): number => a * t * t;
  return at;
}
function callsReturned(c: number[], x: number): number {
  "use dual";
  const p = polynomial(c);
  return p(x) * polynomial([x, 1, x])(2) + harmonic(x, 0.3)(x);
}
function callsDeep(a: number, b: number): number {
  "use dual";
  const inner = deep(a)(b);
  return inner(a * b) + deep(b)(a)(2);
}
function residuals(c: number[], ts: number[], ys: number[]): number {
  "use dual";
  const model = polynomial(c);
  let s = 0;
  for (let i = 0; i < ts.length; i++) s += (model(ts[i]!) - ys[i]!) ** 2;
  return s;
}
function picks(x: number, up: boolean): number {
  "use dual";
  const f = up ? (v: number) => v * x : (v: number) => v + x;
  return f(x) * f(2);
}
function twice(f: (x: number) => number): (x: number) => number {
  return (x) => f(f(x));
}
function passes(x: number): number {
  "use dual";
  return twice((v) => v * v + x)(x);
}
function applies(f: (x: number) => number, x: number): number {
  return f(x) + f(2 * x);
}
function handsOn(x: number, y: number): number {
  "use dual";
  const g = (v: number) => v * v * y;
  return applies(g, x) + applies((v) => v * x, y);
}

testForms(import.meta.url, {
  "closures of every kind, called where they are written": { f: local, at: [0.7, 1.9] },
  "closures that change what they capture": { f: captured, at: [0.7] },
  "a function that is called before it is declared": { f: hoistedLocal, at: [0.3] },
  "a closure that calls itself": {
    f: localRecursion,
    at: [0.7],
    along: [1],
    is: 4 * 0.7 ** 3 + 1.4,
  },
  "closures made anew in a loop": { f: inLoops, at: [[0.7, 2, -1]] },
  "closures without types": { f: untypedLocal, at: [0.7], along: [1], is: 5 },
  "closures that take and give arrays": { f: localArrays, at: [0.7] },
  "closures with default parameters": { f: withDefault, at: [0.7] },
  "closures that a marked function returned": { f: callsReturned, at: [[0.7, 2, -1], 1.3] },
  "closures that return closures": { f: callsDeep, at: [0.7, 1.9] },
  "a curried model in a sum of squares": {
    f: residuals,
    at: [
      [0.7, 2],
      [0, 1, 2],
      [1, 2, 4],
    ],
  },
  "a choice between closures": { f: picks, at: [0.7, true] },
  "a choice between closures, the other": { f: picks, at: [0.7, false] },
  "a closure that takes a closure and returns one": { f: passes, at: [0.7] },
  "closures handed to functions of the file": { f: handsOn, at: [0.7, 1.9] },
});

describe("a function that returns a function", () => {
  it.each([
    ["an arrow", polynomial, [[0.7, 2, -1]], [[1, 0.5, 2]]],
    ["a function expression", harmonic, [1.3, 0.4], [1, -0.5]],
    ["a name", named, [1.3], [2]],
  ] as const)("has a derivative that is a function: %s", (_, f, at, along) => {
    const plain = (f as (...a: unknown[]) => (t: number) => number)(...at);
    const [g, dg] = jvp(f as never, at as never, along as never) as [typeof plain, typeof plain];
    const [h, dh] = pushDual(f, undefined, at, along) as [typeof plain, typeof plain];
    const [k, dk] = inTangentForm(f, [...at], [...along]) as [typeof plain, typeof plain];
    for (const t of [0, 0.7, -2, 5]) {
      expect([g(t), h(t), k(t)]).toEqual([plain(t), plain(t), plain(t)]);
      expectClose([dg(t), dk(t)], [dh(t), dh(t)]);
    }
  });

  it("is differentiated along its parameter and along what it returned", () => {
    expect(derivative(named)(3)(5)).toBe(25);
    expect(derivative(dual((t: number): number => named(3)(t)))(5)).toBe(30);
    expect(derivative(derivative(dual((a: number): number => named(a * a)(2))))(1)).toBe(8);
    expect(grad(dual((c: number[]): number => polynomial(c)(2)))([1, 2, 3])).toEqual([4, 2, 1]);
    expect((derivative(deep)(3) as never as (b: number) => (c: number) => number)(5)(7)).toBe(41);
    expect(
      (linearize(named, [3])[1] as never as (t: number[]) => (t: number) => number)([2])(5),
    ).toBe(50);
  });

  it("can be called before the next one is made, and after", () => {
    const [, d1] = jvp(named, [1], [1]);
    const [, d2] = jvp(named, [2], [10]);
    expect([d1(3), d2(3), d1(2)]).toEqual([9, 90, 4]);
  });

  it("is differentiated by a caller in any form", () => {
    expectAgreement({ f: dual((x: number): number => harmonic(x, x * x)(x)), at: [0.7] });
  });
});
