import { grad, hvp, jvp } from "dualize";
import { twinOf } from "dualize/runtime";
import { describe, expect, it } from "vitest";
import { pushDual } from "../../packages/dualize/src/transforms/push.ts";
import { type Exports, load, translate } from "./support/compile.ts";
import { expectNear } from "./support/programs.ts";

/** Functions that hand their lists to functions of other files, which may write into them or not. */

const mark = `"use dual";\n`;
const code = {
  base: `${mark}
    export function norm(xs: number[]): number { let s = 0; for (const x of xs) s += x * x; return Math.sqrt(s); }
    export function check(xs: number[], ys: number[]): void { if (xs.length !== ys.length) throw new TypeError("lengths"); }`,
  lib: `${mark}
    import { check, norm } from "./base";
    export function dot(xs: number[], ys: number[]): number { check(xs, ys); let s = 0; for (let i = 0; i < xs.length; i++) s += xs[i] * ys[i]; return s; }
    export function unit(xs: number[]): number { return xs[0] / norm(xs); }
    export function write(xs: number[]): number { xs[0] = xs[0] * xs[1]; return xs[0] * xs[0]; }
    export let act: (xs: number[]) => number = unit;
    export function choose(isWriting: boolean): void { act = isWriting ? write : unit; }
    export function area(ps: number[], options: { start?: number; scale?: number } = {}): number {
      const { start = 0, scale = 1 } = options; let s = 0;
      for (let i = start; i + 3 < ps.length; i += 2) s += ps[i] * ps[i + 3] - ps[i + 2] * ps[i + 1];
      return (s / 2) * scale; }
    export function polar(p: { x: number; y: number }): { r: number; a: number } {
      return { r: Math.sqrt(p.x * p.x + p.y * p.y) * (known.length + 1), a: Math.atan2(p.y, p.x) }; }
    export const known: { x: number; y?: number }[] = [{ x: 3 }];
    export function pick(ps: { x: number; y?: number }[]): number { return ps === known ? 100 * ps[0].x * ps[0].x : ps[0].x; }
    export function root(xs: number[]): number { return norm(xs) * 3; }`,
  main: `${mark}
    import { act, area, dot, pick, polar, root, unit, write } from "./lib";
    export { area, choose, known, polar } from "./lib";
    export const own = [3, 4];
    const table = [2, 5];
    export function reads(xs: number[]): number { return unit(xs) * dot(xs, xs) + own[0]; }
    export function readsTable(xs: number[]): number { return dot(xs, table) * dot(table, xs); }
    export function both(xs: number[], ys: number[]): number { return dot(xs, ys) * xs[0] + unit(ys); }
    export function writes(xs: number[]): number { return write(xs) + own[0]; }
    export function chosen(xs: number[]): number { return act(xs) * xs[1]; }
    export function radius(x: number, y: number): number { return polar({ x, y }).r * y + x; }
    export function picked(ps: { x: number }[]): number { return pick(ps); }
    export function areaOf(ps: number[]): number { return area(ps) * ps[0]; }
    export function kink(xs: number[]): number { return root(xs) + xs[1]; }`,
};

const fresh = (): Exports => load(translate(code), "main");

/** How often the dual form of a function is run. */
function countingDual(f: unknown): () => number {
  const twin = twinOf(f) as { dual: (...args: unknown[]) => unknown };
  const { dual } = twin;
  let runs = 0;
  twin.dual = function (this: unknown, ...args) {
    runs++;
    return dual.apply(this, args);
  };
  return () => runs;
}

