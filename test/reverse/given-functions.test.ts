import { derivative, grad, hessian, hvp, jvp } from "dualize";
import { twinOf } from "dualize/runtime";
import { describe, expect, it } from "vitest";
import { compile, type Exports, load, translate } from "../tangent/support/compile.ts";

/** Gradients of functions that are given the functions that they call. */

const code = `
  import { customJvp, grad } from "dualize";
  type Model = (t: number, p: number[]) => number;
  export function fit(model: Model, ts: number[], p: number[]): number {
    "use dual";
    let sum = 0;
    for (let i = 0; i < ts.length; i++) {
      const r = model(ts[i]!, p) - i;
      sum += r * r;
    }
    return sum;
  }
  export function decay(t: number, p: number[]): number { "use dual"; return p[0]! * Math.exp(-p[1]! * t) + p[2]!; }
  export function line(t: number, p: number[]): number { "use dual"; return p[0]! + p[1]! * t + 0 * p[2]!; }
  export function makeModel(k: number): Model { "use dual"; return (t, p) => p[0]! * p[1]! * t ** k + p[2]!; }
  export function slope(k: number): number {
    "use dual";
    return grad(fit, { argnum: 2, mode: "reverse" })(makeModel(k), [0.5, 1, 1.5], [2, 0.5, 0.25])[0]!;
  }
  export const unmarked: Model = new Function("t", "p", "return p[0] * t + p[1] * p[2]") as Model;
  export function doubles(t: number, p: number[]): number { "use dual"; p[0]! *= 2; return p[0]! * t + p[1]! * p[2]!; }
  let calls = 0;
  export function counts(t: number, p: number[]): number { "use dual"; calls++; return p[0]! * p[1]! * t + p[2]!; }
  export const callsMade = () => calls;
  export const keep: { last?: unknown } = {};
  export function keeps(t: number, p: number[]): number { "use dual"; keep.last = { sum: p[0]! + p[1]! }; return p[0]! * p[1]! * t + p[2]!; }

  export function area(f: (x: number) => number, b: number, depth: number): number {
    "use dual";
    if (depth <= 0) return (b / 6) * (f(0) + 4 * f(b / 2) + f(b));
    return area(f, b / 2, depth - 1) + area((x) => f(x + b / 2), b / 2, depth - 1);
  }
  export function simpson(f: (x: number) => number, a: number, b: number, depth: number): number {
    "use dual";
    const m = (a + b) / 2;
    if (depth <= 0) return ((b - a) / 6) * (f(a) + 4 * f(m) + f(b));
    return simpson(f, a, m, depth - 1) + simpson(f, m, b, depth - 1);
  }
  export function cube(x: number): number { "use dual"; return x * x * x; }
  export const kinked = customJvp((x: number) => Math.abs(x), ([x], [dx]) => [Math.abs(x), x < 0 ? -dx : dx]);
  export function cubeToHalf(b: number): number { "use dual"; return simpson(cube, 0, b / 2, 2) + simpson(Math.exp, 0, b, 1); }

  type Slope = (t: number, y: number[]) => number[];
  export function run(slope: Slope, y0: number[]): number {
    "use dual";
    let y = y0;
    for (let i = 0; i < 4; i++) {
      const k = slope(i * 0.1, y);
      y = y.map((v, j) => v + 0.1 * k[j]!);
    }
    return y[0]! * y[1]!;
  }
  export function pendulum(t: number, y: number[]): number[] { "use dual"; return [y[1]!, -Math.sin(y[0]!) + t]; }
  export function same(t: number, y: number[]): number[] { "use dual"; return y; }
`;

const { exports } = compile(code);
const ts = [0.5, 1, 1.5];
const p = [2, 0.5, 0.25];

/** By the adjoint form alone. */
function byForm(f: unknown, args: unknown[], argnum: number): unknown {
  const twin = twinOf(f as never);
  const value = (f as (...xs: unknown[]) => unknown)(...args);
  return twin?.adjoints?.sweep(twin, args, value, 1, [argnum])?.[1][argnum];
}

function expectGradients(f: unknown, args: unknown[], argnum: number): void {
  const by = (mode: string) => grad(f as never, { argnum, mode } as never)(...(args as never[]));
  const expected = by("forward") as number | number[];
  const numbers = [expected].flat();
  [by("reverse") as number].flat().forEach((g, i) => {
    expect(g).toBeCloseTo(numbers[i] as number, 12);
  });
}

