import { grad, jacobian } from "dualize";
import { expect, it } from "vitest";
import { testForms } from "./support/forms.ts";

function reads(xs: number[], i: number): number {
  "use dual";
  return xs[0] * xs[i] + xs[xs.length - 1] / xs[i - 1] + xs.length * xs[1];
}
function writes(x: number, y: number): number {
  "use dual";
  const xs = [x, y, 1];
  xs[0] = x * y;
  xs[1] += xs[0];
  xs[2] -= xs[1] * x;
  xs[0] *= xs[0];
  xs[1] /= xs[2];
  xs[2] **= 2;
  xs[1] %= 0.7;
  xs[0]++;
  --xs[1];
  const before = xs[2]++;
  xs[3] = before * xs[2];
  return xs[0] + xs[1] * xs[2] + xs[3];
}
function indicesThatCount(xs: number[], n: number): number {
  "use dual";
  const own = xs.slice();
  let i = 0;
  own[i++] += own[i] * 2;
  own[i++] *= own[i++];
  own[--i] -= own[0];
  let s = 0;
  for (let k = n; k--; ) s += own[k] * (k + 1);
  return s + own[(i + 1) % own.length] * own[i >> 1] + own[Math.floor(n / 2)];
}
function matrix(a: number[][], v: number[]): number[] {
  "use dual";
  const out: number[] = [];
  for (let i = 0; i < a.length; i++) {
    let s = 0;
    for (let j = 0; j < v.length; j++) s += a[i][j] * v[j];
    out.push(s);
  }
  return out;
}
function eliminates(a: number[][]): number {
  "use dual";
  const m = a.map((row) => row.slice());
  let det = 1;
  for (let k = 0; k < m.length; k++) {
    det *= m[k][k];
    for (let i = k + 1; i < m.length; i++) {
      const f = m[i][k] / m[k][k];
      for (let j = k; j < m.length; j++) m[i][j] -= f * m[k][j];
    }
  }
  return det;
}
function swapsRows(a: number[][]): number {
  "use dual";
  const m = a.map((row) => [...row]);
  const first = m[0];
  m[0] = m[1];
  m[1] = first;
  [m[0][0], m[1][1]] = [m[1][1], m[0][0] * 2];
  first[1] += 3 * m[0][1];
  return m[0][0] * m[1][1] + m[1][0] * m[0][1];
}
function aliases(x: number): number {
  "use dual";
  const a = [x, 2 * x];
  const b = a;
  b[0] *= x;
  const rows = [a, b, [x]];
  rows[1][1] += rows[2][0] * a[0];
  return a[0] * a[1] + b[1];
}
function literals(x: number, y: number): number {
  "use dual";
  const empty: number[] = [];
  const xs = [x, 1, y * y, ...empty, ...[y, 2 * x], 3];
  const nested = [[x], [y, xs[0]], [] as number[]];
  return xs[2] * xs[4] + nested[1][1] * nested[0][0] + xs.length + nested[2].length;
}
function tuples(p: [number, number, number]): [number, number] {
  "use dual";
  const [a, b, c] = p;
  const q: [number, number] = [a * b, c];
  return [q[0] + c, q[1] * a];
}
function mixedTuples(p: [number, string, number[]]): number {
  "use dual";
  const [a, name, xs] = p;
  return name === "double" ? 2 * a * xs[0] : a + xs[1];
}
function tupleOfPairs(pairs: [number, number][]): number {
  "use dual";
  let s = 0;
  for (const [a, b] of pairs) s += a * b;
  return s + pairs[0][1];
}
function destructures(xs: number[], rows: number[][]): number {
  "use dual";
  const [a, , b = 2 * a, ...rest] = xs;
  const [[c], [, d = a * c]] = rows;
  let e: number;
  let f = d;
  [e, f] = [f * b, a];
  [rest[0], e] = [e, rest[0]];
  return a * b + c * d + e * f + rest[0] * rest[1];
}
function swaps(x: number, y: number): number {
  "use dual";
  let a = x;
  let b = y;
  for (let i = 0; i < 3; i++) [a, b] = [b + i, a * b];
  return a * b;
}
function fresh(n: number, x: number): number {
  "use dual";
  const zeros = new Array(n).fill(0);
  const xs = new Array<number>(n).fill(x);
  const ys = Array(n).fill(0) as number[];
  const made = Array.from({ length: n }, (_, i) => i * x);
  const rows = Array.from({ length: 2 }, () => new Array<number>(n).fill(x));
  zeros[1] = x * x;
  ys[0] = zeros[1] + xs[0];
  rows[0][0] *= x;
  return zeros[0] + ys[0] * made[n - 1] + rows[0][0] + rows[1][0] + zeros[1];
}
function returnsArray(x: number, y: number): number[] {
  "use dual";
  return [x * y, 1, x];
}
function returnsNested(x: number): number[][] {
  "use dual";
  return [[x, x * x], [], [3]];
}
function returnsArgument(xs: number[]): number[] {
  "use dual";
  return xs;
}
function returnsSecond(xs: number[][]): number[] {
  "use dual";
  return xs[1];
}
function readOnly(
  xs: readonly number[],
  rows: ReadonlyArray<readonly number[]>,
  zs: Array<number>,
): number {
  "use dual";
  return xs[0] * rows[1][0] * zs[0];
}
function lookup(x: number, k: number): number {
  "use dual";
  const table = [1, 4, 9];
  const offsets = [0.5, -1];
  return x * table[k] + offsets[1] * x;
}
function shrinks(xs: number[]): number {
  "use dual";
  const own = [...xs];
  own.length = 2;
  return own[0] * own[1] + own.length;
}
function conditionalArrays(xs: number[], ys: number[], first: boolean): number {
  "use dual";
  const chosen = first ? xs : ys;
  let best = xs;
  if (ys[0] > xs[0]) best = ys;
  return chosen[0] * best[1];
}
function orEmpty(xs?: number[]): number {
  "use dual";
  const own = xs ?? [2, 3];
  return own[0] * own[1];
}

