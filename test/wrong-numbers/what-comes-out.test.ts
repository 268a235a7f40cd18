import { inspect } from "node:util";
import { jvp, vjp } from "dualize";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";

/** Results that are more than numbers, lists and plain objects: the value of a derivative is that of an ordinary call. */

/** Programs of which `f(x)` gives something, and what its tangent by `x` at 3 is. */
const programs: Record<string, readonly [code: string, tangent: unknown]> = {
  "a list with more than its elements": [
    "export const f = (x: number) => { const xs: any = [1, x]; xs.total = x * x; xs.label = 'a'; return xs; };",
    Object.assign([0, 1], { total: 6, label: null }),
  ],
  "a list of which only what is beside its elements moves": [
    "export const f = (x: number) => { const xs: any = [1, 2]; xs.total = x * x; return xs; };",
    Object.assign([0, 0], { total: 6 }),
  ],
  "an instance of a class of lists": [
    "class Vec extends Array<number> { norm() { return Math.hypot(...this); } } export const f = (x: number) => Vec.from([x, x * x]).map((v) => 2 * v);",
    [2, 12],
  ],
  "an instance of a class of lists with a constructor of its own": [
    "class Pair extends Array<number> { constructor(a: number, b: number) { super(); this.push(a, b); } static get [Symbol.species]() { return Array; } } export const f = (x: number) => new Pair(x, x * x);",
    [1, 6],
  ],
  "an instance of a class of tables": [
    "class Table extends Map<string, number> { unit = 'm'; total() { return [...this.values()].reduce((a, b) => a + b); } } export const f = (x: number) => { const t = new Table(); t.set('a', x * x); return t; };",
    Object.assign(new Map([["a", 6]]), { unit: null }),
  ],
  "an object with hidden fields": [
    "export const f = (x: number) => Object.defineProperty({ a: x } as any, 'hidden', { value: x * x });",
    Object.defineProperty({ a: 1 }, "hidden", { value: 6 }),
  ],
  "an object of which only a hidden field moves": [
    "export const f = (x: number) => Object.defineProperty({ a: 1 } as any, 'hidden', { value: x * x, writable: true });",
    Object.defineProperty({ a: 0 }, "hidden", { value: 6, writable: true }),
  ],
  "what is frozen": [
    "export const f = (x: number) => Object.freeze({ a: x * x, b: Object.freeze([x]) });",
    { a: 6, b: [1] },
  ],
  "what is sealed, and what takes nothing new": [
    "export const f = (x: number) => [Object.seal({ a: x * x }), Object.preventExtensions({ a: x })];",
    [{ a: 6 }, { a: 1 }],
  ],
  "an instance that freezes itself": [
    "class P { constructor(readonly x: number) { Object.freeze(this); } times(k: number) { return new P(this.x * k); } } export const f = (x: number) => new P(x).times(x);",
    { x: 6 },
  ],
  "an instance of a class with a name of its own": [
    "class Complex { constructor(readonly re: number, readonly im: number) {} get [Symbol.toStringTag]() { return 'Complex'; } } export const f = (x: number) => [new Complex(x, x * x)];",
    [{ re: 1, im: 6 }],
  ],
  "an instance of one that inherits from such a class": [
    "class Named { get [Symbol.toStringTag]() { return 'Named'; } } class P extends Named { constructor(readonly x: number) { super(); } } export const f = (x: number) => ({ p: new P(x * x) });",
    { p: { x: 6 } },
  ],
  "an instance of a function whose prototype has a name": [
    "function Decimal(this: any, d: number) { this.d = d; } Decimal.prototype[Symbol.toStringTag] = 'Decimal'; export const f = (x: number) => new (Decimal as any)(x * x);",
    { d: 6 },
  ],
};

/** All that a value is and has, as text. */
function told(x: unknown): string {
  if (typeof x === "function") return "function";
  if (typeof x !== "object" || x === null) return String(x);
  const { name } = Object.getPrototypeOf(x).constructor as { name: string };
  const entries = x instanceof Map ? [...x].map(([k, v]) => `${k} => ${told(v)}`) : [];
  const fields = Reflect.ownKeys(x).map((key) => {
    const { value, enumerable } = Object.getOwnPropertyDescriptor(x, key) as PropertyDescriptor;
    return `${String(key)}${enumerable ? "" : " (hidden)"}: ${told(value)}`;
  });
  const states = [Object.isFrozen(x), Object.isSealed(x), Object.isExtensible(x)].join();
  return `${name} ${states} { ${[...entries, ...fields].join(", ")} }`;
}

