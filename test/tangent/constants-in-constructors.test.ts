import { describe, it } from "vitest";
import { expectToldForms, type Told } from "./support/programs.ts";

/** Constructors that store their arguments, and constants beside them. */

const program = (body: string, use: string, value: number, tangent: number): Told => ({
  code: `class C { ${body} }
    export function f(x: number): number { "use dual"; ${use} }`,
  at: [3],
  value,
  tangent,
  fast: ["f"],
});

const cases: Record<string, Told> = {
  "a flag": program(
    "x: number; isC: boolean; constructor(x = 0) { this.isC = true; this.x = x; } twice() { this.x *= 2; return this; }",
    "const c = new C(x * x).twice(); return c.isC ? c.x : 0;",
    18,
    12,
  ),
  "a number that is added to": program(
    "sum: number; x: number; constructor(x: number) { this.sum = 0; this.x = x; } add(y: number) { this.sum += y * this.x; return this; }",
    "return new C(x).add(x).add(2).sum;",
    15,
    8,
  ),
  "a constant in the place of an argument": program(
    "x: number; constructor(x: number) { this.x = x; this.x = 5; }",
    "const c = new C(x); return c.x * x;",
    15,
    5,
  ),
  "an argument in the place of a constant": program(
    "x = 7; constructor(x: number) { this.x = 5; this.x = x; }",
    "const c = new C(x); return c.x * x;",
    9,
    6,
  ),
  "a constant in the place of what a field begins with": program(
    "x = 7; y: number; constructor(y: number) { this.x = 5; this.y = y; }",
    "const c = new C(x * x); return c.x * c.y;",
    45,
    30,
  ),
  "a word and nothing": program(
    'name: string; next: string | null; x: number; constructor(x: number) { this.name = "a"; this.next = null; this.x = x; }',
    'const c = new C(x); return c.next === null && c.name === "a" ? c.x * c.x : 0;',
    9,
    6,
  ),
  "two of them, of which one is changed": program(
    "n: number; x: number; constructor(x: number) { this.n = 1; this.x = x; } grow() { this.n += 1; }",
    "const a = new C(x); const b = new C(x * x); a.grow(); return a.n * a.x + b.n * b.x;",
    15,
    8,
  ),
};

describe("a constructor that stores a constant", () => {
  it.each(Object.entries(cases))("%s", (_, of) => expectToldForms(of));
});
