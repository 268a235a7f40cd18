import { jvp } from "dualize";
import { expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";

/** Classes that extend lists of the language and write no constructor: an active number alone is a length. */

it.each([
  ["inside", "", "class S extends Array<number> {}"],
  ["at the top", "class S extends Array<number> {}", ""],
  ["as an expression", "const S = class extends Array<number> {};", ""],
  ["of a class that does", "class P extends Array<number> {} class S extends P {}", ""],
  ["of a class that does, inside", "", "class P extends Array<number> {} class S extends P {}"],
])("takes an active length: %s", (_, outside, inside) => {
  const { f } = load(
    translate({
      main: `"use dual"; ${outside} export function f(x: number): number[] { ${inside}
        const s = new S(x); return [s.length, s instanceof S ? 1 : 0, new S(x, 2)[0] * x, new S().length] }`,
    }),
    "main",
  );
  expect(f?.(3)).toEqual([3, 1, 9, 0]);
  expect(jvp(f as never, [3] as never, [1] as never)).toEqual([
    [3, 1, 9, 0],
    [0, 0, 6, 0],
  ]);
});

it("takes an active length of typed arrays", () => {
  const { f } = load(
    translate({
      main: `"use dual"; class S extends Float64Array {} export function f(x: number): number { return new S(x).length * x }`,
    }),
    "main",
  );
  expect(jvp(f as never, [3] as never, [1] as never)).toEqual([9, 3]);
});
