import { grad, jvp, valueAndGrad } from "dualize";
import { twinOf } from "dualize/runtime";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";

/**
 * What a function made may come to hold what it was given, or a list of the file: a write to that later is
 * one that others see, and the function is not run again for another look at its derivative.
 */

type F = (x: number[][]) => number;

const programs: Record<string, string> = {
  "deep inside":
    "const b = { q: { r: [1, 2] } }; b.q.r = SHARED; b.q.r[0] += x[1][0]; return b.q.r[0] * x[1][1]",
  "by another name":
    "const b = [[1, 2]]; const c = b; c[0] = SHARED; b[0][0] += x[1][0]; return b[0][0] * x[1][1]",
  "by the name of a part":
    "const b = { q: { r: [1, 2] } }; const c = b.q; c.r = SHARED; b.q.r[0] += x[1][0]; return b.q.r[0] * x[1][1]",
  "by a pattern":
    "const b = [[1], [2]]; [b[0], b[1]] = [SHARED, b[0]]; b[0][0] += x[1][0]; return b[0][0] * x[1][1]",
  "by a helper":
    "const b = { q: { r: [1, 2] } }; put(b.q, SHARED); b.q.r[0] += x[1][0]; return b.q.r[0] * x[1][1]",
  "by a helper of a helper":
    "const b = { q: { r: [1, 2] } }; hand(b.q, SHARED); b.q.r[0] += x[1][0]; return b.q.r[0] * x[1][1]",
  "by a helper that gives the object back":
    "const b = { r: [1, 2] }; const c = same(b); c.r = SHARED; b.r[0] += x[1][0]; return b.r[0] * x[1][1]",
  "by a copy of the list that holds it":
    "const p = { r: [1, 2] }; const b = [p]; const c = b.slice(); c[0].r = SHARED; p.r[0] += x[1][0]; return p.r[0] * x[1][1]",
  "by a push":
    "const b = { q: [[1]] }; b.q.push(SHARED); b.q[1][0] += x[1][0]; return b.q[1][0] * x[1][1]",
  "by a function inside":
    "const b = { q: { r: [1, 2] } }; const put = () => { b.q.r = SHARED }; put(); b.q.r[0] += x[1][0]; return b.q.r[0] * x[1][1]",
  "to what a function inside is given":
    "const b = { q: { r: [1, 2] } }; const write = (o: { r: number[] }) => { o.r[0] += x[1][0] }; b.q.r = SHARED; write(b.q); return b.q.r[0] * x[1][1]",
  "by a function inside that is given both":
    "const b = { q: { r: [1, 2] } }; function put(o: { r: number[] }, r: number[]) { o.r = r } put(b.q, SHARED); b.q.r[0] += x[1][0]; return b.q.r[0] * x[1][1]",
  "where a function calls itself":
    "const b = { r: [1, 2] }; const down = (o: { r: number[] }, k: number): void => { if (k > 0) down({ r: SHARED }, k - 1); else o.r[0] += x[1][0] }; down(b, 1); b.r = SHARED; return b.r[0] * x[1][1]",
  "in each of a list":
    "const b = [{ r: [1, 2] }]; b[0].r = SHARED; b.forEach((o) => { o.r[0] += x[1][0] }); return b[0].r[0] * x[1][1]",
  "by the list that a method hands on":
    "const b = [[1, 2]]; b.forEach((_, i, all) => { all[i] = SHARED }); b[0][0] += x[1][0]; return b[0][0] * x[1][1]",
};

const helpers = `
  export const table = [2, 3];
  function put(o: { r: number[] }, r: number[]): void { o.r = r }
  function hand(o: { r: number[] }, r: number[]): void { put(o, r) }
  function same(o: { r: number[] }): { r: number[] } { return o }`;

describe.each(["table", "x[0]"])("what is put into something new is %s", (shared) => {
  it.each(Object.entries(programs))("%s", (_, body) => {
    const fresh = () =>
      load(
        translate({
          main: `"use dual"; ${helpers} export function f(x: number[][]): number { ${body.replaceAll("SHARED", shared)} }`,
        }),
        "main",
      ) as unknown as { f: F; table: number[] };
    const at = () => [
      [2, 3],
      [1.5, 4],
    ];
    const plain = fresh();
    const ended = at();
    const value = plain.f(ended);
    expect(value).toBe(3.5 * 4);
    const gradient = (options?: object) => (f: F, x: number[][]) =>
      (valueAndGrad(f as never, options as never) as unknown as (x: unknown) => unknown[])(x)[0];
    const direction = [
      [0, 0],
      [1, 0],
    ];
    const ways: ((f: F, x: number[][]) => unknown)[] = [
      (f, x) => jvp(f as never, [x] as never, [direction] as never)[0],
      gradient(),
      gradient({ mode: "reverse" }),
      // Asked to, it runs once for each number, on copies of what it is given.
      ...(shared === "table" ? [] : [gradient({ mode: "forward" })]),
    ];
    for (const way of ways) {
      const { f, table } = fresh();
      const x = at();
      expect(way(f, x)).toBe(value);
      expect(x).toEqual(ended);
      expect(table).toEqual(plain.table);
    }
    const { f } = fresh();
    const g = (grad(f as never) as unknown as (x: unknown) => number[][])(at());
    expect(g).toEqual([shared === "table" ? [0, 0] : [4, 0], [4, 3.5]]);
    expect(twinOf(f)?.replayable).toBeUndefined();
  });
});

describe("what is made and kept to itself is still run again, where", () => {
  it.each([
    "const m = x.map((r) => r.slice()); [m[0], m[1]] = [m[1], m[0]]; m[0][0] *= 2; return m[0][0] * m[1][1]",
    "const m = [[1, 2], [3, 4]]; const t = m[0]; m[0] = m[1]; m[1] = t; m[0][0] *= x[0][0]; return m[0][0] * m[1][1]",
    "const b = { q: { r: [x[0][0]] } }; b.q.r = [x[1][1]]; b.q.r[0] *= 2; return b.q.r[0] * x[0][0]",
    "const b: number[][] = []; for (const r of x) b.push(r.slice()); b[0][0] *= b[1][1]; return b[0][0] * b[0][1]",
  ])("%s", (body) => {
    const { f } = load(
      translate({ main: `"use dual"; export function f(x: number[][]): number { ${body} }` }),
      "main",
    );
    expect(twinOf(f)?.replayable).toBe(true);
    expect(twinOf(f)?.adjoint).toBeDefined();
  });
});
