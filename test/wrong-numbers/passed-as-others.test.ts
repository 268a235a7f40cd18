import { describe, it } from "vitest";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/**
 * Functions without types that are handed a list by one caller and numbers by another. What their uses tell is what one
 * of the two is: reverse code that took the elements of a list of lists for numbers added nothing to their adjoints.
 */

const helpers = `"use dual";
  function product(v) { return v[0] * v[1]; }
  function all(l, g) { const r = []; for (let i = 0; i < l.length; i++) r.push(g(l[i])); return r; }
  function best(l, score) { let top = l[0], b = score(top); for (let i = 1; i < l.length; i++) { const s = score(l[i]); if (s > b) { b = s; top = l[i]; } } return b; }
  function wrap(a, g, n) { return n > 0 ? 2 * wrap(a, g, n - 1) : g(a); }
  function pair(a, b) { return [a, b]; }
  function sum(l) { let s = 0; for (const v of l) s += v[0] * v[1]; return s; }
  function swap(l, i, j) { const t = l[i]; l[i] = l[j]; l[j] = t; }`;

const program = (body: string, value: number, tangent: number): Program => ({
  code: `${helpers} export function f(m, k) { ${body} }`,
  at: [
    [
      [3, 2],
      [1, 4],
    ],
    2,
  ],
  along: [
    [
      [1, 0],
      [0, 1],
    ],
    1,
  ],
  value,
  tangent,
});

const programs: Record<string, Program> = {
  "a list of lists, and one of numbers": program(
    "const r = all(m, product); return r[0] * r[1] * k + all(m[0], Math.sqrt)[0];",
    48 + Math.sqrt(3),
    8 * 2 + 6 * 2 + 24 + 0.5 / Math.sqrt(3),
  ),
  "an element that a variable holds": program(
    "return best(m, (r) => r[0] * r[1] * k) + best(m[0], (v) => v * v * k);",
    12 + 18,
    2 * 2 + 6 + 6 * 2 + 9,
  ),
  "what is handed on to a function that is given, by one that calls itself": program(
    "return wrap(m[0], product, 2) * k + wrap(k, Math.sqrt, 1);",
    48 + 2 * Math.SQRT2,
    8 * 2 + 24 + 1 / Math.SQRT2,
  ),
  "what is put into a list": program(
    "const q = pair(k, k); return sum(pair(m[0], m[1])) * q[0];",
    20,
    2 * 2 + 2 * 1 + 10,
  ),
  "what changes places": program(
    "swap(m, 0, 1); swap(m[0], 0, 1); return m[0][0] * k + m[1][0] * m[1][1];",
    8 + 6,
    2 + 4 + 2,
  ),
};

describe("functions that take lists here and numbers there", () => {
  it.each(Object.entries(programs))("%s", (_, p) => expectEveryForm(p));
});
