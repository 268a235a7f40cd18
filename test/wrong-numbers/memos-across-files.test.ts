import { grad, jvp, vjp } from "dualize";
import { describe, expect, it } from "vitest";
import { pushDual } from "../../packages/dualize/src/transforms/push.ts";
import { load, translate } from "../tangent/support/compile.ts";

/** A file that keeps what it computed for its callers in other files, in each of the usual ways. */
const lib = `"use dual";
  let key = NaN, kept = 0; const table: Record<string, number> = {}; const map = new Map<number, number>();
  const weak = new WeakMap<object, number>(); export const state = { k: NaN, v: 0 };
  export function byVariable(x: number): number { if (key !== x) { kept = x ** 3; key = x; } return kept; }
  export function byTable(x: number): number { const k = String(x); if (!(k in table)) table[k] = x ** 3; return table[k]!; }
  export function byMap(x: number): number { if (!map.has(x)) map.set(x, x ** 3); return map.get(x)!; }
  export function byState(x: number): number { if (state.k !== x) { state.k = x; state.v = x ** 3; } return state.v; }
  export function byObject(p: { x: number }): number { let v = weak.get(p); if (v === undefined) { v = p.x ** 3; weak.set(p, v); } return v; }
  export function last(): number { return kept; } export function lastOfState(): number { return state.v; }
  export { kept };`;

/** Each computes `x⁴`. */
const bodies: Record<string, string> = {
  "in variables": "return byVariable(x) * x;",
  "in an object, by text": "return byTable(x) * x;",
  "in a Map": "return byMap(x) * x;",
  "in the fields of one object": "return byState(x) * x;",
  "in a WeakMap": "const p = { x }; return ((byObject(p) * byObject(p)) / byObject(p)) * x;",
  "in a WeakMap, by an object that stays": "return byObject(point) * x + x * x * x * x - 27 * x;",
  "in several ways": "return ((byTable(x) * byMap(x)) / byState(x)) * x;",
  "in variables that another function reads": "byVariable(x); return last() * x;",
  "in variables that are exported": "byVariable(x); return kept * x;",
  "in fields that another function reads": "byState(x); return lastOfState() * x;",
  "in fields that the caller reads": "byState(x); return state.v * x;",
};

type F = (x: number) => number;
const transforms: Record<string, (f: F) => unknown> = {
  jvp: (f) => jvp(f, [3], [1])[1],
  "the dual form": (f) => pushDual(f, 0, [3], [1])[1],
  grad: (f) => grad(f)(3),
  vjp: (f) => vjp(f, [3])[1](1)[0],
};

describe("what another file keeps", () => {
  for (const [where, body] of Object.entries(bodies)) {
    const main = `"use dual"; import { byVariable, byTable, byMap, byState, byObject, last, lastOfState, state, kept } from "./lib";
      const point = { x: 3 }; export function f(x: number): number { ${body} }`;
    const scripts = translate({ lib, main });
    it.each(Object.entries(transforms))(`${where} has its derivative by %s`, (_, transform) => {
      for (const isWarm of [false, true]) {
        const f = load(scripts, "main").f as F;
        if (isWarm) expect(f(3)).toBe(81);
        for (let again = 0; again < 2; again++) {
          expect(transform(f)).toBe(108);
          expect(f(3)).toBe(81);
        }
      }
    });
  }
});