describe("the gradient of a function that is given what it calls", () => {
  it.each(["decay", "line"])("is a sweep that runs %s over a link", (name) => {
    const args = [exports[name], ts, p];
    expect(byForm(exports.fit, args, 2)).toBeDefined();
    expectGradients(exports.fit, args, 2);
  });

  it("knows at each call which function it is given", () => {
    const { fit, decay, line, makeModel } = exports as Exports;
    for (const model of [decay, line, makeModel?.(2), makeModel?.(3), decay])
      expectGradients(fit, [model, ts, p], 2);
  });

  it("is taken by functions of the language, of customJvp and of the file", () => {
    for (const f of [Math.sin, Math.cbrt, exports.kinked, exports.cube]) {
      expectGradients(exports.simpson, [f, 0.1, 1.2, 3], 2);
      expectGradients(exports.simpson, [f, 0.1, 1.2, 3], 1);
      expectGradients(exports.area, [f, 1.2, 2], 1);
    }
    expect(byForm(exports.simpson, [exports.cube, 0, 1.2, 3], 2)).toBeCloseTo(1.2 ** 3, 12);
    expect(byForm(exports.cubeToHalf, [1.2], 0)).toBeDefined();
    expectGradients(exports.cubeToHalf, [1.2], 0);
  });

  it("goes through lists that the function gives", () => {
    expect(byForm(exports.run, [exports.pendulum, [1, 0.5]], 1)).toBeDefined();
    expectGradients(exports.run, [exports.pendulum, [1, 0.5]], 1);
    // What gives a part of its arguments is left to the dual form.
    expectGradients(exports.run, [exports.same, [1, 0.5]], 1);
  });

  it("has second derivatives", () => {
    const { fit, decay, line, simpson, cube, run, pendulum } = exports as Exports;
    for (const model of [decay, line]) {
      const f = (q: number[]) => fit?.(model, ts, q);
      const along = [1, -0.5, 0.25];
      const steps = [1e-3, 5e-4].map((h) => {
        const at = (s: number) =>
          grad(
            fit as never,
            { argnum: 2, mode: "reverse" } as never,
          )(
            ...([model, ts, p.map((x, i) => x + s * (along[i] as number))] as never[]),
          ) as unknown as number[];
        const [up, down] = [at(h), at(-h)];
        return up.map((u, i) => (u - (down[i] as number)) / (2 * h));
      });
      const expected = (steps[1] as number[]).map(
        (s, i) => (4 * s - (steps[0] as number[])[i]!) / 3,
      );
      expect(f(p)).toBeTypeOf("number");
      const found = jvp(
        ((q: number[]) =>
          grad(fit as never, { argnum: 2 } as never)(...([model, ts, q] as never[]))) as never,
        [p] as never,
        [along] as never,
      ) as unknown as [number[], number[]];
      found[1].forEach((x, i) => {
        expect(x).toBeCloseTo(expected[i] as number, 7);
      });
    }
    const curvature = derivative(derivative((b: number) => simpson?.(cube, 0, b, 3) as number));
    expect(curvature(1.2)).toBeCloseTo(3 * 1.2 ** 2, 10);
    const h = hessian((y: number[]) => run?.(pendulum, y) as number)([1, 0.5]);
    const product = hvp((y: number[]) => run?.(pendulum, y) as number)([1, 0.5], [1, 2] as never);
    h.forEach((row, i) => {
      const sum = (row[0] as number) + 2 * (row[1] as number);
      expect(sum).toBeCloseTo((product as unknown as number[])[i] as number, 12);
    });
  });

  it("is an error where the function is not marked", () => {
    expect(() =>
      grad(
        exports.fit as never,
        { argnum: 2, mode: "reverse" } as never,
      )(...([exports.unmarked, ts, p] as never[])),
    ).toThrow(/DUAL101/);
    expect(() =>
      grad(
        exports.fit as never,
        { argnum: 2, mode: "reverse" } as never,
      )(...([5, ts, p] as never[])),
    ).toThrow();
  });

  it("sees what the function writes into its arguments, and calls what counts its calls as often as the plain call does", () => {
    const forward = grad(exports.fit as never, { argnum: 2, mode: "forward" } as never);
    const reverse = grad(exports.fit as never, { argnum: 2, mode: "reverse" } as never);
    const args = () => [exports.doubles, ts, [...p]] as never[];
    expect(reverse(...args())).toEqual(forward(...args()));
    const before = exports.callsMade?.() as number;
    expectGradients(exports.fit, [exports.counts, ts, p], 2);
    // Three points; forward mode runs three times, or once for all directions.
    const made = (exports.callsMade?.() as number) - before;
    expect(made % ts.length).toBe(0);
    expect(made).toBeLessThanOrEqual(4 * ts.length);
  });

  it("leaves outside what the plain call leaves there", () => {
    reverseOf(exports.fit)(exports.keeps as never, ts as never, p as never);
    expect(exports.keep).toEqual({ last: { sum: 2.5 } });
  });

  it("does not take the variables of functions of an outer derivative for constants", () => {
    const slope = exports.slope as (k: number) => number;
    const h = 1e-4;
    const expected = (slope(2 + h) - slope(2 - h)) / (2 * h);
    expect(derivative(slope)(2)).toBeCloseTo(expected, 5);
  });
});

it("a function of a module that has not got there yet is missed only where it is called", () => {
  const scripts = translate({
    main: `
      import { derive, early } from "./user";
      export { derive, early };
      export const late = (() => (x: number): number => { "use dual"; return x * x; })();`,
    user: `
      import { grad } from "dualize";
      import { late } from "./main";
      export function f(xs: number[], far: boolean): number { "use dual"; return far ? late(xs[0]!) : xs[0]! * xs[1]!; }
      export const derive = (far: boolean) => grad(f, { mode: "reverse" })([2, 3], far);
      export const early = derive(false);`,
  });
  const { early, derive } = load(scripts, "main");
  expect(early).toEqual([3, 2]);
  expect(derive?.(true)).toEqual([4, 0]);
});

const reverseOf = (f: unknown) => grad(f as never, { argnum: 2, mode: "reverse" } as never);
