import { linearize, vjp } from "dualize";
import { describe, expect, it } from "vitest";
import { compile } from "../tangent/support/compile.ts";

/** The linear map of a point stays what it is, whatever changes afterwards that the function reads. */

const functions: Record<string, string> = {
  "a variable": "return k * x * x;",
  "a field": "return cfg.k * x * x;",
  "a list": "return ks[0]! * x * x;",
  "a variable of a callee": "return scaled(x) * x;",
  "a list that is given back": "return cfg.k * x * x;",
};

describe("a linear map of a function that reads", () => {
  it.each(Object.entries(functions))("%s stays when that changes", (_, body) => {
    const { exports } = compile(`"use dual"; let k = 2; const cfg = { k: 2 }; const ks = [2];
      export const set = (v: number): void => { k = v; cfg.k = v; ks[0] = v; };
      const scaled = (x: number): number => k * x;
      export function f(x: number): number { ${body} }
      export function list(x: number): number[] { const y = f(x); return [y, 2 * y]; }
      export function inPlace(xs: number[]): void { xs[0] = f(xs[0]!); }`);
    const f = exports.f as (x: number) => number;
    const list = exports.list as (x: number) => number[];
    const inPlace = exports.inPlace as (xs: number[]) => void;
    const set = exports.set as (v: number) => void;
    set(2);
    const [value, push] = linearize(f, [3]);
    const [values, pushList] = linearize(list, [3]);
    const xs = [3];
    linearize(inPlace, [xs]);
    const pullback = vjp(f, [3])[1];
    set(5);
    expect([value, push([1]), push([2])]).toEqual([18, 12, 24]);
    expect([values, pushList([1])]).toEqual([
      [18, 36],
      [12, 24],
    ]);
    expect(pullback(1 as never)).toEqual([12]);
    expect(xs).toEqual([18]);
  });

  it("a random number has the one that the value has", () => {
    const { exports } = compile(
      `"use dual"; export function f(x: number): number[] { const r = Math.random(); return [r * x]; }`,
    );
    const f = exports.f as (x: number) => number[];
    const [[value], push] = linearize(f, [4]);
    const [[again], pullback] = vjp(f, [4]);
    expect([4 * (push([1])[0] ?? 0), 4 * pullback([1])[0]]).toEqual([value, again]);
  });

  it("its arguments alone runs no effects again", () => {
    const { exports } = compile(`"use dual"; export const log: number[] = []; let times = 0;
      export function f(x: number): number[] { times++; log.push(1); console.debug("ran"); return [x * x, x]; }
      export const count = (): number => times;`);
    const debug = console.debug;
    let printed = 0;
    console.debug = () => {
      printed++;
    };
    try {
      const [, push] = linearize(exports.f as (x: number) => number[], [3]);
      expect(push([1])).toEqual([6, 1]);
      expect(push([2])).toEqual([12, 2]);
    } finally {
      console.debug = debug;
    }
    expect([exports.count?.(), (exports.log as unknown as number[]).length, printed]).toEqual([
      1, 1, 1,
    ]);
  });
});
