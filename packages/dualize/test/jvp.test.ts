import { describe, expect, expectTypeOf, test } from "vitest";
import { DualizeError, jvp } from "../src/index.ts";
import { running, twin } from "../src/runtime.ts";
import { add, call, get, marked, mul, neg, set, sin } from "./support/ops.ts";

const square = marked((x: number) => mul(x, x));

describe("jvp of numbers", () => {
  test("gives the value and the derivative in one direction", () => {
    const f = marked((x: number, y: number) => mul(x, mul(y, y)));
    expect(jvp(f, [2, 3], [1, 0])).toEqual([18, 9]);
    expect(jvp(f, [2, 3], [0, 1])).toEqual([18, 12]);
    expect(jvp(f, [2, 3], [10, 100])).toEqual([18, 1290]);
  });
  test("takes a missing, null or undefined tangent for zero", () => {
    const f = marked((x: number, y: number) => mul(x, y));
    expect(jvp(f, [2, 3], [1])).toEqual([6, 3]);
    expect(jvp(f, [2, 3], [null, 1])).toEqual([6, 2]);
    expect(jvp(f, [2, 3], [undefined, 1])).toEqual([6, 2]);
    expect(jvp(f, [2, 3], [])).toEqual([6, 0]);
  });
  test("takes functions of Math as they are", () => {
    expect(jvp(Math.sin, [0], [2])).toEqual([0, 2]);
    expect(jvp(Math.max, [1, 5, 3], [10, 20, 30])).toEqual([5, 20]);
    expect(jvp(Math.floor, [1.5], [1])).toEqual([1, 0]);
  });
  test("gives a result that does not depend on the input the tangent zero", () => {
    expect(
      jvp(
        marked((_x: number) => 7),
        [1],
        [1],
      ),
    ).toEqual([7, 0]);
  });
  test("passes arguments that are no numbers as they are", () => {
    const date = new Date(0);
    const f = marked((x: number, d: Date, s: string, g: (x: number) => number) => [
      call(g, x),
      d,
      s,
      g,
      true,
      null,
      undefined,
      10n,
    ]);
    const [value, tangent] = jvp(f, [3, date, "text", square], [1]);
    expect(value.slice(0, 3)).toEqual([9, date, "text"]);
    expect(value[1]).toBe(date);
    expect(value.slice(4)).toEqual([true, null, undefined, 10n]);
    expect(tangent.slice(0, 3)).toEqual([6, null, null]);
    expect(tangent.slice(4)).toEqual([null, null, null, null]);
  });
  test("leaves no derivative running, also after an error", () => {
    jvp(square, [1], [1]);
    const f = marked((): number => {
      throw new RangeError("mine");
    });
    expect(() => jvp(f as never, [1] as never, [1] as never)).toThrow(RangeError);
    expect(running()).toBe(false);
  });
});

