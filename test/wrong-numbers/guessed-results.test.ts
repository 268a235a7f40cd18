import { jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";

/** Without types, what `h` only hands on counts as a number. */
const program = (change: string, list: string): string => `"use dual";
  const seen = [0];
  class V { constructor(x, y) { this.x = x; this.y = y; } move(k) { this.x += k; return this; } }
  function h(depth, p, q) { if (depth <= 0) return p; q++; for (let i = 0.7; i < 3; i++) q += i; return p; }
  export function f(x) { x--; ${change}return h(2, ${list}, x); }`;

const lists = {
  "a list": ["[x, 0.25, x]", [0.5, 0, 0.5]],
  "a copy of a list": ["[x, 0.25, x].slice()", [0.5, 0, 0.5]],
  "a typed array": ["new Float64Array([x, 0.25, x].slice())", Float64Array.of(0.5, 0, 0.5)],
  "an object": ["{ a: [x] }", { a: [0.5] }],
} as const;

describe.each(["", "seen[0]++; ", "new V(1, 0).move(x); "])(
  "where `%s` stands before,",
  (change) => {
    it.each(Object.entries(lists))(
      "%s that was taken for a number keeps its tangents",
      (_, [list, tangent]) => {
        const { f } = load(translate({ main: program(change, list) }, {}, "js"), "main");
        expect(jvp(f as never, [3] as never, [0.5] as never)[1]).toEqual(tangent);
      },
    );
  },
);
