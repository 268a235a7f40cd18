import { jvp } from "dualize";
import { add, get, maybeTouched, mul, set, twin } from "dualize/runtime";
import { describe, expect, test } from "vitest";

type List = number[] & { note?: string };

const site = "test.ts:1:1";

/** `out[i] = a[i] * b[i]`, by the dual form alone. */
const times = twin(
  (out: List, a: List, b: List): List => {
    for (let i = 0; i < a.length; i++) out[i] = (a[i] as number) * (b[i] as number);
    return out;
  },
  {
    dual: (out: List, a: List, b: List) => {
      for (let i = 0; i < a.length; i++) set(site, maybeTouched(out), i, mul(get(a, i), get(b, i)));
      return out;
    },
  },
);

describe("lists of numbers, taken by the dual form", () => {
  test("what is written comes back to the caller's list and tangent, which are also the result", () => {
    const [out, a, b] = [
      [0, 0],
      [2, 3],
      [5, 7],
    ];
    const [dOut, dA, dB] = [
      [9, 9],
      [1, 0],
      [0, 1],
    ];
    const [value, tangent] = jvp(times, [out, a, b] as never, [dOut, dA, dB] as never);
    expect(value).toBe(out);
    expect(tangent).toBe(dOut);
    expect([out, dOut, a, dA]).toEqual([
      [10, 21],
      [5, 3],
      [2, 3],
      [1, 0],
    ]);
  });

  test("one list in two places is one list, with one tangent or with two", () => {
    const a = [2, 3];
    const dA = [1, 0];
    expect(jvp(times, [a, a, a] as never, [dA, dA, dA] as never)).toEqual([
      [4, 9],
      [4, 0],
    ]);
    expect(a).toEqual([4, 9]);
    expect(() => jvp(times, [a, a, a] as never, [[0, 0], dA, [1, 1]] as never)).toThrow("DUAL108");
  });

  test("a tangent that is an argument, or another's, or frozen, is not written to", () => {
    const a = [2, 3];
    const seed = [1, 1];
    expect(jvp(times, [[0, 0], a, [5, 7]] as never, [seed, seed, null] as never)[1]).toEqual([
      5, 7,
    ]);
    expect(jvp(times, [[0, 0], a, [5, 7]] as never, [a, [1, 0], null] as never)[1]).toEqual([5, 0]);
    const frozen = Object.freeze([1, 1]);
    expect(jvp(times, [[0, 0], a, [5, 7]] as never, [frozen, [1, 0], null] as never)[1]).toEqual([
      5, 0,
    ]);
    expect([a, frozen]).toEqual([
      [2, 3],
      [1, 1],
    ]);
  });

  test("a frozen tangent of a list that is given back comes back as one that can be written to", () => {
    const same = twin((a: List): List => a, { dual: (a: List) => a });
    const frozen = Object.freeze([1, 0]);
    const [, tangent] = jvp(same, [[2, 3]] as never, [frozen] as never);
    expect(tangent).toEqual([1, 0]);
    expect(Object.isFrozen(tangent)).toBe(false);
  });

  test("a frozen list throws where it is written to, as ever", () => {
    expect(() =>
      jvp(
        times,
        [Object.freeze([0, 0]), [1, 2], [3, 4]] as never,
        [
          [0, 0],
          [1, 1],
        ] as never,
      ),
    ).toThrow(TypeError);
  });

  test("a list without a tangent gets its numbers and nothing else", () => {
    const out = [0, 0];
    expect(jvp(times, [out, [2, 3], [5, 7]] as never, [undefined, [1, 0]] as never)).toEqual([
      [10, 21],
      [5, 0],
    ]);
    expect(out).toEqual([10, 21]);
  });

  test("a list grows, keeps what it has beside its elements and may get more", () => {
    const noted = twin(
      (out: List, x: number): string => {
        out.push(x * x);
        const before = out.note ?? "";
        out.note = "seen";
        return before;
      },
      {
        dual: (out: List, x: number) => {
          out.push(mul(x, x) as number);
          const before = out.note ?? "";
          out.note = "seen";
          return before;
        },
      },
    );
    const out: List = Object.assign([1], { note: "given" });
    const dOut: List = [2];
    expect(jvp(noted, [out, 3] as never, [dOut, 1] as never)[0]).toBe("given");
    expect([[...out], [...dOut], out.note]).toEqual([[1, 9], [2, 6], "seen"]);
    const bare: List = [1];
    expect(jvp(noted, [bare, 3] as never, [[2], 1] as never)[0]).toBe("");
    expect(bare.note).toBe("seen");
  });

  test("what was written before an error is written", () => {
    const fails = twin(
      (out: List, x: number): number => {
        out[0] = x;
        throw new RangeError("no more");
      },
      {
        dual: (out: List, x: number) => {
          set(site, out, 0, add(x, x));
          throw new RangeError("no more");
        },
      },
    );
    const [out, dOut] = [[1], [0]];
    expect(() => jvp(fails, [out, 3] as never, [dOut, 1] as never)).toThrow(RangeError);
    expect([out, dOut]).toEqual([[6], [2]]);
  });

  test("holes, subclasses and lists of another length are no flat arguments", () => {
    const first = twin((a: List): unknown => a[0], { dual: (a: List) => get(a, 0) });
    class Row extends Array<number> {}
    // biome-ignore lint/suspicious/noSparseArray: that is what is tested
    expect(jvp(first, [[, 1]] as never, [[0, 1]] as never)).toEqual([undefined, null]);
    expect(jvp(first, [Row.of(4, 5)] as never, [[1, 0]] as never)).toEqual([4, 1]);
    const kind = twin((a: List): unknown => a instanceof Row, {
      dual: (a: List) => a instanceof Row,
    });
    expect(jvp(kind, [Row.of(4, 5)] as never, [[1, 0]] as never)[0]).toBe(true);
    expect(() => jvp(first, [[1, 2]] as never, [[1]] as never)).toThrow("DUAL103");
  });
});