describe("jvp of trees", () => {
  test("takes nested arrays", () => {
    const f = marked((xs: number[][]) => [mul(xs[0]![0]!, xs[1]![0]!), [xs[0]![1]!]]);
    expect(jvp(f, [[[2, 3], [5]]], [[[1, 10], [100]]])).toEqual([
      [10, [3]],
      [205, [10]],
    ]);
  });
  test("takes objects, in which fields without a tangent stand still", () => {
    const f = marked((p: { x: number; y: number; name: string }) => ({
      r: mul(p.x, p.y),
      name: p.name,
    }));
    const [value, tangent] = jvp(f, [{ x: 2, y: 3, name: "p" }], [{ x: 1 }]);
    expect(value).toEqual({ r: 6, name: "p" });
    expect(tangent).toEqual({ r: 3, name: null });
  });
  test("takes float arrays, with tangents in float arrays or plain arrays", () => {
    const f = marked((xs: Float64Array) => mul(get(xs, 0), get(xs, 1)));
    const xs = Float64Array.of(2, 3);
    expect(jvp(f, [xs], [Float64Array.of(1, 0)])).toEqual([6, 3]);
    expect(jvp(f, [xs], [[0, 1]])).toEqual([6, 2]);
  });
  test("gives float arrays and their tangents as float arrays of the same kind", () => {
    const f = marked((xs: Float32Array) => xs.map((x) => mul(x, x)));
    const [value, tangent] = jvp(f, [Float32Array.of(1, 2)], [Float32Array.of(1, 1)]);
    expect(value).toEqual(Float32Array.of(1, 4));
    expect(tangent).toEqual(Float32Array.of(2, 4));
  });
  test("keeps class instances what they are, and gives their tangents as plain objects", () => {
    class Point {
      constructor(
        public x: number,
        public y: number,
      ) {}
    }
    const f = marked(
      (p: Point) =>
        Object.assign(Object.create(Point.prototype), { x: mul(p.x, p.y), y: p.y }) as Point,
    );
    const [value, tangent] = jvp(f, [new Point(2, 3)], [{ x: 1, y: 1 }]);
    expect(value).toBeInstanceOf(Point);
    expect({ ...value }).toEqual({ x: 6, y: 3 });
    expect(Object.getPrototypeOf(tangent)).toBe(Object.prototype);
    expect(tangent).toEqual({ x: 5, y: 1 });
  });
  test("gives maps value by value", () => {
    const f = marked(
      (x: number) =>
        new Map([
          ["a", mul(x, x)],
          ["b", 1],
        ]),
    );
    expect(jvp(f, [3], [1])).toEqual([
      new Map([
        ["a", 9],
        ["b", 1],
      ]),
      new Map([
        ["a", 6],
        ["b", 0],
      ]),
    ]);
  });
  test("follows cycles in arguments and results", () => {
    interface Node {
      x: number;
      self?: Node;
    }
    const node: Node = { x: 3 };
    node.self = node;
    const f = marked((n: Node) => {
      const made: Node = { x: mul(n.self!.self!.x, n.x) };
      made.self = made;
      return made;
    });
    const tangent: Node = { x: 1 };
    tangent.self = tangent;
    const [value, t] = jvp(f, [node], [tangent as never]);
    expect(value.x).toBe(9);
    expect(value.self).toBe(value);
    expect((t as Node).x).toBe(6);
    expect((t as Node).self).toBe(t);
  });
  test("keeps holes in sparse arrays", () => {
    const sparse = Object.assign(new Array<number>(3), { 0: 1, 2: 3 });
    const [value, tangent] = jvp(
      marked((xs: number[]) => xs.map((x) => mul(x, 2))),
      [sparse],
      [[1, 1, 1]],
    );
    expect(1 in value).toBe(false);
    expect(1 in tangent).toBe(false);
    expect(value[2]).toBe(6);
  });
  test("reads accessors of an argument as they are", () => {
    const arg = {
      x: 3,
      get double() {
        return (this as { x: number }).x;
      },
    };
    expect(
      jvp(
        marked((o: typeof arg) => mul(o.double, o.x)),
        [arg],
        [{ x: 1 }],
      ),
    ).toEqual([9, 6]);
    expect(Object.getOwnPropertyDescriptor(arg, "double")?.get).toBeTypeOf("function");
  });
});

