// biome-ignore-all lint: unusual ways to write things are what is tested here

import { grad } from "dualize";
import { expect, it } from "vitest";
import { testForms } from "./support/forms.ts";

interface Point {
  x: number;
  y: number;
}
interface Segment {
  readonly from: Point;
  to: Point;
  label: string;
}
type Params = {
  a: number;
  list: number[];
  nested: { b: number; deep: { c: number }[] };
  name?: string;
};

function reads(p: Point): number {
  "use dual";
  return p.x * p.y + p["x"] ** 2;
}
function nested(s: Segment): number {
  "use dual";
  const dx = s.to.x - s.from.x;
  return s.label === "flat" ? dx : dx * (s.to.y - s.from.y);
}
function literals(x: number, y: number): number {
  "use dual";
  const p = { x, y: y * x, "with space": 2 * x };
  const q = { p, r: { z: p.x }, list: [p.y, x] };
  return q.p.y * q.r.z + q.list[0] * p["with space"];
}
function numericKey(x: number): number {
  "use dual";
  const p = { 7: x };
  return p[7] * x;
}
function writes(x: number, y: number): number {
  "use dual";
  const p = { x, y: 0, n: 3 };
  p.y = x * y;
  p.x += p.y;
  p.x -= 1;
  p.y *= p.x;
  p.y /= 2;
  p.x **= 2;
  p.x %= 5;
  p.x++;
  const before = p.y--;
  p["x"] = p.x * before;
  p.n = p.n + 1;
  return p.x * p.y + p.n * x;
}
function writesNested(x: number): number {
  "use dual";
  const o = { p: { x, y: 1 }, list: [{ v: x }, { v: 2 }] };
  o.p.y += o.p.x * x;
  o.list[1].v *= o.p.y;
  o.list[0].v = o.list[1].v;
  const inner = o.p;
  inner.x = 5 * x;
  o.p = { x: o.p.x * 2, y: inner.y };
  inner.y = 100;
  return o.p.x * o.p.y + o.list[0].v + inner.y * x;
}
function destructures({ a, nested: { b, deep }, ...more }: Params): number {
  "use dual";
  return a * b + deep.length;
}
function destructuresWithDefaults(p: { x: number; y?: number; z?: number }): number {
  "use dual";
  const { x, y = 2 * x, z: depth = y } = p;
  let u: number;
  let v: number;
  ({ x: u, y: v = 3 } = p);
  return x * y + depth * u * v;
}
function destructuresDeep(o: Params): number {
  "use dual";
  const {
    list: [first, second],
    nested: {
      b,
      deep: [{ c }],
    },
  } = o;
  return first * second + b * c;
}
function spreads(p: Point, k: number): number {
  "use dual";
  const q = { ...p, x: k };
  // @ts-expect-error `x` is overwritten on purpose
  const r = { x: 1, ...q, z: k * k };
  q.y *= 2;
  return q.x * q.y + r.x * r.y + r.z * p.y;
}
function returnsObject(
  x: number,
  y: number,
): { sum: number; parts: number[]; label: string; at: Point } {
  "use dual";
  return { sum: x + y, parts: [x * y, 2], label: "result", at: { x: y, y: x * x } };
}
function returnsArgument(p: Point): Point {
  "use dual";
  return p;
}
function returnsSpread(p: Point): Point {
  "use dual";
  return { ...p, y: p.x * p.y };
}
function listOfObjects(ps: Point[]): number {
  "use dual";
  let s = 0;
  for (const { x, y } of ps) s += x * y;
  for (const p of ps) s += p.x ** 2;
  return s + ps[0].x * ps.map((p) => p.y).reduce((a, b) => a + b, 0);
}
function keepsState(x: number, n: number): number {
  "use dual";
  const state = { sum: 0, steps: 0, history: [] as number[] };
  while (state.steps < n) {
    state.sum += x * state.steps;
    state.history.push(state.sum * x);
    state.steps++;
  }
  return state.sum * state.history[state.history.length - 1];
}
function passes(x: number): number {
  "use dual";
  const p: Point = { x, y: x * x };
  const q = mirrored(p);
  shift(q, x);
  return length2(q) + length2({ x: q.y, y: 1 }) + p.x;
}
const mirrored = ({ x, y }: Point): Point => ({ x: y, y: x });
function shift(p: Point, by: number): void {
  p.x += by;
  p.y -= by * p.x;
}
function length2(p: Point): number {
  return p.x * p.x + p.y * p.y;
}
function chooses(p: Point, q: Point): number {
  "use dual";
  const far = length2(p) > length2(q) ? p : q;
  let near = p;
  if (far === p) near = q;
  return far.x * near.y;
}
function flags(o: { x: number; on: boolean; mode: "a" | "b"; tags: string[] }): number {
  "use dual";
  const k = o.on && o.tags.length > 1 ? 2 : 1;
  return o.mode === "a" ? k * o.x * o.x : o.x;
}
function optionalObject(p?: Point): number {
  "use dual";
  const q = p ?? { x: 2, y: 3 };
  return q.x * q.y;
}
function optionalChain(p: { at?: Point; x: number }): number {
  "use dual";
  return (p.at?.x ?? 3) * p.x;
}
function computedKey(p: Point, key: "x" | "y"): number {
  "use dual";
  return p[key] * p.x;
}
function records(weights: Record<string, number>): number {
  "use dual";
  return weights.a * weights.b;
}
function functionsInObjects(x: number): number {
  "use dual";
  const ops = { square: (v: number) => v * v, scale: (v: number) => v * x };
  return ops.square(x) + ops.scale(ops.square(2));
}
function methodsInObjects(x: number): number {
  "use dual";
  const o = {
    twice(v: number) {
      return v * 2;
    },
  };
  return o.twice(x) * x;
}
function keys(o: Point): number {
  "use dual";
  return Object.keys(o).length * o.x;
}

