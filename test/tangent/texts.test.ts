import { describe, it } from "vitest";
import { expectToldForms, type Told } from "./support/programs.ts";

/** Texts that a function goes through beside what it computes. */

const cases: Record<string, Told> = {
  "split into words": {
    code: `export function f(x: number, text: string): number {
      "use dual";
      let s = 0;
      for (const t of text.split(" ")) s += Number(t) * x;
      return s * x;
    }`,
    at: [3, "1 2 4"],
    along: [1],
    value: 63,
    tangent: 42,
    fast: ["f"],
  },
  "letter by letter": {
    code: `export function f(x: number, text: string): number {
      "use dual";
      let s = x;
      for (const letter of text) s = letter.toUpperCase() === "S" ? s * x : s + letter.charCodeAt(0);
      return s;
    }`,
    at: [2, "saS"],
    along: [1],
    value: (4 + 97) * 2,
    tangent: 4 * 2 + 101,
    fast: ["f"],
  },
  "into numbers": {
    code: `export function f(x: number, text: string): number {
      "use dual";
      return text.split(",").map(Number).reduce((a, w) => a + w * x * x, 0);
    }`,
    at: [3, "1,2"],
    along: [1],
    value: 27,
    tangent: 18,
  },
};

describe("a text", () => {
  it.each(Object.entries(cases))("is gone through: %s", (_, program) => {
    expectToldForms(program);
  });
});
