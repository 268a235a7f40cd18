import { grad, jvp } from "dualize";
import { twinOf } from "dualize/runtime";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** What comes from outside of a function is what it is, whatever its use or its type makes one think. */

const sum = "let s = 0; xs.forEach((w) => { s += w * x; }); return s * x;";
const collections: Record<string, string> = {
  "a Map": "new Map([[1, 2], [5, 3]])",
  "a Set": "new Set([2, 3])",
  "an integer array": "Int32Array.of(2, 3)",
  "an object with methods of its own": `({ length: 1, 0: 7,  forEach(g: (v: number) => void) { g(2); g(3); }, map(g: (v: number) => number) { return [g(2), g(3)]; } })`,
  "an array of a class of its own": `new (class Twofold extends Array<number> {
    forEach(g: (v: number) => void) { for (const v of [2, 3]) g(v); }
    map(g: (v: number) => number): never { return [g(2), g(3)] as never; }
  })()`,
};
/** Ways in which a function gets at something from outside. */
const ways: Record<string, (value: string, body: string) => string> = {
  "in a variable of the file": (value, body) =>
    `const xs = (${value}) as any; export function f(x: number): number { "use dual"; ${body} }`,
  "captured by a function that is handed out": (value, body) =>
    `function make(xs: any) { "use dual"; return (x: number): number => { ${body} }; } export const f = make(${value});`,
  "handed to a helper": (value, body) =>
    `const k = (${value}) as any; function g(x: number, xs: any): number { ${body} }
     export function f(x: number): number { "use dual"; return g(x, k); }`,
  "in a field": (value, body) =>
    `const o = { k: (${value}) as any }; export function f(x: number): number { "use dual"; const { k: xs } = o; ${body} }`,
};
const through = (body: string, value: number, names = Object.keys(collections)) =>
  Object.fromEntries(
    Object.entries(ways).flatMap(([way, code]) =>
      names.map((name): [string, Program] => [
        `${name} ${way}`,
        { code: code(collections[name] as string, body), at: [2.5], value, tangent: 0.8 * value },
      ]),
    ),
  );

describe("what is gone through by its own method", () => {
  it.each(Object.entries(through(sum, 31.25)))("%s", (_, program) => expectEveryForm(program));
});

describe("what is mapped by its own method", () => {
  const lists = ["an object with methods of its own", "an array of a class of its own"];
  const body = "const ys: number[] = xs.map((w: number) => w * x); return (ys[0] + ys[1]) * x;";
  it.each(Object.entries(through(body, 31.25, lists)))("%s", (_, program) =>
    expectEveryForm(program),
  );
  it.each(Object.entries(ways))("an integer array %s, which rounds", (_, code) =>
    expectEveryForm({
      code: code("Int32Array.of(2, 3)", body),
      at: [2.5],
      // 5 and 7, truncated from 7.5.
      value: 30,
      tangent: 12,
      noDifferences: "it jumps",
    }),
  );
});

describe("a list with an iterator of its own", () => {
  const twice = `class Twice extends Array<number> { override *[Symbol.iterator](): Generator<number> { yield 2 * this[0]; yield 9; } }
    const t = { rows: [[1, 1]] }; const hold = (o: { rows: number[][] }) => { o.rows[0] = Twice.of(2, 3); }; hold(t);`;
  const bodies: Record<string, string> = {
    "in a loop": "let s = 0; for (const v of t.rows[0]) s += v * x; return s;",
    "in a pattern": "const [a, b] = t.rows[0]; return (a + b) * x;",
    "in a pattern of a loop": "let s = 0; for (const [a, b] of t.rows) s += (a + b) * x; return s;",
  };
  it.each(Object.entries(bodies))("%s", (_, body) =>
    expectEveryForm({
      code: `${twice} export function f(x: number): number { "use dual"; ${body} }`,
      at: [2],
      value: 26,
      tangent: 13,
    }),
  );
});

