import { twinOf } from "dualize/runtime";
import { describe, expect, it } from "vitest";
import { pushDual } from "../../packages/dualize/src/transforms/push.ts";
import { compile, load, translate } from "./support/compile.ts";
import { expectEveryForm, type Program } from "./support/programs.ts";

/** A function that is handed on by its name, or written where it is handed on, has every derivative code. */

const SQUARE = `function square(x: number): number { "use dual"; return x * x; }`;
const INTEGRATE = `
  function integrate(f: (x: number) => number, a: number, b: number): number {
    "use dual";
    let sum = 0;
    const h = (b - a) / 4;
    for (let i = 0; i < 4; i++) sum += f(a + (i + 0.5) * h) * h;
    return sum;
  }`;
const SIMPSON = `
  function simpson(f: (x: number) => number, a: number, b: number, depth: number): number {
    "use dual";
    const m = (a + b) / 2;
    if (depth <= 0) return ((b - a) / 6) * (f(a) + 4 * f(m) + f(b));
    return simpson(f, a, m, depth - 1) + simpson(f, m, b, depth - 1);
  }`;
const RK4 = `
  function rk4(f: (t: number, y: number[]) => number[], y: number[], t: number, h: number): number[] {
    "use dual";
    const k1 = f(t, y);
    const k2 = f(t + h / 2, y.map((v, i) => v + (h / 2) * k1[i]!));
    const k3 = f(t + h / 2, y.map((v, i) => v + (h / 2) * k2[i]!));
    const k4 = f(t + h, y.map((v, i) => v + h * k3[i]!));
    return y.map((v, i) => v + (h / 6) * (k1[i]! + 2 * k2[i]! + 2 * k3[i]! + k4[i]!));
  }`;

interface Case extends Omit<Program, "value" | "tangent"> {
  readonly name: string;
  readonly code: string;
  /** What it gives, where that is a round number; else the plain call tells, and differences check the dual form. */
  readonly value?: unknown;
  readonly tangent?: unknown;
  /** Which code there is for `f`. */
  readonly forms?: readonly string[];
}

const BOTH = ["tangent", "adjoint"] as const;

