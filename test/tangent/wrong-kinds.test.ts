// biome-ignore-all lint: unusual ways to write things are what is tested here

import { derivative, grad, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { pushDual } from "../../packages/dualize/src/transforms/push.ts";
import { expectForms, reportOnFile } from "./support/forms.ts";
import { copy } from "./support/trees.ts";

function product(x: number, y: number): number {
  "use dual";
  return x * y + x;
}
function optional(x: number, k = 2): number {
  "use dual";
  return x * k;
}
function sum(xs: number[]): number {
  "use dual";
  let s = 0;
  for (let i = 0; i < xs.length; i++) s += xs[i] * xs[i];
  return s;
}
function total(xs: number[]): number {
  "use dual";
  return xs.reduce((a, b) => a + b, 0);
}
function floats(xs: Float64Array): number {
  "use dual";
  return xs[0] * xs[1] + xs.length;
}
function pair(p: [number, number]): number {
  "use dual";
  return p[0] * p[1];
}
function mixedPair(p: [number, string]): number {
  "use dual";
  return p[1] === "a" ? p[0] * p[0] : p[0];
}
function point(p: { x: number; y: number }): number {
  "use dual";
  return p.x * p.y;
}
function labelled(x: number, label: string): number {
  "use dual";
  return label === "twice" ? 2 * x : x;
}
function rows(m: number[][]): number {
  "use dual";
  return m.reduce((s, row) => s + row.reduce((a, b) => a + b * b, 0), 0);
}
function negated(x: number): number {
  "use dual";
  return x > 0 ? x : -x;
}
function giveBack(p: { x: number }): { x: number } {
  "use dual";
  return p;
}
class Pair {
  constructor(
    readonly a: number,
    readonly b: number,
  ) {}
  product(): number {
    "use dual";
    return this.a * this.b;
  }
}
function ofPair(p: Pair): number {
  "use dual";
  return p.product() + p.a;
}

/** What both ways do: the pair, or the error. */
function outcome(run: () => unknown): unknown {
  try {
    return { gives: run() };
  } catch (error) {
    return { throws: (error as Error).constructor.name, code: (error as { code?: string }).code };
  }
}

const holes = [1, , 3] as number[];
const wrong: [string, (...args: never[]) => unknown, unknown[], unknown[]][] = [
  ["text where a number was declared", product, ["3", 2], [null, 1]],
  ["text that is added", total, [["1", 2]], [[null, 1]]],
  ["text among numbers", sum, [[1, "2", 3]], [[1, null, 1]]],
  ["a boolean", product, [true, 2], [null, 1]],
  ["null", product, [null, 2], [null, 1]],
  ["undefined", product, [undefined, 2], [null, 1]],
  ["a bigint", negated, [3n], [null]],
  ["an array where a number was declared", product, [[3], 2], [null, 1]],
  ["a number in an object", product, [Object(3), 2], [null, 1]],
  ["a missing argument", product, [3], [1]],
  ["no arguments", sum, [], []],
  ["more arguments than declared", product, [3, 2, 5], [1, 1, 1]],
  ["null for a parameter with a default", optional, [3, null], [1, null]],
  ["text for a parameter with a default", optional, [3, "4"], [1, null]],
  ["a number where an array was declared", sum, [5], [1]],
  ["null where an array was declared", sum, [null], [null]],
  ["text where an array was declared", sum, ["12"], [null]],
  [
    "a typed array where an array was declared",
    sum,
    [new Float64Array([1, 2])],
    [new Float64Array([1, 1])],
  ],
  ["an array where a typed array was declared", floats, [[1, 2]], [[1, 1]]],
  ["another typed array", floats, [new Float32Array([1, 2])], [new Float32Array([1, 1])]],
  ["an array of integers", floats, [new Int32Array([1, 2])], [null]],
  ["an array with holes", sum, [holes], [[1, 1, 1]]],
  ["a longer tuple", pair, [[2, 3, 4]], [[1, 1, 1]]],
  ["a shorter tuple", pair, [[2]], [[1]]],
  ["a tuple with other things", mixedPair, [[2, 3]], [[1, 1]]],
  ["a longer tuple of different things", mixedPair, [[2, "a", 7]], [[1, null, 1]]],
  ["tangents of another length", sum, [[1, 2]], [[1]]],
  ["tangents that are numbers", sum, [[1, 2]], [1]],
  ["a tangent that is text", product, [1, 2], ["1", 1]],
  ["a tangent where there is text", labelled, [3, "twice"], [1, 1]],
  ["a number where text was declared", labelled, [3, 4], [1, 1]],
  ["a missing field", point, [{ x: 2 }], [{ x: 1 }]],
  ["another field", point, [{ x: 2, y: 3, z: 4 }], [{ x: 1, y: 1, z: 1 }]],
  ["a tangent for a field that is not there", point, [{ x: 2, y: 3 }], [{ x: 1, y: 1, z: 1 }]],
  ["text in a field", point, [{ x: "2", y: 3 }], [{ x: null, y: 1 }]],
  [
    "a getter",
    point,
    [Object.defineProperty({ y: 3 }, "x", { get: () => 2, enumerable: true })],
    [{ x: 1, y: 1 }],
  ],
  ["an array for an object", point, [[2, 3]], [[1, 1]]],
  ["an inherited field", point, [Object.create({ x: 2, y: 3 })], [null]],
  ["an instance for a plain object", point, [new Pair(1, 2)], [null]],
  ["a plain object for an instance", ofPair, [{ a: 2, b: 3 }], [{ a: 1, b: 1 }]],
  ["another class", ofPair, [new (class extends Pair {})(2, 3)], [{ a: 1, b: 1 }]],
  [
    "rows of different kinds",
    rows,
    [[[1, 2], new Float64Array([3])]],
    [[[1, 1], new Float64Array([1])]],
  ],
  ["a row that is a number", rows, [[[1, 2], 3]], [[[1, 1], 1]]],
  ["a field more in what is given back", giveBack, [{ x: 1, more: 2 }], [{ x: 1, more: 3 }]],
];

describe("values of other kinds than were declared", () => {
  it("meet functions in tangent form", () => {
    expectForms(reportOnFile(import.meta.url));
  });

  it.each(wrong)(
    "give what the dual form gives, or throw what it throws: %s",
    (_, f, at, along) => {
      const plain = outcome(() => f(...(copy(at) as never[])));
      const dual = outcome(() => pushDual(f, undefined, copy(at), copy(along)));
      const found = outcome(() => jvp(f as never, copy(at) as never, copy(along) as never));
      expect(found).toEqual(dual);
      const value = (found as { gives?: unknown[] }).gives?.[0];
      if (value !== undefined) expect({ gives: value }).toEqual(plain);
    },
  );

  it("are not mixed up between calls", () => {
    expect(jvp(sum, [[1, 2]], [[1, 1]])).toEqual([5, 6]);
    expect(
      jvp(sum, [new Float64Array([1, 2])] as never, [new Float64Array([1, 1])] as never),
    ).toEqual([5, 6]);
    expect(grad(sum)([3, 4])).toEqual([6, 8]);
    expect(grad(sum as never)(new Float64Array([3, 4]) as never)).toEqual(new Float64Array([6, 8]));
    expect(derivative(product)(2, 5)).toBe(6);
    expect(derivative(product as never)(2 as never, "5" as never)).toBe(6);
  });
});
