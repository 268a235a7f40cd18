import { derivative, grad, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { compile } from "../tangent/support/compile.ts";

/** What is kept is found by the same key with the same tangents, while it is there, and by nothing else. */

const tables: Record<string, string> = {
  Map: `const table = new Map<string | number, number>();
    const kept = (k: string | number, x: number, of: (x: number) => number): number => { "use dual"; let v = table.get(k); if (v === undefined) { v = of(x); table.set(k, v); } return v; };
    const empty = (): void => { "use dual"; table.clear(); };
    const drop = (k: string | number): void => { "use dual"; table.delete(k); };`,
  object: `let table: Record<string, number> = {};
    const kept = (k: string | number, x: number, of: (x: number) => number): number => { "use dual"; if (!(k in table)) table[k] = of(x); return table[k]!; };
    const empty = (): void => { "use dual"; table = {}; };
    const drop = (k: string | number): void => { "use dual"; delete table[k]; };`,
};
/** A table that is asked by text of a number where it stands. */
const byText: Record<string, string> = {
  Map: `const table = new Map<string, number>(); let scale = 1;
    const cube = (x: number): number => { const k = \`cube \${x}\`; let v = table.get(k); if (v === undefined) { v = scale * x ** 3; table.set(k, v); } return v; };
    const square = (x: number): number => { const k = \`square \${x}\`; let v = table.get(k); if (v === undefined) { v = scale * x ** 2; table.set(k, v); } return v; };
    const rescale = (): void => { scale = 3 - scale; table.clear(); };
    const forget = (x: number): void => { table.delete(\`cube \${x}\`); };
    const count = (): number => table.size;`,
  object: `let table: Record<string, number> = {}; let scale = 1;
    const cube = (x: number): number => { const k = \`cube \${x}\`; if (table[k] === undefined) table[k] = scale * x ** 3; return table[k]!; };
    const square = (x: number): number => { const k = \`square \${x}\`; if (table[k] === undefined) table[k] = scale * x ** 2; return table[k]!; };
    const rescale = (): void => { scale = 3 - scale; table = {}; };
    const forget = (x: number): void => { delete table[\`cube \${x}\`]; };
    const count = (): number => Object.keys(table).length;`,
  "Map by the number": `const cubes = new Map<number, number>(), squares = new Map<number, number>(); let scale = 1;
    const cube = (x: number): number => { if (!cubes.has(x)) cubes.set(x, scale * x ** 3); return cubes.get(x)!; };
    const square = (x: number): number => { if (!squares.has(x)) squares.set(x, scale * x ** 2); return squares.get(x)!; };
    const rescale = (): void => { scale = 3 - scale; cubes.clear(); squares.clear(); };
    const forget = (x: number): void => { cubes.delete(x); };
    const count = (): number => cubes.size + squares.size;`,
  list: `const cubes: number[] = [], squares: number[] = []; let scale = 1;
    const cube = (x: number): number => { if (cubes[x] === undefined) cubes[x] = scale * x ** 3; return cubes[x]!; };
    const square = (x: number): number => { if (squares[x] === undefined) squares[x] = scale * x ** 2; return squares[x]!; };
    const rescale = (): void => { scale = 3 - scale; cubes.length = 0; squares.length = 0; };
    const forget = (x: number): void => { delete cubes[x]; };
    const count = (): number => Object.keys(cubes).length + Object.keys(squares).length;`,
};

/** The value and the derivative at 3. */
const bodies: Record<string, readonly [body: string, value: number, tangent: number]> = {
  "two things of one number": ["return cube(x) + square(x);", 36, 33],
  "a number and one that does not move": ["return cube(x) - cube(3) + x;", 3, 28],
  "one that does not move and a number": ["return cube(3) * 0 + cube(x) + cube(3);", 54, 27],
  "two numbers that move differently": ["return cube(x) + cube(2 * x - 3) + cube(x);", 81, 108],
  "what was emptied": [
    "const a = cube(x); rescale(); const b = cube(x); rescale(); return a + b;",
    81,
    81,
  ],
  "what was taken out": ["const a = cube(x); forget(x); return a + cube(x) * x;", 108, 135],
  "a key that was made before its number was changed": [
    "let y = x; const a = cube(y); y = -y; return a + cube(y) + square(y);",
    9,
    6,
  ],
};

describe.each(Object.entries(byText))("in a table: %s", (_, table) => {
  it.each(Object.entries(bodies))("%s", (_, [body, value, tangent]) => {
    const { exports } = compile(
      `"use dual"; ${table} export function f(x: number): number { ${body} } export const size = (): number => count();`,
    );
    const f = exports.f as (x: number) => number;
    for (let again = 0; again < 2; again++) {
      expect(jvp(f, [3], [1])).toEqual([value, tangent]);
      expect(grad(f)(3)).toBe(tangent);
      expect(f(3)).toBe(value);
      expect(derivative((y: number) => f(3) * y + f(y))(3)).toBe(value + tangent);
    }
  });
});

it.each(Object.entries(tables))("keys that are handed in are those of the %s", (_, table) => {
  const { exports } = compile(`${table}
    export function f(x: number): number { "use dual"; return kept(x, x, (t) => t * t) + kept(\`c\${x}\`, x, (t) => t ** 3); }
    export function g(x: number): number { "use dual"; const a = kept(x, x, (t) => t * t); drop(x); empty(); return a + kept(x, x, (t) => t ** 3); }`);
  const [f, g] = [exports.f, exports.g] as ((x: number) => number)[];
  expect(jvp(g as never, [3] as never, [1] as never)).toEqual([36, 33]);
  expect(f?.(3)).toBe(27 + 27);
});

/** What is asked for by a number that moves, in what is no memo: its place is that of the number. */
describe("a table that is", () => {
  it.each([
    [
      "of greatest values",
      "let d = table[k]!; if (d < x) { table[k] = x; d = x; } return d * x;",
      9,
      6,
    ],
    ["counted in", "if (table[k]) table[k] = table[k]! + x; return table[k]! * x;", 15, 8],
    ["of other numbers", "const d = table[k]!; if (d > x) table[k] = x; return d * x;", 6, 2],
    ["compared", "let v = table[k]!; if (v === x) v = table[k] = 7 * x; return v * x;", 6, 2],
    [
      "counted in, as a Map",
      "if (map.has(k)) map.set(k, map.get(k)! + x); return map.get(k)! * x;",
      15,
      8,
    ],
  ])("%s", (_, body, value, tangent) => {
    const load = () => {
      const { exports } =
        compile(`"use dual"; const table: number[] = [1, 2, 3]; const map = new Map<number, number>([[1, 2]]);
        export function f(p: { x: number; k: number }): number { const { x, k } = p; ${body} }`);
      return exports.f as (p: { x: number; k: number }) => number;
    };
    expect(load()({ x: 3, k: 1 })).toBe(value);
    const along = () => jvp(load(), [{ x: 3, k: 1 }], [{ x: 1, k: 1 }]);
    // A number that moves is no key of a Map.
    if (body.includes("map.")) expect(along).toThrow(/DUAL108/);
    else expect(along()).toEqual([value, tangent]);
  });
});

describe("a memo by an object", () => {
  const code = `"use dual"; interface P { x: number; next?: P } const cache = new WeakMap<P, number>(); let times = 0;
    export function square(p: P): number { let v = cache.get(p); if (v === undefined) { times++; v = p.x * p.x; cache.set(p, v); } return v; }
    export const count = (): number => times;`;
  it("is none of another derivative in the same one", () => {
    const { exports } = compile(code);
    const square = exports.square as (p: { x: number }) => number;
    const p = { x: 3 };
    const twice = (y: number) => grad(square)(p).x * y + grad(square)(p).x * y + square(p);
    expect(derivative(twice)(2)).toBe(12);
    const q = (y: number) => {
      const at = { x: y };
      return grad(square)(at).x + jvp(square, [at], [{ x: 1 }])[1] + square(at);
    };
    expect(derivative(q)(3)).toBe(2 + 2 + 6);
  });

  it("takes objects that contain themselves", () => {
    const { exports } = compile(code);
    const square = exports.square as (p: { x: number }) => number;
    const at = (x: number) => {
      "use dual";
      const p: { x: number; next?: unknown } = { x };
      p.next = p;
      return square(p) + square(p);
    };
    expect(at(3)).toBe(18);
    expect(exports.count?.()).toBe(1);
  });
});
