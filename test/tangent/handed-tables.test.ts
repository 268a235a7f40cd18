import { derivative, hessian, hvp, valueAndGrad } from "dualize";
import { twinOf } from "dualize/runtime";
import { describe, expect, it } from "vitest";
import { pushDual } from "../../packages/dualize/src/transforms/push.ts";
import { type Exports, load, translate } from "./support/compile.ts";
import { expectNear } from "./support/programs.ts";

/** Tables, configurations and other values of a file that are handed to functions of another one. */

const mark = `"use dual";\n`;

const lib = `${mark}
  export interface Config { k: number; name: string; hits?: number }
  export function interpolate(xs: number[], ys: number[], x: number): number {
    let i = 0; while (i < xs.length - 2 && xs[i + 1] < x) i++;
    return ys[i] + (ys[i + 1] - ys[i]) * (x - xs[i]) / (xs[i + 1] - xs[i]);
  }
  export function scaled(c: Config, x: number): number { return c.name === "a" ? c.k * x * x : x; }
  export type Joint = { kind: "turn"; length: number } | { kind: "slide"; axis: [number, number] };
  export function moved(j: Joint, q: number, [x, y]: [number, number]): [number, number] {
    return j.kind === "turn" ? [x + j.length * Math.cos(q), y] : [x + j.axis[0] * q, y + j.axis[1] * q];
  }
  export function sum(f: Float64Array, x: number): number { let s = 0; for (const v of f) s += v * x; return s; }
  export function row(t: number[][], x: number): number[] { return x > 0 ? t[0] : t[1]; }
  export function first(l: Config[], x: number): Config { return x > 0 ? l[0] : l[1]; }
  export function line(t: number[], x: number): number { return t[0] * x + t[1]; }
  export function counting(t: number[], x: number): number { t[0] = t[0] + 1; return t[0] * x; }
  export function storing(t: number[], x: number): number { t[0] = x * x; return t[0] * x; }
  export function swapping(t: number[], x: number): number { const a = t[0]; t[0] = t[1]; t[1] = a; return t[0] * x; }
  export function hit(c: Config, x: number): number { c.hits = (c.hits ?? 0) + 1; return c.k * x * c.hits; }
  export function all(fs: ((x: number) => number)[], x: number): number { let s = 0; for (const f of fs) s += f(x); return s; }
  export function fill(out: number[], t: number[], x: number): void { for (let i = 0; i < t.length; i++) out[i] = t[i] * x; }
  let kept = [1, 1];
  export function keeping(t: number[], x: number): number { kept = t; return kept[0] * x; }
  export function ofKept(x: number): number { return kept[0] * x + kept[1]; }
`;

const main = (body: string) => `${mark}
  import { all, Config, counting, fill, first, hit, interpolate, Joint, keeping, line, moved, ofKept, row, scaled, storing, sum, swapping } from "./lib";
  const T = [2, 3], XS = [0, 1, 2], YS = [1, 4, 9], TT = [[1, 2], [3, 4]], F = Float64Array.of(1, 2, 3);
  const C: Config = { k: 3, name: "a" }, LIST: Config[] = [C, { k: 2, name: "b" }];
  const ARM: Joint[] = [{ kind: "turn", length: 2 }, { kind: "slide", axis: [0.3, 0.4] }];
  let calls = 0;
  const COUNTING = [(v: number) => { calls++; return v * calls; }];
  function put(r: number[], v: number): void { r[0] = v; }
  export function state(): string { return JSON.stringify([T, TT, C, LIST, calls]); }
  export function f([x, y]: number[]): number { ${body} }`;

