import { grad, jvp } from "dualize";
import { twinOf } from "dualize/runtime";
import { expect, it } from "vitest";
import { load, translate } from "./support/compile.ts";

interface Body {
  v: number;
}

/** A function that writes into its arguments has to know which of them are one: few and many are told apart in other ways. */
const moved = load(
  translate({
    main: `"use dual";
      export function f(bodies: { v: number }[]): number {
        let sum = 0;
        for (let i = 0; i < bodies.length; i++) { bodies[i].v *= bodies[i].v; sum += (i + 1) * bodies[i].v; }
        return sum;
      }`,
  }),
  "main",
).f as (bodies: Body[]) => number;

const bodies = (count: number): Body[] =>
  Array.from({ length: count }, (_, i) => ({ v: 1 + (i % 5) }));

it.each([3, 15, 16, 17, 40])("%i objects that are written have their derivatives", (count) => {
  expect(twinOf(moved)?.tangent).toBeDefined();
  const [along, ones] = [bodies(count), bodies(count).map(() => ({ v: 1 }))];
  const [value, tangent] = jvp(moved, [along], [ones]);
  expect(value).toBe(moved(bodies(count)));
  const expected = bodies(count).map(({ v }, i) => 2 * (i + 1) * v);
  expect(tangent).toBe(expected.reduce((sum, x) => sum + x, 0));
  expect(along).toEqual(bodies(count).map(({ v }) => ({ v: v * v })));
  expect(grad(moved)(bodies(count))).toEqual(expected.map((v) => ({ v })));
});

it.each([3, 15, 16, 17, 40])(
  "%i objects of which two are one have one tangent for the two",
  (count) => {
    const shared = <T>(all: T[]): T[] => [...all.slice(0, -1), all[0] as T];
    const ones = bodies(count).map(() => ({ v: 1 }));
    const [value, tangent] = jvp(moved, [shared(bodies(count))], [shared(ones)]);
    expect(value).toBe(moved(shared(bodies(count))));
    // d/dv of the first, squared at both places: the value before the second time is read in between.
    const others = bodies(count).map(({ v }, i) => 2 * (i + 1) * v);
    expect(tangent).toBe(others.slice(0, -1).reduce((sum, x) => sum + x, 0) + count * 4);
    expect(() => jvp(moved, [shared(bodies(count))], [bodies(count)])).toThrow(/DUAL108/);
  },
);