testForms(import.meta.url, {
  "elements are read": { f: reads, at: [[0.7, 2, -1], 2], along: [[1, 2, 3], 0] },
  "elements are written, compound-assigned and counted": { f: writes, at: [0.7, 1.9] },
  "indices with effects": {
    f: indicesThatCount,
    at: [[0.7, 2, -1, 4], 4],
    along: [[1, 2, 3, 4], 0],
  },
  "arrays of arrays": {
    f: matrix,
    at: [
      [
        [0.7, 2],
        [1, -1],
      ],
      [3, 4],
    ],
  },
  "arrays of arrays that are changed": {
    f: eliminates,
    at: [
      [
        [2, 1, 0.3],
        [0.5, 3, 1],
        [0.7, 0.2, 1.5],
      ],
    ],
  },
  "rows that change places": {
    f: swapsRows,
    at: [
      [
        [0.7, 2],
        [1, -1],
      ],
    ],
  },
  "two names for one array": { f: aliases, at: [0.7] },
  "literals, with spread and nested": { f: literals, at: [0.7, 1.9] },
  tuples: { f: tuples, at: [[0.7, 2, -1]] },
  "tuples of different things": { f: mixedTuples, at: [[0.7, "double", [2, 3]]] },
  "tuples of different things, the other branch": { f: mixedTuples, at: [[0.7, "", [2, 3]]] },
  "tuples in a for-of": {
    f: tupleOfPairs,
    at: [
      [
        [0.7, 2],
        [3, -1],
      ],
    ],
  },
  "destructuring, with defaults, holes and rest": {
    f: destructures,
    at: [
      [0.7, 2, 5, -1, 3],
      [[2], [1, 4]],
    ],
  },
  "destructuring, with defaults that are used": {
    f: destructures,
    at: [
      [0.7, 2, undefined as never, -1, 3],
      [[2], [1]],
    ],
    along: [
      [1, 2, null, 3, 1],
      [[2], [1]],
    ],
    noDifferences: "a gap",
    declines: "a gap is no number",
  },
  "an exchange": { f: swaps, at: [0.7, 1.9] },
  "new arrays of every kind": { f: fresh, at: [3, 0.7], along: [0, 1] },
  "an array as a result": { f: returnsArray, at: [0.7, 1.9] },
  "arrays of arrays as a result": { f: returnsNested, at: [0.7] },
  "an argument as the result": { f: returnsArgument, at: [[0.7, 2]] },
  "a part of an argument as the result": { f: returnsSecond, at: [[[0.7], [2, 3]]] },
  "readonly arrays, and both ways to write their types": {
    f: readOnly,
    at: [[0.7], [[1], [2]], [3]],
  },
  "tables of constants": { f: lookup, at: [0.7, 2], along: [1, 0], is: 8 },
  "a length that is written": { f: shrinks, at: [[0.7, 2, 3]] },
  "a choice between arrays": { f: conditionalArrays, at: [[0.7, 2], [1, 3], true] },
  "an array that may be missing": { f: orEmpty, at: [] },
  "an array that is given": { f: orEmpty, at: [[0.7, 2]] },
});

it("gives gradients and Jacobians in the shape of the argument", () => {
  expect(
    grad(eliminates)([
      [2, 0],
      [0, 3],
    ]),
  ).toEqual([
    [3, 0],
    [0, 2],
  ]);
  expect(jacobian(tuples)([2, 3, 5])).toEqual([
    [3, 2, 1],
    [5, 0, 2],
  ]);
});
