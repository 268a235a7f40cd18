import { describe, it } from "vitest";
import { expectToldForms, type Told } from "../tangent/support/programs.ts";

/** What is read under one key, and written under another that may turn out to be the same. */

const of = (body: string, value: number, tangent: number): Told => ({
  code: `export function f(x: number, p: { a: number; b: number }, keys: ("a" | "b")[]): number {
    "use dual";
    let s = x;
    ${body}
    return s;
  }`,
  at: [2, { a: 3, b: 5 }, ["b", "a"]],
  along: [1, { a: 0, b: 0 }, null],
  fast: ["f"],
  value,
  tangent,
});

const cases: Record<string, Told> = {
  // b: p.b = 3s, s = 3·p.b·s = 9s² = 9x²; a: p.a = 3s, s = 3s·3x·s = 9x·s² = 729x⁵
  "a field that is read before and after": of(
    "for (const k of keys) { const q = p.a; p[k] = s * q; s = p.a * p.b * s; }",
    729 * 32,
    729 * 5 * 16,
  ),
  // b: p.b = 5x, s = 5x²; a: s = 3·5x²
  "an element that is read under a computed key, and written under a known one": of(
    "for (const k of keys) { p.b *= x; const q = p[k]; s *= q; }",
    2 * 10 * 3,
    5 * 3 * 4,
  ),
  // s = x·x, then x²·x²
};

describe("computed keys, on the way back", () => {
  it.each(Object.entries(cases))("%s", (_, c) => expectToldForms(c));
});
