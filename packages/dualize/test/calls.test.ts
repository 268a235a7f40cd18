import { describe, expect, test } from "vitest";
import { derivative, jvp } from "../src/index.ts";
import * as runtime from "../src/runtime.ts";
import { add, call, div, get, make, marked, method, mul, sub } from "./support/ops.ts";

/**
 * What functions of the language do with active values. `both` runs the same body with a plain number
 * in plain code's place and with an active one, and compares the values.
 */
function both(body: (x: number) => unknown, at = 3): unknown {
  const [value, tangent] = jvp(marked(body), [at], [1]);
  const ordinary = body(at);
  expect(value).toEqual(ordinary);
  return tangent;
}
const nan = Number.NaN;
const less = (a: number, b: number) => (runtime.plain(a) as number) < (runtime.plain(b) as number);

describe("array methods", () => {
  type Case = [name: string, args: (x: number) => unknown[], tangent?: unknown];
  const list = (x: number) => [5, x, 1];
  const cases: Case[] = [
    ["map", () => [(v: number, i: number) => mul(v, add(v, i))], [0, 7, 0]],
    ["flatMap", () => [(v: number) => [v, mul(v, 2)]], [0, 0, 1, 2, 0, 0]],
    ["filter", () => [(v: number) => less(2, v)], [0, 1]],
    ["filter", () => [(v: number) => sub(v, 3)], [0, 0]],
    ["find", () => [(v: number) => less(v, 4)], 1],
    ["findIndex", () => [(v: number) => less(v, 4)]],
    ["findLast", () => [(v: number) => less(2, v)], 1],
    ["findLastIndex", () => [(v: number) => less(2, v)]],
    ["every", () => [(v: number) => sub(v, 3)]],
    ["some", () => [(v: number) => sub(v, v)]],
    ["reduce", () => [(s: number, v: number) => add(mul(s, 2), v)], 2],
    ["reduce", (x) => [(s: number, v: number) => add(s, v), x], 2],
    ["reduceRight", () => [(s: number, v: number) => sub(s, v)], -1],
    ["sort", () => [], [0, 1, 0]],
    ["sort", () => [(a: number, b: number) => sub(a, b)], [0, 1, 0]],
    ["sort", () => [(a: number, b: number) => sub(b, a)], [0, 1, 0]],
    ["toSorted", () => [(a: number, b: number) => sub(a, b)], [0, 1, 0]],
    ["reverse", () => [], [0, 1, 0]],
    ["toReversed", () => []],
    ["slice", () => [1], [1, 0]],
    ["slice", (x) => [sub(x, 2), x], [1, 0]],
    ["splice", (x) => [sub(x, 2), 1, x, x], [1]],
    ["toSpliced", (x) => [1, 1, mul(x, x)], [0, 6, 0]],
    ["concat", (x) => [x, [x, 2]], [0, 1, 0, 1, 1, 0]],
    ["fill", (x) => [mul(x, x), 1], [0, 6, 6]],
    ["copyWithin", () => [0, 1], [1, 0, 0]],
    ["with", (x) => [0, mul(x, x)], [6, 1, 0]],
    ["at", (x) => [sub(x, 2)], 1],
    ["includes", (x) => [x]],
    ["includes", () => [3]],
    ["indexOf", () => [3]],
    ["indexOf", (x) => [x, 2]],
    ["lastIndexOf", () => [3]],
    ["join", () => ["-"]],
    ["toString", () => []],
    ["push", (x) => [x, 1]],
    ["unshift", (x) => [x]],
    ["pop", () => [], 0],
    ["shift", () => [], 0],
    ["flat", () => []],
    ["keys", () => []],
  ];
  for (const [name, args, expected] of cases) {
    test(`${name} ${args(0).length} has the value of the language, and its tangent`, () => {
      const tangent = both((x) => {
        const result = method(list(x), name, ...args(x));
        return name === "keys" ? [...(result as Iterable<number>)] : result;
      });
      if (expected !== undefined) expect(tangent).toEqual(expected);
    });
  }
  test("change the array in place where the language does", () => {
    const tangent = both((x) => {
      const a = list(x);
      method(a, "push", mul(x, x));
      method(a, "unshift", 0);
      method(a, "splice", 1, 1);
      method(a, "sort", (p: number, q: number) => sub(p, q));
      return a;
    });
    expect(tangent).toEqual([0, 0, 1, 6]);
  });
  test("call marked functions by their twins", () => {
    const square = runtime.twin((v: number) => v * v, { dual: (v: number) => mul(v, v) });
    expect(both((x) => method([1, x], "map", square))).toEqual([0, 6]);
    expect(both((x) => method([x, 4], "map", Math.sqrt))).toEqual([1 / (2 * Math.sqrt(3)), 0]);
  });
  test("refuse unmarked callbacks that would get an active value", () => {
    // Called for the elements, so the plain ones pass and the active one does not.
    const unmarked = (v: number) => v + 1;
    expect(() =>
      jvp(
        marked((x: number) => method([1, x], "map", unmarked)),
        [1],
        [1],
      ),
    ).toThrow(/DUAL101: 'unmarked'/);
    expect(
      jvp(
        marked((_x: number) => method([1, 2], "map", unmarked)),
        [1],
        [1],
      )[0],
    ).toEqual([2, 3]);
  });
  test("keep holes and see undefined and null as the language does", () => {
    both((x) => method(Object.assign(new Array(4), { 0: x, 2: undefined, 3: null }), "join", ","));
    both((x) => method([x, undefined], "includes", undefined));
    both((x) => method([nan, x], "includes", nan));
    both((x) => method([nan, x], "indexOf", nan));
  });
  test("throw the language's own errors", () => {
    expect(() =>
      jvp(
        marked((_x: number) => method([], "reduce", add)),
        [1],
        [1],
      ),
    ).toThrow(TypeError);
    expect(() =>
      jvp(
        marked((_x: number) => method([1], "map", 5)),
        [1],
        [1],
      ),
    ).toThrow(TypeError);
    expect(() =>
      jvp(
        marked((x: number) => method([x], "with", 5, 1)),
        [1],
        [1],
      ),
    ).toThrow(RangeError);
  });
  test("make arrays by Array.from, Array.of, Array and new Array", () => {
    expect(
      both((x) => method(Array, "from", [x, 1], (v: number, i: number) => mul(v, i + 1))),
    ).toEqual([1, 0]);
    expect(
      both((x) => method(Array, "from", { length: x }, (_: unknown, i: number) => mul(x, i))),
    ).toEqual([0, 1, 2]);
    expect(both((x) => method(Array, "from", new Set([1, 2]), (v: number) => mul(v, x)))).toEqual([
      1, 2,
    ]);
    expect(both((x) => method(Array, "of", x, 1))).toEqual([1, 0]);
    expect(both((x) => make(Array, x, 1))).toEqual([1, 0]);
    both((x) => [
      (make(Array, x) as unknown[]).length,
      (call(Array as never, x) as unknown[]).length,
    ]);
    class Vec extends Array<number> {}
    expect((runtime.callMethod("t:1:1", Vec, "from", [1, 2]) as Vec).constructor).toBe(Vec);
    expect((runtime.callMethod("t:1:1", Vec, "of", 1, 2) as Vec).constructor).toBe(Vec);
  });
  test("Array.from alone, as a callback, makes arrays", () => {
    const { from } = Array;
    both((x) => call(from as never, [x]));
  });
});

