import { derivative, jvp, vjp } from "dualize";
import { dualForm } from "dualize/dual";
import { describe, expect, it } from "vitest";
import { compile } from "../tangent/support/compile.ts";
import { expectEveryForm, type Program } from "../tangent/support/programs.ts";

/** What a derivative stores outside is afterwards what an ordinary call would have stored, and no more. */

type Numeric = (x: number) => number;

describe("what outlives a derivative", () => {
  // Each stores something of `x` in the outer object `t`.
  it.each([
    "t.a += x",
    "t.a ??= x; t.b ??= x; t.a &&= x; t.c ||= x",
    "t.list[0] = x; t.list[0] *= x",
    "t.frozen = Object.freeze({ x, rows: Object.freeze([x, { x }]) })",
    "t.set = new Set([{ x }, 2])",
    "t.map = Object.freeze(new Map([['x', Object.freeze({ x })]]))",
    "t.loop = { x }; t.loop.self = t.loop",
    "t.stored = { x }",
    "t.stored = x; t.stored = x * x",
    "try { t.a = { x }; throw new Error('q'); } catch { t.b = x; }",
    "[t.a, { b: t.b, ...t.c }] = [x, { b: x, c: x }]; for (t.d of [x]) break; [t.list[0], ...t.rest] = [x, x]",
    "t.list.push(x, { x }); t.list.unshift(x); t.list.splice(1, 1, x, x); t.list.push((t.list.n = 1, x))",
    "t.map = new Map(); t.map.set('x', x).set('y', { x }); t.bag = new Set(); t.bag.add({ x }); t.list.length = 2; t.list.fill(x)",
    "Object.assign(t, { a: x, b: [x] }); Object.defineProperty(t, 'c', { value: x, enumerable: true, configurable: true }); Reflect.set(t, 'd', x)",
    "const { list } = t; list[0] = x; const own = [x]; own[0] *= x; list.push(own)",
    "const put = (o: any, k: string) => { o[k] = x; o.n = (o.n ?? 0) + x; }; put(t, 'a'); put(t.list, '0')",
    "let i = 0; const at = () => [t, t.list][i++ % 2]; at().a = x; at()[0] = x; at().a += x; [t][i - 3].b = x",
    "for (const o of [t, t.list]) o[0] = { x }; t.map = new Map([['a', { v: 1 }]]); for (const [, o] of t.map) o.v *= x",
    "const o = t; o.a = 1; o.b = x; o.c = x; if (x < 0) t.list.q = x; const { list } = o; if (x > 5) { list.q = x; } list.r = x; list.s = list.r * x",
    "const fill = (o: any) => { for (let i = 0; i < 2; i++) { o.n = i; o[i] = x; } o.a = x; switch (i(o)) { case 0: o.b = x; case 1: o.c = x; } }; const i = (o: any) => (o === t ? 1 : 0); fill(t); fill(t.list)",
    "const late = (o: any) => { const go = () => { o.b = x; o.c = x; }; if (x > 5) o.a = x; return go; }; late(t)(); late(t.list)()",
    "const both = [t, t.list]; both[0].a = x; both[1][0] = x",
    "const w = { t }; w.t.b = x; w.t.c = x",
    "const both = [t, t.list]; const all = both.filter(() => true); all[0].e = x",
    "const all = new Array(1).fill(t); all[0].g = x",
    "let r: any = { v: 1 }; r = t; r.h = x",
    "const s = [...[t, t.list]]; s[0].i = x; s[1].j = x",
    "const [p] = [t]; p.c = x; const { t: q } = { t }; q.d = { x }",
    "const m = { in: { t } }; const n = m.in; n.t.a = x",
    "const o: any = {}; o.t = t; o.t.a = x",
    "const o: any[] = []; o.push(t); o[0].a = x",
    "class Store { n = 1; add(v: number) { this.n += v; return this; } } t.store = new Store().add(x); t.store.add(x).add(1)",
    "class Made { o = t; constructor(v: number) { this.o.a = v; } } t.a = new Made(x).o.a * x",
    "class Made { o = t; list: number[]; constructor(v: number) { this.list = this.o.list; this.list[0] = v; } } new Made(x)",
    "class Pool { static of(_: number): any { return t; } } const o = Pool.of(1); o.a = x * x",
    "const pool = { from: (_: number): any => t, slice: (_: number): any => t.list }; const o = pool.from(1); o.a = x; const l = pool.slice(0); l[0] = x",
    "const g = () => { t.a = derivative((y: number) => { t.inner = y * x; t.list[0] = y; return y * y * x; })(2); }; g()",
  ])("%s", (store) => {
    const make = () =>
      compile(`
        import { derivative } from "dualize";
        export const t: any = {
          a: 1, list: [], times: 0, log: [],
          get stored() { return this.log[0]; },
          set stored(v: any) { this.times++; this.log.push(v); },
        };
        export function f(x: number): number { "use dual"; ${store}; return x * x; }`)
        .exports as unknown as { f: Numeric; t: unknown };
    const expected = make();
    expected.f(3);
    const runs: ((f: Numeric) => unknown)[] = [
      (f) => expect(derivative(f)(3)).toBe(6),
      (f) => expect(vjp(f, [3])[1](1)).toEqual([6]),
      (f) => expect(derivative(derivative(f))(3)).toBe(2),
    ];
    for (const run of runs) {
      const { f, t } = make();
      run(f);
      expect(t).toEqual(expected.t);
    }
  });

  it("does not take from functions what they captured", () => {
    const { exports } = compile(`
      export const kept: any = {};
      let last: any;
      export function scale(x: number) {
        "use dual";
        const inner = { x };
        const list = [inner];
        last = inner;
        kept.list = list;
        return (y: number) => { last = inner; return inner.x * list[0]!.x * y; };
      }
      export const left = () => last;`);
    const scale = exports.scale as (x: number) => Numeric;
    const tangentOf = (x: number, dx: number) =>
      (jvp(scale as never, [x] as never, [dx] as never) as unknown as [Numeric, Numeric])[1];
    const tangent = tangentOf(3, 1);
    expect(tangent(2)).toBe(12);
    expect(exports.left?.()).toEqual({ x: 3 });
    expect(tangent(2)).toBe(12);
    expect(exports.kept).toEqual({ list: [{ x: 3 }] });
    const outer = dualForm((x: number) => tangentOf(x, 1)(2));
    expect(derivative(outer)(3)).toBe(4);
    expect(exports.left?.()).toEqual({ x: 3 });
  });

  it("is what instances, statics and pools keep between calls", () => {
    const { exports } = compile(`
      class Filter { y = 0; hist: number[] = []; step(x: number): number { this.y = this.y * 0.5 + x; this.hist.push(this.y); return this.y; } }
      class Stats { static last = 0; static all: number[] = []; static see(x: number): number { Stats.last = x; Stats.all.push(x * x); return x; } }
      const pool: { v: number }[] = [];
      const take = () => pool.pop() ?? { v: 0 };
      const filter = new Filter();
      export function f(x: number): number {
        "use dual";
        const a = take(), b = take();
        a.v = filter.step(x); b.v = Stats.see(a.v * x);
        const y = a.v * b.v;
        pool.push(a, b);
        return y;
      }
      export const left = () => [filter.y, filter.hist, Stats.last, Stats.all, pool];`);
    const { f, left } = exports as unknown as { f: Numeric; left: () => unknown };
    expect(jvp(f, [2], [1])).toEqual([8, 12]);
    expect(left()).toEqual([2, [2], 4, [16], [{ v: 2 }, { v: 4 }]]);
    // (1 + x)² x
    expect(derivative(f)(2)).toBe(2 * 3 * 2 + 3 * 3);
    expect(f(2)).toBe(3.5 * 3.5 * 2);
  });

  it.each([
    ["const st: any = { a: 0 };", "st.a = v;", "st.a"],
    ["const st: number[] = [];", "st.push(v);", "st.pop()!"],
    ["const st = new Map<string, number>();", 'st.set("a", v);', 'st.get("a")!'],
  ])("is no constant for tangent code that reads it: %s %s", (state, store, read) => {
    const { exports } = compile(`${state}
      function put(v: number): void { ${store} }
      export function f(x: number): number { "use dual"; put(x * x); return ${read} * 2; }`);
    const f = exports.f as Numeric;
    let found: unknown;
    try {
      found = derivative(f)(3);
    } catch (error) {
      found = (error as { code?: string }).code;
    }
    expect([12, "DUAL105"]).toContain(found);
    expect(f(3)).toBe(18);
  });

  it("is what private fields keep between calls", () => {
    const { exports } = compile(`
      class Filter {
        #y = 0;
        #last?: { x: number };
        static #all = [0];
        step(x: number): number { this.#y = this.#y * 0.5 + x; this.#last = { x }; Filter.#all[0] = x; return this.#y; }
        static { Filter.#all = [1]; }
        get left() { return [this.#y, this.#last, Filter.#all]; }
      }
      class Named extends Filter { #name = ""; call(name: any) { this.#name = name; return this.#name; } get name() { return this.#name; } }
      const filter = new Named();
      export function f(x: number): number { "use dual"; return filter.step(x) * x + filter.call(x); }
      export const left = () => [...filter.left, filter.name];`);
    const { f, left } = exports as unknown as { f: Numeric; left: () => unknown };
    expect(jvp(f, [2], [1])).toEqual([6, 5]);
    expect(left()).toEqual([2, { x: 2 }, [2], 2]);
    expect(f(2)).toBe(8);
  });

  it("is not taken from what an async function gives", async () => {
    const { exports } = compile(`
      const kept: any = {};
      export async function f(x: number) { "use dual"; await 0; kept.o = { x }; return kept.o; }
      export const left = () => kept;`);
    const { f, left } = exports as never as { f: (x: number) => unknown; left: () => unknown };
    const [value, tangent] = jvp(f, [3], [2]) as unknown as [unknown, unknown];
    expect([await value, await tangent]).toEqual([{ x: 3 }, { x: 2 }]);
    expect(left()).toEqual({ o: { x: 3 } });
  });

  it("is watched on where a getter takes a derivative", () => {
    const { exports } = compile(`
      export const hook: any = { ask() {} };
      export const t: any = { get x() { hook.ask(); return this.v; }, set x(v: any) { this.v = v; } };
      export const u: any = {};
      export function f(x: number): number { "use dual"; t.x = x; u.x = x; return x * x; }`);
    const { f, t, u, hook } = exports as unknown as {
      f: Numeric;
      t: unknown;
      u: unknown;
      hook: { ask: () => void };
    };
    hook.ask = () => {
      derivative(dualForm((x: number) => x))(2);
    };
    expect(derivative(dualForm((x: number) => derivative(f)(x)))(3)).toBe(2);
    expect(u).toEqual({ x: 3 });
    expect(t).toMatchObject({ v: 3 });
  });
});