const p: Point = { x: 0.7, y: 1.9 };
const params: Params = { a: 0.7, list: [2, 3], nested: { b: 1.9, deep: [{ c: 4 }] } };
testForms(
  import.meta.url,
  {
    "properties are read": { f: reads, at: [p] },
    "objects inside objects, with text beside them": {
      f: nested,
      at: [{ from: p, to: { x: 3, y: 5 }, label: "" }],
    },
    "literals, with every kind of key": { f: literals, at: [0.7, 1.9] },
    "a number as key takes the dual form": { f: numericKey, at: [0.7] },
    "properties are written and compound-assigned": { f: writes, at: [0.7, 1.9] },
    "properties of inner objects are written": { f: writesNested, at: [0.7] },
    "destructuring with rest takes the dual form": { f: destructures, at: [params] },
    "destructuring with defaults, not used": {
      f: destructuresWithDefaults,
      at: [{ x: 0.7, y: 3, z: 5 }],
    },
    "destructuring with defaults, used": { f: destructuresWithDefaults, at: [{ x: 0.7 }] },
    "destructuring of arrays in objects": { f: destructuresDeep, at: [params] },
    spread: { f: spreads, at: [p, 3] },
    "an object as a result": { f: returnsObject, at: [0.7, 1.9] },
    "an argument as the result": { f: returnsArgument, at: [p] },
    "a spread argument as the result": { f: returnsSpread, at: [p] },
    "lists of objects": { f: listOfObjects, at: [[p, { x: 3, y: -1 }]] },
    "an object that keeps the state of a loop": { f: keepsState, at: [0.7, 4], along: [1, 0] },
    "objects handed to functions that change them": { f: passes, at: [0.7] },
    "a choice between objects": { f: chooses, at: [p, { x: 3, y: 2 }] },
    "booleans, text and lists of text": {
      f: flags,
      at: [{ x: 0.7, on: true, mode: "a", tags: ["b", "c"] }],
    },
    "an object that is missing": { f: optionalObject, at: [] },
    "an object that is given": { f: optionalObject, at: [p] },
    "optional chaining takes the dual form": { f: optionalChain, at: [{ x: 0.7 }] },
    "optional chaining takes the dual form, with something there": {
      f: optionalChain,
      at: [{ x: 0.7, at: p }],
    },
    "computed keys": { f: computedKey, at: [p, "y"] },
    "records take the dual form": { f: records, at: [{ a: 0.7, b: 2 }] },
    "functions in objects": { f: functionsInObjects, at: [0.7] },
    "methods in objects take the dual form": { f: methodsInObjects, at: [0.7] },
    "Object.keys": { f: keys, at: [p] },
  },
  {
    destructures: /the rest of an object/,
    numericKey: /./,
    optionalChain: /./,
    records: /./,
    methodsInObjects: /./,
    "o.twice": /./,
    anonymous: /it is written inside another marked function/,
    keys: /./,
  },
);

it("gives gradients in the shape of the argument", () => {
  expect(grad(reads)({ x: 2, y: 3 })).toEqual({ x: 7, y: 2 });
  expect(grad(destructuresDeep)(params)).toEqual({
    a: 0,
    list: [3, 2],
    nested: { b: 4, deep: [{ c: 1.9 }] },
  });
});