describe("Math", () => {
  test("is found by any name", () => {
    for (const name of ["sin", "exp", "hypot", "max"] as const) {
      both((x) => method(Math, name, x));
    }
    const { cos, sqrt: root } = Math;
    expect(both((x) => call(cos, x), 0)).toBe(-0);
    expect(both((x) => call(root, x), 4)).toBe(0.25);
  });
  test("takes spread arguments", () => {
    expect(both((x) => method(Math, "max", ...[1, x, 2]))).toBe(1);
    expect(both((x) => method(Math, "min", ...[1, x, 2]))).toBe(0);
    both(() => method(Math, "max"));
  });
  test("converts its arguments as the language does", () => {
    both((x) => [
      method(Math, "max", "7", x),
      method(Math, "max", null, -5),
      method(Math, "max", null, mul(x, -1)),
      method(Math, "max", new Date(5), new Date(9)),
      method(Math, "min", [4], x),
      method(Math, "pow", "2", x),
      method(Math, "sqrt", undefined),
      method(Math, "abs", null),
      method(Math, "abs", { valueOf: () => -4 }),
      method(Math, "hypot", true, x),
      method(Math, "atan2", [], x),
    ]);
    expect(() =>
      jvp(
        marked((_x: number) => method(Math, "sqrt", 4n)),
        [1],
        [1],
      ),
    ).toThrow(TypeError);
    expect(() =>
      jvp(
        marked((x: number) => method(Math, "max", 4n, x)),
        [1],
        [1],
      ),
    ).toThrow(TypeError);
    expect(() =>
      jvp(
        marked((_x: number) => method(Math, "sqrt", Symbol("s"))),
        [1],
        [1],
      ),
    ).toThrow(TypeError);
  });
  test("random is there", () => {
    expect(
      jvp(
        marked((x: number) => mul(x, call(Math.random))),
        [0],
        [0],
      )[0],
    ).toBe(0);
  });
});

