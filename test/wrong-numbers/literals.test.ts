import { describe, it } from "vitest";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** Lists that are written out: some look like constants, some get what they did not hold at first. */

const program = (body: string, value: number, tangent: number): Program => ({
  code: `"use dual"; export function f(x: number, y: number): number { ${body} }`,
  at: [2, 3],
  along: [1, 2],
  value,
  tangent,
});

const programs: Record<string, Program> = {
  "of what is negated": program("const p = [-x, -y]; return p[0] * p[1] * x;", 12, 12 + 8),
  "of numbers, and of what is negated or converted": program(
    "const t = [1, -x, 2, +y]; return t[1] * t[3] + t[2] * t[0];",
    -4,
    -7,
  ),
  "of numbers, written by a pattern": program(
    "const t = [1, 2, 3]; [t[0], t[1]] = [x, y]; ({ a: t[2] } = { a: x * y }); return t[0] * t[1] + t[2];",
    12,
    14,
  ),
  "of numbers, written by the head of a loop": program(
    "const t = [1, 2]; let s = 0; for (t[0] of [x, y]) s += t[0] * t[1]; return s * t[0];",
    30,
    2 * 3 * 3 + 10 * 2,
  ),
  "of numbers, written under another type": program(
    "const t = [1, 2]; (t[0] as unknown) = x; t[1]! *= y; return t[0] * t[1];",
    12,
    14,
  ),
  "of several sorts, with a number in the place of a text": program(
    "const t = ['a', [y, 1], x]; t[0] = x * y; return t[0] * t[1][0] * t[2];",
    36,
    7 * 6 + 6 * (3 + 4),
  ),
  "of several sorts, with something else in the place of a constant": program(
    "const t = [1, [y, 1], null]; t[0] = x; t[2] = x * y; return t[0] * t[1][0] * t[2];",
    36,
    7 * 6 + 6 * (3 + 4),
  ),
};

describe("a list that is written out", () => {
  it.each(Object.entries(programs))("%s", (_, p) => expectEveryForm(p));
});