const shapes = {
  shapes: `"use dual";
    export class Circle { constructor(readonly r: number) {} area(x: number): number { return 3 * this.r * x; } get double(): number { return 2 * this.r; } }`,
  squares: `"use dual";
    import { Circle } from "./main";
    export class Square extends Circle { override area(x: number): number { return this.r * x * x; } override get double(): number { return 1; } }`,
};
const instance = (body: string): Record<string, string> => ({
  squares: shapes.squares,
  // The file of the class does not know who extends it.
  main: `${shapes.shapes} declare const require: (name: string) => any;
    const square = (): Circle => new (require("./squares").Square)(2);
    ${body}`,
});
const instances: Record<string, Record<string, string>> = {
  "handed to a helper": instance(
    "const s: Circle = square(); function g(s: Circle, x: number): number { return s.area(x) * s.double; } export function f(x: number): number { return g(s, x); }",
  ),
  "captured and handed on": instance(
    "function g(s: Circle, x: number): number { return s.area(x) * s.double; } function make(s: Circle) { return (x: number): number => g(s, x); } export const f = make(square());",
  ),
  "held by what is handed on": instance(
    "const o: { s: Circle } = { s: square() }; function g(o: { s: Circle }, x: number): number { return o.s.area(x) * o.s.double; } export function f(x: number): number { return g(o, x); }",
  ),
  "one of two": instance(
    "const s: Circle = square(); export function f(x: number): number { const c = x > 1 ? s : new Circle(x); return c.area(x) * c.double; }",
  ),
  "an element of a list": instance(
    "const s: Circle = square(); export function f(x: number): number { const all: Circle[] = [s, new Circle(0)]; return all.reduce((a, c) => a + c.area(x) * c.double, 0); }",
  ),
  "what a helper gives": instance(
    "const s: Circle = square(); function pick(): Circle { return s; } export function f(x: number): number { return pick().area(x) * pick().double; }",
  ),
};

describe("an instance of a subclass of another file", () => {
  it.each(Object.entries(instances))("%s", (_, code) =>
    expectEveryForm({ code, at: [3], value: 18, tangent: 12 }),
  );
});

it("takes the object of an element for what it is written as", () =>
  expectEveryForm({
    code: `class Circle { constructor(readonly r: number) {} area(x: number): number { return this.r * x; } }
      export function f(x: number): number {
        "use dual";
        const all: Circle[] = [{ r: 1, area: (y: number) => y ** 3 } as unknown as Circle, new Circle(2)];
        return all.reduce((a, c) => a + c.area(x), 0);
      }`,
    at: [2],
    value: 12,
    tangent: 14,
  }));

it("reads a proxy as it answers", () => {
  const main =
    'export function f(o: { x: number; y: number }): number { "use dual"; let s = 0; for (const k of Object.values(o)) s = s * 10 + k; return s * o.x; }';
  const proxy = () =>
    new Proxy({ x: 2, y: 3 }, { get: (o, key) => (key === "y" ? 5 : Reflect.get(o, key)) });
  const { f } = load(translate({ main }), "main");
  expect(f?.(proxy())).toBe(50);
  expect(jvp(f as never, [proxy()] as never, [{ x: 1 }] as never)).toEqual([50, 45]);
  expect(grad(f as never)(proxy() as never)).toEqual({ x: 45, y: 2 });
});

it("keeps the fast form for lists", () => {
  const code = `export const xs = [1, 2, 3]; const table = Array.from(xs, (x) => [x]);
    export function f(x: number): number { "use dual"; return table.reduce((s, r) => s + r.reduce((q, w) => q + w * x, 0), 0) + g(table, x); }
    function g(table: number[][], x: number): number { let s = 0; for (let i = 0; i < 3; i++) s += table[i][0] * x; return s; }`;
  const { f } = load(translate({ main: code }), "main");
  expect(grad(f as never)(2 as never)).toBe(12);
  const twin = twinOf(f);
  expect(twin?.tangent).toBeDefined();
  expect(twin?.declines).toBeUndefined();
});
