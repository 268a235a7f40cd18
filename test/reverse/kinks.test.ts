import { hvp } from "dualize";
import { twinOf } from "dualize/runtime";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";

/** H·v at kinks, where second-order code takes the sides and shares that nested dual numbers take. */

type F = (...args: unknown[]) => unknown;

const mark = `"use dual";\n`;

/** At whole numbers between -1 and 1 most of what these compare is tied. */
const points: number[][] = [-1, 0, 1].flatMap((a) =>
  [-1, 0, 1].flatMap((b) => [-1, 0, 1].map((c) => [a, b, c])),
);
const directions = [
  [1, 1, 1],
  [1, -0.5, 2],
  [0, 1, -1],
  [-1, 0, 0],
];

/** What second-order code gives, and nested dual numbers. */
function both(modules: Record<string, string>) {
  const compiled = translate(modules);
  const of = () => load(compiled, "main").f as F;
  const [f, other] = [of(), of()];
  (twinOf(other) as { adjoints?: unknown }).adjoints = undefined;
  const twin = twinOf(f);
  if (twin?.hvp === undefined) throw new Error("it has no second-order code");
  return points.flatMap((x) =>
    directions.map((v) => ({
      at: `${x} along ${v}`,
      isByCode: twin.adjoints?.hvp(twin, [x], v) !== undefined,
      found: hvp(f as never)(x as never, v as never) as number[],
      expected: hvp(other as never)(x as never, v as never) as number[],
    })),
  );
}

const kinks = [
  "Math.abs(x) * y",
  "Math.abs(x * y) ** 2 + Math.abs(z) * z",
  "Math.abs(Math.abs(x) - y) * z",
  "Math.max(x * x, y) * z",
  "Math.max(x, 0) ** 2 * y",
  "Math.max(x, y * y, z) ** 2",
  "Math.min(x * y, z, 1, x) * x",
  "Math.max(...[x, y, z]) * Math.min(...[x * x, y]) + x * z",
  "Math.min(Math.max(x * y, -1), 1) * Math.abs(z - x)",
  "Math.abs(Math.max(x, y) - Math.min(y, z)) * Math.max(z * z, Math.abs(x))",
  "[x, y, z].reduce((s, v) => s + Math.abs(v - s) * Math.max(v, s), 0)",
];

describe("at a kink H·v is by code, and what nested dual numbers give:", () => {
  it.each(kinks)("%s", (e) => {
    const names = "const x = p[0], y = p[1], z = p[2];";
    for (const { at, found, expected, isByCode } of both({
      main: `${mark}export function f(p: number[]): number { ${names} return ${e} }`,
    })) {
      expect(isByCode, at).toBe(true);
      found.forEach((h, i) => {
        expect(h, at).toBeCloseTo(expected[i] as number, 12);
      });
    }
  });

  it.each(kinks)("in another file: %s", (e) => {
    for (const { at, found, expected } of both({
      main: `${mark}import { k } from "./lib"; export function f(p: number[]): number { const r: number = k(p[0], p[1], p[2]); return r * 3 + p[0] * p[1] }`,
      lib: `${mark}export function k(x: number, y: number, z: number): number { return ${e} }`,
    }))
      found.forEach((h, i) => {
        expect(h, at).toBeCloseTo(expected[i] as number, 12);
      });
  });
});