const cases: Case[] = [
  {
    name: "an arrow that is written where it is handed on",
    code: `${INTEGRATE} export function f(k: number): number { "use dual"; return integrate((x) => k * x * x, 0, 2); }`,
    at: [3],
    forms: BOTH,
  },
  {
    name: "a marked function of the file",
    code: `${INTEGRATE} ${SQUARE} export function f(b: number): number { "use dual"; return integrate(square, 0, b); }`,
    at: [2],
    forms: BOTH,
  },
  {
    name: "a function of Math",
    code: `${INTEGRATE} export function f(b: number): number { "use dual"; return integrate(Math.sqrt, 0, b); }`,
    at: [2],
    forms: BOTH,
  },
  {
    name: "a function of Math under a name of its own, with more arguments than it looks at",
    code: `
      const { exp } = Math;
      function both(f: (x: number, y: number) => number, x: number): number { "use dual"; return f(x, 2 * x); }
      export function f(x: number): number { "use dual"; return both(exp, x) + both(Math.atan2, x) + both(Math.max, x); }`,
    at: [0.5],
    forms: BOTH,
  },
  {
    name: "a function that calls itself with the function that it is given",
    code: `${SIMPSON} ${SQUARE} export function f(b: number): number {
      "use dual";
      return simpson(square, 0, b, 2) + simpson(Math.exp, 0, b, 1) + simpson((x) => b * x, 0, b, 2);
    }`,
    at: [1.5],
    forms: BOTH,
  },
  {
    name: "the step of an integrator, by an arrow over two variables",
    code: `${RK4} export function f(k: number, v: number): number {
      "use dual";
      let y = [1, v];
      for (let i = 0; i < 3; i++) y = rk4((t, [a, b]) => [b!, -k * a! + t], y, i * 0.1, 0.1);
      return y[0]! * y[1]!;
    }`,
    at: [2, 0.5],
    along: [1, 0.25],
    forms: BOTH,
  },
  {
    name: "two functions, with an early end",
    code: `
      function newton(f: (x: number) => number, slope: (x: number) => number, start: number): number {
        "use dual";
        let x = start;
        for (let i = 0; i < 50; i++) {
          const step = f(x) / slope(x);
          x -= step;
          if (Math.abs(step) < 1e-15 * Math.abs(x)) return x;
        }
        return x;
      }
      export function f(c: number): number { "use dual"; return newton((x) => x * x * x - c, (x) => 3 * x * x, 2); }`,
    at: [5],
    forms: BOTH,
  },
  {
    name: "one that adds to a variable around it",
    code: `
      function each(xs: number[], visit: (x: number) => void): void { "use dual"; for (const x of xs) visit(x); }
      export function f(xs: number[]): number {
        "use dual";
        let sum = 0;
        let last = 1;
        each(xs, (x) => { sum += x * last; last = x; });
        return sum * last;
      }`,
    at: [[2, 3, 5]],
    along: [[1, 0, 1]],
    value: (2 + 6 + 15) * 5,
    tangent: (1 + 3 + 3) * 5 + 23,
    forms: BOTH,
  },
  {
    name: "one that is handed to a method of arrays by the function that gets it",
    code: `
      function mapped(xs: number[], g: (x: number, i: number) => number): number[] { "use dual"; return xs.map(g); }
      export function f(xs: number[]): number {
        "use dual";
        const ys = mapped(xs, (x, i = 7) => x * x * (i + 1));
        return ys[0]! + ys[1]!;
      }`,
    at: [[2, 3]],
    along: [[1, 1]],
    value: 4 + 18,
    tangent: 4 + 12,
    forms: BOTH,
  },
  {
    name: "a function that looks at more than its type says",
    code: `
      function mapped(xs: number[], g: (x: number) => number): number[] { "use dual"; return xs.map(g); }
      export function f(xs: number[]): number {
        "use dual";
        const weighted = (x: number, i = 7) => x * x * (i + 1);
        const ys = mapped(xs, weighted);
        return ys[0]! + ys[1]! + weighted(xs[0]!);
      }`,
    at: [[2, 3]],
    along: [[1, 1]],
    value: 4 + 18 + 32,
    tangent: 4 + 12 + 32,
  },
  {
    name: "one of an earlier call, whose variables have other values by then",
    code: `
      type F = (x: number) => number;
      function make(k: number, before: F, x: number, log: number[]): F {
        "use dual";
        const own: F = (y) => k * y;
        log.push(before(x));
        return own;
      }
      export function f(x: number): number {
        "use dual";
        const log: number[] = [];
        const a = make(2 * x, (y) => y, x, log);
        const b = make(3 * x, a, x, log);
        return log[0]! + 10 * log[1]! + 100 * b(x) + 1000 * a(x);
      }`,
    at: [1],
    value: 1 + 20 + 300 + 2000,
    tangent: 1 + 40 + 600 + 4000,
  },
  {
    name: "one that each round of a loop makes anew",
    code: `
      function twice(g: (x: number) => number, x: number): number { "use dual"; return g(g(x)); }
      export function f(x: number): number {
        "use dual";
        let y = x;
        for (let i = 1; i < 3; i++) { const k = y * i; y = twice((z) => z + k, x); }
        return y;
      }`,
    at: [1],
    value: 1 + 2 * 3 * 2,
    tangent: 1 + 4 * 3,
    forms: BOTH,
  },
  {
    name: "a parameter that is assigned to, and one with another one in its place",
    code: `
      ${SQUARE}
      function pick(g: (x: number) => number, x: number, h: (x: number) => number = square): number {
        "use dual";
        const first = g(x);
        if (x > 0) g = h;
        return first + 10 * g(x);
      }
      export function f(x: number): number { "use dual"; return pick((y) => 3 * y, x) + pick(square, x, Math.exp); }`,
    at: [2],
  },
  {
    name: "a function that is compared, and kept",
    code: `
      ${SQUARE}
      type F = (x: number) => number;
      function apply(g: F, x: number): number {
        "use dual";
        const kept = { g };
        return g === square ? 100 * kept.g(x) : g(x);
      }
      export function f(x: number): number { "use dual"; return apply(square, x) + apply((y) => y, x); }`,
    at: [3],
    value: 903,
    tangent: 601,
  },
  {
    name: "a function that is compared by one that calls itself",
    code: `
      ${SQUARE}
      type F = (x: number) => number;
      function apply(g: F, x: number, n: number): number {
        "use dual";
        if (n > 0) return apply(g, x, n - 1);
        return g === square ? 100 * g(x) : g(x);
      }
      export function f(x: number): number { "use dual"; return apply(square, x, 2) + apply((y) => y, x, 1); }`,
    at: [3],
    value: 903,
    tangent: 601,
  },
  {
    name: "a method that calls what it is given",
    code: `
      class Euler {
        constructor(readonly h: number) {}
        step(g: (t: number, y: number) => number, t: number, y: number): number { "use dual"; return y + this.h * g(t, y); }
      }
      export function f(y0: number, k: number): number {
        "use dual";
        const euler = new Euler(0.5);
        let y = y0;
        for (let i = 0; i < 2; i++) y = euler.step((t, v) => k * v + t, i, y);
        return y;
      }`,
    at: [1, 3],
    along: [1, 1],
    value: 1 * 2.5 * 2.5 + 0.5,
    tangent: 6.25 + 2.5,
    forms: BOTH,
  },
  {
    name: "constants, and functions with fewer parameters than they get",
    code: `
      function sum(g: (x: number, i: number) => number, x: number): number { "use dual"; return g(x, 0) + x * g(x, 1); }
      export function f(x: number): number { "use dual"; return sum(() => 5, x) + sum((y) => y, x); }`,
    at: [2],
    value: 5 + 10 + 2 + 4,
    tangent: 5 + 1 + 4,
    forms: BOTH,
  },
  {
    name: "one that writes into what it is given",
    code: `
      function filled(write: (xs: number[], x: number) => void, x: number): number {
        "use dual";
        const xs = [1, 1];
        write(xs, x);
        write(xs, x * x);
        return xs[0]! * xs[1]!;
      }
      function put(xs: number[], x: number): void { "use dual"; xs[0] = xs[1]!; xs[1] = x; }
      export function f(x: number): number { "use dual"; return filled((xs, y) => { xs[0]! *= y; }, x) + filled(put, x); }`,
    at: [2],
    value: 8 + 8,
    tangent: 12 + 12,
  },
  {
    name: "used inside a function that is kept as it is",
    code: `
      function at(x: number, g: (y: number) => number): number { "use dual"; return g(x); }
      export function f(x: number[]): number {
        "use dual";
        const g = (y: number) => y * x[0]!;
        let n = 0;
        (x[0]! ? new Float64Array([3, 2]) : new Float64Array([1])).map((v) => v).forEach((v) => { if (v > 2) { n = [at(v, g)].length; } });
        return x[0]! * x[0]! * (n + 1);
      }`,
    at: [[3]],
    along: [[1]],
    value: 18,
    tangent: 12,
  },
  {
    name: "one that changes the state of its module, once for each call",
    code: `
      let calls = 0;
      function counted(x: number): number { "use dual"; calls++; return x * calls; }
      function both(g: (x: number) => number, x: number): number { "use dual"; return g(x) + 10 * g(x); }
      export function f(x: number): number { "use dual"; return both(counted, x) + 100 * calls; }`,
    at: [3],
    value: 3 + 60 + 200,
    tangent: 1 + 20,
    noDifferences: "each call counts on",
  },
];

