import { grad } from "dualize";
import { twinOf } from "dualize/runtime";
import { expect, it } from "vitest";
import { load, translate } from "./support/compile.ts";

/** Nothing in these programs chooses functions while they run, so that nothing has to be run once to be sure. */

it("a gradient by an object, of a function that knows a table, goes by passes of the tangent form", () => {
  const { f } = load(
    translate({
      main: `"use dual"; const T = [2, 3];
        export function f(p: { a: number; b: number[] }): number { return T[0] * p.a * p.b[1] + T[1] * p.b[0] }`,
    }),
    "main",
  );
  const twin = twinOf(f) as { once?: boolean; adjoints?: unknown; tangent: unknown };
  twin.adjoints = undefined;
  expect(twin.tangent).toBeDefined();
  const g = grad(f as never);
  for (let i = 0; i < 2; i++)
    expect(g({ a: 5, b: [7, 11] } as never)).toEqual({ a: 22, b: [3, 10] });
  expect(twin.once).toBeUndefined();
});
