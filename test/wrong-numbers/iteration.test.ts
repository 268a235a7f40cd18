import { grad, jacobian, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** Lists that grow and shrink while they are gone through. */

const program = (body: string, value: number, tangent: number, more = ""): Program => ({
  code: `${more} export function f(x: number): number { "use dual"; ${body} }`,
  at: [2],
  value,
  tangent,
});

const cases: Record<string, Program> = {
  "a copy of a list of texts that grows": program(
    'const all = first.slice(); let s = 0; for (const w of all) { if (w.length < 3) all.push(w + "b"); s = s * 2 + x ** w.length; } return s;',
    24,
    24,
    'const first = ["a"];',
  ),
  "a copy of a list of numbers that shrinks": program(
    "const ks = first.slice(); let s = 0; for (const k of ks) { s = s * x + k; ks.pop(); } return s * ks.length;",
    4,
    1,
    "const first = [1, 2, 3];",
  ),
  "one that is written to": program(
    "const ks = first.slice(); let s = 0; for (const k of ks) { s = s * x + k; ks[2] = 5; } return s;",
    13,
    6,
    "const first = [1, 2, 3];",
  ),
  "a list that grows while Array.from copies it": program(
    "const xs = [x, 3]; const ys = Array.from(xs, (v, i) => { if (i < 2) xs.push(v * x); return v * (i + 1); }); return ys.length * ys[2] * ys[3];",
    4 * 3 * 4 * 4 * 6,
    4 * 3 * (4 * 4 * 6 + 4 * 4 * 3),
  ),
  "a list that shrinks while Array.from copies it": program(
    "const xs = [x, 3, 4]; const ys = Array.from(xs, (v) => { xs.pop(); return v * x; }); return ys.length * ys[0] + ys[1] * xs.length;",
    14,
    11,
  ),
  "a list that Array.from changes by a function with a name": program(
    "const xs = [x, 3]; const grow = (v: number) => { if (xs.length < 4) xs.push(v * x); return v; }; return Array.from(xs, grow).reduce((a, v) => a * x + v, 0);",
    // ((x·x + 3)·x + x²)·x + 3x
    42,
    4 * 8 + 3 * 4 + 3 * 2 * 2 + 3,
  ),
  "a set that grows": program(
    "const ks = new Set(first); let s = 0; for (const k of ks) { s = s * x + k; if (k < 3) ks.add(k + 1); } return s;",
    11,
    6,
    "const first = [1];",
  ),
};

describe("goes through what is there then:", () => {
  it.each(Object.entries(cases))("%s", (_, p) => expectEveryForm(p));
});

describe("an argument that the function takes elements from", () => {
  const f = (): never =>
    load(
      translate({
        main: `export function f(xs: number[]): number { "use dual"; let s = 0; for (const x of xs) { xs.pop(); s = s * 2 + x * x; } return s; }`,
      }),
      "main",
    ).f as never;

  it.each(["forward", "reverse", undefined] as const)(
    "has a gradient of its own shape (%s)",
    (mode) => {
      expect(grad(f(), { mode } as never)([3, 4, 5] as never)).toEqual([12, 8, 0]);
    },
  );
  it.each(["forward", "reverse", undefined] as const)("and such a Jacobian (%s)", (mode) => {
    expect(jacobian(f(), { mode } as never)([3, 4, 5] as never)).toEqual([12, 8, 0]);
  });
});

it("what is deleted of an argument is gone from its tangent too", () => {
  const f = load(
    translate({
      main: `export function f(p: { v: number; w?: number }): number { "use dual"; delete p.w; p.v *= 2; return (p.w ?? p.v) * p.v; }`,
    }),
    "main",
  ).f as never;
  const [point, direction] = [
    { v: 3, w: 5 },
    { v: 1, w: 7 },
  ];
  expect(jvp(f, [point] as never, [direction] as never)).toEqual([36, 24]);
  expect([point, direction]).toEqual([{ v: 6 }, { v: 2 }]);
});