describe("a function as an argument", () => {
  it.each(cases)("is known where it is $name", (program) => {
    const { code, at = [], along = at.map(() => 1) } = program;
    const f = () => compile(code).exports.f as (...args: unknown[]) => unknown;
    expectEveryForm({
      value: f()(...structuredClone(at)),
      tangent: pushDual(f(), undefined, structuredClone(at), structuredClone(along) as never)[1],
      ...program,
    });
    if (!program.forms) return;
    const twin = twinOf(f());
    expect(BOTH.filter((form) => twin?.[form] !== undefined)).toEqual(program.forms);
  });

  it("has its parameters' types from the function of another file that gets it", () => {
    const code = {
      lib: `
        type Slope = (t: number, y: number[]) => number[];
        export function euler(slope: Slope, y: number[], h: number): number[] { "use dual"; const k = slope(0, y); return y.map((v, i) => v + h * k[i]!); }
        export const twice = (f: (x: number) => number, x: number): number => { "use dual"; return f(f(x)); };`,
      main: `
        import { euler, twice } from "./lib";
        export function f(k: number): number {
          "use dual";
          let y = [1, 2];
          for (let i = 0; i < 3; i++) y = euler((t, [a, b]) => [b!, -k * a! + t], y, 0.5);
          return y[0]! * twice((x) => x * x * k, y[1]!);
        }`,
    };
    const { f } = load(translate(code), "main");
    const tangent = pushDual(f, undefined, [2], [1])[1];
    expectEveryForm({ code, at: [2], value: f?.(2), tangent });
    expect(twinOf(f)?.tangent).toBeDefined();
  });
});