describe("identity of what comes out", () => {
  test("an argument that is returned untouched is the caller's own object, and so is its tangent", () => {
    const identity = marked(<T>(x: T) => x);
    for (const [x, dx] of [
      [
        [1, 2],
        [3, 4],
      ],
      [{ a: 1 }, { a: 2 }],
      [Float64Array.of(1), Float64Array.of(2)],
      [
        [[1], 2],
        [[3], 4],
      ],
    ] as const) {
      const [value, tangent] = jvp(identity, [x as never], [dx as never]);
      expect(value).toBe(x);
      expect(tangent).toBe(dx);
    }
  });
  test("a part of an argument that is returned is the caller's own", () => {
    const arg = { inner: [1, 2], other: 3 };
    const dArg = { inner: [5, 6], other: 7 };
    const [value, tangent] = jvp(
      marked((o: typeof arg) => [o.inner, o]),
      [arg],
      [dArg],
    );
    expect((value as unknown[])[0]).toBe(arg.inner);
    expect((value as unknown[])[1]).toBe(arg);
    expect((tangent as unknown[])[0]).toBe(dArg.inner);
  });
  test("an inactive object from elsewhere is returned as it is", () => {
    const table = { big: [1, 2, 3] };
    const [value, tangent] = jvp(
      marked((_x: number) => table),
      [1],
      [1],
    );
    expect(value).toBe(table);
    expect(tangent).toEqual({ big: [0, 0, 0] });
  });
  test("one object in two places of the result is one object", () => {
    const [value, tangent] = jvp(
      marked((x: number) => {
        const shared = [mul(x, x)];
        return { a: shared, b: shared };
      }),
      [2],
      [1],
    );
    expect(value.a).toBe(value.b);
    expect(tangent.a).toBe(tangent.b);
  });
  test("one array in two arguments is one array inside, if it moves in one direction", () => {
    const xs = [1, 2];
    const seen: boolean[] = [];
    const f = marked((a: number[], b: number[]) => {
      seen.push(a === b);
      set(a, 0, 5);
      return get(b, 0);
    });
    jvp(f, [xs, xs], []);
    expect(seen).toEqual([true]);
    expect(xs).toEqual([5, 2]);
  });
  test("one array in two arguments may move in two directions", () => {
    const dot = marked((a: number[], b: number[]) => add(mul(a[0]!, b[0]!), mul(a[1]!, b[1]!)));
    const xs = [2, 3];
    expect(jvp(dot, [xs, xs], [[1, 0], null])).toEqual([13, 2]);
    expect(
      jvp(
        dot,
        [xs, xs],
        [
          [1, 0],
          [0, 1],
        ],
      ),
    ).toEqual([13, 5]);
    const v = [1, 1];
    expect(jvp(dot, [xs, xs], [v, v])).toEqual([13, 10]);
  });
  test("writing into an array that moves in two directions is refused, not guessed at", () => {
    const f = marked((a: number[], b: number[]) => {
      set(a, 0, 7);
      return get(b, 0);
    });
    const xs = [2, 3];
    expect(() => jvp(f, [xs, xs], [[1, 0], null])).toThrow(/DUAL108/);
  });
});

describe("functions that write into their arguments", () => {
  const fill = marked((out: number[], x: number) => {
    for (let i = 0; i < out.length; i++) set(out, i, mul(x, i));
  });
  test("write into the caller's primal and tangent", () => {
    const out = [0, 0, 0];
    const dOut = [9, 9, 9];
    expect(jvp(fill, [out, 5], [dOut, 1])).toEqual([undefined, null]);
    expect(out).toEqual([0, 5, 10]);
    expect(dOut).toEqual([0, 1, 2]);
  });
  test("write into the caller's float arrays", () => {
    const out = new Float64Array(3);
    const dOut = new Float64Array(3);
    jvp(fill as never, [out, 5] as never, [dOut, 1] as never);
    expect(out).toEqual(Float64Array.of(0, 5, 10));
    expect(dOut).toEqual(Float64Array.of(0, 1, 2));
  });
  test("need no tangent of what they write into", () => {
    const out = [0, 0, 0];
    const f = marked((o: number[], x: number) => {
      fill(o, x);
      return add(get(o, 1), get(o, 2));
    });
    expect(jvp(f, [out, 5], [null, 1])).toEqual([15, 3]);
    expect(out).toEqual([0, 5, 10]);
  });
  test("give back the tangent of what they wrote, also where the argument had none", () => {
    const f = marked((o: number[], x: number) => {
      set(o, 0, mul(x, x));
      return o;
    });
    const out = [0];
    const [value, tangent] = jvp(f, [out, 3], [null, 1]);
    expect(value).toBe(out);
    expect(out).toEqual([9]);
    expect(tangent).toEqual([6]);
  });
  test("set tangents to zero where a constant is written", () => {
    const out = [1, 1];
    const dOut = [5, 5];
    jvp(
      marked((o: number[]) => set(o, 0, 3)),
      [out],
      [dOut],
    );
    expect(out).toEqual([3, 1]);
    expect(dOut).toEqual([0, 5]);
  });
  test("add, remove and change fields of objects and elements of arrays", () => {
    const o: Record<string, number> = { a: 1, b: 2 };
    const dO: Record<string, number> = { a: 10, b: 20 };
    const xs = [1, 2, 3];
    const dXs = [10, 20, 30];
    jvp(
      marked((p: typeof o, list: number[]) => {
        p.c = mul(p.a!, 2);
        delete p.b;
        list.pop();
        list.push(mul(list[0]!, 7), 1);
      }),
      [o, xs],
      [dO, dXs],
    );
    expect(o).toEqual({ a: 1, c: 2 });
    expect(dO).toEqual({ a: 10, c: 20 });
    expect(xs).toEqual([1, 2, 7, 1]);
    expect(dXs).toEqual([10, 20, 70, 0]);
  });
  test("have written what they wrote before they threw", () => {
    const out = [0, 0];
    const dOut = [0, 0];
    const f = marked((o: number[], x: number) => {
      set(o, 0, x);
      throw new Error("after the first");
    });
    expect(() => jvp(f as never, [out, 5] as never, [dOut, 1] as never)).toThrow("after the first");
    expect(out).toEqual([5, 0]);
    expect(dOut).toEqual([1, 0]);
  });
  test("write nested containers", () => {
    const state = { pos: [0, 0], inner: { k: 1 } };
    const dState = { pos: [0, 0], inner: { k: 0 } };
    jvp(
      marked((s: typeof state, x: number) => {
        set(s.pos, 1, mul(x, x));
        s.inner.k = mul(x, 3);
      }),
      [state, 2],
      [dState, 1],
    );
    expect(state).toEqual({ pos: [0, 4], inner: { k: 6 } });
    expect(dState).toEqual({ pos: [0, 4], inner: { k: 3 } });
  });
});

