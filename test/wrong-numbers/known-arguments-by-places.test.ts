import { grad, valueAndGrad, vjp } from "dualize";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";

/** An argument that the function also knows by another name, and writes into. */
const scripts = {
  "of its own file": {
    main: `"use dual"; export const known = [3, 4];
      function w(a: number[]) { a[0] = a[0]! * a[1]!; return known[0]! * a[0]!; }
      export const f = (xs: number[], k: number) => w(xs) * xs[1]! * k;`,
  },
  "of another file": {
    lib: `"use dual"; export const known = [3, 4];
      export function w(a: number[]) { a[0] = a[0]! * a[1]!; return known[0]! * a[0]!; }`,
    main: `"use dual"; import { known, w } from "./lib"; export { known };
      export const f = (xs: number[], k: number) => w(xs) * xs[1]! * k;`,
  },
};

describe.each(Object.entries(scripts))("a gradient of a function that knows a list %s", (_, of) => {
  const ways = {
    "by the place": { argnum: 0 },
    "by a list of places": { argnum: [0] },
    "by two places": { argnum: [0, 1] },
    "by two places, in reverse mode": { argnum: [0, 1], mode: "reverse" },
    "by two places, in forward mode": { argnum: [0, 1], mode: "forward" },
  } as const;
  it.each(Object.entries(ways))("%s, is an error that says so", (_, options) => {
    const { f, known } = load(translate(of), "main") as never as {
      f: (xs: number[], k: number) => number;
      known: number[];
    };
    const take = () => grad(f, options as never)(known, 2);
    expect(take).toThrow(/DUAL108.*known/s);
    expect(known).toEqual([3, 4]);
    expect(() => valueAndGrad(f, options as never)(known, 2)).toThrow("DUAL108");
    expect(() => vjp(f, [known, 2])).toThrow("DUAL108");
    expect(grad(f, options as never)([3, 4], 2)).toBeDefined();
  });
});
