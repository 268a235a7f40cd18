// biome-ignore-all lint: unusual ways to write things are what is tested here

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { compileSync } from "babel-plugin-dualize/compile";
import { jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { pushDual } from "../../packages/dualize/src/transforms/push.ts";
import { testForms } from "./support/forms.ts";
import type Settings from "./support/types/shapes.js";
import type * as shapes from "./support/types/shapes.ts";
import {
  type Box,
  type Figure,
  type List,
  Mode,
  type Point,
  type Radians,
  type Sphere,
  type Titled,
  type Unary,
  type Vec,
} from "./support/types/shapes.ts";

function imported(p: Point): number {
  "use dual";
  return p.x * p.y;
}
function byNamespace(p: shapes.Point): number {
  "use dual";
  return p.x * p.y * p.x;
}
function extended(s: Sphere): number {
  "use dual";
  return s.x * s.radius + s.y + s.name.length;
}
function byDefault({ gain, offset = 2 }: Settings, x: number): number {
  "use dual";
  return gain * x + offset;
}
function renamed(t: Titled, x: number): number {
  "use dual";
  return t.name.length * x;
}
function branded(angle: Radians): number {
  "use dual";
  return Math.sin(angle);
}
function generic(b: Box<number>): number {
  "use dual";
  return b.value * b.weight;
}
function genericOfObjects(b: Box<Point>): number {
  "use dual";
  return b.value.x * b.weight + b.value.y;
}
const contextual: Unary = (x) => {
  "use dual";
  return x * x;
};
function enums(mode: Mode, x: number): number {
  "use dual";
  return mode === Mode.squared ? x * x : x;
}
function discriminated(f: Figure): number {
  "use dual";
  return f.kind === "disc" ? Math.PI * f.radius ** 2 : f.width * f.height;
}
function eitherList(xs: List): number {
  "use dual";
  let s = 0;
  for (let i = 0; i < xs.length; i++) s += xs[i]! * xs[i]! * (i + 1);
  return s;
}
function arrayLike(xs: Vec): number {
  "use dual";
  return xs[0]! * xs[1]! + xs.length;
}
function scaled(out: List, xs: List, k: number): List {
  "use dual";
  for (let i = 0; i < xs.length; i++) out[i] = xs[i]! * k;
  return out;
}
function assigned(xs: number[] | Float32Array, x: number): number {
  "use dual";
  const y = (xs[0] = x * x);
  return y * x;
}
function sliced(xs: List): number {
  "use dual";
  const [first] = xs;
  const rest = xs.slice(1);
  return (rest as number[]).reduce((a: number, b: number) => a * b, 1) + Math.max(...xs) * first!;
}
function mapped(xs: List): number {
  "use dual";
  return (xs as number[]).map((x) => x * x)[0]!;
}
function callsEither(x: number): number {
  "use dual";
  return eitherList([x, x * x]) + eitherList(new Float64Array([x, 2 * x]));
}
function constrained<T extends Point>(p: T): number {
  "use dual";
  return p.x * p.y;
}
function constrainedLists<A extends List>(xs: A): number {
  "use dual";
  return xs[0]! * xs[0]!;
}
function utilities(
  p: Readonly<Partial<Point>>,
  q: Pick<Sphere, "x" | "radius">,
  r: Omit<Point, "y">,
  s: Record<"a" | "b", number>,
): number {
  "use dual";
  return (p.x ?? 1) * q.radius + q.x * r.x + s.a * s.b;
}
function intersected(p: Point & { z: number }): number {
  "use dual";
  return p.x * p.y * p.z;
}
function indexed(x: Point["x"], xs: List[number]): number {
  "use dual";
  return x * xs;
}
function mixed(x: number | string, k: number | boolean): number {
  "use dual";
  return (x as number) * (k as number);
}
function restTuple(xs: [number, ...number[]]): number {
  "use dual";
  return xs[0] * xs[1]!;
}
interface Options {
  scale: number;
  log?: (message: string, ...more: unknown[]) => void;
  anything?: any;
  describe?(): string;
}
function unseenFields(o: Options, x: number): number {
  "use dual";
  return o.scale * x * x;
}
function seenFields(o: Options): number {
  "use dual";
  return o.scale * o.anything;
}
function givesUnseen(o: Options): Options {
  "use dual";
  return o;
}

const xs = [0.7, 1.9, 3];
const anything = { scale: 2, anything: { deep: [1, "two"] }, log: () => {} };

testForms(
  import.meta.url,
  {
    "an interface of another file": { f: imported, at: [{ x: 0.7, y: 1.9 }] },
    "a type of a module that is imported whole": { f: byNamespace, at: [{ x: 0.7, y: 1.9 }] },
    "an interface that extends two, one of a third file": {
      f: extended,
      at: [{ x: 0.7, y: 2, radius: 3, name: "s" }],
    },
    "a default export": { f: byDefault, at: [{ gain: 2, offset: 5, note: "" }, 0.7] },
    "a default export, with a field that is missing": {
      f: byDefault,
      at: [{ gain: 2, note: "" }, 0.7],
    },
    "a type under another name": { f: renamed, at: [{ name: "abc" }, 0.7] },
    "a number with a brand": { f: branded, at: [0.7] },
    "a generic type of numbers": { f: generic, at: [{ value: 0.7, weight: 2 }] },
    "a generic type of objects": {
      f: genericOfObjects,
      at: [{ value: { x: 0.7, y: 3 }, weight: 2 }],
    },
    "a function whose type is that of its variable": { f: contextual, at: [0.7] },
    "a numeric enum": { f: enums, at: [Mode.squared, 0.7], along: [0, 1], is: 1.4 },
    "one kind of a discriminated union": { f: discriminated, at: [{ kind: "disc", radius: 0.7 }] },
    "another kind of a discriminated union": {
      f: discriminated,
      at: [{ kind: "bar", width: 0.7, height: 3 }],
    },
    "either list, an array": { f: eitherList, at: [xs] },
    "either list, a Float64Array": { f: eitherList, at: [Float64Array.from(xs)] },
    "an interface that extends ArrayLike, an array": { f: arrayLike, at: [xs] },
    "an interface that extends ArrayLike, a Float64Array": {
      f: arrayLike,
      at: [Float64Array.from(xs)],
    },
    "lists that are written to, and the result": { f: scaled, at: [[0, 0, 0], xs, 2] },
    "typed lists that are written to, and the result": {
      f: scaled,
      at: [new Float64Array(3), Float64Array.from(xs), 2],
    },
    "lists of both makes at once": { f: scaled, at: [[0, 0, 0], Float64Array.from(xs), 2] },
    "the value of an assignment to a list that rounds": {
      f: assigned,
      at: [new Float32Array(2), 0.7],
      along: [null, 1],
      is: 3 * 0.7 ** 2,
      noDifferences: "what is stored is rounded to single precision",
    },
    "the value of an assignment to an array": { f: assigned, at: [[1, 2], 0.7] },
    "slices and reductions of an array": { f: sliced, at: [xs] },
    "slices and reductions of a Float64Array": { f: sliced, at: [Float64Array.from(xs)] },
    "methods that make a list of the same make take the dual form": { f: mapped, at: [xs] },
    "calls with lists of both makes": { f: callsEither, at: [0.7] },
    "a type parameter with a constraint": { f: constrained, at: [{ x: 0.7, y: 3 }] },
    "a type parameter that is a list": { f: constrainedLists, at: [Float64Array.from(xs)] },
    "utility types": {
      f: utilities,
      at: [{ x: 0.7, y: 1 }, { x: 2, radius: 3 }, { x: 5 }, { a: 7, b: 11 }],
    },
    "an intersection": { f: intersected, at: [{ x: 0.7, y: 2, z: 3 }] },
    "parts of types": { f: indexed, at: [0.7, 3] },
    "a number that may be something else": { f: mixed, at: [0.7, 3] },
    "a tuple with a rest": { f: restTuple, at: [[0.7, 2, 3]] },
    "fields that nobody looks at": {
      f: unseenFields,
      at: [anything, 0.7],
      along: [null, 1],
      is: 2.8,
    },
    "fields of any type that are looked at take the dual form": {
      f: seenFields,
      at: [{ scale: 2, anything: 3 }],
    },
  },
  {
    mapped: /\.map/,
    seenFields: /any/,
    givesUnseen: /rest parameters|any/,
  },
);

/** What the types say is not so: the entry sees it, and the dual form is right all the same. */
const lies: [string, (...args: any[]) => any, unknown[], unknown[], unknown][] = [
  [
    "a class where a plain object is declared",
    imported,
    [
      new (class {
        x = 3;
        y = 6;
      })(),
    ],
    [{ x: 1 }],
    6,
  ],
  [
    "a field that the interface does not tell of",
    constrained,
    [{ x: 3, y: 2, z: 1 }],
    [{ x: 1, y: 0, z: 0 }],
    2,
  ],
  ["a list that holds text", eitherList, [[3, "2"]], [[1, null]], 6],
  ["integers where fractions are declared", eitherList, [Int32Array.of(3, 2)], [null], 0],
  [
    "a half of a union with a field of the other",
    discriminated,
    [{ kind: "bar", width: 3, height: 2, radius: "no" }],
    [{ width: 1 }],
    2,
  ],
  ["text where a number or text is declared", mixed, ["3", 2], [null, 1], 3],
  [
    "a number in a field that nobody looks at",
    unseenFields,
    [{ scale: 2, anything: 5 }, 3],
    [{ scale: 0, anything: 1 }, 1],
    12,
  ],
];
describe("a type that is not true", () => {
  it.each(lies)("%s", (_, f, at, along, is) => {
    expect(jvp(f as never, at as never, along as never)).toEqual([f(...at), is]);
    expect(pushDual(f as never, undefined, at as never, along as never)[1]).toEqual(is);
  });
});

it("tells of the files whose types were read", () => {
  const file = fileURLToPath(import.meta.url);
  const { report } = compileSync(readFileSync(file, "utf8"), file) ?? {};
  expect(report?.dependencies.map((d) => basename(d)).sort()).toEqual(["named.ts", "shapes.ts"]);
});
