import { jvp } from "dualize";
import { expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";

it("a list that was taken for a number keeps its tangents, or is refused, where something is changed", () => {
  const { f } = load(
    translate(
      {
        main: `"use dual"; const seen = [0]; function h(depth, p) { return p; }
          export function f(x) { seen[0]++; return h(2, new Float64Array([x, 0.25, x].slice()), x); }`,
      },
      {},
      "js",
    ),
    "main",
  );
  let tangent: unknown;
  try {
    [, tangent] = jvp(f as never, [3] as never, [0.5] as never);
  } catch (error) {
    expect((error as { code?: string }).code).toMatch(/^DUAL/);
    return;
  }
  expect(tangent).toEqual(Float64Array.of(0.5, 0, 0.5));
});
