import { hessian, hvp, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { dualForm } from "../../packages/dualize/src/twins.ts";
import { load, translate } from "../tangent/support/compile.ts";

type F = (...args: unknown[]) => unknown;

const m = load(
  translate({
    main: `"use dual";
      export const power = (p: number): number => p ** 4;
      export const ofTwo = (p: number, q: number): number => p ** 3 * q;
      export const ofMixed = (p: [number, string, number]): number => p[0] * p[0] * p[2] + p[2] ** 3;
      export const ofFields = (p: { a: number; b: number[]; c: { d: number } }): number =>
        p.a * p.b[0] * p.b[1] + p.c.d ** 3 * p.a;
      export const ofRows = (p: number[][]): number => p[0][0] * p[1][1] - p[0][1] * p[1][0] + p[0][0] ** 3;
      export const ofColumn = (p: number[][]): number => p[0][0] ** 2 * p[1][0] ** 3;
      export class Point { constructor(public x: number, public label: string, public y: number) {} }
      export const ofPoint = (p: Point): number => p.x ** 2 * p.y ** 3;
      export const ofPair = (p: { r: number[]; s: number[] }): number => p.r[0] ** 2 * p.s[0] ** 3;
      export const ofBlocks = (p: Float64Array[]): number => p[0][0] ** 2 * p[1][0] ** 3 * p[1][1];
      export const ofSingles = (p: Float32Array): number => p[0] * p[1] * p[1];
      export function ofList(p: number[]): number {
        let sum = 0;
        for (let i = 0; i < p.length; i++)
          for (let j = 0; j < p.length; j++) sum += (i + 1) * (j + 2) * p[i] * p[j] * p[j];
        return sum;
      }
      export function ofFloats(p: Float64Array): number {
        let sum = 0;
        for (let i = 0; i < p.length; i++)
          for (let j = 0; j < p.length; j++) sum += (i + 1) * (j + 2) * p[i] * p[j] * p[j];
        return sum;
      }
      export function squaresFirst(p: number[]): number {
        for (let i = 0; i < p.length; i++) p[i] *= p[i];
        let sum = 0;
        for (let i = 0; i < p.length; i++) sum += p[i] * p[(i + 1) % p.length];
        return sum;
      }`,
  }),
  "main",
) as Record<string, F>;

const ofIt = (f: unknown): F => hessian(f as never) as unknown as F;
const along = (f: unknown): F => hvp(f as never) as unknown as F;

describe("a Hessian has the shape of the argument twice, by", () => {
  const cases: Record<string, [name: string, args: unknown[], expected: unknown]> = {
    "a number": ["power", [2], 48],
    "the first of two numbers": ["ofTwo", [2, 5], 60],
    "a list with a text": ["ofMixed", [[2, "a", 3]], [[6, null, 4], null, [4, null, 18]]],
    "fields of all sorts": [
      "ofFields",
      [{ a: 2, b: [3, 4], c: { d: 5 } }],
      {
        a: { a: 0, b: [4, 3], c: { d: 75 } },
        b: [
          { a: 4, b: [0, 2], c: { d: 0 } },
          { a: 3, b: [2, 0], c: { d: 0 } },
        ],
        c: { d: { a: 75, b: [0, 0], c: { d: 60 } } },
      },
    ],
    rows: [
      "ofRows",
      [
        [
          [1, 2],
          [3, 4],
        ],
      ],
      [
        [
          [
            [6, 0],
            [0, 1],
          ],
          [
            [0, 0],
            [-1, 0],
          ],
        ],
        [
          [
            [0, -1],
            [0, 0],
          ],
          [
            [1, 0],
            [0, 0],
          ],
        ],
      ],
    ],
    "rows of one number": ["ofColumn", [[[2], [3]]], [[[[54], [108]]], [[[108], [72]]]]],
    "an instance with a text": [
      "ofPoint",
      [new (m.Point as never as new (...args: unknown[]) => object)(2, "a", 3)],
      { x: { x: 54, label: null, y: 108 }, label: null, y: { x: 108, label: null, y: 72 } },
    ],
    "what is frozen": [
      "ofPair",
      [Object.freeze({ r: Object.freeze([2]), s: Object.freeze([3]) })],
      { r: [{ r: [54], s: [108] }], s: [{ r: [108], s: [72] }] },
    ],
    "lists of floats": [
      "ofBlocks",
      [[Float64Array.of(2), Float64Array.of(3, 1)]],
      [
        [[Float64Array.of(54), Float64Array.of(108, 108)]],
        [
          [Float64Array.of(108), Float64Array.of(72, 108)],
          [Float64Array.of(108), Float64Array.of(108, 0)],
        ],
      ],
    ],
    "numbers in single precision": [
      "ofSingles",
      [Float32Array.of(2, 3)],
      [Float32Array.of(0, 6), Float32Array.of(6, 4)],
    ],
  };
  it.each(Object.entries(cases))("%s", (_, [name, args, expected]) => {
    expect(ofIt(m[name])(...args)).toEqual(expected);
  });
});

describe("a Hessian of a list of", () => {
  const point = (n: number) => Array.from({ length: n }, (_, i) => 1 + i / 3);
  const unit = (n: number, j: number) => Array.from({ length: n }, (_, i) => Number(i === j));

  it.each([1, 2, 7, 8, 9, 16, 17, 30])(
    "%i numbers is symmetric, and the upper half of each column is H·v",
    (n) => {
      const x = point(n);
      const rows = ofIt(m.ofList)(x) as number[][];
      const floats = ofIt(m.ofFloats)(Float64Array.from(x)) as Float64Array[];
      for (let j = 0; j < n; j++) {
        const column = along(m.ofList)(x, unit(n, j)) as number[];
        for (let i = 0; i <= j; i++) {
          expect(rows[i]?.[j]).toBe(column[i]);
          expect(rows[j]?.[i]).toBe(column[i]);
          expect(floats[i]?.[j]).toBe(column[i]);
          expect(floats[j]?.[i]).toBe(column[i]);
        }
      }
    },
  );

  it.each([1, 2, 9])(
    "%i numbers that the function writes is taken where it began, and leaves them written",
    (n) => {
      const x = point(n);
      const rows = ofIt(m.squaresFirst)(x) as number[][];
      expect(x).toEqual(point(n).map((v) => v * v));
      for (let j = 0; j < n; j++) {
        const column = along(m.squaresFirst)(point(n), unit(n, j)) as number[];
        expect(rows.map((row) => row[j])).toEqual(column);
      }
    },
  );

  it("numbers that stands in two places counts each of them", () => {
    const r = [2];
    expect(ofIt(m.ofPair)({ r, s: r })).toEqual(ofIt(m.ofPair)({ r: [2], s: [2] }));
    expect(ofIt(m.ofColumn)([r, r])).toEqual(ofIt(m.ofColumn)([[2], [2]]));
  });

  it("numbers is differentiated again", () => {
    const column = dualForm((s: number) => (ofIt(m.ofList)([s, 2, 3]) as number[][])[1]);
    expect(jvp(column as never, [1.5] as never, [1] as never)).toEqual([
      [24, 135, 84],
      [8, 6, 0],
    ]);
  });
});
