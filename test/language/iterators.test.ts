import { jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";
import { expectEveryForm } from "../tangent/support/programs.ts";

/** Iterators of the user's own, whose steps say by active numbers whether they are done. */

type Row = readonly [body: string, value: number, tangent: number];

const x = 1.37;
const same: readonly [number, number] = [x, 1];
const square: readonly [number, number] = [x * x, 2 * x];
const times = (n: number): readonly [number, number] => [n * x, n];

const expectRows = (rows: readonly Row[]): void => {
  for (const [body, value, tangent] of rows) {
    it(body, () => {
      const code = `export function f(x) { "use dual"; ${body} }`;
      expectEveryForm({ code, at: [x], value, tangent });
    });
  }
};

describe("a loop, a spread, a pattern and functions of the language", () => {
  expectRows([
    [
      `let n = 0; const it = { [Symbol.iterator]() { return { next() { return n++ < 3 ? { done: x - x, value: x } : { done: x, value: 5 }; } }; } }; let s = 0; for (const v of it) s += v; return s;`,
      ...times(3),
    ],
    [
      `const it = { [Symbol.iterator]() { let n = 0; return { next() { return n++ < 2 ? { done: x - x, value: x } : { done: x }; } }; } }; return [...it].length * x;`,
      ...times(2),
    ],
    [
      `const it = { [Symbol.iterator]() { let n = 0; return { next() { return n++ < 2 ? { done: x - x, value: x } : { done: x }; } }; } }; const [a, b, c] = it; return c === undefined ? a * b : 1;`,
      ...square,
    ],
    [
      `const it = { [Symbol.iterator]() { let n = 0; return { next() { return n++ < 2 ? { done: x - x, value: x } : { done: x }; } }; } }; return Math.max(...it, x / 2);`,
      ...same,
    ],
    [
      `const it = { [Symbol.iterator]() { return { next() { return x; } }; } }; try { for (const v of it) return 1; } catch (e) { return e instanceof TypeError ? x * x : 3; }`,
      ...square,
    ],
    [
      `const it = { [Symbol.iterator]() { return { next() { return x; } }; } }; try { [...it]; } catch (e) { return e instanceof TypeError ? x * x : 3; }`,
      ...square,
    ],
    [
      `const it = { [Symbol.iterator]() { return { next() { return x; } }; } }; try { const [a] = it; } catch (e) { return e instanceof TypeError ? x * x : 3; }`,
      ...square,
    ],
    [
      `const it = { [Symbol.iterator]() { return x; } }; try { for (const v of it) return 1; } catch (e) { return e instanceof TypeError ? x * x : 3; }`,
      ...square,
    ],
    [
      `const it = { [Symbol.iterator]() { let n = 0; return { next() { return n++ < 2 ? { done: x - x, value: x } : { done: x }; } }; } }; function* g() { yield* it; } let s = 0; for (const v of g()) s += v; return s;`,
      ...times(2),
    ],
    [
      `const it = { [Symbol.iterator]() { let n = 0; return { next() { return n++ < 2 ? { done: x - x, value: x } : { done: x }; } }; } }; return Array.from(it).length * x;`,
      ...times(2),
    ],
    [
      `const it = { [Symbol.iterator]() { let n = 0; return { next() { return n++ < 2 ? { done: x - x, value: ["a" + n, x] } : { done: x }; } }; } }; return new Map(it).get("a1") * Object.fromEntries(it).a2;`,
      ...square,
    ],
    [
      `class Range { constructor(n) { this.n = n; } [Symbol.iterator]() { return this; } next() { return { done: this.n-- - x <= 0, value: x }; } } let s = 0; for (const v of new Range(3)) s += v; return s;`,
      ...times(2),
    ],
    [
      `let closed = 0; const it = { [Symbol.iterator]() { return { next() { return { done: x - x, value: x }; }, return() { closed++; return {}; } }; } }; for (const v of it) break; const [a] = it; return closed * a;`,
      ...times(2),
    ],
    [
      `const it = { [Symbol.iterator]() { return { next() { return { done: x - x, value: x }; }, return() { return x; } }; } }; try { for (const v of it) break; } catch (e) { return e instanceof TypeError ? x * x : 3; }`,
      ...square,
    ],
    [
      `let read = 0; const it = { [Symbol.iterator]() { let n = 0; return { next() { return { get done() { return n++ < 2 ? x - x : x; }, get value() { read++; return x; } }; } }; } }; let s = 0; for (const v of it) s += v; return read === 2 ? s : 1;`,
      ...times(2),
    ],
    [`return Array.from({ length: 2, 0: x, 1: x }).length * x;`, ...times(2)],
    [`return Array.from({ length: 3 }, (_, i) => i * x)[2];`, ...times(2)],
  ]);
});

describe("yield* in an async generator", () => {
  const steps = "n++ < 2 ? { done: x - x, value: x } : { done: x }";
  it.each([
    `[Symbol.asyncIterator]() { let n = 0; return { async next() { return ${steps}; } }; }`,
    `[Symbol.iterator]() { let n = 0; return { next() { return ${steps}; } }; }`,
  ])("%s", async (method) => {
    const main = `export async function f(x) { "use dual"; const it = { ${method} }; async function* g() { yield* it; } let p = 1; for await (const v of g()) p *= v; return p; }`;
    const f = load(translate({ main }), "main").f as unknown as (x: number) => Promise<number>;
    const [value, tangent] = jvp(f, [x], [1]);
    expect([await value, await tangent]).toEqual(square);
  });
});