describe("jvp of asynchronous functions", () => {
  test("gives promises of the value and the tangent", async () => {
    const f = marked(async (x: number) => {
      await null;
      return { y: mul(x, x) };
    });
    const [value, tangent] = jvp(f, [3], [1]);
    expect(await value).toEqual({ y: 9 });
    expect(await tangent).toEqual({ y: 6 });
  });
  test("nests after an await", async () => {
    const f = marked(async (x: number) => {
      await null;
      return jvp(
        marked((y: number) => mul(x, mul(y, y))),
        [5],
        [1],
      )[1];
    });
    const [value, tangent] = jvp(f, [3], [1]);
    expect([await value, await tangent]).toEqual([30, 10]);
    expect(running()).toBe(false);
  });
  test("rejects once: the tangent's rejection needs no handler of its own", async () => {
    const unhandled: unknown[] = [];
    const note = (e: unknown) => unhandled.push(e);
    process.on("unhandledRejection", note);
    const [value] = jvp(
      marked(async (_x: number): Promise<number> => {
        throw new Error("late");
      }),
      [1],
      [1],
    );
    await expect(value).rejects.toThrow("late");
    await new Promise((resolve) => setTimeout(resolve, 5));
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });
});

describe("what jvp refuses", () => {
  const f = marked((o: { a: number[]; b: { c: number } }) => neg(o.b.c));
  const at = { a: [1, 2], b: { c: 3 } };
  test.each<[unknown, RegExp]>([
    [{ a: [1] }, /argument 0\.a is an array of 1, but the primal there is an array of 2/],
    [{ a: 1 }, /argument 0\.a is a number, but the primal there is an array of 2/],
    [{ b: { c: [1] } }, /argument 0\.b\.c is an array of 1, but the primal there is a number/],
    [{ b: { d: 1 } }, /argument 0\.b is an object with fields d/],
    [{ a: ["1", 0] }, /argument 0\.a\[0\] is a string, but the primal there is a number/],
    [[1], /argument 0 is an array of 1, but the primal there is an object with fields a, b/],
    [5, /argument 0 is a number, but the primal there is an object/],
  ])("a tangent %j, saying where it differs", (tangent, message) => {
    expect(() => jvp(f, [at], [tangent as never])).toThrow(message);
    expect(() => jvp(f, [at], [tangent as never])).toThrow(/DUAL103/);
  });
  test("tangents of things that have none", () => {
    const g = marked((x: unknown) => x);
    expect(() => jvp(g, ["text"], [1 as never])).toThrow(/DUAL103.*a string/);
    expect(() => jvp(g, [new Date()], [{} as never])).toThrow(/DUAL103.*a Date/);
    expect(() => jvp(g, [() => 1], [1 as never])).toThrow(/DUAL103.*a function/);
    expect(() => jvp(g, [new Int32Array(2)], [[1, 0] as never])).toThrow(/DUAL103.*Int32Array/);
  });
  test("tangents for arguments that are not there", () => {
    expect(() => jvp(square, [1], [1, 1] as never)).toThrow(/DUAL103/);
  });
  test("arguments that are not in an array", () => {
    expect(() => jvp(square, 1 as never, [1])).toThrow(/DUAL109/);
    expect(() => jvp(square, [1], 1 as never)).toThrow(/DUAL109/);
    expect(() => jvp(square, [1], undefined as never)).toThrow(/DUAL109/);
  });
  test("a function without a twin, naming it and both causes", () => {
    function unmarked(x: number) {
      return x;
    }
    expect(() => jvp(unmarked, [1], [1])).toThrow(DualizeError);
    expect(() => jvp(unmarked, [1], [1])).toThrow(
      /DUAL102: 'unmarked'.*use dual.*babel-plugin-dualize/s,
    );
    expect(() => jvp(undefined as never, [1] as never, [1] as never)).toThrow(/DUAL109/);
  });
  test("a twin that was inherited from a parent class", () => {
    class A {}
    class B extends A {}
    twin(A, { dual: () => 1 });
    expect(() => jvp(B as never, [1] as never, [1] as never)).toThrow(/DUAL102/);
  });
  test("a generator for a result", () => {
    const g = marked(function* (x: number) {
      yield mul(x, x);
    });
    expect(() => jvp(g, [2], [1])).toThrow(/DUAL108.*generator/);
    expect(() =>
      jvp(
        marked((x: number) => ({ it: g(x) })),
        [2],
        [1],
      ),
    ).toThrow(/DUAL108.*generator/);
  });
  test("a set of active values for a result", () => {
    expect(() =>
      jvp(
        marked((x: number) => new Set([x])),
        [2],
        [1],
      ),
    ).toThrow(/DUAL108.*Set/);
  });
});

