import { dual } from "dualize";
import {
  numeric as again,
  cubed,
  interpolate,
  named as namedAgain,
  tables as tablesAgain,
} from "./barrel.ts";
import { even } from "./cycle-even.ts";
import { atLoad } from "./cycle-odd.ts";
import data from "./data.json" with { type: "json" };
import legacy from "./legacy.cjs";
import { rate, rule } from "./live.ts";
import cube, * as numeric from "./numeric.ts";
import {
  adder,
  addTo,
  area,
  arrow,
  bilinear,
  both,
  clamped,
  configured,
  counted,
  expression,
  first,
  flagged,
  floats,
  integrate,
  interp,
  isBig,
  largest,
  looked,
  many,
  mapped,
  matrix,
  maybe,
  named,
  nested,
  nothing,
  optional,
  Point,
  Polynomial,
  point,
  pointAt,
  polyval,
  powered,
  root,
  scale,
  shift,
  sign,
  summed,
  switched,
  text,
  tools,
  weighted,
} from "./numeric.ts";
import { CONFIG, FLAGS, GRID, Mode, OPERATIONS, RATES, Unit, WEIGHTS, XS, YS } from "./tables.ts";

/** Everyday calls of functions of other modules. Each is looked at in both forms. */

// biome-ignore lint/suspicious/noExplicitAny: functions of all kinds
export type AnyFunction = (...args: any[]) => any;
export interface Call {
  readonly f: AnyFunction;
  readonly at: readonly unknown[];
}

const scratch = (x: number): number => {
  "use dual";
  return x * x;
};
function square(x: number): number {
  "use dual";
  return x * x;
}
function chained(x: number): number {
  "use dual";
  return integrate(square, 0, x) * interp(XS, YS, x);
}

