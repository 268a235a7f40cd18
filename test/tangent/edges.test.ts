// biome-ignore-all lint: unusual ways to write things are what is tested here

import { derivative, grad, jvp } from "dualize";
import { rules } from "dualize/rules";
import { describe, expect, it } from "vitest";
import { pushDual } from "../../packages/dualize/src/transforms/push.ts";
import { compile } from "./support/compile.ts";
import { expectClose, expectForms } from "./support/forms.ts";

/** Where rules have edges: zeros, ends of domains, ties, infinities, the largest and smallest numbers. */
const INF = Number.POSITIVE_INFINITY;
const points = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  2,
  -2,
  3,
  1e300,
  -1e300,
  1e-300,
  -1e-300,
  5e-324,
  1.7976931348623157e308,
  INF,
  -INF,
  NaN,
];
const tangents = [0, 1, -2.5];
const moreTangents = [-0, INF, NaN];

const binary = ["atan2", "pow", "imul"];
const unary = Object.keys(rules).filter((name) => name !== "random" && !binary.includes(name));
const operators = ["+", "-", "*", "/", "%", "**"];
const functions = ["atan2", "pow", "max", "min", "hypot"];

interface Operation {
  readonly name: string;
  readonly text: string;
  readonly arity: 1 | 2;
}
const operations: Operation[] = [
  ...unary.map((f) => ({ name: `Math.${f}(x)`, text: `Math.${f}(x)`, arity: 1 as const })),
  { name: "-x", text: "-x", arity: 1 },
  { name: "+x", text: "+x", arity: 1 },
  ...[2, 3, -1, 0.5, 1, 0, -0.5].flatMap((n) => [
    { name: `x ** ${n}`, text: `x ** ${n}`, arity: 1 as const },
    { name: `${n} / x`, text: `${n} / x`, arity: 1 as const },
    { name: `x / ${n}`, text: `x / ${n}`, arity: 1 as const },
    { name: `x * ${n}`, text: `x * ${n}`, arity: 1 as const },
    { name: `${Math.abs(n)} ** x`, text: `${Math.abs(n)} ** x`, arity: 1 as const },
    { name: `x % ${n}`, text: `x % ${n}`, arity: 1 as const },
    { name: `${n} % x`, text: `${n} % x`, arity: 1 as const },
    { name: `Math.max(x, ${n})`, text: `Math.max(x, ${n})`, arity: 1 as const },
    { name: `Math.hypot(x, ${n})`, text: `Math.hypot(x, ${n})`, arity: 1 as const },
    { name: `Math.atan2(${n}, x)`, text: `Math.atan2(${n}, x)`, arity: 1 as const },
    { name: `Math.pow(x, ${n})`, text: `Math.pow(x, ${n})`, arity: 1 as const },
  ]),
  ...operators.map((o) => ({ name: `x ${o} y`, text: `x ${o} y`, arity: 2 as const })),
  ...functions.map((f) => ({
    name: `Math.${f}(x, y)`,
    text: `Math.${f}(x, y)`,
    arity: 2 as const,
  })),
  { name: "Math.max(x, y, x)", text: "Math.max(x, y, x)", arity: 2 },
  { name: "Math.min(...[x, y])", text: "Math.min(...[x, y])", arity: 2 },
  { name: "Math.hypot(x, y, 0)", text: "Math.hypot(x, y, 0)", arity: 2 },
  { name: "x ? x * y : y", text: "x ? x * y : y", arity: 2 },
  { name: "(x && y) + (x || y)", text: "(x && y) + (x || y)", arity: 2 },
];

const params = (o: Operation): string => (o.arity === 1 ? "x: number" : "x: number, y: number");

/** The same operation where a NaN is looked at again, and where nothing may run twice. */
const variants: [string, (o: Operation) => string][] = [
  [
    "replayable",
    (o) => `export function f(${params(o)}): number { "use dual"; return ${o.text}; }`,
  ],
  [
    "in a function that writes into its argument",
    (o) =>
      `export function f(${params(o)}, out: number[]): number { "use dual"; out[0] = ${o.text}; return out[0]; }`,
  ],
];

