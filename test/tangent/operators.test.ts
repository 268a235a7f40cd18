// biome-ignore-all lint: unusual ways to write things are what is tested here

import { jvp } from "dualize";
import { expect, it } from "vitest";
import { pushDual } from "../../packages/dualize/src/transforms/push.ts";
import { inTangentForm, testForms } from "./support/forms.ts";

function arithmetic(x: number, y: number): number {
  "use dual";
  return ((x + y) * (x - y)) / (x * y + 3) - (x % y) + x ** y - -x + +y;
}
function withConstants(x: number): number {
  "use dual";
  return (
    2 +
    x * 3 -
    4 / x +
    x / 7 +
    1.5 ** x +
    x ** 3 +
    x ** -2 +
    x ** 0.5 +
    (x % 2) -
    (5 % x) +
    x ** 2 +
    x ** 0 +
    x ** 1
  );
}
function nestedFactors(x: number, y: number): number {
  "use dual";
  return Math.sin(x * y) * Math.cos(x / y) * (x * x * x - y * y) * ((x + 1) / (y + 2) / (x + 3));
}
function bits(x: number, n: number): number {
  "use dual";
  return (
    x * (n & 3) +
    (n | 4) * x +
    (n ^ 5) +
    (~n - (n << 2)) * x +
    (n >> 1) -
    (n >>> 1) +
    Math.floor(x) * x
  );
}
function comparing(x: number, y: number): number {
  "use dual";
  let r = 0;
  if (x < y) r += x;
  if (x <= y) r += 2 * y;
  if (x > y) r += 3 * x;
  if (x >= y) r += 4 * y;
  if (x == y) r += 5 * x;
  if (x != y) r += 6 * y;
  if (x === y) r += 7 * x;
  if (x !== y) r += 8 * y;
  if (!x) r += 1;
  return typeof r === "number" ? r * x : 0;
}
function assignments(x: number, y: number): number {
  "use dual";
  let a = x;
  a += y;
  a -= x * y;
  a *= a;
  a /= y + 2;
  a %= 1.7;
  a **= 2;
  let b = (a = x + y);
  b += a += 2 * y;
  const c = (b *= a) + (a -= x) * a;
  return a * b + c;
}
function integerAssignments(x: number, n: number): number {
  "use dual";
  let k = n;
  k |= 8;
  k &= 13;
  k ^= 5;
  k <<= 2;
  k >>= 1;
  k >>>= 0;
  return k * x;
}
function logicalAssignments(x: number, y: number): number {
  "use dual";
  let a = x;
  let b = 0 * y;
  let c: number | undefined;
  a &&= a * y;
  b ||= x * x;
  c ??= y * y;
  a ||= 100;
  b &&= b + a;
  return a + b * c;
}
function updates(x: number, y: number): number {
  "use dual";
  let a = x;
  const before = a++ * y;
  const after = ++a * y;
  const down = a-- * a--;
  return before + after + down - --a * a;
}
function logical(x: number, y: number): number {
  "use dual";
  const a = x && y;
  const b = x || y;
  const c = x - x || y * y;
  const d = x - x && y;
  const e = x ?? y;
  return a * b + c * d + e * (x > 0 && y > 0 ? x : y);
}
function ternary(x: number, y: number): number {
  "use dual";
  const m = x > y ? x * x : y > 0 ? y * x : 3;
  return (x < y ? m : x) * (m > 1 ? 2 : y);
}
function comma(x: number, y: number): number {
  "use dual";
  let a = x;
  const b = ((a *= y), (a += x), a * a);
  for (let i = 0, s = 0; i < 3; i++, s += x, a += s) a = (a++, a + 0.5 * y);
  return a + b;
}
function readBeforeWrite(x: number, y: number): number {
  "use dual";
  let a = x;
  return a + (a = y) * a + (a *= 3) / (a += x) - a;
}
function writesInArguments(x: number, y: number): number {
  "use dual";
  let a = x;
  return Math.atan2(a, (a = a * y)) + a ** ((a += 0.5) - 1) + Math.max(a++, a * 0.3);
}
function writesInConditions(x: number, y: number): number {
  "use dual";
  let a = x;
  let b = y;
  if ((a = a * 2) > 1 && (b += a) > 0) b *= a;
  const c = (a -= 1) > 100 || (b *= 2) > 0 ? a * b : b;
  return a + b + c;
}
function text(x: number): number {
  "use dual";
  const label = `x is ${x > 1 ? "big" : "small"}` + "!";
  return label === "x is big!" ? x * x : x;
}
function voids(x: number): number {
  "use dual";
  let a = x;
  void (a *= 3);
  return a * (typeof a === "number" ? 2 : 1);
}
function shadowed(x: number): number {
  "use dual";
  let r = x;
  {
    const x = r * 2;
    r += x * x;
  }
  for (let x = 0; x < 3; x++) r += x * r;
  return r * x;
}
function namesLikeShadows(x: number, x$t: number, _v: number): number {
  "use dual";
  const r = x * x$t + _v;
  const r$t = r * r;
  return r$t * _v;
}

