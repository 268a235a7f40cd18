import { jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { pushDual } from "../../packages/dualize/src/transforms/push.ts";
import { expectClose, inTangentForm, testForms } from "./support/forms.ts";
import { copy, numbersOf } from "./support/trees.ts";

interface Ball {
  x: number;
  v: number;
}

function fill(out: number[], x: number): void {
  "use dual";
  for (let i = 0; i < out.length; i++) out[i] = x ** (i + 1);
}
function fillFloats(out: Float64Array, x: number): void {
  "use dual";
  out[0] = x * x;
  out[1] = out[0] * x;
}
function fillSingles(out: Float32Array, x: number): void {
  "use dual";
  out[0] = x / 3;
  out[1] = out[0] * x;
}
function accumulate(sums: number[], xs: number[]): number {
  "use dual";
  let s = 0;
  for (let i = 0; i < xs.length; i++) {
    sums[i] += xs[i] * xs[i];
    s += sums[i];
  }
  return s;
}
function step(ball: Ball, dt: number): void {
  "use dual";
  ball.v -= 9.81 * dt;
  ball.x += ball.v * dt;
}
function steps(balls: Ball[], dt: number): number {
  "use dual";
  for (const b of balls) step(b, dt);
  balls[0].x *= 2;
  return balls[0].x * balls[1].x;
}
function grows(xs: number[], x: number): number {
  "use dual";
  xs.push(x * x);
  const last = xs.shift();
  return last! + xs.length;
}
function throwsHalfway(out: number[], x: number): void {
  "use dual";
  out[0] = x * x;
  if (x > 0) throw new Error("halfway");
  out[1] = x;
}
function rootInto(out: number[], x: number, y: number): number {
  "use dual";
  out[0] = Math.sqrt(x) * y;
  return out[0] + y;
}
function writesOnlyRows(rows: number[][], x: number): void {
  "use dual";
  rows[1] = [x, x * x];
  rows[0][1] = rows[1][1];
}

const ball = { x: 1, v: 2 };
testForms(import.meta.url, {
  "an array is filled": { f: fill, at: [[0, 0, 0], 0.7] },
  "an array without a tangent is filled": { f: fill, at: [[0, 0], 0.7], along: [null, 1] },
  "a typed array is filled": { f: fillFloats, at: [new Float64Array(2), 0.7] },
  "a typed array without a tangent is filled": {
    f: fillFloats,
    at: [new Float64Array(2), 0.7],
    along: [null, 1],
  },
  "an array of single precision is filled": {
    f: fillSingles,
    at: [new Float32Array(2), 0.7],
    along: [null, 1],
    noDifferences: "it rounds",
  },
  "what an array holds is added to": {
    f: accumulate,
    at: [
      [1, 2],
      [0.7, 3],
    ],
  },
  "what an array without a tangent holds is added to": {
    f: accumulate,
    at: [
      [1, 2],
      [0.7, 3],
    ],
    along: [null, [1, 2]],
  },
  "an object is changed": { f: step, at: [ball, 0.1] },
  "objects in an array are changed, by a function that is called": {
    f: steps,
    at: [[ball, { x: 3, v: -1 }], 0.1],
  },
  "an array grows and shrinks": { f: grows, at: [[1, 2], 0.7] },
  "rows are replaced": {
    f: writesOnlyRows,
    at: [
      [
        [1, 2],
        [3, 4],
      ],
      0.7,
    ],
  },
});

const forms = [jvp as never, (f: never, p: [], t: []) => pushDual(f, undefined, p, t)] as ((
  ...a: unknown[]
) => [unknown, unknown])[];

describe("functions that write into their arguments", () => {
  it("write into the caller's primal and tangent", () => {
    for (const run of [...forms, inTangentForm as never]) {
      const [out, dout] = [
        [0, 0, 0],
        [0, 0, 0],
      ];
      run(fill, [out, 2], [dout, 1]);
      expect(out).toEqual([2, 4, 8]);
      expect(dout).toEqual([1, 4, 12]);
    }
  });
  it("write once", () => {
    for (const run of [...forms, inTangentForm as never]) {
      const [sums, dsums] = [
        [1, 1],
        [0, 0],
      ];
      expect(run(accumulate, [sums, [1, 2]], [dsums, [1, 1]])).toEqual([7, 6]);
      expect([sums, dsums]).toEqual([
        [2, 5],
        [2, 4],
      ]);
    }
  });
  it("leave what they wrote when they throw", () => {
    for (const run of [...forms, inTangentForm as never]) {
      const [out, dout] = [
        [0, 0],
        [0, 0],
      ];
      expect(() => run(throwsHalfway, [out, 3], [dout, 1])).toThrow("halfway");
      expect([out, dout]).toEqual([
        [9, 0],
        [6, 0],
      ]);
    }
  });
  it("keep a zero tangent zero where the partial is infinite, without running twice", () => {
    for (const run of [...forms, inTangentForm as never]) {
      const [out, dout] = [[5], [5]];
      expect(run(rootInto, [out, 0, 2], [dout, 0, 1])).toEqual([2, 1]);
      expect([out, dout]).toEqual([[0], [0]]);
    }
  });
  it.each([
    [
      "a gap in an array",
      accumulate,
      [
        [1, 2],
        [3, 4],
      ],
      [
        [1, null],
        [1, 1],
      ],
    ],
    ["a missing field", step, [ball, 0.1], [{ x: 1 }, 1]],
    ["a missing object", steps, [[ball, ball], 0.1], [[null, { x: 1, v: 1 }], 1]],
    [
      "a shorter list of tangents",
      accumulate,
      [
        [1, 2],
        [3, 4],
      ],
      [[1, 1]],
    ],
  ] as const)("take tangents with gaps as the dual form does: %s", (_, f, at, along) => {
    const [p1, t1, p2, t2] = [copy([...at]), copy([...along]), copy([...at]), copy([...along])];
    const found = jvp(f as never, p1 as never, t1 as never);
    const expected = pushDual(f, undefined, p2, t2);
    expect(found).toEqual(expected);
    expect([p1, t1]).toEqual([p2, t2]);
    expectClose(numbersOf(found), numbersOf(expected));
  });
});
