import { describe, it } from "vitest";
import { expectToldForms, type Told } from "./support/programs.ts";

/** Lists of lists that are made one, and lists that are gathered from their end. */

const program = (body: string, value: unknown, tangent: unknown): Told => ({
  code: `"use dual"; export function f(x: number): number { ${body} }`,
  at: [2],
  value,
  tangent,
  fast: ["f"],
});

const programs: Record<string, Told> = {
  "the elements of rows": program(
    "return [[x, 1], [], [x * x, 3]].flat().reduce((s, v, i) => s + v * i, 0);",
    1 + 2 * 4 + 9,
    8,
  ),
  "rows that are written to afterwards": program(
    "const m = [[x], [x * x]]; const a = m.flat(); m[1][0] = 7; a[0] = a[1] * x; return a[0] + a.length + m[0][0];",
    8 + 2 + 2,
    13,
  ),
  "lists of lists of lists, whose last level is shared": program(
    "const m = [[[x], [1]], [[3 * x]]]; const a = m.flat(); m[0][0][0] = x * x; return a[0][0] * a[2][0] + a[1][0];",
    4 * 6 + 1,
    36,
  ),
  "rows with holes": program(
    "const row: number[] = []; row[2] = x; const a = [row, [x * x]].flat(); return a[0] * a[1] * a.length;",
    16,
    24,
  ),
  "a polynomial by its last coefficient first": program(
    "return [1, x, 3].reduceRight((s, c) => s * x + c, 0);",
    1 + 4 + 12,
    4 + 12,
  ),
  "from the last element": program(
    "return [x, 3, x * x].reduceRight((s, v, i) => s * 10 + v * i);",
    (4 * 10 + 3) * 10,
    4 * 100,
  ),
  "pairs that are constant": program(
    "return [x, 3].map((v, i) => [v * x, i + 1] as const).reduce((s, [v, w]) => s + v * w, 0);",
    4 + 12,
    4 + 6,
  ),
};

describe("lists", () => {
  it.each(Object.entries(programs))("%s", (_, told) => expectToldForms(told));
});
