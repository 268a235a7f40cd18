import { rules } from "dualize/rules";
import { describe, expect, it } from "vitest";
import { compile } from "./support/compile.ts";
import { expectAgreement, expectForms, testForms } from "./support/forms.ts";

// A point inside the domain of each, away from kinks.
const points: Record<string, number> = { acosh: 1.7, asin: 0.4, acos: 0.4, atanh: 0.4 };
const names = Object.keys(rules).filter((name) => name !== "random");
const rounding = new Set(["fround", "f16round"]);
const of = (name: string): readonly unknown[] =>
  ["atan2", "pow", "max", "min", "imul"].includes(name)
    ? [1.3, 0.7]
    : name === "hypot"
      ? [1.3, 0.7, -2]
      : [points[name] ?? 1.3];

describe.each([
  ["written out", (name: string) => ["", `Math.${name}`]],
  ["taken from Math by destructuring", (name: string) => [`const { ${name} } = Math;`, name]],
  ["renamed while destructuring", (name: string) => [`const { ${name}: f } = Math;`, "f"]],
  ["under an alias", (name: string) => [`const f = Math.${name};`, "f"]],
  ["by a literal key", (name: string) => ["", `Math["${name}"]`]],
] as const)("functions of Math, %s", (_, spell) => {
  it.each(names)("%s", (name) => {
    const [head, callee] = spell(name) as [string, string];
    const at = of(name);
    const params = at.map((_, i) => `x${i}: number`).join(", ");
    const args = at.map((_, i) => `x${i}`).join(", ");
    const { exports, report } = compile(`${head}
      export function outer(${params}): number { "use dual"; return x0 * ${callee}(${args}) + ${callee}(${at.map((_, i) => `x${i} * 0.9`).join(", ")}); }
      export function local(${params}): number { "use dual"; ${head} const r = ${callee}(${args}); return r * x0; }`);
    expectForms(report);
    const noDifferences = rounding.has(name) ? "it rounds" : undefined;
    for (const f of [exports.outer, exports.local]) {
      expectAgreement({ f: f as never, at, ...(noDifferences ? { noDifferences } : {}) });
    }
  });
});

const { sin, max } = Math;
const ln = Math.log;

function aliased(x: number): number {
  "use dual";
  const { cos, exp: e } = Math;
  const root = Math.sqrt;
  return sin(x) * cos(x) + e(ln(x)) * root(x) + max(x, 0.3);
}
function constants(x: number): number {
  "use dual";
  const { PI, E: e } = Math;
  return x * Math.PI + Math.E * x * PI - e * Math.SQRT2 * x * Math.LN2 + Math.LOG10E - Math.SQRT1_2;
}
function spread(xs: number[]): number {
  "use dual";
  return Math.max(...xs) * Math.min(...xs) + Math.hypot(...xs);
}
function spreadAmongOthers(xs: number[], ys: Float64Array, z: number): number {
  "use dual";
  return (
    Math.max(z, ...xs, ...ys, 0.1) +
    Math.min(...xs, z * z) * Math.hypot(1, ...ys) +
    Math.max(...[z, 2 * z])
  );
}
function spreadOfLocals(x: number): number {
  "use dual";
  const powers = [x, x * x, x ** 3];
  const rows = [powers, powers.map((p) => 2 * p)];
  return Math.max(...powers) + Math.min(...rows[1]!) + Math.hypot(...powers.slice(1));
}
function spreadOfNothing(x: number): number {
  "use dual";
  const none: number[] = [];
  return x + Math.hypot(...none) + Math.max(x, ...none);
}
function manyArguments(x: number, y: number, z: number): number {
  "use dual";
  return (
    Math.max(x, y, z, 1) * Math.min(x, y, z) +
    Math.hypot(x, y, z, 2) +
    Math.max(x) +
    Math.hypot(y) +
    Math.min(z)
  );
}
function noArguments(x: number): number {
  "use dual";
  return Math.hypot() + (Math.max() < x ? x * x : x);
}
function ofAnArgument(x: number): number {
  "use dual";
  return Math.sin(Math.cos(Math.exp(x) * x) + Math.sqrt(Math.abs(x - 3)));
}
function roundings(x: number): number {
  "use dual";
  return (
    Math.floor(x) * x +
    Math.ceil(x) +
    Math.round(x) * x * x +
    Math.trunc(x) +
    Math.sign(x) * x +
    Math.clz32(x)
  );
}
function inertCalls(x: number, n: number): number {
  "use dual";
  const scale = Math.sqrt(16) + 2 ** 3;
  return scale * x + Math.floor(n / 2) * x;
}
function asCallbacks(xs: number[]): number {
  "use dual";
  const roots = xs.map(Math.sqrt);
  return roots.reduce((a, b) => a + b, 0) * xs.map((x) => Math.log(x))[0]!;
}

testForms(import.meta.url, {
  "names taken from Math": { f: aliased, at: [0.7] },
  "constants of Math": { f: constants, at: [0.7] },
  "a spread array": { f: spread, at: [[0.7, -2, 1.3]] },
  "a spread array with equal greatest elements": {
    f: spread,
    at: [[0.7, 2, 2]],
    noDifferences: "a kink",
  },
  "spread arrays among other arguments": {
    f: spreadAmongOthers,
    at: [[0.7, 2], new Float64Array([1, 3]), 0.4],
  },
  "spread arrays made in place": { f: spreadOfLocals, at: [0.7] },
  "a spread of nothing": { f: spreadOfNothing, at: [0.7] },
  "any number of arguments": { f: manyArguments, at: [0.7, -1.1, 2.3] },
  "no arguments": { f: noArguments, at: [0.7] },
  "functions of functions": { f: ofAnArgument, at: [0.7] },
  "functions that are constant between jumps": { f: roundings, at: [2.7] },
  "functions of constants": { f: inertCalls, at: [0.7, 5], along: [1, 0], is: 14 },
  "functions of Math as callbacks": { f: asCallbacks, at: [[0.7, 2, 1.3]] },
});

it("leaves Math.random inert, and calls it once", () => {
  const { exports, report } = compile(
    `export function noisy(x: number): number { "use dual"; return x * x + Math.random() * 0; }`,
  );
  expectForms(report);
  expectAgreement({ f: exports.noisy as never, at: [3], along: [1], is: 6 });
});

it("does not take an own function for one of Math", () => {
  const { exports, report } = compile(`
    const sin = (x: number): number => x * x;
    export function f(x: number): number { "use dual"; const Math = { cos: (y: number) => 3 * y }; return sin(x); }`);
  expectForms(report);
  expectAgreement({ f: exports.f as never, at: [3], along: [1], is: 6 });
  expect(exports.f?.(3)).toBe(9);
});
