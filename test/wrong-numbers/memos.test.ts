import { derivative, grad, jvp, vjp } from "dualize";
import { describe, expect, it } from "vitest";
import { compile, load, translate } from "../tangent/support/compile.ts";
import { expectEveryForm } from "../tangent/support/programs.ts";

/** What an ordinary call left behind has no tangent, and must not answer for a derivative. */

/** Each computes `x³` of a number, or of the `x` of an object. */
const memos: Record<string, string> = {
  "compared by a key": `
    let memo: { x: number; y: number } | undefined;
    export function f(x: number): number {
      "use dual";
      if (!memo || memo.x !== x) memo = { x, y: x * x };
      return memo.y * x;
    }`,
  "that answers early": `
    let memo: { x: number; y: number } | null = null;
    export function f(x: number): number {
      "use dual";
      if (memo !== null && memo.x === x) return memo.y;
      const y = x * x * x;
      memo = { x, y };
      return y;
    }`,
  "compared with a tolerance": `
    let memo: { x: number; y: number };
    export function f(x: number): number {
      "use dual";
      if (!memo || Math.abs(memo.x - x) > 1e-6) { memo = { x, y: x ** 3 }; }
      return memo.y;
    }`,
  "compared with a tolerance the other way": `
    let memo: { x: number; y: number };
    export function f(x: number): number {
      "use dual";
      if (memo && !(1e-6 < Math.abs(memo.x - x))) return memo.y;
      else memo = { x, y: x ** 3 };
      return memo.y;
    }`,
  "compared by a square": `
    let memo: { x: number; y: number };
    export function f(x: number): number {
      "use dual";
      if (!memo || (memo.x - x) ** 2 > 1e-12) { memo = { x, y: x ** 3 }; }
      return memo.y;
    }`,
  "in a constant object": `
    const memo = { x: NaN, y: 0 };
    export function f(x: number): number {
      "use dual";
      if (memo.x !== x) { memo.x = x; memo.y = x ** 3; }
      return memo.y;
    }`,
  "in a list": `
    const memo: { x: number; y: number }[] = [];
    export function f(x: number): number {
      "use dual";
      const kept = memo[0];
      if (kept && kept.x === x) return kept.y;
      memo[0] = { x, y: x ** 3 };
      return memo[0].y;
    }`,
  "in an expression": `
    let memo: { x: number; y: number } | undefined;
    export function f(x: number): number {
      "use dual";
      return (memo && memo.x === x ? memo : (memo = { x, y: x ** 3 })).y;
    }`,
  "whose key is in another variable": `
    let memo: { y: number } | undefined;
    let key: { x: number } | undefined;
    export function f(x: number): number {
      "use dual";
      if (memo && key && key.x === x) return memo.y;
      key = { x };
      memo = { y: x ** 3 };
      return memo.y;
    }`,
  "in a field": `
    class C {
      memo: { x: number; y: number } | undefined;
      cube(x: number): number { if (!this.memo || this.memo.x !== x) this.memo = { x, y: x ** 3 }; return this.memo.y; }
    }
    const c = new C();
    export function f(x: number): number { "use dual"; return c.cube(x); }`,
  "in two fields": `
    class C {
      key = NaN;
      value = 0;
      cube(x: number): number { if (this.key === x) return this.value; this.key = x; this.value = x ** 3; return this.value; }
    }
    const c = new C();
    export function f(x: number): number { "use dual"; return c.cube(x); }`,
  "in a private field": `
    class C {
      #memo: { x: number; y: number } | undefined;
      cube(x: number): number { return (this.#memo?.x === x ? this.#memo : (this.#memo = { x, y: x ** 3 })).y; }
    }
    const c = new C();
    export function f(x: number): number { "use dual"; return c.cube(x); }`,
  "in a static field": `
    class C {
      static memo: { x: number; y: number } | undefined;
      static cube(x: number): number { if (this.memo && this.memo.x === x) return this.memo.y; this.memo = { x, y: x ** 3 }; return this.memo.y; }
    }
    export function f(x: number): number { "use dual"; return C.cube(x); }`,
  "with typed arrays": `
    let memo: Float64Array = new Float64Array(2);
    let size = 0;
    export function f(x: number): number {
      "use dual";
      if (size !== 2 || memo[0] !== x) { const made = new Float64Array(2); made[0] = x; made[1] = x ** 3; memo = made; }
      return memo[1]!;
    }`,
  "whose comparison has a name": `
    let memo: { x: number; y: number } | undefined;
    export function f(x: number): number {
      "use dual";
      const hit = memo !== undefined && memo.x === x;
      if (!hit) memo = { x, y: x ** 3 };
      return memo!.y;
    }`,
  "made by the right side of ||": `
    let memo: { x: number; y: number } | undefined;
    export function f(x: number): number { "use dual"; (memo && memo.x === x) || (memo = { x, y: x ** 3 }); return memo!.y; }`,
  "taken apart": `
    let memo = { x: NaN, y: 0 };
    export function f(x: number): number { "use dual"; const { x: key, y } = memo; if (key === x) return y; memo = { x, y: x ** 3 }; return memo.y; }`,
  "compared by Object.is": `
    let memo = { x: NaN, y: 0 };
    export function f(x: number): number { "use dual"; if (!Object.is(memo.x, x)) memo = { x, y: x ** 3 }; return memo.y; }`,
  "gone through in a loop": `
    const memos: { x: number; y: number }[] = [];
    export function f(x: number): number { "use dual"; for (const m of memos) if (m.x === x) return m.y; memos.push({ x, y: x ** 3 }); return memos.at(-1)!.y; }`,
  "looked for": `
    const memos: { x: number; y: number }[] = [];
    export function f(x: number): number {
      "use dual";
      let hit = memos.find((m) => Math.abs(m.x - x) < 1e-12);
      if (!hit) { hit = { x, y: x ** 3 }; memos.push(hit); }
      return hit.y;
    }`,
  "in two variables": `
    let key = NaN, kept = 0;
    export function f(x: number): number { "use dual"; if (key !== x) { key = x; kept = x ** 3; } return kept; }`,
  "in two variables, that answers early": `
    let key: number | undefined, kept = 0;
    export function f(x: number): number { "use dual"; if (x === key) return kept; kept = x ** 3; key = x; return kept; }`,
  "in two variables, with a tolerance": `
    let key = NaN, kept = 0;
    export function f(x: number): number { "use dual"; if (!(Math.abs(key - x) < 1e-9)) { kept = x ** 3; key = x; } return kept; }`,
  "in variables of a function that gives it": `"use dual";
    function once(g: (x: number) => number): (x: number) => number { let key: number | undefined, kept: number; return (x: number): number => { if (x !== key) { kept = g(x); key = x; } return kept; }; }
    const cube = once((x) => x ** 3);
    export function f(x: number): number { return cube(x); }`,
  "in variables that another function reads": `"use dual";
    let key = NaN, kept = 0; const last = (): number => kept;
    function cube(x: number): number { if (key !== x) { kept = x ** 3; key = x; } return kept; }
    export function f(x: number): number { cube(x); return last(); }`,
  "in a Map, by the number": `
    const cache = new Map<number, number>();
    export function f(x: number): number { "use dual"; if (!cache.has(x)) cache.set(x, x ** 3); return cache.get(x)!; }`,
  "in a Map, asked once": `
    const cache = new Map<number, { y: number }>();
    export function f(x: number): number {
      "use dual";
      let kept = cache.get(x);
      if (kept === undefined) { kept = { y: x ** 3 }; cache.set(x, kept); }
      return kept.y;
    }`,
  "in a Map, with ??": `
    const cache = new Map<number, number>();
    export function f(x: number): number { "use dual"; const y = cache.get(x) ?? (cache.set(x, x ** 3), x ** 3); return y; }`,
  "in a Map of an instance": `
    class Cube {
      #kept = new Map<number, number>();
      of(x: number): number { const kept = this.#kept.get(x); if (kept !== undefined) return kept; const y = x ** 3; this.#kept.set(x, y); return y; }
    }
    const cube = new Cube();
    export function f(x: number): number { "use dual"; return cube.of(x); }`,
  "in a Map, by text": `
    const cache = new Map<string, number>();
    export function f(x: number): number { "use dual"; const key = \`x:\${x}\`; const kept = cache.get(key); if (kept !== undefined) return kept; const y = x ** 3; cache.set(key, y); return y; }`,
  "in a Map, by the text of a list": `
    const cache = new Map<string, number>();
    function cube(xs: number[]): number { const key = xs.join(); if (!cache.has(key)) cache.set(key, xs[0]! * xs[1]! ** 2); return cache.get(key)!; }
    export function f(x: number): number { "use dual"; return cube([x, x]); }`,
  "in a Map, by the text of a literal list": `
    const cache = new Map<string, number>();
    export function f(x: number): number { "use dual"; const key = JSON.stringify([x, "cube"]); if (!cache.has(key)) cache.set(key, x ** 3); return cache.get(key)!; }`,
  "in a Map that is handed in": `
    const cache = new Map<number, number>();
    function cube(kept: Map<number, number>, x: number): number { let y = kept.get(x); if (y === undefined) { y = x ** 3; kept.set(x, y); } return y; }
    export function f(x: number): number { "use dual"; return cube(cache, x); }`,
  "in a class that wraps a Map": `
    class Kept<V> { readonly #m = new Map<number, V>(); get(x: number): V | undefined { return this.#m.get(x); } set(x: number, v: V): void { this.#m.set(x, v); } }
    const cache = new Kept<number>();
    export function f(x: number): number { "use dual"; let y = cache.get(x); if (y === undefined) { y = x ** 3; cache.set(x, y); } return y; }`,
  "in a Map that is emptied when it is large": `
    const cache = new Map<number, number>();
    export function f(x: number): number { "use dual"; const kept = cache.get(x); if (kept !== undefined) return kept; if (cache.size > 1) cache.clear(); const y = x ** 3; cache.set(x, y); return y; }`,
  "of a function that is given": `"use dual";
    function memoize(g: (x: number) => number): (x: number) => number { const kept: Record<number, number> = {}; return (x: number): number => kept[x] ?? (kept[x] = g(x)); }
    const cube = memoize((x) => x ** 3);
    export function f(x: number): number { "use dual"; return cube(x); }`,
  "in an object, by the number": `
    const cache: Record<number, number> = {};
    export function f(x: number): number { "use dual"; if (cache[x] === undefined) cache[x] = x ** 3; return cache[x]!; }`,
  "in an object, with ??=": `
    const cache: Record<string, number> = {};
    export function f(x: number): number { "use dual"; return (cache[\`\${x}\`] ??= x ** 3); }`,
  "in an object, asked once": `
    const cache: { [key: string]: { y: number } | undefined } = {};
    export function f(x: number): number { "use dual"; const key = "k" + x; const kept = cache[key]; if (kept) return kept.y; const y = x ** 3; cache[key] = { y }; return y; }`,
  "in an object, asked by in": `
    const cache: Record<string, number> = Object.create(null);
    export function f(x: number): number { "use dual"; const key = String(x); if (!(key in cache)) cache[key] = x ** 3; return cache[key]!; }`,
  "in an object, asked by Object.hasOwn": `
    const cache: Record<string, number> = {};
    export function f(x: number): number { "use dual"; const key = x.toString(); if (Object.hasOwn(cache, key)) return cache[key]!; return (cache[key] = x ** 3); }`,
  "in an object, asked by hasOwnProperty": `
    const cache: Record<string, number> = {};
    export function f(x: number): number { "use dual"; if (!cache.hasOwnProperty(x)) { cache[x] = x ** 3; } return cache[x]!; }`,
  "in an object of an instance": `
    class Cube { kept: Record<string, number> = {}; of(x: number): number { const key = String(x); if (key in this.kept) return this.kept[key]!; const y = x ** 3; this.kept[key] = y; return y; } }
    const cube = new Cube();
    export function f(x: number): number { "use dual"; return cube.of(x); }`,
  "in an object in another one": `
    const state: { cubes: Record<string, number> } = { cubes: {} };
    export function f(x: number): number { "use dual"; const key = String(x); if (!state.cubes[key]) state.cubes[key] = x ** 3; return state.cubes[key]!; }`,
  "in a list, by the number": `
    const cubes: number[] = [];
    export function f(x: number): number { "use dual"; if (cubes[x] === undefined) cubes[x] = x ** 3; return cubes[x]!; }`,
  "in two lists": `
    const keys: number[] = [], cubes: number[] = [];
    export function f(x: number): number { "use dual"; const i = keys.indexOf(x); if (i >= 0) return cubes[i]!; keys.push(x); cubes.push(x ** 3); return cubes[cubes.length - 1]!; }`,
};