describe("numbers, text and objects", () => {
  test("Number and parseFloat keep the tangent", () => {
    expect(both((x) => call(Number, x))).toBe(1);
    expect(both((x) => call(Number.parseFloat as never, x))).toBe(1);
    both((_x) => [call(Number), call(Number, "12"), call(Number, null), call(Number, 3n)]);
  });
  test("questions about numbers see the primal", () => {
    for (const name of ["isFinite", "isNaN", "isInteger", "isSafeInteger"]) {
      both((x) => [
        method(Number, name, x),
        method(Number, name, "3"),
        method(Number, name, mul(x, nan)),
      ]);
    }
    both((x) => [
      method(globalThis, "isNaN", x),
      method(globalThis, "isFinite", x),
      call(Boolean, sub(x, 3)),
      call(Boolean, x),
    ]);
    both((x) => [
      call(Number.parseInt as never, x),
      call(BigInt as never, x),
      method(Object, "is", x, 3),
    ]);
  });
  test("text shows the primal", () => {
    both((x) => [
      call(String, x),
      method(x, "toFixed", 2),
      method(x, "toString", 2),
      method(x, "toPrecision", 3),
      method(x, "toExponential", 1),
      method(div(x, 7), "toFixed", x),
      method("abc", "repeat", x),
      method("a,b", "split", ","),
      method("abc", "at", sub(x, 3)),
      method("a", "padStart", x, "-"),
      method("x1", "replace", /\d/, () => call(String, x)),
      method(JSON, "stringify", { a: [x], b: { c: x } }),
      method(JSON, "stringify", { a: x }, ["a"]),
      method(JSON, "stringify", { a: x }, (_k: string, v: unknown) =>
        typeof v === "object" ? v : add(v as number, 1),
      ),
    ]);
  });
  test("valueOf is the value with its tangent", () => {
    expect(both((x) => method(x, "valueOf"))).toBe(1);
  });
  test("objects are taken apart and put together", () => {
    expect(
      both((x) => [
        method(Object, "keys", { a: x }),
        method(Object, "values", { a: x }),
        method(Object, "entries", { a: x }),
        method(Object, "fromEntries", [["b", x]]),
        method(Object, "assign", {}, { c: x }),
        method(Object, "freeze", { d: x }),
        method(Object, "keys", x),
      ]),
    ).toEqual([[null], [1], [[null, 1]], { b: 1 }, { c: 1 }, { d: 1 }, []]);
  });
  test("property keys are primals", () => {
    both((x) => get(["a", "b", "c", "d"], x));
  });
});