testForms(import.meta.url, {
  "arithmetic of two variables": { f: arithmetic, at: [2.3, 1.7] },
  "arithmetic with a negative base and remainder": { f: arithmetic, at: [-2.3, 2], along: [1, 0] },
  "arithmetic with constants on either side": { f: withConstants, at: [1.3] },
  "products and quotients inside each other": { f: nestedFactors, at: [0.8, 1.9] },
  "bit operators": {
    f: bits,
    at: [1.37, 13],
    along: [1, 0],
    is: 1.37 * 0 + (13 & 3) + (13 | 4) + (~13 - (13 << 2)) + 1,
  },
  "comparisons and typeof": { f: comparing, at: [1.2, 2.5] },
  "comparisons the other way": { f: comparing, at: [2.5, 1.2] },
  "assignment and compound assignment, also as values": { f: assignments, at: [1.4, 0.6] },
  "integer assignments": { f: integerAssignments, at: [1.37, 13], along: [1, 0] },
  "logical assignments": { f: logicalAssignments, at: [1.4, 0.6] },
  "increments and decrements as values": { f: updates, at: [1.4, 0.6] },
  "logical operators as values": {
    f: logical,
    at: [1.4, 0.6],
    noDifferences: "x - x is zero only on the path itself",
  },
  "conditional expressions inside each other": { f: ternary, at: [1.4, 0.6] },
  "conditional expressions, other branches": { f: ternary, at: [0.4, 0.6] },
  "the comma operator in values and loop heads": { f: comma, at: [1.4, 0.6] },
  "operands are read before a later one writes": { f: readBeforeWrite, at: [1.4, 0.6] },
  "arguments are read before a later one writes": { f: writesInArguments, at: [1.4, 0.6] },
  "conditions that write": { f: writesInConditions, at: [1.4, 0.6] },
  "text beside numbers": { f: text, at: [1.4], is: 2.8 * Math.fround(Math.sin(1) + 0.1) },
  void: { f: voids, at: [1.4], along: [1], is: 6 },
  "names that are declared again in inner blocks": { f: shadowed, at: [1.4] },
  "names that look like those the plugin makes": { f: namesLikeShadows, at: [1.4, 0.3, 2] },
});

let ticks = 0;
const tick = (): number => ticks++;
function order(xs: number[], x: number): number {
  "use dual";
  xs[tick()] += xs[tick()] * x;
  xs[tick() - 2] *= tick() + x;
  return xs[0] * (tick() as number) + xs[1] * tick();
}

it("evaluates operands once and from left to right, as the plain function does", () => {
  const run = (push: (p: [number[], number], t: [number[], number]) => unknown) => {
    ticks = 0;
    const p: [number[], number] = [[1.5, 2.5], 3];
    const t: [number[], number] = [[0.5, -1], 2];
    const result = push(p, t);
    return { result, p, t, ticks };
  };
  const plain = run((p) => order(...p));
  const dual = run((p, t) => pushDual(order, undefined, p, t));
  for (const push of [jvp as never, inTangentForm] as ((
    f: unknown,
    p: unknown,
    t: unknown,
  ) => unknown)[]) {
    const found = run((p, t) => push(order, p, t));
    expect(found).toEqual(dual);
    expect(found.ticks).toBe(plain.ticks);
    expect((found.result as number[])[0]).toBe(plain.result);
  }
});
