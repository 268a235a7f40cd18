import { hessian, jacobian, valueAndGrad } from "dualize";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";

/** Every pass of a derivative finds the arguments as the first one did, also those that hold no active numbers. */

interface Program {
  readonly type: string;
  /** What is changed, and counts how often. */
  readonly body: string;
  readonly given: () => unknown;
  /** How often, in the first call. */
  readonly count: number;
}

const programs: Record<string, Program> = {
  "a list of whole numbers": {
    type: "Int32Array",
    body: "p[0]++; const n = p[0];",
    given: () => new Int32Array([1]),
    count: 2,
  },
  "a list of bytes": {
    type: "Uint8Array",
    body: "p[0] += 2; const n = p[0];",
    given: () => new Uint8Array(1),
    count: 2,
  },
  "a list of flags": {
    type: "boolean[]",
    body: "const n = p[0] ? 5 : 2; p[0] = true;",
    given: () => [false],
    count: 2,
  },
  "a list of texts": {
    type: "string[]",
    body: 'p.push("b"); const n = p.length;',
    given: () => ["a"],
    count: 2,
  },
  "a set": {
    type: "Set<string>",
    body: "p.add(`b$" + "{p.size}`); const n = p.size;",
    given: () => new Set(["a"]),
    count: 2,
  },
  "a map": {
    type: "Map<string, number>",
    body: "p.set(`b$" + "{p.size}`, 1); const n = p.size;",
    given: () => new Map([["a", 1]]),
    count: 2,
  },
  "a date": {
    type: "Date",
    body: "p.setTime(p.getTime() + 1); const n = p.getTime();",
    given: () => new Date(1),
    count: 2,
  },
};

// biome-ignore lint/suspicious/noExplicitAny: any function
type F = (...args: any[]) => any;

describe.each(Object.entries(programs))(
  "%s is the same in each pass",
  (_, { type, body, given, count }) => {
    const { f, g } = load(
      translate({
        main: `"use dual";
        export function f(a: number[], p: ${type}): number { ${body} return n * a[0] * a[1] + n * a[2] ** 2 }
        export function g(a: number[], p: ${type}): number[] { ${body} return [n * a[0] * a[1], n * a[2]] }`,
      }),
      "main",
    ) as unknown as { f: F; g: F };
    const at = (): unknown[] => [[2, 3, 4], given()];
    const ended = at();
    f(...ended);

    it.each([undefined, "forward", "reverse"])("of a gradient, mode %s", (mode) => {
      const args = at();
      const [value, gradient] = (valueAndGrad as F)(f, mode && { mode })(...args);
      expect(value).toBe(count * 22);
      expect(gradient).toEqual([3 * count, 2 * count, 8 * count]);
      expect(args).toEqual(ended);
    });

    it.each([undefined, "forward", "reverse"])("of a Jacobian, mode %s", (mode) => {
      const args = at();
      expect((jacobian as F)(g, mode && { mode })(...args)).toEqual([
        [3 * count, 2 * count, 0],
        [0, 0, count],
      ]);
      expect(args).toEqual(ended);
    });

    it("of a Hessian", () => {
      const args = at();
      expect((hessian as F)(f)(...args)).toEqual([
        [0, count, 0],
        [count, 0, 0],
        [0, 0, 2 * count],
      ]);
      expect(args).toEqual(ended);
    });
  },
);