export const calls: Readonly<Record<string, Call>> = {
  // What is not differentiated.
  "a constant table": { f: dual((x: number) => interp(XS, YS, x) * x), at: [1.3] },
  "tables made in the caller": {
    f: dual((x: number) => interp([0, 1, 3], [1, 2, 0], x)),
    at: [1.3],
  },
  "tables of which one is active": {
    f: dual((x: number) => interp(XS, [x, x * x, 1, 2], x)),
    at: [1.3],
  },
  "a constant typed array": { f: dual((x: number) => weighted(WEIGHTS, [x, x * x, 1])), at: [1.3] },
  "a constant matrix": { f: dual((x: number, y: number) => bilinear(GRID, x, y)), at: [0.3, 0.6] },
  "a configuration object": { f: dual((x: number) => configured(x, CONFIG)), at: [0.7] },
  "a configuration object written in the call": {
    f: dual((x: number) =>
      configured(x, { steps: 3, scale: x, name: "trapezoid", nested: { offset: x } }),
    ),
    at: [0.7],
  },
  "options with defaults, none given": { f: dual((x: number) => powered(x)), at: [1.3] },
  "options with defaults, one given": {
    f: dual((x: number) => powered(x, { exponent: 2 })),
    at: [1.3],
  },
  "an active option": { f: dual((x: number) => powered(x, { offset: x * x })), at: [1.3] },
  "a string": { f: dual((x: number) => named(x, "square") + named(x, "cube")), at: [1.3] },
  "a boolean": { f: dual((x: number) => switched(x, true) * switched(x, x > 5)), at: [1.3] },
  "a Map": { f: dual((x: number) => looked(x, RATES, "fast") + looked(x, RATES, "?")), at: [1.3] },
  "a Set": { f: dual((x: number) => flagged(x, FLAGS) * flagged(x, new Set())), at: [1.3] },
  "an enumeration": { f: dual((x: number) => counted(Mode.Quadratic + 2, x)), at: [1.3] },
  "a constant of an object": { f: dual((x: number) => named(x * Unit.foot, "square")), at: [1.3] },
  "a count": { f: dual((x: number) => counted(3, x) + counted(XS.length, x)), at: [1.3] },
  "constants alone": { f: dual((x: number) => x * counted(3, 2) * interp(XS, YS, 0.5)), at: [1.3] },
  "an argument left out": { f: dual((x: number) => optional(x) + area(x)), at: [1.3] },
  "undefined for an argument": { f: dual((x: number) => optional(x, undefined)), at: [1.3] },
  "the tables of a barrel": {
    f: dual((x: number) => interpolate(tablesAgain.XS, tablesAgain.YS, x)),
    at: [1.3],
  },
  "a table from JSON": {
    f: dual((x: number) => interp(data.table.xs, data.table.ys, x) * data.gain),
    at: [1.3],
  },
  "coefficients from JSON": { f: dual((x: number) => polyval(data.coefficients, x)), at: [1.3] },

  // Functions as arguments.
  "a function of Math": { f: dual((b: number) => integrate(Math.sin, 0, b)), at: [1.3] },
  "a function literal": { f: dual((b: number) => integrate((x) => x * x, 0, b)), at: [1.3] },
  "a function literal that holds an active value": {
    f: dual((a: number) => root((x) => x * x - a, 0, 3)),
    at: [2.2],
  },
  "a function literal of all arguments": {
    f: dual((a: number, b: number) => integrate((x) => Math.exp(-a * x) * b, a, b)),
    at: [0.3, 1.2],
  },
  "a marked function of the caller's module": {
    f: dual((b: number) => integrate(square, 0, b) + integrate(scratch, b, 2)),
    at: [1.3],
  },
  "a function of a third module": { f: dual((b: number) => integrate(cube, 0, b)), at: [1.3] },
  "a function of a table": {
    f: dual((b: number) => integrate(OPERATIONS.root as AnyFunction, 1, b)),
    at: [1.3],
  },
  "a local function declaration": {
    f: dual((a: number) => {
      function g(x: number): number {
        return x * x * a;
      }
      return integrate(g, 0, a);
    }),
    at: [1.3],
  },
  "a closure that calls another module": {
    f: dual((a: number) => integrate((x) => interp(XS, YS, x * a), 0, 1)),
    at: [1.3],
  },
  "an integral of an integral": {
    f: dual((a: number) => integrate((x) => integrate((y) => x * y * a, 0, x), 0, a)),
    at: [1.3],
  },
  "a generic function that maps": {
    f: dual((x: number) => {
      const ys: number[] = mapped([1, 2, x], (v: number) => v * v * x);
      return ys[0]! + ys[2]!;
    }),
    at: [1.3],
  },

  // Results of every kind.
  "a pair": {
    f: dual((x: number) => {
      const [a, b] = both(x, x * x);
      return a * b;
    }),
    at: [1.3],
  },
  "an array, handed on": { f: dual((x: number) => many(x)), at: [1.3] },
  "an array, gone through": {
    f: dual((x: number) => {
      let s = 0;
      for (const v of many(x)) s += v * v;
      return s;
    }),
    at: [1.3],
  },
  "an array, with a method": { f: dual((x: number) => many(x).map((v) => v * x)), at: [1.3] },
  "a typed array": { f: dual((x: number) => floats(x)), at: [1.3] },
  "an element of a typed array": { f: dual((x: number) => floats(x)[1]! * x), at: [1.3] },
  "a matrix": { f: dual((x: number) => matrix(x)), at: [1.3] },
  "an element of a matrix": {
    f: dual((x: number) => {
      const m = matrix(x);
      return m[0]![0]! * m[1]![1]! - m[0]![1]! * m[1]![0]!;
    }),
    at: [1.3],
  },
  "an object": { f: dual((x: number) => point(x)), at: [1.3] },
  "a field of an object": { f: dual((x: number) => point(x).x * point(x).y), at: [1.3] },
  "an object taken apart": {
    f: dual((a: number) => {
      const { x, y } = point(a);
      return x * y;
    }),
    at: [1.3],
  },
  "an object in an object": { f: dual((x: number) => nested(x).p.q[1]! * x), at: [1.3] },
  "an object with text in it": { f: dual((x: number) => nested(x)), at: [1.3] },
  "an instance": { f: dual((x: number) => pointAt(x, 2).length), at: [1.3] },
  "a method of an instance": { f: dual((x: number) => pointAt(x, 2).scaled(x).y), at: [1.3] },
  "an instance made in the caller": {
    f: dual((x: number) => new Point(x, x * x).length),
    at: [1.3],
  },
  "an instance of a constant": {
    f: dual((x: number) => new Polynomial([1, 2, 3]).at(x)),
    at: [1.3],
  },
  "a static method": { f: dual((x: number) => Polynomial.of(1, x, 3).at(x)), at: [1.3] },
  "a closure": {
    f: dual((x: number) => {
      const f = adder(x);
      return f(x) * f(2);
    }),
    at: [1.3],
  },
  "a closure, called at once": { f: dual((x: number) => adder(x)(x * x)), at: [1.3] },
  "a closure, handed on": { f: dual((x: number) => integrate(adder(x), 0, x)), at: [1.3] },
  text: { f: dual((x: number) => (text(x) === "big" ? x * x : x)), at: [1.3] },
  "a boolean that decides": { f: dual((x: number) => (isBig(x) ? x * x : x)), at: [1.3] },
  "a boolean in an if": {
    f: dual((x: number) => {
      if (isBig(x) && !isBig(-x)) return x * x;
      return x;
    }),
    at: [1.3],
  },
  "a number that is constant": { f: dual((x: number) => sign(x) * x * x), at: [1.3] },
  nothing: {
    f: dual((x: number) => {
      nothing(x);
      return x * x;
    }),
    at: [1.3],
  },
  "a number or nothing": { f: dual((x: number) => (maybe(x) ?? 0) * x), at: [1.3] },
  "a result that nobody looks at": {
    f: dual((x: number) => {
      square(x);
      many(x);
      cube(x);
      return x * x;
    }),
    at: [1.3],
  },

  // Arguments that are changed.
  "a target that is written to": {
    f: dual((x: number) => {
      const out = [0, 0];
      addTo(out, [x, 1], [x, x]);
      return out[0]! * out[1]!;
    }),
    at: [1.3],
  },
  "a target that is given back": {
    f: dual((x: number) => {
      const r: number[] = addTo([], [x, 1], [x, x]);
      return r[0]! * r[1]!;
    }),
    at: [1.3],
  },
  "a typed array that is scaled": {
    f: dual((x: number) => {
      const xs = new Float64Array([x, 2, 3]);
      scale(xs, x);
      return xs[0]! + xs[1]! * xs[2]!;
    }),
    at: [1.3],
  },
  "an argument handed on and scaled": {
    f: dual((xs: Float64Array, k: number) => {
      scale(xs, k);
      scale(xs, xs[0]!);
    }),
    at: [new Float64Array([1.5, 2]), 0.7],
  },
  "an object that is changed": {
    f: dual((x: number) => {
      const p = { x, y: 1 };
      shift(p, x);
      return p.x * p.y;
    }),
    at: [1.3],
  },

  // Ways to export and import.
  "a default import": { f: dual((x: number) => cube(x) + cubed(x)), at: [1.3] },
  "a namespace": { f: dual((x: number) => numeric.arrow(x) * numeric.default(x)), at: [1.3] },
  "a namespace handed through": {
    f: dual((x: number) => again.arrow(x) + namedAgain(x, "")),
    at: [1.3],
  },
  "an arrow and a function expression": {
    f: dual((x: number) => arrow(x) * expression(x)),
    at: [1.3],
  },
  "a function of an exported object": {
    f: dual((x: number) => tools.twice(x) * tools.deep.cube(x)),
    at: [1.3],
  },
  "rest parameters": { f: dual((x: number) => summed(x, 2, x * x) + summed()), at: [1.3] },
  "a spread argument": {
    f: dual((x: number) => {
      const xs: [number, number] = [x, x * x];
      return summed(...xs) + area(...xs);
    }),
    at: [1.3],
  },
  "an overloaded function": { f: dual((x: number) => area(x) * area(x, x + 1)), at: [1.3] },
  "a generic function": { f: dual((x: number) => first([x * x, 2]) * clamped(x, 0, 1)), at: [0.3] },
  "a function of an array": {
    f: dual((xs: number[]) => largest(xs) * summed(...xs)),
    at: [[1.3, 2]],
  },
  "modules that import each other": { f: dual((x: number) => even(4, x) * atLoad(x)), at: [1.3] },
  "a variable that is exported": { f: dual((x: number) => rule(x) * rate), at: [1.3] },
  CommonJS: { f: dual((t: number) => legacy.fall(t) + legacy.blend(t, 1, t)), at: [1.3] },
  "a constructor function of CommonJS": {
    f: dual((l: number) => new legacy.Pendulum(l).period()),
    at: [1.3],
  },
  "a table of CommonJS": { f: dual((x: number) => legacy.table.half(x) * x), at: [1.3] },
  "calls of calls": { f: dual((x: number) => chained(x) + chained(square(x) / 2)), at: [1.3] },
  "a call in a loop": {
    f: dual((x: number) => {
      let y = x;
      for (let i = 0; i < 3; i++) y = interp(XS, YS, y) / 2 + arrow(y) / 50;
      return y;
    }),
    at: [1.3],
  },
};
