import { describe, it } from "vitest";
import { expectToldForms, type Told } from "./support/programs.ts";

/** Variables that nobody reads. */

const program = (body: string, value: number, tangent: number): Told => ({
  code: `export function f(x: number): number { "use dual"; ${body} }`,
  at: [3],
  value,
  tangent,
  fast: ["f"],
});

const cases: Record<string, Told> = {
  "of a pattern": program("let [a, c] = [1, 1]; return x * x;", 9, 6),
  "beside one that is read": program("let [a, c] = [1, 2]; return c * x * x;", 18, 12),
  "in the head of a loop": program(
    "let s = 0; for (let [i, n] = [0, 3]; i < 3; i++) s += x * x; return s;",
    27,
    18,
  ),
};

describe("a variable that is not read", () => {
  it.each(Object.entries(cases))("leaves a function its fast form: %s", (_, p) => {
    expectToldForms(p);
  });
});