/** Each keeps by an object, and computes `x² y`. */
const byObject: Record<string, string> = {
  "in a WeakMap": `const cache = new WeakMap<P, number>();
    export function f(p: P): number { let v = cache.get(p); if (v === undefined) { v = p.x * p.x; cache.set(p, v); } return v * p.y; }`,
  "in a Map": `const cache = new Map<P, number>();
    export function f(p: P): number { let v = cache.get(p); if (v === undefined) { v = p.x * p.x; cache.set(p, v); } return v * p.y; }`,
  "in a Map, as an object": `const cache = new Map<P, { v: number }>();
    export function f(p: P): number { if (!cache.has(p)) cache.set(p, { v: p.x * p.x }); return cache.get(p)!.v * p.y; }`,
  "in a WeakMap of a class": `class Kept { m = new WeakMap<P, number>(); get(p: P): number | undefined { return this.m.get(p); } set(p: P, v: number): void { this.m.set(p, v); } } const cache = new Kept();
    export function f(p: P): number { let v = cache.get(p); if (v === undefined) { v = p.x * p.x; cache.set(p, v); } return v * p.y; }`,
};

describe("a memo", () => {
  it.each(Object.entries(memos))("%s", (_, code) => {
    expectEveryForm({ code, at: [3], value: 27, tangent: 27, second: 18 });
    const scripts = translate({ main: code });
    const warm = load(scripts, "main").f as (x: number) => number;
    expect(warm(3)).toBe(27);
    // The ordinary call left plain numbers, which the derivatives must not take for theirs.
    expect(jvp(warm, [3], [1])).toEqual([27, 27]);
    expect(jvp(warm, [3], [2])).toEqual([27, 54]);
    expect(grad(warm)(3)).toBe(27);
    expect(vjp(warm, [3])[1](2)).toEqual([54]);
    expect(derivative(derivative(warm))(3)).toBe(18);
    // Nor may they leave behind what ordinary calls would stumble upon.
    expect(warm(3)).toBe(27);
    expect(warm(2)).toBe(8);
    const cold = load(scripts, "main").f as (x: number) => number;
    expect(derivative(cold)(3)).toBe(27);
    expect(cold(3)).toBe(27);
    // One number with two tangents, in one derivative.
    const twice = derivative((x: number) => cold(x) + cold(2 * x - 3));
    expect(() => twice(3)).not.toThrow();
    expect(twice(3)).toBe(27 + 2 * 27);
  });

  it.each(Object.entries(byObject))("that keeps by an object %s", (_, code) => {
    const { exports } = compile(`"use dual"; interface P { x: number; y: number } ${code}`);
    const f = exports.f as (p: { x: number; y: number }) => number;
    const p = { x: 3, y: 2 };
    for (const isWarm of [false, true]) {
      const at = isWarm ? p : { ...p };
      if (isWarm) expect(f(at)).toBe(18);
      for (let again = 0; again < 2; again++) {
        expect(jvp(f, [at], [{ x: 1, y: 0 }])).toEqual([18, 12]);
        expect(jvp(f, [at], [{ x: 0, y: 1 }])).toEqual([18, 9]);
        expect(grad(f)(at)).toEqual({ x: 12, y: 9 });
        expect(grad(f, { mode: "forward" })(at)).toEqual({ x: 12, y: 9 });
        expect(derivative((x: number) => grad(f)({ ...at, x }).x)(3)).toBe(4);
        expect(f(at)).toBe(18);
      }
    }
  });

  it("is used where nothing of it is active", () => {
    const { exports } = compile(`
      let made = 0;
      let memo: { t: number; y: number } | undefined;
      export const count = () => made;
      export function f(x: number, t: number): number {
        "use dual";
        if (!memo || memo.t !== t) { made++; memo = { t, y: t * t }; }
        return memo.y * x;
      }`);
    expect(exports.f?.(2, 3)).toBe(18);
    expect(jvp(exports.f as never, [2, 3] as never, [1, null] as never)).toEqual([18, 9]);
    expect(exports.count?.()).toBe(1);
  });

  it("leaves what an ordinary call would have left", () => {
    const { exports } = compile(`
      let memo: any;
      const table: any = {};
      export const left = () => [memo, table];
      export function f(x: number): number {
        "use dual";
        const xs = new Float64Array(2);
        xs[0] = x;
        memo = { x, xs, rows: [[x * x], new Map([["a", x]])] };
        table.last = { x };
        table["first"] ??= 1;
        return x * x;
      }`);
    const f = exports.f as (x: number) => number;
    derivative((x: number) => f(x) * derivative(f)(x))(3);
    const [memo, table] = (exports.left as () => [{ xs: unknown }, unknown])();
    expect(memo).toEqual({ x: 3, xs: Float64Array.of(3, 0), rows: [[9], new Map([["a", 3]])] });
    expect(memo.xs).toBeInstanceOf(Float64Array);
    expect(table).toEqual({ last: { x: 3 }, first: 1 });
  });

  // Each is the value and the derivative of `f` at 4 after `f(3)`.
  it.each([
    [`const s: any = { v: 9 };`, `if (x < s.v) s.v = x; return s.v * x;`, 12, 3],
    [`let s: any;`, `if (!s || x < s.v) s = { v: x }; return s.v * x;`, 12, 3],
    [`const s: any = { v: 9 };`, `s.v = x > s.v ? x : s.v; return s.v * x;`, 36, 9],
    [`const s = [2, 9];`, `if (!(s[0]! < x)) { s[0] = x; } return s[0]! * x;`, 8, 2],
    [
      `const s: any = { v: 0, n: 0 };`,
      `if (x > s.v) { s.n++; s.v = x; return x * s.n; } return x;`,
      8,
      2,
    ],
    [
      `const s: any = { v: 9 };`,
      `if (s.v - x < 1) { s.v = 2 * x; return x; } return s.v * x;`,
      36,
      9,
    ],
    [
      `const s: any = { v: 3 };`,
      `if (Math.abs(s.v - x) < 3) { s.v = 2; return x * x; } return s.v * x;`,
      16,
      8,
    ],
  ])("is no least or greatest value so far: %s %s", (state, body, value, tangent) => {
    const warm = () => {
      const { exports } = compile(
        `${state} export const left = () => s; export function f(x: number): number { "use dual"; ${body} }`,
      );
      exports.f?.(3);
      return exports as Record<"f" | "left", (x?: number) => unknown>;
    };
    const expected = warm();
    expect(expected.f(4)).toBe(value);
    const pushed = warm();
    expect(jvp(pushed.f as never, [4] as never, [1] as never)).toEqual([value, tangent]);
    expect(pushed.left()).toEqual(expected.left());
    const pulled = warm();
    expect(grad(pulled.f as never)(4 as never)).toBe(tangent);
    expect(pulled.left()).toEqual(expected.left());
  });

  it("has a note where one function asks it and another one fills it", () => {
    const notes = (more: string) =>
      compile(
        `"use dual"; const m = new Map<number, number>(); const look = (x: number): number | undefined => m.get(x); ${more}`,
        "note.ts",
      ).notes.map((n) => n.code);
    expect(notes("const put = (x: number, v: number): void => { m.set(x, v); };")).toEqual([
      "DUAL011",
    ]);
    expect(notes("for (let i = 0; i < 3; i++) m.set(i, i * i);")).toEqual([]);
    expect(notes("const fill = (v: number): void => { m.set(1, v); };")).toEqual([]);
  });

  it("has a note where nothing tells whose it is", () => {
    const notes = (body: string) =>
      compile(`let memo: any; const make = (n: number) => [n]; ${body}`, "note.ts").notes.map(
        (n) => n.code,
      );
    expect(
      notes(
        `export function f(x: number) { "use dual"; if (!memo) memo = { y: x * x }; return memo.y; }`,
      ),
    ).toEqual(["DUAL011"]);
    expect(
      notes(
        `export function f(x: number) { "use dual"; if (!memo) memo = make(3); return memo[0] * x; }`,
      ),
    ).toEqual([]);
    const kept = (body: string) =>
      notes(`const c: any = {}; const m = new Map<string, number>(); const ks: number[] = []; const vs: number[] = [];
        const isOld = (x: number) => memo.x !== x;
        export function f(x: number) { "use dual"; ${body} }`).filter((code) => code === "DUAL011");
    for (const body of [
      "if (isOld(x)) memo = { x, y: x * x }; return memo.y",
      "const k = x.toFixed(3), v = m.get(k); if (v !== undefined) return v; return m.set(k, x * x).get(k)",
      "memo ||= { y: x * x }; return memo.y",
    ])
      expect([body, new Set(kept(body))]).toEqual([body, new Set(["DUAL011"])]);
    for (const body of [
      "return (c[x] ??= x * x)",
      "const i = ks.indexOf(x); if (i >= 0) return vs[i]; ks.push(x); vs.push(x * x); return x * x",
      "let v = ks[x > 0 ? 1 : 0]!; if (v < 0) v = x; return v * x",
      "let v = m.get('k'); if (v === undefined) v = x; return v * x",
      "memo ??= [1, 2].map((k) => k * k); return memo[0] * x",
      "const k = Math.round(x); m.set('n', (m.get('n') ?? 0) + 1); return x * m.get('n')!",
    ])
      expect([body, kept(body)]).toEqual([body, []]);
    expect(
      notes(
        `export function f(x: number) { "use dual"; if (!memo || memo.x !== x) memo = { x, y: x * x }; return memo.y; }`,
      ).filter((code) => code === "DUAL011"),
    ).toEqual([]);
  });
});

/** Where the same is asked for again, nothing more of this happens. */
describe("what a memo does besides where it is filled is done once:", () => {
  it.each([
    ["a counter", "let count = 0;", "count++;", "count"],
    ["a list", "const log: string[] = [];", 'log.push("filled");', "log.length"],
    ["a helper", "let n = 0; function count(): void { n++; }", "count();", "n"],
    [
      "another memo",
      "let n = 0, other: { x: number; y: number } | undefined; function half(x: number): number { if (!other || other.x !== x) { n++; other = { x, y: x / 2 }; } return other.y; }",
      "half(x);",
      "n",
    ],
  ])("%s", (_, outside, block, times) =>
    expectEveryForm({
      code: `"use dual"; ${outside} let memo: { x: number; y: number } | undefined;
        function slow(x: number): number { if (!memo || memo.x !== x) { ${block} memo = { x, y: x * x }; } return memo.y; }
        export function f(x: number, y: number): number { return slow(x) * slow(x) * slow(y) * ${times}; }`,
      at: [2, 3],
      along: [1, 2],
      value: 16 * 9 * 2,
      tangent: 32 * 9 * 2 + 16 * 12 * 2,
    }),
  );
});
