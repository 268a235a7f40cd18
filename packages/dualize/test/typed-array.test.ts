import { describe, expect, test } from "vitest";
import { derivative, jvp } from "../src/index.ts";
import * as runtime from "../src/runtime.ts";
import { add, call, get, make, marked, method, mul, set } from "./support/ops.ts";

/**
 * Typed arrays inside dual forms. Everything is done twice, with a plain typed array in plain code and
 * with `x` active in a dual form, and compared by value; the tangents are those of element-wise rules.
 */

type Floats = Float64Array;
const floats = (...xs: number[]) => make(Float64Array, xs) as Floats;

/** What a dual form makes of three numbers of which the middle one is active, and what plain code does. */
function both<R>(
  body: (a: Floats) => R,
  plainBody: (a: Floats) => unknown = body,
): { value: unknown; tangent: unknown } {
  const [value, tangent] = jvp(
    marked((x: number) => body(floats(5, x, 1))),
    [3],
    [1],
  );
  expect(value).toEqual(plainBody(Float64Array.of(5, 3, 1)));
  return { value, tangent };
}

describe("a typed array that is made in a dual form", () => {
  test("is an instance of its class, with its constructor, length and byte length", () => {
    both((a) =>
      [
        a instanceof Float64Array,
        a.constructor === Float64Array,
        a.length,
        a.byteLength,
        ArrayBuffer.isView(a),
      ].slice(0, 4),
    );
    const f = marked((_x: number) => make(Float32Array, 3) instanceof Float32Array);
    expect(jvp(f, [1], [1])[0]).toBe(true);
  });
  test("comes out as a real one, with a real one of tangents", () => {
    const { value, tangent } = both((a) => a);
    expect(value).toBeInstanceOf(Float64Array);
    expect(ArrayBuffer.isView(value)).toBe(true);
    expect(tangent).toEqual(Float64Array.of(0, 1, 0));
    expect(ArrayBuffer.isView(tangent)).toBe(true);
  });
  test("starts with zeros, and converts what is written as the language does", () => {
    const f = marked((_x: number) => {
      const a = make(Float64Array, 4) as Floats;
      set(a as unknown as unknown[], 0, "12");
      set(a as unknown as unknown[], 1, true);
      set(a as unknown as unknown[], 2, undefined);
      return a;
    });
    expect(jvp(f, [1], [1])[0]).toEqual(Float64Array.of(12, 1, Number.NaN, 0));
    const throws = (v: unknown, at: number) => () =>
      jvp(
        marked((_x: number) => set(make(Float64Array, 1) as unknown[], at, v)),
        [1],
        [1],
      );
    expect(throws(1n, 0)).toThrow(TypeError);
    expect(throws(1n, 7)).toThrow(TypeError);
    expect(throws(Symbol("s"), 0)).toThrow(TypeError);
  });
  test("ignores writes beyond its end and between its elements", () => {
    const write = (a: Floats) => {
      for (const i of [-1, 3, 1.5, Number.NaN, "3", "x1"])
        set(a as unknown as number[], i as number, 9);
      return a;
    };
    const { value } = both(write, (a) => {
      for (const i of [-1, 3, 1.5, Number.NaN]) a[i] = 9;
      return a;
    });
    expect((value as Floats).length).toBe(3);
    both((a) => [
      get(a, -1),
      get(a, 3),
      get(a, 1.5),
      get(a, "1" as never),
      get(a, "length" as never),
    ]);
  });
  test("of 32 bits rounds its numbers and lets their tangents pass", () => {
    const f = marked((x: number) => make(Float32Array, [x, 0.1]) as Float32Array);
    const [value, tangent] = jvp(f, [0.3], [0.7]);
    expect(value).toEqual(Float32Array.of(0.3, 0.1));
    expect(tangent).toEqual(Float32Array.of(0.7, 0));
    // Also at every nesting level.
    const g = marked((x: number) =>
      get(make(Float32Array, [mul(mul(x, x), x)]) as Float32Array, 0),
    );
    expect(derivative(derivative(g))(2)).toBe(12);
  });
  test.each<[string, (a: Floats) => unknown]>([
    ["length", () => (make(Float64Array, 3) as Floats).length],
    ["nothing", () => make(Float64Array)],
    ["an array", () => make(Float64Array, [1, 2])],
    ["an iterable", () => make(Float64Array, new Set([1, 2]))],
    ["an array-like", () => make(Float64Array, { length: 2, 0: 7 })],
    ["another of these", (a) => make(Float64Array, a)],
    ["a buffer", () => make(Float64Array, new Float64Array([1, 2]).buffer, 8)],
    ["from", (a) => method(Float64Array, "from", a, (v: number) => add(v, 1))],
    ["of", () => method(Float64Array, "of", 1, 2)],
  ])("can be made from %s", (_name, body) => {
    const plain: Record<string, () => unknown> = {
      length: () => 3,
      nothing: () => new Float64Array(),
      "an array": () => Float64Array.of(1, 2),
      "an iterable": () => Float64Array.of(1, 2),
      "an array-like": () => Float64Array.of(7, Number.NaN),
      "another of these": () => Float64Array.of(5, 3, 1),
      "a buffer": () => Float64Array.of(2),
      from: () => Float64Array.of(6, 4, 2),
      of: () => Float64Array.of(1, 2),
    };
    both(body, plain[_name]!);
  });
  test("throws where the language throws", () => {
    for (const bad of [-1, Number.POSITIVE_INFINITY, 2 ** 60]) {
      expect(() =>
        jvp(
          marked((_x: number) => make(Float64Array, bad)),
          [1],
          [1],
        ),
      ).toThrow(RangeError);
    }
  });
});

