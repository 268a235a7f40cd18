// biome-ignore-all lint: unusual ways to write things are what is tested here

import { jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { pushDual } from "../../packages/dualize/src/transforms/push.ts";
import { inTangentForm, testForms } from "./support/forms.ts";

function declarations(x: number, y: number): number {
  "use dual";
  const a = x * y,
    b = a + x;
  let c: number;
  let d = 0;
  var e = b * d + 1;
  c = a * b;
  if (c > 0) {
    var f = c * e;
    d = f + a;
  }
  return c + d + e + f!;
}
function hoisted(x: number): number {
  "use dual";
  total = x;
  for (var i = 0; i < 3; i++) {
    // @ts-expect-error it is read where it is declared
    var total = total! * x + i;
    var kept: number;
    if (i === 0) kept = x;
    total += kept!;
  }
  return total + i;
}
function branches(x: number, y: number): number {
  "use dual";
  if (x > y) return x * x;
  else if (x > 0) {
    if (y > 2) return x * y;
  } else return -x;
  return x / y;
}
function loops(x: number, n: number): number {
  "use dual";
  let s = 0;
  for (let i = 0; i < n; i++) s += x / (i + 1);
  let i = 0;
  while (i < n) {
    s *= 1 + x / 10;
    i++;
  }
  do {
    s -= x * 0.1;
    i -= 2;
  } while (i > 0);
  for (;;) {
    s += x;
    if (s > 5) break;
  }
  return s;
}
function jumps(x: number): number {
  "use dual";
  let s = x;
  outer: for (let i = 0; i < 5; i++) {
    for (let j = 0; ; j++) {
      if (j === 3) continue outer;
      if (i === 4) break outer;
      if ((i + j) % 2) continue;
      s += x * s * 0.1;
    }
  }
  block: {
    if (s > 1) break block;
    s *= 100;
  }
  scan: for (const w of [1, 2, 3, 4]) {
    for (const v of [1, 2]) {
      if (w === 2) continue scan;
      if (w === 4) break scan;
      s += w * v * x;
    }
  }
  do {
    s *= 0.5;
    if (s > 1) continue;
    break;
  } while (true);
  return s;
}
function switching(x: number, mode: string): number {
  "use dual";
  let s = x;
  switch (mode) {
    case "square":
      return x * x;
    // @ts-expect-error falls through
    case "both":
      s *= 3;
    case "half": {
      const h = s / 2;
      s = h * x;
      break;
    }
    default:
      s = 7 * x;
  }
  return s;
}
function switchingOnNumbers(x: number, k: number): number {
  "use dual";
  let s = x;
  switch (k) {
    case 1:
    case 2:
      s *= x;
      break;
    // @ts-expect-error falls through
    case 3:
      s += x;
    default:
      s *= 2;
      break;
    case 4:
      return s / 3;
  }
  return s;
}
function forIn(x: number): number {
  "use dual";
  const weights = { a: 1, b: 2 };
  let s = 0;
  for (const key in weights) s = s * x + (key === "a" ? x : 2 * x * x);
  return s;
}
function forInIndices(xs: number[]): number {
  "use dual";
  let s = 0;
  for (const i in xs) s += xs[i] * xs[i];
  return s;
}
function forOf(xs: number[], k: number): number {
  "use dual";
  let s = 0;
  for (const x of xs) s += x * k;
  for (let x of xs) {
    x *= x;
    s += x;
  }
  for (const [i, x] of xs.entries()) s += i * x * x;
  return s;
}
function forOfGrowing(x: number): number {
  "use dual";
  const xs = [x, 2 * x];
  let s = 0;
  for (const v of xs) {
    if (xs.length < 5) xs.push(v * v);
    s += v;
  }
  return s;
}
function throwing(x: number): number {
  "use dual";
  if (x < 0) throw new RangeError("negative");
  return Math.sqrt(x);
}
function catching(x: number, y: number): number {
  "use dual";
  let s = x;
  try {
    s *= y;
    s += throwing(s - 1);
  } catch {
    s = s * s;
  } finally {
    s += y;
  }
  return s;
}
function catchingByName(x: number): number {
  "use dual";
  try {
    return throwing(x) * x;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return -x * x;
  }
}
function newton(x: number): number {
  "use dual";
  let r = x;
  let steps = 0;
  while (Math.abs(r * r - x) > 1e-15 * x && steps++ < 50) r = (r + x / r) / 2;
  return r;
}
function emptyStatements(x: number): number {
  "use dual";
  let y = x;
  for (let i = 0; i < 3; y *= x, i++);
  // @ts-expect-error an empty statement
  if (y > 1);
  else y = 2 * x;
  return y;
}
function nothing(x: number): void {
  "use dual";
  let y = x;
  y += 1;
  if (y > 0) return;
}

testForms(import.meta.url, {
  "let, const and var": { f: declarations, at: [1.4, 0.6] },
  "var that is used before it is declared, in a loop": { f: hoisted, at: [1.1] },
  "if with early returns, first": { f: branches, at: [1.4, 0.6] },
  "if with early returns, second": { f: branches, at: [1.4, 2.6] },
  "if with early returns, third": { f: branches, at: [1.1, 1.6] },
  "if with early returns, last": { f: branches, at: [-1.4, 0.6] },
  "for, while, do and endless loops": { f: loops, at: [0.7, 4], along: [1, 0] },
  "break and continue, with labels": { f: jumps, at: [0.7] },
  "switch on text, return in a case": {
    f: switching,
    at: [0.7, "square"],
    along: [1, null],
    is: 1.4,
  },
  "switch on text, falling through": { f: switching, at: [0.7, "both"], along: [1, null], is: 2.1 },
  "switch on text, a case with a block": {
    f: switching,
    at: [0.7, "half"],
    along: [1, null],
    is: 0.7,
  },
  "switch on text, default": { f: switching, at: [0.7, "?"], along: [1, null], is: 7 },
  "switch on a number, shared case": {
    f: switchingOnNumbers,
    at: [0.7, 1],
    along: [1, 0],
    is: 1.4,
  },
  "switch on a number, through default in the middle": {
    f: switchingOnNumbers,
    at: [0.7, 3],
    along: [1, 0],
    is: 4,
  },
  "switch on a number, default in the middle": {
    f: switchingOnNumbers,
    at: [0.7, 9],
    along: [1, 0],
    is: 2,
  },
  "switch on a number, return after default": {
    f: switchingOnNumbers,
    at: [0.7, 4],
    along: [1, 0],
    is: 1 / 3,
  },
  "for-in over an object of constants": { f: forIn, at: [0.7] },
  "for-in over the indices of an array": { f: forInIndices, at: [[0.7, 2, -1]] },
  "for-of over an array, its copies and its entries": { f: forOf, at: [[0.7, 2, -1], 3] },
  "for-of over an array that grows meanwhile": { f: forOfGrowing, at: [0.7] },
  "throw that is not reached": { f: throwing, at: [0.7] },
  "try that catches": { f: catching, at: [0.7, 0.5] },
  "try that has nothing to catch": { f: catching, at: [1.7, 2.5] },
  "catch with a name": { f: catchingByName, at: [-0.7] },
  "catch with a name, not entered": { f: catchingByName, at: [0.7] },
  "a loop until convergence": {
    f: newton,
    at: [2],
    along: [1],
    is: 0.5 / Math.SQRT2,
    noDifferences: "see its formula",
  },
  "empty statements": { f: emptyStatements, at: [0.7] },
});

describe("what ends without a number", () => {
  it("throws what the plain function throws, in both forms", () => {
    for (const run of [jvp as never, inTangentForm] as ((...a: unknown[]) => unknown)[]) {
      expect(() => run(throwing, [-1], [1])).toThrow(new RangeError("negative"));
    }
    expect(() => pushDual(throwing, undefined, [-1], [1])).toThrow(new RangeError("negative"));
  });

  it("has no tangent where nothing is returned", () => {
    expect(jvp(nothing, [1], [1])).toEqual(pushDual(nothing, undefined, [1], [1]));
    expect(inTangentForm(nothing, [1], [1])).toEqual([undefined, null]);
  });
});