const leaving = (
  code: string | Record<string, string>,
  value: number,
  tangent: number,
): Program => ({ code, at: [2], value, tangent, noDifferences: "the test jumps there" });

/** What is written is left in `o.k`; whoever tests it sees the number. All of these give `x ** 3` or `x` at 2. */
const left: Record<string, Program> = {
  "by a method, in a field of the class": leaving(
    `"use dual"; class M { k = 1; set(v: number): void { for (const w of Object.values({ v })) this.k = w; } }
     const m = new M(); const g = (x: number): number => (m.k ? x ** 3 : x);
     export function f(v: number): number { m.set(v - 2); return g(v); }`,
    2,
    1,
  ),
  "by a helper that it is handed to": leaving(
    `"use dual"; const o = { k: 1 }; function fill(p: { k: number }, v: number): void { for (const w of Object.values({ v })) p.k = w; }
     const put = (v: number): void => fill(o, v); const g = (x: number): number => (o.k ? x ** 3 : x);
     export function f(v: number): number { put(v - 2); return g(v); }`,
    2,
    1,
  ),
  "by another name": leaving(
    `"use dual"; const o = { k: 1 }; function put(v: number): void { const p = o; for (const w of Object.values({ v })) p.k = w; }
     const g = (x: number): number => (o.k ? x ** 3 : x);
     export function f(v: number): number { put(v - 2); return g(v); }`,
    2,
    1,
  ),
  "by a pattern": leaving(
    `"use dual"; const o = { k: 1 }; function put(v: number): void { [o.k] = Object.values({ v }) as [number]; }
     const g = (x: number): number => (typeof o.k === "number" ? x ** 3 : x);
     export function f(v: number): number { put(v * v); return g(v); }`,
    8,
    12,
  ),
  "by a function of another file, read by the caller": leaving(
    {
      other: `export const o = { k: 1 }; export function put(v: number): void { "use dual"; for (const w of Object.values({ v })) o.k = w; }`,
      main: `import { o, put } from "./other"; export function f(v: number): number { "use dual"; put(v - 2); return o.k ? v ** 3 : v; }`,
    },
    2,
    1,
  ),
  "by a function of another file, which calls a third": leaving(
    {
      third: `export const o = { k: 1 }; export function keep(v: number): void { "use dual"; for (const w of Object.values({ v })) o.k = w; }`,
      other: `import { keep } from "./third"; export function put(v: number): number { "use dual"; for (const w of Object.values({ v })) keep(w); return v; }`,
      main: `import { put } from "./other"; import { o } from "./third"; export function f(v: number): number { "use dual"; const y = put(v - 2); return o.k === 0 ? v + y : v ** 3; }`,
    },
    2,
    2,
  ),
  "by a function of another file, where the caller changes something too": leaving(
    {
      other: `export const o = { k: 1 }; export function put(v: number): number { "use dual"; for (const w of Object.values({ v })) o.k = w; return v; }`,
      main: `import { o, put } from "./other"; let n = 0; export function f(v: number): number { "use dual"; n++; const y = put(v - 2); return o.k ? v ** 3 : v + y * n; }`,
    },
    2,
    2,
  ),
  "by a function that another one makes": leaving(
    `"use dual"; const o = { k: 1 }; const make = (): ((v: number) => void) => (v) => { for (const w of Object.values({ v })) o.k = w; };
     export function f(v: number): number { const put = make(); put(v - 2); return o.k ? v ** 3 : v; }`,
    2,
    1,
  ),
  "by a function that one of another file makes": leaving(
    {
      other: `"use dual"; export const o = { k: 1 }; export const make = (): ((v: number) => number) => (v: number): number => { for (const w of Object.values({ v })) o.k = w; return v; };`,
      main: `import { o, make } from "./other"; export function f(v: number): number { "use dual"; const put = make(); const y = put(v - 2); return o.k ? v ** 3 : v + y; }`,
    },
    2,
    2,
  ),
  "by a function that was made before": leaving(
    {
      other: `"use dual"; export const o = { k: 1 }; export const make = () => (v: number): number => { for (const w of Object.values({ v })) o.k = w; return v; };`,
      main: `import { o, make } from "./other"; const put = make(); export function f(v: number): number { "use dual"; const y = put(v - 2); return o.k ? v ** 3 : v + y; }`,
    },
    2,
    2,
  ),
  "by a function that is an argument": {
    code: `"use dual"; const o = { k: 1 }; const put = (v: number): number => { for (const w of Object.values({ v })) o.k = w; return v; };
      const g = (v: number, h: (x: number) => number): number => { const y = h(v - 2); return o.k ? v ** 3 : v + y; };
      export function f(v: number): number { return g(v, put); }`,
    at: [2],
    value: 2,
    tangent: 2,
    noDifferences: "the test jumps there",
  },
  "by an outer derivative, read in an inner one": leaving(
    `"use dual"; import { derivative } from "dualize"; const o = { k: 1 }; function fill(p: { k: number }, v: number): void { for (const w of Object.values({ v })) p.k = w; }
     const g = (y: number): number => (o.k ? y ** 3 : y);
     export function f(v: number): number { fill(o, v - 2); return derivative(g)(5) * v; }`,
    2,
    1,
  ),
};

describe("what is left outside is a number to whoever tests it", () => {
  it.each(Object.entries(left))("%s", (_, program) => expectEveryForm(program));

  it("by a function that the transform is given", () => {
    const { exports } = compile(`"use dual"; const o = { k: 1 };
      export const put = (v: number): number => { for (const w of Object.values({ v })) o.k = w; return v; };
      export const f = (v: number, h: (x: number) => number): number => { const y = h(v - 2); return o.k ? v ** 3 : v + y; };`);
    const { f, put } = exports;
    expect(jvp(f as never, [2, put] as never, [1, null] as never)).toEqual([2, 2]);
  });
});
