import {
  derivative,
  grad,
  jacobian,
  jvp,
  type Pullback,
  valueAndGrad,
  valueAndJacobian,
  vjp,
} from "dualize";
import { dualForm, type Num, mul as times } from "dualize/dual";
import { describe, expect, expectTypeOf, it } from "vitest";

const REVERSE = { mode: "reverse" } as const;
const FORWARD = { mode: "forward" } as const;

function energy(q: number, p: number): number {
  "use dual";
  return (p * p) / 2 - Math.cos(q);
}

describe("vjp", () => {
  it("gives the value and a pullback that may be called any number of times", () => {
    const [value, pullback] = vjp(energy, [0.5, 3]);
    expect(value).toBe(energy(0.5, 3));
    expect(pullback(1)).toEqual([Math.sin(0.5), 3]);
    expect(pullback(10)).toEqual([10 * Math.sin(0.5), 30]);
    expect(pullback(1)).toEqual([Math.sin(0.5), 3]);
    expect(pullback()).toEqual([0, 0]);
    expectTypeOf(pullback(1)).toEqualTypeOf<[number, number]>();
  });

  it("gives cotangents in the shapes of the arguments, null where there is no number", () => {
    interface Body {
      at: number[];
      mass: number;
      name: string;
    }
    function f(body: Body, xs: Float64Array, singles: Float32Array, label: string): number {
      "use dual";
      let sum = label.length * 0;
      for (let i = 0; i < xs.length; i++) sum += xs[i] * body.at[i] * singles[i];
      return sum * body.mass;
    }
    const [value, pullback] = vjp(f, [
      { at: [1, 2], mass: 3, name: "moon" },
      Float64Array.of(4, 5),
      Float32Array.of(1, 0.5),
      "text",
    ]);
    expect(value).toBe(27);
    expect(pullback(1)).toEqual([
      { at: [12, 7.5], mass: 9, name: null },
      Float64Array.of(3, 3),
      Float32Array.of(12, 30),
      null,
    ]);
    const typed: Pullback<[Body, Float64Array, Float32Array, string], number> = pullback;
    expect(typed(null)[3]).toBe(null);
  });

  it("takes cotangents of results of any shape, whole or with gaps", () => {
    function polar({ x, y }: { x: number; y: number }) {
      "use dual";
      return {
        r: Math.hypot(x, y),
        parts: [x * x, y * y],
        name: "polar",
        floats: Float64Array.of(x, y),
      };
    }
    const [, pullback] = vjp(polar, [{ x: 3, y: 4 }]);
    expect(pullback({ r: 5 })).toEqual([{ x: 3, y: 4 }]);
    expect(pullback({ parts: [1, null], floats: [10, 20] })).toEqual([{ x: 16, y: 20 }]);
    expect(pullback({ r: 1, parts: [0, 0], name: null, floats: null })).toEqual([
      { x: 0.6, y: 0.8 },
    ]);
  });

  it("refuses cotangents of another shape, saying where", () => {
    const [, pullback] = vjp(
      (x: number) => {
        "use dual";
        return { list: [x, x], text: "" };
      },
      [1],
    );
    const wrong = (c: unknown) => () => (pullback as (c: unknown) => unknown)(c);
    expect(wrong(1)).toThrow(
      /DUAL103: the cotangent of the value is a number, but .* fields list, text/,
    );
    expect(wrong({ list: [1] })).toThrow(
      /DUAL103: the cotangent of the value\.list is an array of 1/,
    );
    expect(wrong({ list: [1, "2"] })).toThrow(/the value\.list\[1\] is a string, but .* a number/);
    expect(wrong({ other: 1 })).toThrow(/DUAL103/);
    expect(wrong({ text: 1 })).toThrow(/value\.text is a number, .* no number/);
    expect(() => vjp(energy, 1 as never)).toThrow(/DUAL109/);
    // A function that is given by its own name is marked by that.
    const { unmarked } = { unmarked: (x: number) => x };
    expect(() => vjp(unmarked, [1])).toThrow(/DUAL102/);
  });

  it("is differentiated itself by point and cotangent", () => {
    const byCotangent = derivative((w: number) => {
      "use dual";
      return vjp(energy, [0.5, 3])[1](w * w)[1];
    });
    expect(byCotangent(4)).toBe(24);
    const byPoint = derivative((p: number) => {
      "use dual";
      return vjp(energy, [0.5, p * p])[1](1)[1];
    });
    expect(byPoint(4)).toBe(8);
  });

  it("leaves arguments that are written to as an ordinary call does, and pulls what they hold back", () => {
    function fill(out: number[], x: number): number {
      "use dual";
      out[0] = x * out[0];
      out[1] = x * x;
      return out[0] + x;
    }
    const out = [3, 100, 7];
    const [value, pullback] = vjp(fill, [out, 5]);
    expect(value).toBe(20);
    expect(out).toEqual([15, 25, 7]);
    expect(pullback(1)).toEqual([[5, 0, 0], 4]);
    expect(pullback(0, [[0, 1, 1]])).toEqual([[0, 0, 1], 10]);
    expect(pullback(1, [[1, 1, 1], 1])).toEqual([[10, 0, 1], 3 + 1 + 3 + 10 + 1 - 0]);
  });

  it("pulls back through arguments that grow and shrink", () => {
    function f(xs: number[]): number {
      "use dual";
      xs.push(xs[0] * xs[1]);
      xs.shift();
      return xs[1] * xs[0];
    }
    const xs = [2, 3];
    const [value, pullback] = vjp(f, [xs]);
    expect([value, xs]).toEqual([18, [3, 6]]);
    expect(pullback(1)).toEqual([[9, 12]]);
    expect(pullback(0, [[0, 1]])).toEqual([[3, 2]]);
    expect(() => pullback(0, [[0, 1, 2]])).toThrow(/DUAL103.*argument 0/);
  });

  it("counts the places of one array in two arguments one by one, as forward mode does", () => {
    function f(a: number[], b: number[]): number {
      "use dual";
      return a[0] * a[0] * b[0];
    }
    const one = [3];
    expect(vjp(f, [one, one])[1](1)).toEqual([[18], [9]]);
    const rows = (m: number[][]) => {
      "use dual";
      return m[0][0] * m[1][0] ** 2;
    };
    expect(grad(rows, REVERSE)([one, one])).toEqual([[9], [18]]);
    expect(grad(rows, FORWARD)([one, one])).toEqual([[9], [18]]);
    const writes = (a: number[], b: number[]) => {
      "use dual";
      a[0] = b[0] * 2;
      return b[0];
    };
    expect(() => vjp(writes, [one, one])).toThrow(/DUAL108.*two tangents/);
    expect(one).toEqual([3]);
  });

  it("takes objects that hold themselves", () => {
    interface Node {
      x: number;
      next?: Node;
    }
    const ring: Node = { x: 2 };
    ring.next = { x: 3, next: ring };
    const [value, pullback] = vjp(
      (n: Node) => {
        "use dual";
        return n.x * (n.next?.x ?? 0) * (n.next?.next?.x ?? 0);
      },
      [ring],
    );
    const [cotangent] = pullback(1) as [Node];
    expect(value).toBe(12);
    expect([cotangent.x, cotangent.next?.x]).toEqual([12, 4]);
    expect(cotangent.next?.next).toBe(cotangent);
  });

  it("takes what is no number, infinite, or the same value twice", () => {
    const twice = (x: number[]) => {
      "use dual";
      return [x, x, x[0]];
    };
    const [, pullback] = vjp(twice, [[1, 2]]);
    expect(pullback([[1, 2], [10, 20], 100] as never)).toEqual([[111, 22]]);
    const constant = vjp(
      (_x: number) => {
        "use dual";
        return 7;
      },
      [1],
    );
    expect(constant[0]).toBe(7);
    expect(constant[1](1)).toEqual([0]);
    const nothing = vjp(
      (_x: number) => {
        "use dual";
      },
      [1],
    );
    expect(nothing[0]).toBe(undefined);
    expect(nothing[1]()).toEqual([0]);
    expect(vjp(Math.sin, [0])[1](2)).toEqual([2]);
  });

  it("has a promise of cotangents for an async function", async () => {
    const later = async (x: number, y: number) => {
      "use dual";
      const square = x * x;
      await Promise.resolve();
      return { z: square * y };
    };
    const [value, pullback] = vjp(later, [3, 5]);
    const other = vjp(energy, [1, 1]);
    expect(await value).toEqual({ z: 45 });
    expect(await pullback({ z: 1 })).toEqual([30, 9]);
    expect(await pullback({ z: 2 })).toEqual([60, 18]);
    expect(other[1](1)).toEqual([Math.sin(1), 1]);
    const fails = vjp(
      async (x: number) => {
        "use dual";
        await Promise.resolve();
        if (x > 0) throw new RangeError("no");
        return x;
      },
      [1],
    );
    await expect(fails[0]).rejects.toThrow("no");
    await expect(fails[1](1)).rejects.toThrow("no");
  });

  it("asks for the arguments of a returned function first", () => {
    const model = (p: number[]) => {
      "use dual";
      const scale = p[0] * p[0];
      return (x: number) => scale * x + p[1];
    };
    const [line, pullback] = vjp(model, [[2, 1]]);
    expect(line(10)).toBe(41);
    expect(pullback(10)(1)).toEqual([[40, 1]]);
    expect(pullback(3)(2)).toEqual([[24, 2]]);
    expectTypeOf(pullback(10)(1)).toEqualTypeOf<[number[]]>();
    const curried = (a: number) => {
      "use dual";
      return (b: number) => (c: number) => a * b * c;
    };
    expect(vjp(curried, [2])[1](3)(5)(1)).toEqual([15]);
  });

  it("leaves nothing behind when the function throws half-way", () => {
    const risky = (x: number[]) => {
      "use dual";
      x[0] = x[0] * x[1];
      if (x[0] > 5) throw new RangeError("too far");
      return x[0];
    };
    const xs = [2, 3];
    expect(() => vjp(risky, [xs])).toThrow("too far");
    expect(xs).toEqual([6, 3]);
    expect(() => grad(risky, REVERSE)([2, 3])).toThrow("too far");
    expect(grad(risky, REVERSE)([1, 3])).toEqual([3, 1]);
    expect(derivative(energy)(0.5, 1)).toBe(Math.sin(0.5));
  });

  it("tells of a value that was kept longer than its derivative", () => {
    const box: { kept: number[] } = { kept: [] };
    const keep = (x: number, into: { kept: number[] }) => {
      "use dual";
      into.kept.push(x * x);
      return into.kept[0] * x;
    };
    // Written into an argument it is written back as a number.
    expect(vjp(keep, [3, box])[1](1)[0]).toBe(27);
    expect(box.kept).toEqual([9]);
    let kept: Num = 0;
    const keeps = dualForm((x: Num) => {
      kept = x;
      return times(x, x);
    });
    const uses = dualForm((y: Num) => times(y, kept));
    expect(vjp(keeps as never, [3])[0]).toBe(9);
    expect(() => vjp(uses as never, [2])).toThrow(/DUAL104/);
  });

  it("is applied to generators, classes, maps and closures inside the function", () => {
    class Sum {
      total = 0;
      add(x: number) {
        "use dual";
        this.total += x * x;
        return this;
      }
    }
    const f = (xs: number[]) => {
      "use dual";
      function* pairs() {
        for (let i = 0; i + 1 < xs.length; i++) yield xs[i] * xs[i + 1];
      }
      const seen = new Map<string, number>();
      for (const p of pairs()) seen.set(`p${seen.size}`, p);
      const sum = new Sum();
      for (const v of seen.values()) sum.add(v);
      const scaled = xs.map((x) => x * sum.total);
      return scaled.reduce((a, b) => a + b, 0);
    };
    const at = [1.1, 0.7, -0.3, 0.5];
    const gradient = grad(f, REVERSE)(at);
    grad(
      f,
      FORWARD,
    )(at).forEach((g, i) => {
      expect(gradient[i]).toBeCloseTo(g, 14);
    });
  });

  it("gives a Map its cotangents by keys", () => {
    const f = (x: number) => {
      "use dual";
      return new Map([
        ["a", x * x],
        ["b", 3 * x],
      ]);
    };
    const [value, pullback] = vjp(f, [2]);
    expect(value.get("a")).toBe(4);
    expect(pullback(new Map([["a", 1]]) as never)).toEqual([4]);
    expect(pullback(new Map([["b", 2]]) as never)).toEqual([6]);
    expect(() => pullback({ a: 1 } as never)).toThrow(/DUAL103/);
  });
});