const fast: Record<string, string> = {
  "a table to interpolate in": "return interpolate(XS, YS, x) * y",
  "an object of options": "return scaled(C, x) * y",
  "the elements of a list, one after the other":
    "let s = x; for (const c of LIST) s = scaled(c, s) * y; return s",
  "a list, inside a callback":
    "return LIST.map((c) => scaled(c, x)).reduce((s, v) => s + v * y, 0)",
  "one of several shapes, beside a result of the call before":
    "let p: [number, number] = [0, y]; ARM.forEach((j) => { p = moved(j, x, p); }); return p[0] * p[1]",
  "a typed array": "return sum(F, x) * y",
  "a table that gives a row, which is read": "const r = row(TT, x); return r[0] * x + r[1] * y",
  "a table, beside a list of the function's own that is written to":
    "const r = [x, y]; r[0] = line(T, x); r[1] *= line(r, y); return r[0] * r[1]",
};

/** Those that change what they are given, or what comes of it, are left to the dual form. */
const slow: Record<string, string> = {
  "a function that counts in it": "return counting(T, x) * y + counting(T, y)",
  "a function that stores an active number in it": "const a = storing(T, x); return a * line(T, y)",
  "a function that swaps its elements": "return swapping(T, x) + swapping(T, y) * 2",
  "a function that counts in an object": "return hit(C, x) + hit(C, y)",
  "a function that fills it": "fill(T, T, x); return T[0] * y",
  "a function that keeps it": "const a = keeping(T, x); T[0] = 7; return a + ofKept(y)",
  "functions among it that count": "return all(COUNTING, x) * y + all(COUNTING, y)",
  "a row of it is written to": "const r = row(TT, x); r[0] = x * y; return r[0] + TT[0][0] * y",
  "a row of it is written to by a function of the file":
    "const r = row(TT, x); put(r, x * y); return TT[0][0] * x + r[0]",
  "a row of it, in a loop, where it comes after a list of one's own":
    "let r = [x, y]; for (let i = 0; i < 3; i++) { r[0] = x * y + r[0]; r = row(TT, r[0]); } return r[0] * x + TT[0][0] * y",
  "a field of an element is written to":
    "const o = first(LIST, x); o.k = x * y; return LIST[0].k + o.k * x",
  "it is changed between":
    "const a = line(T, x); T[0] += 1; const b = line(T, y); T[0] -= 1; return a * b",
};

const at = [1.3, 0.7];
const along = [1, -0.5];
const dot = (g: number[]): number => (g[0] as number) + (g[1] as number) * -0.5;

describe.each([
  ["by the fast form", fast],
  ["right", slow],
])("handed on to a function of another file, %s:", (_, programs) => {
  it.each(Object.entries(programs))("%s", (_, body) => {
    const scripts = translate({ main: main(body), lib });
    const fresh = (): Exports => load(scripts, "main");
    const plain = (step: number) => fresh().f?.(at.map((x, i) => x + step * (along[i] as number)));
    const once = fresh();
    const value = once.f?.(at);
    const [, tangent] = pushDual(fresh().f, undefined, [at], [along]) as [number, number];
    expect((plain(1e-5) - plain(-1e-5)) / 2e-5).toBeCloseTo(tangent, 6);

    const { f, state } = fresh();
    if (programs === fast) expect(twinOf(f)).toMatchObject({ tangent: expect.any(Function) });
    const along1 = derivative((t: number) =>
      (f as (xs: number[]) => number)(at.map((x, i) => x + t * (along[i] as number))),
    );
    expectNear(along1(0), tangent, 1e-13, "tangent");
    for (const mode of [undefined, "reverse", "forward"] as const) {
      if (mode === "forward" && programs === slow) continue;
      const module = fresh();
      const [v, g] = valueAndGrad(module.f as never, { mode } as never)(at as never) as never as [
        number,
        number[],
      ];
      expect(v).toBe(value);
      expectNear(dot(g), tangent, 1e-12, `gradient, ${mode}`);
      expect(module.state?.()).toBe(once.state?.());
    }
    expect(state).toBeDefined();
    if (programs === slow) return;
    const product = hvp(fresh().f as never)(at as never, along as never) as unknown as number[];
    const rows = hessian(fresh().f as never)(at as never) as unknown as number[][];
    expectNear(product, rows.map(dot), 1e-12, "H·v");
  });
});