describe.each(Object.entries(programs))("%s", (_, [code, tangent]) => {
  const f = load(translate({ main: `"use dual"; ${code}` }), "main").f as (x: number) => unknown;
  const plain = told(f(3));

  it("comes out of jvp as it comes out of an ordinary call", () => {
    const [value, t] = jvp(f, [3], [1]) as unknown[];
    expect(told(value)).toBe(plain);
    expect(t).toEqual(tangent);
    expect(told(f(3))).toBe(plain);
  });

  it("comes out of a derivative inside another one, and of a pullback", () => {
    const code = `import { jvp } from "dualize"; export const g = (f: any, x: number) => { "use dual"; return jvp(f, [x], [1])[0]; };`;
    const outer = load(translate({ main: code }), "main").g;
    const [value, t] = jvp(outer as never, [f, 3] as never, [null, 1] as never) as unknown[];
    expect(told(value)).toBe(plain);
    expect(t).toEqual(tangent);
    expect(told(vjp(f, [3])[0])).toBe(plain);
  });
});

describe("an argument of a class with a name of its own", () => {
  const code = `class Complex { constructor(public re: number, public im: number) {}
    get [Symbol.toStringTag]() { return "Complex"; } }
    export const make = (re: number, im: number) => new Complex(re, im);
    export const seen: any[] = []; export const last = make(0, 0);
    export const f = (c: any, k: number) => { const by = k > 0 ? c.re : c["im"]; return by * c.im; };
    export const leave = (x: number) => { seen.push(make(x, x * x)); last.re = x; return x; };`;
  const program = load(translate({ main: `"use dual"; ${code}` }), "main") as never as {
    make: (re: number, im: number) => { re: number; im: number };
    f: (c: unknown, k: number) => number;
    leave: (x: number) => number;
    seen: unknown[];
    last: unknown;
  };

  it("takes a tangent as any object does", () => {
    const { f, make } = program;
    expect(jvp(f as never, [make(2, 3), 1] as never, [{ re: 1, im: 0.5 }] as never)).toEqual([
      6, 4,
    ]);
  });

  it("is made plain where it is left outside", () => {
    const { leave, make, seen, last } = program;
    expect(jvp(leave, [3], [1])).toEqual([3, 1]);
    expect(told(seen)).toBe(told([make(3, 9)]));
    expect(told(last)).toBe(told(make(3, 0)));
  });
});

it("takes what the language has for what it is", () => {
  const { f } = load(
    translate({
      main: `"use dual"; export const f = (x: number) => [x, Math, new Date(5), /a/, new Intl.NumberFormat("en"), new WeakMap(), new URL("http://a.b")];`,
    }),
    "main",
  );
  const plain = f?.(3) as unknown[];
  const [value, tangent] = jvp(f as never, [3] as never, [1] as never) as [unknown[], unknown[]];
  expect(value.map((v) => Object.prototype.toString.call(v))).toEqual(
    plain.map((v) => Object.prototype.toString.call(v)),
  );
  expect(value[1]).toBe(Math);
  expect(tangent).toEqual([1, null, null, null, null, null, null]);
});

describe("what is reached in a circle", () => {
  const programs: Record<string, string> = {
    "before what is active":
      "const a: any = { b: null, x: 0 }; a.b = { a, k: 1 }; a.x = x * x; return a;",
    "from parts that name what they are in":
      "const a: any = { kids: [], x: 0 }; a.kids.push({ up: a, k: 1 }, { up: a, y: x }); a.x = x * x; return a;",
    "by a table":
      "const m = new Map<string, any>(); m.set('o', { m, k: 1 }); m.set('x', x * x); return m;",
    "from a list of what is not active":
      "const all: any[] = []; all.push({ all }, { all }, [all], x * x); return all;",
  };
  it.each(Object.entries(programs))("comes out as it is in an ordinary call, %s", (_, body) => {
    const f = load(
      translate({ main: `"use dual"; export function f(x: number): any { ${body} }` }),
      "main",
    ).f as (x: number) => unknown;
    const [value] = jvp(f, [3], [1]);
    expect(inspect(value, { depth: 9 })).toBe(inspect(f(3), { depth: 9 }));
  });
});

it("gives back keys of tables as an ordinary call does", () => {
  const f = load(
    translate({
      main: `"use dual"; export function f(x: number, node: object) { return new Map<object, number>([[node, x * x], [{ x }, x]]); }`,
    }),
    "main",
  ).f as (x: number, node: object) => Map<object, number>;
  const node = { k: 1 };
  const [value, tangent] = jvp(f, [3, node], [1]) as unknown as Map<object, number>[];
  expect(value!.get(node)).toBe(9);
  expect(tangent!.get(node)).toBe(6);
  expect([...value!]).toEqual([
    [node, 9],
    [{ x: 3 }, 3],
  ]);
});