describe("the types of jvp", () => {
  test("hold the function's parameters and result", () => {
    const f = marked((x: number, name: string) => ({ y: sin(x), name }));
    const result = jvp(f, [1, "a"], [1]);
    expectTypeOf(result[0]).toEqualTypeOf<{ y: number; name: string }>();
    expectTypeOf(result[1]).toEqualTypeOf<{ y: number; name: null }>();
    // @ts-expect-error the first parameter is a number
    expect(() => jvp(f, ["1", "a"], [1])).toThrow();
    // @ts-expect-error the second parameter is missing
    jvp(f, [1], [1]);
    // @ts-expect-error a tangent of a number is a number
    expect(() => jvp(f, [1, "a"], ["1"])).toThrow();
    // @ts-expect-error a string has no tangent but null
    expect(() => jvp(f, [1, "a"], [1, "a"])).toThrow();
  });
  test("map arrays, float arrays, functions and promises", () => {
    expectTypeOf(
      jvp(
        marked((xs: number[]) => xs),
        [[1]],
        [[1]],
      )[1],
    ).toEqualTypeOf<number[]>();
    expectTypeOf(
      jvp(
        marked((xs: Float64Array) => xs),
        [new Float64Array(1)],
        [],
      )[1],
    ).toEqualTypeOf<Float64Array>();
    expectTypeOf(
      jvp(
        marked((x: number) => (y: number) => mul(x, y)),
        [1],
        [1],
      )[1],
    ).toEqualTypeOf<(y: number) => number>();
    expectTypeOf(
      jvp(
        marked(async (x: number) => x),
        [1],
        [1],
      )[1],
    ).toEqualTypeOf<Promise<number>>();
    expectTypeOf(
      jvp(
        marked((x: number): [number, string] => [x, "a"]),
        [1],
        [1],
      )[1],
    ).toEqualTypeOf<[number, null]>();
  });
});
