import { describe, it } from "vitest";
import { expectEveryCode } from "../tangent/support/codes.ts";

/** Fields of what is around a function may be accessors, which go on each time: going back they are not asked again. */

const counting = "let n = 0; const next = (): number => { n = (n + 1) % 3; return n; };";

const body = (read: string): string =>
  read.startsWith("const")
    ? `{ ${read}; s += x[a]! * s * x[b]!; }`
    : `s += x[${read}]! * s * x[${read}]!;`;

const programs: Record<string, { of: string; read: string; other: string }> = {
  "an object": {
    of: "clock",
    read: "clock.now",
    other: "export const clock = { get now(): number { return next(); } };",
  },
  "a field by a text": {
    of: "clock",
    read: `clock["now"]`,
    other: "export const clock = { get now(): number { return next(); } };",
  },
  "an instance": {
    of: "clock",
    read: "clock.now",
    other:
      "class Clock { get now(): number { return next(); } } export const clock: { readonly now: number } = new Clock();",
  },
  "what is taken apart": {
    of: "clock",
    read: "const { now: a } = clock, { now: b } = clock",
    other: "export const clock = { get now(): number { return next(); } };",
  },
  "an object inside another": {
    of: "box",
    read: "box.clock.now",
    other: "export const box = { clock: { get now(): number { return next(); } } };",
  },
  "what gives an object": {
    of: "box",
    read: "box.next.at",
    other: "export const box = { get next(): { at: number } { return { at: next() }; } };",
  },
};

describe("the adjoint form asks once for what is read of imports:", () => {
  it.each(Object.entries(programs))("%s", (name, { of, read, other }) => {
    expectEveryCode({
      name,
      code: {
        main: `"use dual"; import { ${of} } from "./other";
          export function f(x: number[]): number { let s = 1; for (let k = 0; k < 3; k++) ${body(read)} return s; }`,
        other: `${counting} ${other}`,
      },
      at: [[1.5, 2, 0.3]],
      along: [[1, -0.5, 0.25]],
      codes: ["tangent", "adjoint", "hvp"],
    });
  });
});
