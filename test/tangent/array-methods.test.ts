// biome-ignore-all lint: unusual ways to write things are what is tested here

import { jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { pushDual } from "../../packages/dualize/src/transforms/push.ts";
import { inTangentForm, testForms } from "./support/forms.ts";

function pushes(x: number): number {
  "use dual";
  const xs: number[] = [];
  const n = xs.push(x);
  xs.push(x * x, 3);
  xs.push(...[n * x, 2]);
  return xs[0] * xs[1] + xs[3] * xs.length;
}
function pops(xs: number[]): number {
  "use dual";
  const own = xs.slice();
  const last = own.pop();
  const first = own.shift();
  own.unshift(first! * last!, 2);
  return last! * first! + own[0] * own.length;
}
function fills(x: number): number {
  "use dual";
  const xs = [1, 2, 3, 4];
  xs.fill(x, 1, 3);
  const ys = [x, x * x].fill(2 * x);
  xs.fill(x * x, -1);
  return xs[0] * xs[1] + xs[3] * ys[1];
}
function slices(xs: number[]): number {
  "use dual";
  const a = xs.slice(1);
  const b = xs.slice(0, -1);
  const c = xs.slice(-2, xs.length);
  a[0] *= 2;
  return a[0] * b[0] + c[1] * xs[1];
}
function concats(xs: number[], x: number): number {
  "use dual";
  const all = xs.concat([x, 1], x * x, xs);
  const ones = [1, 2].concat(xs);
  return all[2] * all[4] + all[all.length - 1] * ones[2];
}
function maps(xs: number[], k: number): number[] {
  "use dual";
  const ys = xs.map((x, i) => x * k + i);
  const zs = xs.map((x) => {
    const y = x * x;
    return y + k;
  });
  const ws = xs.map((x, i, all) => x * all[(i + 1) % all.length]);
  return ys.map((y, i) => y * zs[i] + ws[i]);
}
function mapsWithReturns(xs: number[]): number[] {
  "use dual";
  return xs.map((x) => {
    if (x < 0) return -x;
    if (x > 1) return x * x;
    return x;
  });
}
function mapsToConstants(xs: number[]): number {
  "use dual";
  const ones = xs.map(() => 1);
  ones[0] = xs[0];
  return ones[0] * ones[1] * xs[1];
}
function mapsNested(rows: number[][]): number[][] {
  "use dual";
  return rows.map((row) => row.map((x) => x * row[0]));
}
function mapsToObjects(xs: number[]): number {
  "use dual";
  const ps = xs.map((x, i) => ({ x, weight: i + 1 }));
  return ps.reduce((s, p) => s + p.x * p.weight * p.x, 0);
}
function eachOf(xs: number[]): number {
  "use dual";
  let s = 0;
  const own: number[] = [];
  xs.forEach((x, i) => {
    if (x < 0) return;
    s += x * i;
    own.push(x * x);
  });
  xs.forEach((x) => {
    s *= 1 + x;
  });
  return s + own[0];
}
function reduces(xs: number[]): number {
  "use dual";
  const sum = xs.reduce((a, b) => a + b, 0);
  const product = xs.reduce((a, b) => a * b);
  const best = xs.reduce((m, x) => Math.max(m, x), Number.NEGATIVE_INFINITY);
  const weighted = xs.reduce((a, x, i) => {
    if (i === 0) return x;
    return a * 0.5 + x * i;
  }, 0);
  return sum * product + best * weighted;
}
function reducesToArrays(xs: number[]): number {
  "use dual";
  const sums = xs.reduce<number[]>(
    (acc, x) => [...acc, x + (acc.length ? acc[acc.length - 1] : 0)],
    [],
  );
  const [lo, hi] = xs.reduce(([a, b], x) => [Math.min(a, x), Math.max(b, x)], [xs[0], xs[0]]);
  const moments = xs.reduce((m, x) => ({ one: m.one + x, two: m.two + x * x }), { one: 0, two: 0 });
  return sums[2] * lo * hi + moments.two - moments.one * moments.one;
}
function filters(xs: number[]): number {
  "use dual";
  const up = xs.filter((x) => x > 0);
  const odd = xs.filter((_, i) => i % 2 === 1);
  return up.reduce((a, b) => a + b * b, 0) * odd[0];
}
function asks(xs: number[]): number {
  "use dual";
  let s = xs[0];
  if (xs.some((x) => x < 0)) s *= xs[1];
  if (xs.every((x) => x > -10)) s += xs[2];
  if (xs.includes(2)) s *= 3;
  if (xs.indexOf(2) === 1 && xs.findIndex((x) => x === 2) === 1) s *= xs[1];
  return s;
}
function ats(xs: number[]): number {
  "use dual";
  return xs.at(0)! * xs.at(-1)! + xs.at(1)!;
}
function chains(xs: number[], k: number): number {
  "use dual";
  return xs
    .map((x) => x * k)
    .filter((x) => x > 0)
    .slice(0, 2)
    .concat([k])
    .reduce((a, b) => a + b * b, 0);
}
function froms(xs: number[], n: number): number {
  "use dual";
  const squares = Array.from(xs, (x) => x * x);
  const copied = Array.from(xs);
  const steps = Array.from({ length: n }, (_, i) => xs[0] * i);
  copied[0] *= 2;
  return squares[1] * copied[0] + steps[n - 1] * xs[2];
}
function namedCallbacks(xs: number[]): number {
  "use dual";
  const half = (x: number) => x / 2;
  return xs.map(half).map(square).map(Math.sin).reduce(add, 0);
}
function square(x: number): number {
  return x * x;
}
const add = (a: number, b: number): number => a + b;
function reversed(xs: number[]): number {
  "use dual";
  const own = [...xs].reverse();
  return own[0] * own[0] + own[1];
}
function found(xs: number[]): number {
  "use dual";
  const first = xs.find((x) => x > 1);
  return first! * first!;
}
function sorted(xs: number[]): number {
  "use dual";
  const own = [...xs].sort((a, b) => a - b);
  return own[0] * own[1];
}
function flattened(rows: number[][]): number {
  "use dual";
  return rows.flat().reduce((a, b) => a * b, 1);
}

const xs = [0.7, 2, -1];
testForms(
  import.meta.url,
  {
    "push, one, several and spread": { f: pushes, at: [0.7] },
    "pop, shift and unshift": { f: pops, at: [xs] },
    "fill, also of a part": { f: fills, at: [0.7] },
    slice: { f: slices, at: [xs] },
    concat: { f: concats, at: [xs, 1.9] },
    "map, with index and array": { f: maps, at: [xs, 1.9] },
    "map with several returns": { f: mapsWithReturns, at: [[0.7, 2, -1]] },
    "map to constants that are written over": { f: mapsToConstants, at: [xs] },
    "map of map": { f: mapsNested, at: [[[0.7, 2], [3]]] },
    "map to objects": { f: mapsToObjects, at: [xs] },
    forEach: { f: eachOf, at: [xs] },
    reduce: { f: reduces, at: [xs] },
    "reduce to arrays and objects": { f: reducesToArrays, at: [xs] },
    filter: { f: filters, at: [xs] },
    "some, every, includes, indexOf, findIndex": {
      f: asks,
      at: [xs],
      noDifferences: "it asks for equality",
    },
    at: { f: ats, at: [xs] },
    "chains of methods": { f: chains, at: [[0.7, 2, -1, 5], 1.9] },
    "Array.from": { f: froms, at: [xs, 3], along: [[1, 2, 3], 0] },
    "callbacks by name": { f: namedCallbacks, at: [xs] },
    reverse: { f: reversed, at: [xs] },
    "find takes the dual form": { f: found, at: [xs] },
    sort: { f: sorted, at: [xs] },
    flat: { f: flattened, at: [[[0.7, 2], [3]]] },
  },
  {
    found: /the array method find/,
  },
);

describe("edges of array methods", () => {
  function least(xs: number[]): number {
    "use dual";
    return xs.reduce((a, b) => Math.min(a, b));
  }
  it("throw what the plain method throws", () => {
    expect(() => least([])).toThrow(TypeError);
    for (const run of [
      jvp as never,
      inTangentForm,
      (f: never, p: [], t: []) => pushDual(f, undefined, p, t),
    ] as ((...a: unknown[]) => unknown)[]) {
      expect(() => run(least, [[]], [[]])).toThrow(TypeError);
    }
  });

  let calls = "";
  function note(i: number): number {
    calls += `${i} `;
    return 0;
  }
  function walks(xs: number[]): number {
    "use dual";
    const ys = xs.map((x, i) => x * x + note(i));
    xs.forEach((_, i) => {
      note(10 + i);
    });
    return (
      ys.reduce((a, y, i) => a + y + note(20 + i), 0) +
      (xs.some((_, i) => note(30 + i) > 0) ? 1 : 0)
    );
  }
  it("call back in order and once for each element", () => {
    calls = "";
    walks([1, 2]);
    const expected = calls;
    expect(expected).toBe("0 1 10 11 20 21 30 31 ");
    for (const run of [
      jvp as never,
      inTangentForm,
      (f: never, p: [], t: []) => pushDual(f, undefined, p, t),
    ] as ((...a: unknown[]) => unknown)[]) {
      calls = "";
      expect(run(walks, [[1, 2]], [[1, 1]])).toEqual([5, 6]);
      expect(calls).toBe(expected);
    }
  });
});
