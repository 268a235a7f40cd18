import { grad, hessian, hvp, jacobian, jvp, vjp } from "dualize";
import { describe, expect, it } from "vitest";
import { pushDual } from "../../packages/dualize/src/transforms/push.ts";
import { compile } from "../tangent/support/compile.ts";

/** An argument that a function puts outside is there afterwards, and no copy of it, as after an ordinary call. */

// biome-ignore lint/suspicious/noExplicitAny: whatever the program keeps
type Kept = (point: unknown) => any;
interface Outside {
  readonly code: string;
  readonly get: string;
}

const ways: Record<string, Outside> = {
  "a list": { code: "kept.push(p);", get: "kept[kept.length - 1]" },
  "a place of a list": { code: "kept[0] = p;", get: "kept[0]" },
  "a map": { code: "map.set(1, p);", get: "map.get(1)" },
  "a set": { code: "set.add(p);", get: "[...set].pop()" },
  "a field": { code: "holder.p = p;", get: "holder.p" },
  "a variable": { code: "last = p;", get: "last" },
  "a new object in a list": { code: "kept.push({ p, n: p.x });", get: "kept[kept.length - 1].p" },
  "a list of lists": { code: "kept.push([[p]]);", get: "kept[kept.length - 1][0][0]" },
  "a map, as a key": { code: "keys.set(p, 1);", get: "[...keys.keys()].pop()" },
  "a new map in a list": {
    code: "kept.push(new Map([[1, p]]));",
    get: "kept[kept.length - 1].get(1)",
  },
  "an instance": { code: "held.keep(p);", get: "held.inner" },
  "a private field": { code: "held.hide(p);", get: "held.hidden()" },
};
const objects = (way: Outside): string => `"use dual";
  interface P { x: number; y: number }
  const kept: any[] = []; const map = new Map<number, P>(); const set = new Set<P>(); const keys = new Map<P, number>();
  const holder: { p: P | undefined } = { p: undefined }; let last: P | undefined;
  class Held { inner: P | undefined; #own: P | undefined;
    keep(p: P): void { this.inner = p; } hide(p: P): void { this.#own = p; } hidden(): P | undefined { return this.#own; } }
  const held = new Held();
  export function f(p: P): number { ${way.code} return p.x * p.x * p.y; }
  export const get = (): any => ${way.get};`;

const point = () => ({ x: 3, y: 2 });
const along = { x: 1, y: 0 };
type F = (p: { x: number; y: number }) => number;
const transforms: Record<string, (f: F, p: ReturnType<typeof point>) => unknown> = {
  jvp: (f, p) => jvp(f, [p], [along]),
  "jvp in the dual form": (f, p) => pushDual(f, 0, [p], [along]),
  grad: (f, p) => grad(f)(p),
  "grad forward": (f, p) => grad(f, { mode: "forward" })(p),
  vjp: (f, p) => vjp(f, [p])[1](1),
  hvp: (f, p) => hvp(f)(p, along),
  hessian: (f, p) => hessian(f)(p),
  "a derivative in another one": (f, p) =>
    jvp((q: number) => grad(f)({ ...p, x: q }).x, [3], [1]) && grad(f)(p),
};

describe("an argument that is put outside into", () => {
  for (const [name, way] of Object.entries(ways))
    it.each(Object.entries(transforms))(`${name} is there after %s`, (_, transform) => {
      const { exports } = compile(objects(way));
      const [f, get] = [exports.f as F, exports.get as Kept];
      const p = point();
      transform(f, p);
      expect(get(p)).toBe(p);
      expect(p).toEqual(point());
    });

  it.each(["jvp", "jvp in the dual form", "grad", "vjp"])(
    "a list, and written afterwards by the function, is written once after %s",
    (by) => {
      const { exports } = compile(objects({ code: "kept.push(p); p.y = p.x + 1;", get: "kept" }));
      const [f, get] = [exports.f as F, exports.get as Kept];
      const p = point();
      transforms[by]?.(f, p);
      expect(get(p).at(-1)).toBe(p);
      expect(p).toEqual({ x: 3, y: 4 });
    },
  );

  it("a list, and written by that name in a later pass, is an error", () => {
    const { exports } = compile(objects({ code: "kept.push(p); p.y = p.x + 1;", get: "kept" }));
    expect(() => transforms["grad forward"]?.(exports.f as F, point())).toThrow(/DUAL108.*'kept'/);
  });

  it.each(["Map", "Set"])("a Weak%s is found there afterwards", (of) => {
    const put = of === "Map" ? "seen.set(p, 1)" : "seen.add(p)";
    const { exports } =
      compile(`"use dual"; const seen = new Weak${of}<object${of === "Map" ? ", number" : ""}>();
      export function f(p: { x: number; y: number }): number { ${put}; return p.x * p.x; }
      export const has = (p: object): boolean => seen.has(p);`);
    const [f, has] = [exports.f as F, exports.has as (p: object) => boolean];
    for (const transform of Object.values(transforms)) {
      const p = point();
      transform(f, p);
      expect(has(p)).toBe(true);
    }
  });

  it("a list and is not differentiated by is there too", () => {
    const { exports } = compile(`"use dual"; const kept: any[] = []; let last: object | undefined;
      export function f(x: number, p: { x: number; s: string }): number { p.s += "!"; kept.push({ p }); last = p; return x * x * p.x; }
      export const get = (): any[] => [kept[kept.length - 1].p, last];`);
    const f = exports.f as (x: number, p: object) => number;
    const get = exports.get as () => unknown[];
    for (const by of [
      (p: object) => jvp(f, [2, p], [1, null]),
      (p: object) => pushDual(f, 0, [2, p], [1, null]),
      (p: object) => grad(f, { argnum: 0 })(2, p),
    ]) {
      const p = { x: 3, s: "a" };
      by(p);
      for (const one of get()) expect(one).toBe(p);
      expect(p).toEqual({ x: 3, s: "a!" });
    }
  });

  it("a list of arrays keeps them", () => {
    const { exports } = compile(`"use dual"; const kept: Float64Array[] = [];
      export function f(xs: Float64Array): number { kept.push(xs); return xs[0] * xs[0]; }
      export const get = (): Float64Array[] => kept;`);
    const f = exports.f as (xs: Float64Array) => number;
    const xs = new Float64Array([1, 2]);
    pushDual(f, 0, [xs], [new Float64Array([1, 0])]);
    grad(f)(xs);
    for (const one of (exports.get as () => Float64Array[])()) expect(one).toBe(xs);
  });

  it("a list keeps lists too", () => {
    const { exports } = compile(`"use dual"; const kept: number[][] = [];
      export function f(xs: number[]): number[] { kept.push(xs); return xs.map((x) => x * x); }
      export const get = (): number[][] => kept;`);
    const f = exports.f as (xs: number[]) => number[];
    const get = exports.get as () => number[][];
    const xs = [1, 2];
    pushDual(f, 0, [xs], [[1, 0]]);
    jacobian(f)(xs);
    vjp(f, [xs])[1]([1, 1]);
    expect(get().length).toBeGreaterThan(2);
    for (const one of get()) expect(one).toBe(xs);
  });
});