describe("methods of typed arrays in dual forms", () => {
  type Case = [name: string, args: unknown[], tangent?: unknown];
  const cases: Case[] = [
    ["at", [1], 1],
    ["at", [-1], 0],
    ["at", [9]],
    ["slice", [1], Float64Array.of(1, 0)],
    ["slice", [-2, -1], Float64Array.of(1)],
    ["slice", [], Float64Array.of(0, 1, 0)],
    ["subarray", [1, 3], Float64Array.of(1, 0)],
    ["subarray", [-1]],
    ["subarray", [2, 1]],
    ["fill", [7]],
    ["fill", [7, 1, 2], Float64Array.of(0, 0, 0)],
    ["fill", [7, -1], Float64Array.of(0, 1, 0)],
    ["copyWithin", [0, 1], Float64Array.of(1, 0, 0)],
    ["copyWithin", [1, 0, 2], Float64Array.of(0, 0, 1)],
    ["reverse", [], Float64Array.of(0, 1, 0)],
    ["toReversed", []],
    ["with", [0, 9], Float64Array.of(0, 1, 0)],
    ["with", [-2, 9], Float64Array.of(0, 0, 0)],
    ["sort", [], Float64Array.of(0, 1, 0)],
    ["sort", [(a: number, b: number) => runtime.sub(b, a)], Float64Array.of(0, 1, 0)],
    ["toSorted", []],
    ["map", [(v: number, i: number) => mul(mul(v, v), i)], Float64Array.of(0, 6, 0)],
    ["filter", [(v: number) => runtime.plain(v) > 2], Float64Array.of(0, 1)],
    ["every", [(v: number) => runtime.plain(v) > 2]],
    ["some", [(v: number) => runtime.plain(v) > 4]],
    ["some", [(v: number) => v]],
    ["find", [(v: number) => runtime.plain(v) < 4], 1],
    ["findIndex", [(v: number) => runtime.plain(v) < 4]],
    ["findLast", [(v: number) => runtime.plain(v) > 2], 1],
    ["findLastIndex", [(v: number) => runtime.plain(v) > 2]],
    ["findLastIndex", [() => false]],
    ["reduce", [(s: number, v: number) => add(s, mul(v, v))], 6],
    ["reduce", [(s: number, v: number) => add(s, v), 100], 1],
    ["reduceRight", [(s: number, v: number) => mul(s, v)], 5],
    ["includes", [3]],
    ["includes", [3, 2]],
    ["indexOf", [3]],
    ["indexOf", [3, -1]],
    ["lastIndexOf", [3]],
    ["lastIndexOf", [5, -2]],
    ["join", []],
    ["join", ["; "]],
    ["toString", []],
    ["toLocaleString", []],
  ];
  for (const [name, args, expected] of cases) {
    const shown = args.map((a) => (typeof a === "function" ? "f" : JSON.stringify(a))).join(", ");
    test(`${name}(${shown}) has the value of the language, and its tangent`, () => {
      const { tangent } = both(
        (a) => method(a, name, ...args),
        (a) => (a as unknown as Record<string, (...args: unknown[]) => unknown>)[name]!(...args),
      );
      if (expected !== undefined) expect(tangent).toEqual(expected);
    });
  }
  test("callbacks get element, index, the array itself, and `this`", () => {
    const f = marked((x: number) => {
      const a = floats(5, x);
      const seen: unknown[] = [];
      const self = {};
      method(
        a,
        "forEach",
        marked(function (this: unknown, v: number, i: number, array: Floats) {
          seen.push([runtime.plain(v), i, array === a, this === self]);
        } as never),
        self,
      );
      return seen;
    });
    expect(jvp(f, [3], [1])[0]).toEqual([
      [5, 0, true, true],
      [3, 1, true, true],
    ]);
  });
  test("set copies, with an offset, also from itself", () => {
    const { tangent } = both((a) => {
      method(a, "set", [9], 2);
      method(a, "set", method(a, "subarray", 0, 2), 1);
      return a;
    });
    expect(tangent).toEqual(Float64Array.of(0, 0, 1));
    expect(() => both((a) => method(a, "set", [1, 2], 2))).toThrow(RangeError);
    expect(() => both((a) => method(a, "set", [1], -1))).toThrow(RangeError);
  });
  test("with throws a RangeError where there is no such element", () => {
    expect(() => both((a) => method(a, "with", 3, 1))).toThrow(RangeError);
    expect(() => both((a) => method(a, "with", -4, 1))).toThrow(RangeError);
  });
  test("sort puts -0 before 0 and NaN last, as typed arrays do", () => {
    const f = marked((x: number) => method(make(Float64Array, [x, Number.NaN, 0, -0, -1]), "sort"));
    expect(jvp(f, [3], [1])[0]).toEqual(Float64Array.of(3, Number.NaN, 0, -0, -1).sort());
  });
  test("a subarray shares its elements, both ways", () => {
    const { tangent } = both((a) => {
      const part = method(a, "subarray", 1) as Floats;
      set(part, 1, mul(get(a, 1), get(a, 1)));
      set(a, 1, 7);
      return [get(part, 0), get(a, 2)];
    });
    expect(tangent).toEqual([0, 6]);
  });
  test("iterates, spreads and destructures", () => {
    const { tangent } = both((a) => {
      const [first, ...rest] = a;
      const { 1: second, length } = a;
      return [first, rest, second, length, [...a], [...a.keys()], [...a.entries()]];
    });
    expect(tangent).toEqual([
      0,
      [1, 0],
      1,
      0,
      [0, 1, 0],
      [0, 0, 0],
      [
        [0, 0],
        [0, 1],
        [0, 0],
      ],
    ]);
  });
  test("a loop sees what its body writes ahead of it", () => {
    both((a) => {
      const seen: number[] = [];
      for (const v of a) {
        seen.push(v);
        set(a, 2, 42);
      }
      return seen;
    });
  });
  test("Object.keys, Object.entries and JSON see its elements", () => {
    both((a) => [
      method(Object, "keys", a),
      method(Object, "entries", a),
      method(JSON, "stringify", { a }),
    ]);
  });
});

