import { derivative } from "dualize";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** Lengths, lists of all kinds, and ways through text. */

const program = (body: string, value: number, tangent: number): Program => ({
  code: `export function f(x: number): number { "use dual"; ${body} }`,
  at: [2],
  value,
  tangent,
});

const cases: Record<string, Program> = {
  "Array.from of a length that is no whole number": {
    code: `export function f(xs: number[]): number {
      "use dual";
      const half = Array.from({ length: xs.length / 2 }, (_, i) => xs[i] * xs[i]);
      return half[0] + half.length;
    }`,
    at: [[2, 3, 4]],
    along: [[1, 1, 1]],
    value: 5,
    tangent: 4,
  },
  "Array.from of a length that is not positive": program(
    "const o = { n: -2.5 }; return Array.from({ length: o.n }, () => x).length + Array.from({ length: Number.NaN }, () => x).length + x;",
    2,
    1,
  ),
  "a conversion of nothing": program("return (Number() + 3) * x;", 6, 3),
  "a conversion with more than it takes": program(
    "let n = 3; const y = (Number as (...all: number[]) => number)(x, n++); return y * n;",
    8,
    4,
  ),
  "text that is counted on": program('let n = "41" as never as number; n++; return n * x;', 84, 42),
  "text that is counted on, and asked for before": program(
    'let n = "41" as never as number; const m = n++; return (m + 1) * x + n;',
    126,
    42,
  ),
  "text that is counted down, and asked for before": program(
    'let n = "41" as never as number; const m = n--; return (m + 1) * x + n;',
    124,
    42,
  ),
  "text that is counted on in a loop": program(
    'let y = x; for (let n = "1" as never as number; n < 3; n++) y *= n + 1; return y;',
    66,
    33,
  ),
  "text from elsewhere that is counted on": {
    code: `const names = ["1", "2"] as never as number[];
      export function f(x: number): number { "use dual"; let y = 0; for (let n of names) { n++; y += n * x; } return y; }`,
    at: [2],
    value: 10,
    tangent: 5,
  },
  "text that gets longer": program(
    'let n = "4" as never as number; let y = x; for (let i = 0; i < 2; i++) { n = n + 1; y *= n; } n += 1; return y + n * x;',
    41 * 411 * 2 + 4111 * 2,
    41 * 411 + 4111,
  ),
  "what says what it is when it is counted on": {
    code: `const o = { [Symbol.toPrimitive]: (hint: string) => (hint === "number" ? 5 : 7) } as never as number;
      export function f(x: number): number { "use dual"; let n = o; const m = n++; let k = o; k = k + 1; return (n + m) * x + k; }`,
    at: [2],
    value: 30,
    tangent: 11,
  },
  "what counts how often it is counted on": {
    code: `let c = 0; const o = { valueOf: () => ++c } as never as number;
      export function f(x: number): number { "use dual"; c = 0; let n = o; const m = n++; return (n + m) * x + c; }`,
    at: [2],
    value: 7,
    tangent: 3,
  },
  "factors that count how often they are made numbers": {
    code: `let n = 0; const k = { valueOf: () => ++n } as never as number;
      export function f(xs: number[]): number { "use dual"; n = 0; return k * xs[0] + k * xs[1]; }`,
    at: [[2, 3]],
    along: [[1, 1]],
    value: 8,
    tangent: 3,
  },
  "keys that count how often they are made texts": {
    code: `let n = 0; const key = { toString: () => (++n % 2 ? "a" : "b") } as never as "a";
      export function f(p: { a: number; b: number }): number { "use dual"; n = 0; const v = p[key] * 10; return v + p[key] * p[key]; }`,
    at: [{ a: 2, b: 3 }],
    along: [{ a: 1, b: 1 }],
    // 10·a + b·a
    value: 26,
    tangent: 15,
  },
  "such factors of another file": {
    code: {
      m: "let n = 0; export const k = { valueOf: () => ++n } as never as number;",
      main: `import { k } from "./m"; export function f(x: number): number { "use dual"; return (k * x * x) / k; }`,
    },
    at: [2],
    value: 2,
    tangent: 2,
    second: 1,
    noDifferences: "it counts on",
  },
  "such an exponent": {
    code: {
      m: "let n = 0; export const k = { [Symbol.toPrimitive]: () => ++n } as never as number;",
      main: `import { k } from "./m"; export function f(x: number): number { "use dual"; return x ** k * x ** k; }`,
    },
    at: [2],
    value: 8,
    tangent: 12,
    second: 12,
    noDifferences: "it counts on",
  },
  "text that begins with a number": program(
    'const width = "3px"; return Number.parseFloat(width) * x + Number.parseFloat("1e1 m") * x;',
    26,
    13,
  ),
  "keys that are spread": program(
    "const ks = [...Array(3).keys()].map((k) => k * x); return ks[2];",
    4,
    2,
  ),
  "text that is spread": program(
    'let s = 0; for (const c of [..."abc"]) s += c === "b" ? x : 1; return s;',
    4,
    1,
  ),
  "a set of numbers that is spread beside active ones": program(
    "const all = [...new Set([1, 2, 2]), x, x * x]; return all.reduce((a, b) => a + b, 0) + all.length;",
    13,
    5,
  ),
  "Math.max given to map, which sees the index and the array too": {
    code: `export function f(xs: number[]): number {
      "use dual";
      const ys = xs.map(Math.max as (x: number) => number);
      return Number.isNaN(ys[0]) ? xs[0] : 0;
    }`,
    at: [[2, 3]],
    along: [[1, 1]],
    value: 2,
    tangent: 1,
  },
  "a field that is deleted": program(
    "const o: { v?: number; w: number } = { v: x * x, w: x }; delete o.v; return (o.v ?? 5) + o.w;",
    7,
    1,
  ),
  "a getter that counts": {
    ...program("return o.v * x + o.v * x;", 6, 3),
    code: `let n = 0; const o = { get v() { n += 1; return n; } };
      export function f(x: number): number { "use dual"; return o.v * x + o.v * x; }`,
  },
  "a copy by way of JSON": program(
    "const v = { a: x * x, b: [x], c: 'text' }; const w = JSON.parse(JSON.stringify(v)) as typeof v; w.b[0] += 1; return w.a * w.b[0] + v.b[0] + w.c.length;",
    18,
    17,
  ),
  "a copy by way of JSON with line breaks": program(
    "const v = { a: x * x, b: [x] }; const w = JSON.parse(JSON.stringify(v, null, 2)) as typeof v; const u = JSON.parse(JSON.stringify(v, undefined, '\\t')) as typeof v; return w.a * u.b[0];",
    8,
    12,
  ),
  "a copy by way of JSON drops what text cannot hold": program(
    "const w = JSON.parse(JSON.stringify({ a: x / 0, b: undefined, c: [x, undefined] })); return (w.a === null ? 1 : 0) + ('b' in w ? 10 : 0) + w.c[0] + w.c.length;",
    5,
    1,
  ),
  "counters that are bigints": program(
    "let s = 0; let k = 3n; for (let n = 0n; n < 3n; n++) s += x * Number(n); const o = { k: 2n }; o.k++; return s + Number(k--) + Number(k) + Number(o.k);",
    14,
    3,
  ),
  "minus zero by way of text": {
    code: `export function f(x: number): number { "use dual"; const y = Number.parseFloat(x as never); return 1 / y > 0 ? y + 1 : y + 2; }`,
    at: [-0],
    value: 1,
    tangent: 1,
    noDifferences: "the other side of 0 is another branch",
  },
};

describe("right in every form:", () => {
  it.each(Object.entries(cases))("%s", (_, p) => expectEveryForm(p));
});

it("a function inside an array that came out of a derivative can be applied", () => {
  const code = `export function f(x: number): ((y: number) => number)[] { "use dual"; return [(y: number) => x * y * y]; }`;
  const f = load(translate({ main: code }), "main").f as never;
  const d = derivative(f) as never as (x: number) => ((y: number) => number)[];
  expect((d(3)[0] as (y: number) => number)(2)).toBe(4);
});

it("the power of a negative number has no derivative by its exponent, also where it underflows", () => {
  const f = load(
    translate({ main: `export function f(y: number): number { "use dual"; return (-0.5) ** y; }` }),
    "main",
  ).f as (y: number) => number;
  for (const y of [2000, 3]) expect(derivative(f as never)(y as never)).toBeNaN();
});
