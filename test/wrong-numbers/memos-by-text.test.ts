import { derivative, grad, jvp, vjp } from "dualize";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";

/**
 * Text is made in one place and a memo is asked by it in another, and a memo is asked in one function and filled in
 * another: what an ordinary call left there has no tangents.
 */

const cached = `const cache = new Map<string, number>();
  export function cached(key: string, compute: () => number): number {
    const hit = cache.get(key); if (hit !== undefined) return hit;
    const v = compute(); cache.set(key, v); return v; }`;
const square = `${cached} const g = (x: number): number => cached(\`sq:\${x}\`, () => x * x);`;
const main = (code: string): Record<string, string> => ({ main: `"use dual"; ${code}` });
const split = (table: string): string => `${table}
  function g(x: number): number { if (!has(x)) put(x, x * x); return look(x); }
  export function f(x: number): number { return g(x) * x + g(3) * x; }`;

/** The value and the derivative at 3. */
const programs: Record<
  string,
  readonly [code: Record<string, string>, value: number, tangent: number]
> = {
  "text that is handed in": [
    main(`${square} export const f = (x: number): number => g(x) * x;`),
    27,
    27,
  ],
  "the same text of a number that does not move": [
    main(`${square} export const f = (x: number): number => g(x) - g(3) + g(x) * g(3);`),
    81,
    60,
  ],
  "the same text of a number that does not move, made before": [
    main(`${square} export const f = (x: number): number => g(3) * x - g(x) + g(3);`),
    27,
    3,
  ],
  "text of text": [
    main(`${cached} export function f(x: number): number {
      const k = \`x=\${x}\`; const k2 = \`(\${k})\`; const k3 = "a" + k + "b"; const k4 = "a".concat(k).padEnd(9);
      return cached(k2, () => x * x) + cached(k3, () => x ** 3) + cached(k4, () => x); }`),
    39,
    34,
  ],
  "text that a function makes": [
    main(`const cache = new Map<string, number>(); const keyOf = (...xs: number[]): string => xs.join("|");
      function area(a: number, b: number): number { const k = keyOf(a, b); let v = cache.get(k); if (v === undefined) { v = a * b * b; cache.set(k, v); } return v; }
      export const f = (x: number): number => area(x, 2) + area(2, x) + area(x, x);`),
    12 + 18 + 27,
    4 + 12 + 27,
  ],
  "text that a method makes": [
    main(`class P { constructor(public x: number) {} key(): string { return \`p\${this.x}\`; } } const cache: Record<string, number> = {};
      const norm = (p: P): number => { const k = p.key(); if (cache[k] === undefined) cache[k] = p.x ** 2; return cache[k]!; };
      export const f = (x: number): number => norm(new P(x)) * norm(new P(2 * x));`),
    9 * 36,
    4 * 108,
  ],
  "text of the whole argument": [
    main(`const cache = new Map<string, number>(); const hash = (o: unknown): string => JSON.stringify(o);
      function area(p: { x: number; y: number[] }): number { const k = hash(p); if (!cache.has(k)) cache.set(k, p.x * p.y[0]!); return cache.get(k)!; }
      export const f = (x: number): number => area({ x, y: [2] }) + area({ x: 2, y: [x] }) + area({ x: 3, y: [2] });`),
    18,
    4,
  ],
  "text for another file": [
    {
      main: `"use dual"; import { cached } from "./cached"; export const f = (x: number): number => cached(\`sq:\${x}\`, () => x * x) * x;`,
      cached: `"use dual"; ${cached}`,
    },
    27,
    27,
  ],
  "text from another file": [
    {
      main: `"use dual"; import { keyOf } from "./key"; const cache = new Map<string, number>();
        export function f(x: number): number { const k = keyOf(x, 2); let v = cache.get(k); if (v === undefined) { v = x * x; cache.set(k, v); } return v * x; }`,
      key: `"use dual"; export const keyOf = (a: number, b: number): string => \`\${a}|\${b}\`;`,
    },
    27,
    27,
  ],
  "text for a class": [
    main(`class Cache<V> { private m = new Map<string, V>(); of(k: string, make: () => V): V { let v = this.m.get(k); if (v === undefined) { v = make(); this.m.set(k, v); } return v; } }
      const all = new Cache<number>(); export const f = (x: number): number => all.of(\`sq:\${x}\`, () => x * x) * x;`),
    27,
    27,
  ],
  "functions that ask and fill a Map": [
    main(
      split(`const map = new Map<number, number>(); const has = (x: number): boolean => map.has(x);
      const look = (k: number): number => map.get(k)!; function put(k: number, v: number): void { map.set(k, v); }`),
    ),
    54,
    36,
  ],
  "functions that ask and fill an object": [
    main(
      split(`const all: Record<number, number> = {}; const has = (x: number): boolean => x in all;
      const look = (k: number): number => all[k]!; function put(k: number, v: number): void { all[k] = v; }`),
    ),
    54,
    36,
  ],
  "functions that ask and fill by text": [
    main(`const map = new Map<string, number>(); const look = (k: string): number | undefined => map.get(k);
      const put = (k: string, v: number): void => { map.set(k, v); };
      export function f(x: number): number { const k = \`s\${x}\`; const hit = look(k); if (hit !== undefined) return hit; const v = x * x; put(k, v); return v; }`),
    9,
    6,
  ],
};