describe("functions of functions", () => {
  function scale(this: { k: number } | undefined, x: number, y: number) {
    return add(mul(x, y), this?.k ?? 0);
  }
  const dual = marked(scale as (x: number, y: number) => number);

  test("call, apply and Reflect.apply pass `this` and the arguments", () => {
    expect(both((x) => method(dual, "call", { k: 2 }, x, 5))).toBe(5);
    expect(both((x) => method(dual, "apply", { k: 2 }, [x, x]))).toBe(6);
    expect(both(() => method(dual, "apply", null))).toBe(0);
    expect(both((x) => method(Reflect, "apply", dual, { k: 1 }, [x, 2]))).toBe(2);
  });
  test("bind binds `this` and first arguments, active ones too", () => {
    expect(both((x) => call(method(dual, "bind", { k: 2 }, x) as never, 7 as never))).toBe(7);
    expect(both((x) => call(method(Math.pow, "bind", null, x) as never, 2 as never))).toBe(6);
  });
  test("call of what is no function throws the language's TypeError", () => {
    expect(() => runtime.call("t:1:1", undefined, 1)).toThrow(TypeError);
    expect(() => runtime.call("t:1:1", 5, 1)).toThrow(TypeError);
    expect(() => runtime.callMethod("t:1:1", {}, "missing", 1)).toThrow(TypeError);
    expect(() => runtime.callMethod("t:1:1", null, "x", 1)).toThrow(TypeError);
  });
  test("an optional call of nothing is undefined", () => {
    expect(runtime.callOptional("t:1:1", undefined, undefined, 1)).toBeUndefined();
    expect(runtime.callOptional("t:1:1", null, {}, 1)).toBeUndefined();
    expect(runtime.callOptional("t:1:1", dual, undefined, 2, 3)).toBe(6);
  });
});

describe("maps and sets", () => {
  test("look up active keys by their primals", () => {
    const f = (x: number) => {
      const m = make(Map, [
        [3, x],
        ["s", 1],
      ]) as Map<unknown, number>;
      const s = make(Set, [3, 4]);
      method(m, "set", 9, mul(x, x));
      return [
        method(m, "get", x),
        method(m, "has", x),
        method(m, "get", 9),
        method(s, "has", x),
        method(m, "delete", x),
        method(s, "delete", x),
        [...m.values()],
      ];
    };
    expect(both(f)).toEqual([1, null, 6, null, null, null, [0, 6]]);
  });
  test("refuse active values as keys, for these would lose their tangent", () => {
    const refused = (body: (x: number) => unknown) =>
      expect(() => jvp(marked(body), [1], [1])).toThrow(/DUAL108/);
    refused((x) => method(new Map(), "set", x, 1));
    refused((x) => method(new Set(), "add", x));
    refused((x) => make(Map, [[x, 1]]));
    refused((x) => make(Set, [x]));
  });
  test("go over their values", () => {
    const tangent = both((x) => {
      const seen: unknown[] = [];
      method(make(Map, [["a", x]]), "forEach", (v: number, k: string) => seen.push(mul(v, v), k));
      method(make(Set, ["b"]), "forEach", (v: string) => seen.push(v));
      for (const [k, v] of make(Map, [["c", x]]) as Map<string, number>) seen.push(k, v);
      return seen;
    });
    expect(tangent).toEqual([6, null, null, null, 1]);
  });
  test("hold active values by weak keys", () => {
    const key = {};
    expect(
      both((x) => {
        const m = make(WeakMap) as WeakMap<object, number>;
        method(m, "set", key, x);
        const s = make(WeakSet);
        const held = { x };
        method(s, "add", held);
        return [method(m, "get", key), method(s, "has", held)];
      }),
    ).toEqual([1, null]);
  });
});