describe("typed arrays made outside", () => {
  const table = Float64Array.of(2, 4, 8);
  test("are read as they are", () => {
    const f = marked((x: number) => mul(get(table, 1), x));
    expect(jvp(f, [3], [1])).toEqual([12, 4]);
  });
  test("give new arrays that can hold active values", () => {
    const f = marked((x: number) => method(table, "map", (v: number) => mul(v, x)));
    expect(jvp(f, [3], [1])).toEqual([Float64Array.of(6, 12, 24), Float64Array.of(2, 4, 8)]);
    const g = marked((x: number) => {
      const copy = method(table, "slice") as Floats;
      set(copy, 0, x);
      return copy;
    });
    expect(jvp(g, [3], [1])).toEqual([Float64Array.of(3, 4, 8), Float64Array.of(1, 0, 0)]);
    expect(table).toEqual(Float64Array.of(2, 4, 8));
  });
  test("fold with active values", () => {
    const f = marked((x: number) =>
      method(table, "reduce", (s: number, v: number) => add(mul(s, x), v), 0),
    );
    // 2x² + 4x + 8
    expect(jvp(f, [3], [1])).toEqual([38, 16]);
  });
  test("refuse active values that are written to them", () => {
    const refused = (body: (x: number) => unknown) =>
      expect(() => jvp(marked(body), [3], [1])).toThrow(/DUAL106/);
    const own = new Float64Array(3);
    refused((x) => set(own, 0, x));
    refused((x) => method(own, "fill", x));
    refused((x) => method(own, "set", [x]));
    expect(own).toEqual(new Float64Array(3));
  });
  test("of integers take the primal: their tangent is zero", () => {
    const ints = new Int32Array(3);
    const f = marked((x: number) => {
      set(ints, 0, x);
      method(ints, "fill", x, 1, 2);
      method(ints, "set", [x], 2);
      return get(ints, 0);
    });
    expect(jvp(f, [3.7], [1])).toEqual([3, 0]);
    expect(ints).toEqual(Int32Array.of(3, 3, 3));
    const g = marked((x: number) => make(Uint8Array, [x, 300]));
    expect(jvp(g, [2.9], [1])).toEqual([Uint8Array.of(2, 44), null]);
  });
});