describe("grad and jacobian in reverse mode", () => {
  const rosenbrock = (x: number[]) => {
    "use dual";
    let sum = 0;
    for (let i = 0; i + 1 < x.length; i++) {
      const a = x[i + 1] - x[i] * x[i];
      const b = 1 - x[i];
      sum += 100 * a * a + b * b;
    }
    return sum;
  };
  const at = (n: number) => Array.from({ length: n }, (_, i) => Math.sin(i + 1));

  it("agree with forward mode", () => {
    for (const n of [1, 2, 5, 50]) {
      const forward = grad(rosenbrock, FORWARD)(at(n));
      const [value, reverse] = valueAndGrad(rosenbrock, REVERSE)(at(n));
      expect(value).toBe(rosenbrock(at(n)));
      reverse.forEach((g, i) => {
        expect(Math.abs(g - forward[i])).toBeLessThan(1e-12 * (1 + Math.abs(g)));
      });
    }
  });

  it("take one pass for many numbers, whatever is asked for", () => {
    let runs = 0;
    const counted = (x: number[]) => {
      "use dual";
      count();
      return x.reduce((sum, v) => sum + v * v, 0);
    };
    const count = () => {
      runs++;
    };
    expect(grad(counted)(at(1000))).toEqual(at(1000).map((x) => 2 * x));
    expect(runs).toBe(1);
    runs = 0;
    expect(grad(counted, FORWARD)(at(100))).toEqual(at(100).map((x) => 2 * x));
    expect(runs).toBeGreaterThanOrEqual(100);
    runs = 0;
    expect(jacobian(counted)(at(1000))).toEqual(at(1000).map((x) => 2 * x));
    expect(runs).toBe(1);
  });

  it("differentiate by the argument asked for, in its shape", () => {
    const f = (k: number, o: { a: number[]; b: Float64Array }) => {
      "use dual";
      return k * o.a[0] * o.b[1];
    };
    expect(
      grad(f, { argnum: 1, mode: "reverse" })(2, { a: [3], b: Float64Array.of(4, 5) }),
    ).toEqual({
      a: [10],
      b: Float64Array.of(0, 6),
    });
    expect(() =>
      grad(f, { argnum: 2, mode: "reverse" } as never)(1, { a: [1], b: new Float64Array(2) }),
    ).toThrow(/DUAL107/);
    expect(() =>
      grad(f, { mode: "sideways" as never })(1, { a: [1], b: new Float64Array(2) }),
    ).toThrow(/DUAL109/);
    expect(() =>
      // @ts-expect-error: the value is an array
      grad((x: number[]) => {
        "use dual";
        return x;
      }, REVERSE)([1]),
    ).toThrow(/DUAL107/);
  });

  it("give Jacobians of all shapes", () => {
    const f = (x: number[]) => {
      "use dual";
      return { sum: x[0] + x[1], list: [x[0] * x[1], 3], floats: Float64Array.of(x[1] * x[1]) };
    };
    const expected = {
      sum: [1, 1],
      list: [
        [3, 2],
        [0, 0],
      ],
      floats: [[0, 6]],
    };
    expect(jacobian(f, FORWARD)([2, 3])).toEqual(expected);
    expect(jacobian(f, REVERSE)([2, 3])).toEqual(expected);
    expect(valueAndJacobian(f, REVERSE)([2, 3])[0]).toEqual(f([2, 3]));
    const many = (x: number[]) => {
      "use dual";
      return x.flatMap((v) => [v, v * v]);
    };
    expect(jacobian(many)(at(40))).toEqual(jacobian(many, FORWARD)(at(40)));
    const model = (p: number[]) => {
      "use dual";
      return (x: number) => [p[0] * x, p[1]];
    };
    expect(jacobian(model, REVERSE)([2, 3])(5)).toEqual([
      [5, 0],
      [0, 1],
    ]);
    const later = async (x: number[]) => {
      "use dual";
      return [x[0] * x[1]];
    };
    expect(() => jacobian(later, REVERSE)([2, 3])).toThrow(/DUAL108.*forward/);
  });

  it("write into arguments once", () => {
    const f = (x: number[]) => {
      "use dual";
      for (let i = 0; i < x.length; i++) x[i] = x[i] * x[i];
      return x.map((v) => 2 * v);
    };
    for (const options of [REVERSE, FORWARD, {}]) {
      const x = at(40);
      const j = jacobian(f, options)(x);
      expect(x).toEqual(at(40).map((v) => v * v));
      expect(j[3][3]).toBeCloseTo(4 * at(40)[3], 14);
    }
  });

  it("give the gradient of a model that returns a function", () => {
    const model = (p: number[]) => {
      "use dual";
      return (x: number) => p.reduce((sum, c) => sum * x + c, 0);
    };
    const p = at(40);
    const reverse = grad(model, REVERSE)(p)(0.9);
    expect(valueAndGrad(model)(p)[0](0.9)).toBe(model(p)(0.9));
    reverse.forEach((g, i) => {
      expect(g).toBeCloseTo(0.9 ** (39 - i), 14);
    });
  });

  it("see jvp in the function", () => {
    const f = (x: number[]) => {
      "use dual";
      const [value, slope] = jvp(energy, [x[0], x[1]], [1, x[0]]);
      return value * slope;
    };
    const g = grad(f, REVERSE)([0.4, 2]);
    grad(
      f,
      FORWARD,
    )([0.4, 2]).forEach((v, i) => {
      expect(g[i]).toBeCloseTo(v, 13);
    });
  });
});