describe("generators and promises", () => {
  const counter = marked(function* (x: number): Generator<number, number, number> {
    const sent = yield x;
    yield mul(x, sent);
    return mul(x, x);
  });
  test("generators give and take active values", () => {
    const tangent = both((x) => {
      const g = call(counter, x);
      const first = (method(g, "next") as IteratorResult<number>).value;
      const second = (method(g, "next", x) as IteratorResult<number>).value;
      const last = method(g, "next") as IteratorResult<number>;
      return [first, second, last.value, last.done];
    });
    expect(tangent).toEqual([1, 6, 6, null]);
  });
  test("iterators of arrays and maps give active values", () => {
    expect(
      both((x) => (method(method([x], "values"), "next") as IteratorResult<number>).value),
    ).toBe(1);
    expect(
      both(
        (x) =>
          (method(method(make(Map, [[1, x]]), "values"), "next") as IteratorResult<number>).value,
      ),
    ).toBe(1);
  });
  test("promises hand active values to marked and dual-form callbacks", async () => {
    const square = runtime.twin((v: number) => v * v, { dual: (v: number) => mul(v, v) });
    const f = marked(
      (x: number) =>
        method(method(method(Promise, "resolve", x), "then", square), "then", (v: number) =>
          mul(v, 2),
        ) as Promise<number>,
    );
    const [value, tangent] = jvp(f, [3], [1]);
    expect([await value, await tangent]).toEqual([18, 12]);
  });
  test("promises are made of active values", async () => {
    const f = marked(
      (x: number) =>
        make(
          Promise,
          marked((resolve: (v: number) => void) => {
            call(resolve, mul(x, x));
          }),
        ) as Promise<number>,
    );
    const [value, tangent] = jvp(f, [3], [1]);
    expect([await value, await tangent]).toEqual([9, 6]);
    const all = marked((x: number) => method(Promise, "all", [x, mul(x, x)]) as Promise<number[]>);
    const [values, tangents] = jvp(all, [3], [1]);
    expect([await values, await tangents]).toEqual([
      [3, 9],
      [1, 6],
    ]);
  });
});

describe("unmarked functions", () => {
  const plain = (x: number) => x * 2;
  test("run as they are on inactive arguments", () => {
    expect(both((x) => mul(x, call(plain, 21)))).toBe(42);
  });
  test("are refused with an active argument, wherever it is, by name and place", () => {
    const refused = (body: (x: number) => unknown) =>
      expect(() => jvp(marked(body), [1], [1])).toThrow(/DUAL101: 'plain'.*at test\.ts:1:1/s);
    refused((x) => call(plain, x));
    refused((x) => call(plain as never, [x] as never));
    refused((x) => call(plain as never, { deep: [{ x }] } as never));
    refused((x) => call(plain as never, new Map([["k", x]]) as never));
    refused((x) => call(plain as never, new Set([x]) as never));
    refused((x) => method({ plain, x }, "plain", 1));
    refused((x) => make(function plain() {} as never, x));
  });
  test("get closures that may be called, but may not give them an active value", () => {
    const twice = (f: (v: number) => number) => f(f(1));
    expect(
      both((x) =>
        mul(
          x,
          call(
            twice,
            marked((v: number) => add(v, 1)),
          ),
        ),
      ),
    ).toBe(3);
    expect(() =>
      jvp(
        marked((x: number) =>
          call(
            twice,
            marked((v: number) => mul(v, x)),
          ),
        ),
        [2],
        [1],
      ),
    ).toThrow(/DUAL101: 'twice'/);
  });
  test("may call closures for their effects", () => {
    const each = (n: number, f: (i: number) => void) => {
      for (let i = 0; i < n; i++) f(i);
    };
    expect(
      both((x) => {
        let sum = 0;
        call(
          each,
          4,
          marked((i: number) => {
            sum = add(sum, mul(x, i));
          }),
        );
        return sum;
      }),
    ).toBe(6);
  });
  test("may be classes, which are made of inactive arguments only", () => {
    class Box {
      constructor(readonly v: number) {}
    }
    both((_x) => ({ ...(make(Box, 5) as Box) }));
    expect(() =>
      jvp(
        marked((x: number) => make(Box, x)),
        [1],
        [1],
      ),
    ).toThrow(/DUAL101: 'Box'/);
  });
  test("errors and dates may be made of active values, which become text and times", () => {
    both((x) => [(make(Error, `x is ${x}`) as Error).message, (make(Date, x) as Date).getTime()]);
    both((x) => String((make(RangeError, x) as Error).message));
  });
});

describe("derivatives of what is called only at run time", () => {
  test("a function that is passed in is differentiated", () => {
    const apply = marked((f: (x: number) => number, x: number) => call(f, x));
    expect(derivative(marked((x: number) => call(apply, Math.sin, x)))(0)).toBe(1);
    expect(derivative(marked((x: number) => call(apply, derivative(Math.sin), x)))(0)).toBe(-0);
  });
});