describe("a memo is asked by", () => {
  it.each(Object.entries(programs))("%s", (_, [code, value, tangent]) => {
    const scripts = translate(code);
    for (const isWarm of [false, true]) {
      const fresh = (): ((x: number) => number) => {
        const { f } = load(scripts, "main");
        if (isWarm) expect(f?.(3)).toBe(value);
        return f as (x: number) => number;
      };
      const f = fresh();
      for (let again = 0; again < 2; again++) expect(jvp(f, [3], [1])).toEqual([value, tangent]);
      expect(f(3)).toBe(value);
      expect(grad(fresh(), { mode: "reverse" })(3)).toBe(tangent);
      expect(vjp(fresh(), [3])[1](2)).toEqual([2 * tangent]);
      const g = fresh();
      expect(derivative((y: number) => g(3) * y + g(y))(3)).toBe(value + tangent);
    }
  });

  it("numbers that move differently, which are the same now", () => {
    const { f } = load(
      translate(
        main(
          `${square} export const f = (x: number, y: number): number => g(x) + 2 * g(y) + g(x) * g(y);`,
        ),
      ),
      "main",
    ) as { f: (x: number, y: number) => number };
    expect(grad(f)(3, 3)).toBe(6 * 10);
    expect(grad(f, { argnum: 1 })(3, 3)).toBe(6 * 11);
    expect(grad(f, { argnum: [0, 1] })(3, 3)).toEqual([60, 66]);
  });

  it("what it was made of before that was changed", () => {
    const { f } = load(
      translate(
        main(`const cache = new Map<string, number>();
          function of(s: { p: number[] }): number { const k = JSON.stringify(s); let v = cache.get(k); if (v === undefined) { v = s.p[0]! ** 2; cache.set(k, v); } return v; }
          export function f(x: number, y: number): number { const s = { p: [x] }; const a = of(s); s.p[0] = y; return a + 3 * of(s); }`),
      ),
      "main",
    ) as { f: (x: number, y: number) => number };
    expect(grad(f, { argnum: [0, 1] })(3, 3)).toEqual([6, 18]);
  });

  it("places of points that are the same, however they are computed", () => {
    const mesh = (key: string) => `const keyOf = (x: number, y: number): string => \`\${x},\${y}\`;
      class Mesh { private places = new Map<string, number>(); points: [number, number][] = [];
        add(x: number, y: number): number { const k = ${key}; let i = this.places.get(k); if (i === undefined) { i = this.points.length; this.points.push([x, y]); this.places.set(k, i); } return i; } }
      export function f(x: number): number { const m = new Mesh(); const a = m.add(x * 2, x); const b = m.add(x + x, x * 1); m.add(x, x); return m.points.length * 100 + m.points[a]![0] * m.points[b]![1]; }`;
    for (const key of [`\`\${x},\${y}\``, "keyOf(x, y)"]) {
      const { f } = load(translate(main(mesh(key))), "main") as { f: (x: number) => number };
      expect(f(3)).toBe(218);
      expect(jvp(f, [3], [1])).toEqual([218, 12]);
      const [value, back] = vjp(f, [3]);
      expect([value, back(1)]).toEqual([218, [12]]);
    }
  });

  it("what is no place for a key that was there before", () => {
    const code = main(`const places = new Map<string, number>(); const points: number[] = [];
      class Points { all = places; at(x: number): number { const k = \`\${x}\`; let i = this.all.get(k); if (i === undefined) { i = points.length + 1; points.push(1); this.all.set(k, i); } return i; } }
      const of = new Points(); export const f = (x: number): number => of.at(x) * x + of.at(2 * x);`);
    const { f } = load(translate(code), "main") as { f: (x: number) => number };
    expect(jvp(f, [3], [1])).toEqual([5, 1]);
    const warm = load(translate(code), "main") as { f: (x: number) => number };
    expect(warm.f(3)).toBe(5);
    expect(() => jvp(warm.f, [3], [1])).toThrow(/DUAL108/);
  });

  it("functions that are kept, which have what they captured", () => {
    const { f } = load(
      translate(
        main(`const all = new Map<string, () => number>();
          function of(x: number): () => number { const k = \`\${x}\`; let g = all.get(k); if (!g) { g = () => x * x; all.set(k, g); } return g; }
          export const f = (x: number, y: number): number => of(x)() + 3 * of(y)();`),
      ),
      "main",
    ) as { f: (x: number, y: number) => number };
    expect(jvp(f, [3, 3], [1, 2])).toEqual([36, 42]);
    expect(grad(f, { argnum: [0, 1] })(3, 3)).toEqual([6, 18]);
  });

  it("names of what is kept for other reasons, which stay what they are", () => {
    const { f } = load(
      translate(
        main(`const all = new Map<string, { n: number }>();
          function node(k: string): { n: number } { let n = all.get(k); if (!n) { n = { n: 0 }; all.set(k, n); } return n; }
          export function f(x: number): number { const a = node("a"); a.n++; const log = \`x = \${x}\`; return x * x * a.n + log.length; }`),
      ),
      "main",
    ) as { f: (x: number) => number };
    expect(f(3)).toBe(14);
    expect(jvp(f, [3], [1])).toEqual([23, 12]);
    expect(f(3)).toBe(32);
  });
});