describe.each(variants)("both forms agree at the edges, %s", (kind, text) => {
  const writes = kind !== "replayable";
  it.each(operations.map((o) => [o.name, o] as const))("%s", (_, operation) => {
    const { exports, report } = compile(text(operation));
    expectForms(report);
    const f = exports.f as (...args: unknown[]) => number;
    const mismatches: unknown[] = [];
    const check = (p: number[], t: number[]): void => {
      const rest = () => (writes ? [[7]] : []);
      const args = [rest(), rest(), rest(), rest()];
      const [value, tangent] = jvp(
        f as never,
        [...p, ...args[0]!] as never,
        [...t, ...args[1]!] as never,
      ) as [number, number];
      const [dualValue, dualTangent] = pushDual(
        f,
        undefined,
        [...p, ...args[2]!],
        [...t, ...args[3]!],
      ) as [number, number];
      try {
        expect(value).toBe(f(...p, ...rest()));
        expect(value).toBe(dualValue);
        expectClose([tangent], [dualTangent]);
        if (writes) expect(args[0]).toEqual(args[2]);
        if (writes) expectClose(args[1]![0]!, args[3]![0]!);
      } catch {
        mismatches.push({ p, t, value, dualValue, tangent, dualTangent });
      }
    };
    for (const x of points) {
      for (const dx of [...tangents, ...moreTangents]) {
        if (operation.arity === 1) check([x], [dx]);
        else
          for (const y of points)
            for (const dy of dx === dx ? tangents : [0]) check([x, y], [dx, dy]);
      }
    }
    expect(mismatches).toEqual([]);
  });
});

describe("the rules at the edges", () => {
  const run = (body: string, ...args: number[]): number => {
    const { exports, report } = compile(
      `export function f(x: number, y: number): number { "use dual"; return ${body}; }`,
    );
    expectForms(report);
    return (
      jvp(exports.f as never, args.slice(0, 2) as never, args.slice(2) as never) as [number, number]
    )[1];
  };
  it.each([
    ["sqrt at 0", "Math.sqrt(x)", [0, 0, 1, 0], INF],
    ["sqrt at 0 with a zero tangent", "Math.sqrt(x) + y", [0, 0, 0, 1], 1],
    ["a zero tangent beats an infinite partial inside", "Math.sqrt(x * y)", [0, 0, 1, 1], 0],
    ["x ** 0", "x ** 0", [0, 0, 1, 0], 0],
    ["x ** y along y at 0", "x ** y", [0, 2, 0, 1], 0],
    ["x ** y along y at 0 to the 0", "x ** y", [0, 0, 0, 1], -INF],
    ["x ** y along y for negative x", "x ** y", [-2, 3, 0, 1], NaN],
    ["x ** y along x for negative x", "x ** y", [-2, 3, 1, 0], 12],
    ["abs at 0", "Math.abs(x)", [0, 0, 1, 0], 0],
    ["ties", "Math.max(x, y)", [2, 2, 1, 3], 2],
    ["ties of three", "Math.min(x, y, 2)", [2, 2, 3, 3], 2],
    ["hypot at the origin", "Math.hypot(x, y)", [0, 0, 1, 1], 0],
    ["hypot of great numbers", "Math.hypot(x, y)", [3e300, 4e300, 1, 0], 0.6],
    ["atan2 of small numbers", "Math.atan2(x, y)", [0, 2 ** -900, 2 ** -900, 0], 1],
    ["remainders", "x % y", [7, 3, 1, 1], -1],
    ["log at 0", "Math.log(x)", [0, 0, 1, 0], INF],
    ["log outside", "Math.log(x)", [-1, 0, 1, 0], NaN],
    ["tanh far out", "Math.tanh(x)", [400, 0, 1, 0], 4 * Math.exp(-800)],
    ["acosh at 1", "Math.acosh(x)", [1, 0, 1, 0], INF],
  ] as const)("%s", (_, body, args, expected) => {
    expect(run(body, ...args)).toBe(expected);
  });

  it("hold for second derivatives", () => {
    const { exports } = compile(`
      export const power = (x: number): number => { "use dual"; return x ** 2; };
      export const square = (x: number): number => { "use dual"; return x * x; };
      export const abs = (x: number): number => { "use dual"; return Math.abs(x) ** 2; };
      export const sum = (xs: number[]): number => { "use dual"; return xs.reduce((a, x) => a + x ** 3, 0); };`);
    for (const f of [exports.power, exports.square, exports.abs]) {
      expect(derivative(derivative(f as never))(0 as never)).toBe(2);
    }
    expect(jvp(grad(exports.sum as never), [[1, 2]] as never, [[1, 0]] as never)).toEqual([
      [3, 12],
      [6, 0],
    ]);
  });
});