describe("typed arrays that are handed to unmarked code", () => {
  const sum = (a: Floats) => a.reduce((s, v) => s + v, 0);
  const double = (a: Floats) => {
    for (let i = 0; i < a.length; i++) a[i] = a[i]! * 2;
    return a.buffer.byteLength;
  };

  test("are real ones when they hold no active value, and what is written comes back", () => {
    const f = marked((x: number) => {
      const a = make(Float64Array, [1, 2]) as Floats;
      const bytes = call(double, a);
      set(a, 0, add(get(a, 0), x));
      return [bytes, a, call(sum, make(Float64Array, [4, 5]) as Floats)];
    });
    expect(jvp(f, [10], [1])).toEqual([
      [16, Float64Array.of(12, 4), 9],
      [0, Float64Array.of(1, 0), 0],
    ]);
  });
  test("are refused when they hold an active value", () => {
    expect(() =>
      jvp(
        marked((x: number) => call(sum, floats(x))),
        [1],
        [1],
      ),
    ).toThrow(/DUAL101: 'sum'/);
    expect(() =>
      jvp(
        marked((x: number) => call((o: { a: Floats }) => o.a.length, { a: floats(x) })),
        [1],
        [1],
      ),
    ).toThrow(/DUAL101/);
  });
  test("are read right inside objects too, however long they are", () => {
    const total = (o: { data: Floats }) => {
      let s = 0;
      for (let i = 0; i < o.data.length; i++) s += o.data[i]!;
      o.data[99] = 7;
      return s;
    };
    const f = marked((x: number) => {
      const data = make(
        Float64Array,
        Array.from({ length: 100 }, (_, i) => i),
      ) as Floats;
      return [mul(x, call(total, { data })), get(data, 99)];
    });
    expect(jvp(f, [2], [1])).toEqual([
      [9900, 7],
      [4950, 0],
    ]);
  });
});