describe("a function that hands its list to a function of another file", () => {
  it.each(["reads", "readsTable"])(
    "takes the tangent form where that writes nothing, also of a list that it knows: %s",
    (name) => {
      const { [name]: f, own } = fresh() as never as Record<string, never>;
      const expected = pushDual(f, undefined, [[3, 4]], [[1, 0.5]]);
      const runs = countingDual(f);
      const [value, tangent] = jvp(f, [own] as never, [[1, 0.5]] as never);
      expect(value).toBe(expected[0]);
      expectNear(tangent, expected[1], 1e-14, name);
      expect(runs()).toBe(0);
    },
  );

  it("takes it for one list in two places, with a tangent in each", () => {
    const { both } = fresh();
    const xs = [3, 4];
    const expected = pushDual(
      both,
      undefined,
      [
        [3, 4],
        [3, 4],
      ],
      [
        [1, 0],
        [0, 1],
      ],
    );
    const runs = countingDual(both);
    const [value, tangent] = jvp(
      both as never,
      [xs, xs] as never,
      [
        [1, 0],
        [0, 1],
      ] as never,
    );
    expect(value).toBe(expected[0]);
    expectNear(tangent, expected[1], 1e-14, "tangent");
    expect(runs()).toBe(0);
  });

  it("has its gradient and H·v by the forms of both files", () => {
    const { reads } = fresh();
    const runs = countingDual(reads);
    // (x / |x|)(x·x) = x |x|
    expectNear(grad(reads as never)([3, 4] as never), [5 + 9 / 5, 12 / 5], 1e-14, "gradient");
    const h = hvp(reads as never)([3, 4] as never, [1, 0] as never);
    expectNear(h, [3 * (3 / 5) - 27 / 125, 4 / 5 - 36 / 125], 1e-13, "H·v");
    expect(runs()).toBe(0);
  });

  it("has its gradient by the adjoint form of the other file where options are not given", () => {
    const { areaOf, area } = fresh();
    const ps = [2, 1, 3, 5, 1, 4];
    const rows = ps.map((_, i) => ps.map((_, j) => Number(i === j)));
    const expected = rows.map((row) => pushDual(areaOf, undefined, [[...ps]], [row])[1]);
    const runs = [countingDual(areaOf), countingDual(area)];
    expectNear(grad(areaOf as never)(ps as never), expected, 1e-14, "gradient");
    expect(runs.map((of) => of())).toEqual([0, 0]);
  });

  it("takes the tangent form of what knows other lists, and is run again in the dual form at a kink", () => {
    const { radius, polar } = fresh();
    const runs = [countingDual(radius), countingDual(polar)];
    // 2 √(x² + y²) y + x
    expectNear(
      jvp(radius as never, [3, 4] as never, [1, 0.5] as never),
      [43, (2 * 3 * 4) / 5 + 1 + 0.5 * (2 * 5 + (2 * 16) / 5)],
      1e-14,
      "value and tangent",
    );
    expect(runs.map((of) => of())).toEqual([0, 0]);
    expect(jvp(radius as never, [0, 0] as never, [1, 1] as never)).toEqual([0, 1]);
    expect(runs.map((of) => of())).toEqual([1, 1]);
  });

  it("finds a list that another file knows where only its dual form takes it", () => {
    const { picked, known } = fresh() as never as Record<string, never>;
    expect(jvp(picked, [known] as never, [[{ x: 1 }]] as never)).toEqual([900, 600]);
    expect(jvp(picked, [[{ x: 3 }]] as never, [[{ x: 1 }]] as never)).toEqual([3, 1]);
  });

  it("is refused where that writes into a list that it knows", () => {
    const { writes, own } = fresh();
    expect(() => jvp(writes as never, [own] as never, [[1, 1]] as never)).toThrow(/DUAL108/);
  });

  it("carries back what that writes, and asks anew where the name stands for another function", () => {
    const { chosen, choose } = fresh();
    const at = (): [number, number[], number] => {
      const xs = [3, 4];
      const [value, tangent] = jvp(chosen as never, [xs] as never, [[1, 0.5]] as never);
      return [value as never, xs, tangent as never];
    };
    const quiet = at();
    expect(quiet.slice(0, 2)).toEqual([(3 / 5) * 4, [3, 4]]);
    choose?.(true);
    // x² y³
    expect(at()).toEqual([9 * 64, [12, 4], 2 * 3 * 64 + 3 * 9 * 16 * 0.5]);
    expect(grad(chosen as never)([3, 4] as never)).toEqual([2 * 3 * 64, 3 * 9 * 16]);
    choose?.(false);
    expect(at()).toEqual(quiet);
  });

  it("is run again in the dual form at a kink", () => {
    const { kink } = fresh();
    const [, tangent] = jvp(kink as never, [[0, 0]] as never, [[1, 1]] as never);
    expect(tangent).toEqual(pushDual(kink, undefined, [[0, 0]], [[1, 1]])[1]);
    expect(grad(kink as never)([0, 0] as never)).toEqual(
      [0, 1].map((i) => pushDual(kink, undefined, [[0, 0]], [[1 - i, i]])[1]),
    );
  });
});
