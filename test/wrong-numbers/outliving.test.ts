import { derivative, jvp, vjp } from "dualize";
import { dualForm } from "dualize/dual";
import { describe, expect, it } from "vitest";
import { compile } from "../tangent/support/compile.ts";

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
  ])("%s", (store) => {
    const make = () =>
      compile(`
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
