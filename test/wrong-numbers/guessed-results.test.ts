import { grad, jvp } from "dualize";
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

/** What is called with, or gives, a list in one place and a number in another, as far as uses tell. */
const handedOn = {
  "as a parameter": `
    function use(k, xs) { return k(xs[0] + 1, xs[0] > 2 ? [xs[1], xs[0]] : [1.5, xs[0]]).reduce((a, b) => a + b * b, 0); }
    export function f(x) { CHANGE return use((u, v) => v, [x, x * x]); }`,
  "to what calls itself": `
    function use(n, k, xs) { if (n > 0) return use(n - 1, k, xs); let sum = 0; k(xs[0] + 1, [xs[1], xs[0]]).forEach((v) => { sum += v * v; }); return sum; }
    export function f(x) { CHANGE return use(2, (u, v) => v, [x, x * x]); }`,
  "in an object": `
    function use(o, xs) { return o.pick(xs[0] + 1, [xs[1], xs[0]]).reduce((a, b) => a + b * b, 0); }
    export function f(x) { CHANGE return use({ pick: (u, v) => v }, [x, x * x]); }`,
  "that gives a number from a list": `
    function use(k, xs) { return k(xs[0] + 1, [xs[1], xs[0]]) * xs[0]; }
    export function f(x) { CHANGE return use((u, v) => v.reduce((a, b) => a + b * b, u), [x, x * x]); }`,
};

describe("a function without types that is handed on as something else than it is called for", () => {
  it.each(
    Object.entries(handedOn).flatMap(([where, code]) =>
      ["", "seen[0]++; "].map((change) => [where, change, code] as const),
    ),
  )("%s, where `%s` stands before, keeps value and derivatives", (_, change, code) => {
    const main = `"use dual";\nconst seen = [0];${code.replace("CHANGE", change)}`;
    const f = load(translate({ main }, {}, "js"), "main").f as (x: number) => number;
    const h = 1e-6;
    const slope = (f(1.3 + h) - f(1.3 - h)) / (2 * h);
    const [value, tangent] = jvp(f, [1.3], [1]);
    expect(value).toBe(f(1.3));
    expect(tangent).toBeCloseTo(slope, 6);
    expect(grad(f)(1.3)).toBeCloseTo(slope, 6);
  });
});
