import { derivative, isDual, jvp } from "dualize";
import { describe, expect, test } from "vitest";

/** What once came out wrong without a word, because tangent code took a value for one without a tangent. */

class Meter {
  #x: number;
  constructor(x: number) {
    this.#x = x;
  }
  read(): number {
    "use dual";
    return this.#x;
  }
}
class Square {
  constructor(readonly side: number) {}
  area(): number {
    "use dual";
    return this.side * this.side;
  }
}
class Double extends Square {
  override area(): number {
    "use dual";
    return super.area() * 2;
  }
}
const state = { last: 0 };

const cases: Record<string, [f: (x: number) => number, at: number, expected: number]> = {
  "a class with private fields": [
    (x) => {
      "use dual";
      return new Meter(x).read() * x;
    },
    3,
    6,
  ],
  "a class that extends another": [
    (x) => {
      "use dual";
      return new Double(x).area();
    },
    3,
    12,
  ],
  "Array with its elements": [
    (x) => {
      "use dual";
      return [x, 2 * x][1] as number;
    },
    3,
    2,
  ],
  "a typed array on a buffer": [
    (x) => {
      "use dual";
      const view = new Float64Array(new ArrayBuffer(8));
      view[0] = x * 2;
      return view[0] as number;
    },
    3,
    2,
  ],
  "a property of an outer object, written and read": [
    (x) => {
      "use dual";
      state.last = x * 2;
      return state.last;
    },
    3,
    2,
  ],
  "the rest of a typed array, taken apart as an object": [
    (x) => {
      "use dual";
      const { 0: first, length, ...rest } = new Float64Array([x, 2 * x, 3]);
      return first * (rest[1] as number) * length * Object.keys(rest).length;
    },
    3,
    72,
  ],
  "isDual, which tells the forms apart": [
    (x) => {
      "use dual";
      return isDual(x) ? 10 * x : x;
    },
    2,
    10,
  ],
  "isDual in the middle of a comparison": [
    (x) => {
      "use dual";
      const inside = isDual(x) === true;
      return inside ? 10 * x : x;
    },
    2,
    10,
  ],
};

describe("a value of a shape that tangent code does not know", () => {
  test.each(Object.entries(cases))("keeps its tangent: %s", (_, [f, at, expected]) => {
    expect(derivative(f)(at)).toBe(expected);
  });
  test("keeps its tangent in a Map that is returned", () => {
    const f = (x: number): Map<string, number> => {
      "use dual";
      return new Map([["double", x * 2]]);
    };
    expect((jvp(f, [1], [1])[1] as unknown as Map<string, number>).get("double")).toBe(2);
  });
  test("keeps its tangent in a generator that is spread", () => {
    function* terms(x: number) {
      yield x;
      yield x * x;
    }
    const f = (x: number): number => {
      "use dual";
      function* inner() {
        yield x;
        yield x * x;
      }
      const [a, b] = [...inner()] as [number, number];
      return a + b;
    };
    expect([...terms(2)]).toEqual([2, 4]);
    expect(derivative(f)(3)).toBe(7);
  });
  test("keeps its tangent through a derivative inside", () => {
    const f = (x: number): number => {
      "use dual";
      return x * derivative((y: number) => x + y)(1);
    };
    expect(derivative(f)(1)).toBe(1);
  });
});
