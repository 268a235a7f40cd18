import {
  checkpoint,
  customJvp,
  customVjp,
  derivative,
  grad,
  hessian,
  hvp,
  jvp,
  linearize,
  vjp,
} from "dualize";
import { describe, expect, it } from "vitest";

const REVERSE = { mode: "reverse" } as const;
const FORWARD = { mode: "forward" } as const;

const near = (found: unknown, expected: unknown, digits = 12): void => {
  const list = (x: unknown): number[] =>
    typeof x === "number" ? [x] : Object.values(x as object).flatMap(list);
  const [a, b] = [list(found), list(expected)];
  expect(a.length).toBe(b.length);
  a.forEach((x, i) => {
    expect(Math.abs(x - b[i])).toBeLessThanOrEqual(10 ** -digits * (1 + Math.abs(b[i])));
  });
};

function f(x: number[]): number {
  "use dual";
  let sum = 0;
  for (let i = 0; i < x.length; i++)
    sum += Math.sin(x[i] * x[(i + 1) % x.length]) / (2 + x[i] ** 2);
  return sum * x[0];
}
const at = [0.3, -1.2, 0.7];

describe("reverse mode nested", () => {
  const second = hessian(f)(at);

  it("gives second derivatives forward over reverse, reverse over forward, reverse over reverse", () => {
    const along = [1, 2, -1];
    const expected = second.map((row) => row.reduce((sum, h, j) => sum + h * along[j], 0));
    near(jvp(grad(f, REVERSE), [at], [along])[1], expected);
    const slope = (x: number[]) => {
      "use dual";
      return jvp(f, [x], [along])[1];
    };
    near(grad(slope, REVERSE)(at), expected);
    const product = (x: number[]) => {
      "use dual";
      const g = grad(f, REVERSE)(x);
      return g[0] * along[0] + g[1] * along[1] + g[2] * along[2];
    };
    near(grad(product, REVERSE)(at), expected);
    near(grad(product, FORWARD)(at), expected);
    near(hvp(f)(at, along), expected);
  });

  it("gives third derivatives in every order", () => {
    const cube = (x: number) => {
      "use dual";
      return Math.exp(x) * x ** 4;
    };
    const g = (h: (x: number) => number) => grad(h, REVERSE);
    const d = derivative;
    const third = d(d(d(cube)))(0.7);
    for (const h of [g(g(g(cube))), d(g(g(cube))), g(d(g(cube))), g(g(d(cube))), d(d(g(cube)))])
      near(h(0.7), third);
  });

  it("does not confuse one derivative with another", () => {
    const inner = (x: number) => {
      "use dual";
      return x * grad((y: number) => x + y, REVERSE)(1);
    };
    expect(grad(inner, REVERSE)(1)).toBe(1);
    expect(derivative(inner)(1)).toBe(1);
    const mixed = (x: number) => {
      "use dual";
      return x * derivative((y: number) => x * y * y)(3);
    };
    expect(grad(mixed, REVERSE)(2)).toBe(24);
    const back = (x: number) => {
      "use dual";
      const [v, pullback] = vjp((y: number) => x * y, [x]);
      return v * pullback(x)[0];
    };
    // x² · x² has the derivative 4x³.
    expect(grad(back, REVERSE)(3)).toBe(108);
    expect(derivative(back)(3)).toBe(108);
  });

  it("keeps returned closures apart when they are applied to themselves", () => {
    const shift = (x: number) => {
      "use dual";
      return (g: (y: number) => number) => (y: number) => g(x + y);
    };
    type F = (g: (y: number) => number) => (y: number) => number;
    const D = grad(shift, REVERSE)(3) as unknown as F;
    near(D(Math.exp)(5), Math.exp(8));
    near(D(D(Math.exp))(5), Math.exp(11));
    const E = derivative(shift)(3) as F;
    // A closure of a forward derivative, pulled back through, by all ways there are.
    const through = (y: number) => {
      "use dual";
      const z = y * y;
      return E(Math.exp)(z + y) * y;
    };
    near(grad(through, REVERSE)(0.5), derivative(through)(0.5));
    const twice = (y: number) => {
      "use dual";
      return E(E(Math.sin))(y * y + y);
    };
    near(grad(twice, REVERSE)(0.5), derivative(twice)(0.5));
  });

  it("takes the steps of arrays that are overwritten", () => {
    const smooth = (x: number[]) => {
      "use dual";
      for (let k = 0; k < 3; k++) {
        for (let i = 1; i < x.length; i++) x[i] = Math.tanh(x[i] * x[i - 1] + x[i]);
      }
      return x[x.length - 1];
    };
    near(grad(smooth, REVERSE)([...at]), grad(smooth, FORWARD)([...at]));
    const h = hessian(smooth)([...at]);
    const gradient = grad(smooth, FORWARD);
    [0, 1, 2].forEach((j) => {
      const column = jvp(gradient, [[...at]], [[0, 1, 2].map((i) => Number(i === j))])[1];
      near(
        h.map((row) => row[j]),
        column,
      );
    });
  });

  it("leaves other derivatives alone when one throws", () => {
    const bad = (x: number): number => {
      "use dual";
      if (x > 1) throw new RangeError("far");
      return x * x;
    };
    const outer = (x: number) => {
      "use dual";
      let caught = 0;
      try {
        caught = grad(bad, REVERSE)(x);
      } catch {
        caught = x * x * x;
      }
      return caught;
    };
    expect(grad(outer, REVERSE)(2)).toBe(12);
    expect(grad(outer, REVERSE)(0.5)).toBe(2);
  });
});

describe("hessian and hvp", () => {
  it("are symmetric to the last bit, in the shape of the argument", () => {
    const x = Array.from({ length: 12 }, (_, i) => Math.cos(3 * i));
    const h = hessian(f)(x);
    h.forEach((row, i) => {
      row.forEach((v, j) => {
        expect(Object.is(v, h[j][i])).toBe(true);
      });
    });
    const o = (p: { a: number; b: number[] }) => {
      "use dual";
      return p.a * p.a * p.b[0] + p.b[0] * p.b[1];
    };
    expect(hessian(o)({ a: 2, b: [3, 4] })).toEqual({
      a: { a: 6, b: [4, 0] },
      b: [
        { a: 4, b: [0, 1] },
        { a: 0, b: [1, 0] },
      ],
    });
    expect(hvp(o)({ a: 2, b: [3, 4] }, { a: 1, b: [0, 1] })).toEqual({ a: 6, b: [5, 0] });
  });

  it("run the function a number of times that does not grow with n", () => {
    let runs = 0;
    const count = () => {
      runs++;
    };
    const counted = (x: number[]) => {
      "use dual";
      count();
      return x.reduce((sum, v) => sum + v ** 3, 0);
    };
    const x = Array.from({ length: 500 }, (_, i) => i / 100);
    near(
      hvp(counted)(x, x),
      x.map((v) => 6 * v * v),
    );
    expect(runs).toBe(1);
  });

  it("give the Hessian of a model that returns a function", () => {
    const model = (p: number[]) => {
      "use dual";
      return (x: number) => p[0] * p[0] * x + p[1] * p[0];
    };
    const h = hessian(model as never)([2, 3] as never) as unknown as (x: number) => number[][];
    expect(h(5)).toEqual([
      [10, 1],
      [1, 0],
    ]);
  });
});

describe("linearize", () => {
  const table: Record<string, number> = { a: 2 };
  const general = (x: number[], key: string) => {
    "use dual";
    // No tangent form, so it is recorded.
    const parts = new Map([["p", x[0] * x[1] * table[key]]]);
    return { v: Math.sin(parts.get("p") as number), w: Float64Array.of(x[1] ** 2), key };
  };

  it("goes over the record, and is linear", () => {
    let runs = 0;
    const count = () => {
      runs++;
    };
    const counted = (x: number[]) => {
      "use dual";
      count();
      return general(x, "a");
    };
    const [value, push] = linearize(counted, [[0.5, 3]]);
    expect(value).toEqual(general([0.5, 3], "a"));
    expect(push([[1, 0]])).toEqual({ v: Math.cos(3) * 6, w: Float64Array.of(0), key: null });
    near(push([[0.5, 2]]).v, jvp(general, [[0.5, 3], "a"], [[0.5, 2]])[1].v);
    expect(push([null])).toEqual({ v: 0, w: Float64Array.of(0), key: null });
    expect(runs).toBe(1);
    expect(() => push([[1]])).toThrow(/DUAL103.*argument 0/);
  });
});

let asked = 0;
const norm = customVjp(
  (x: number[], scale: number) => Math.hypot(...x) * scale,
  (x: number[], scale: number): [number, { x: number[]; scale: number; r: number }] => {
    const r = Math.hypot(...x);
    return [r * scale, { x, scale, r }];
  },
  ({ x, scale, r }, w) => {
    count();
    return [x.map((v) => (w * scale * v) / r), w * r];
  },
);
const count = () => {
  asked++;
};
const use = (x: number[]) => {
  "use dual";
  return norm(x, x[0]) * x[1];
};
const same = (x: number[]) => {
  "use dual";
  return Math.hypot(...x) * x[0] * x[1];
};

describe("customVjp", () => {
  it("is used in every mode and at every level", () => {
    expect(norm([3, 4], 2)).toBe(10);
    asked = 0;
    near(grad(use, REVERSE)([3, 4]), grad(same)([3, 4]));
    expect(asked).toBe(1);
    near(grad(use, FORWARD)([3, 4]), grad(same)([3, 4]));
    near(jvp(use, [[3, 4]], [[1, 2]]), jvp(same, [[3, 4]], [[1, 2]]));
    near(hessian(use)([3, 4]), hessian(same)([3, 4]));
    near(linearize(use, [[3, 4]])[1]([[1, 2]]), jvp(same, [[3, 4]], [[1, 2]])[1]);
    near(
      grad((x: number[]) => {
        "use dual";
        return jvp(use, [x], [[1, 2]])[1];
      }, REVERSE)([3, 4]),
      hvp(same)([3, 4], [1, 2]),
    );
  });

  it("has results of any shape, and null for what has no cotangent", () => {
    const rotate = customVjp(
      (p: { x: number; y: number }, _name: string) => [p.y, -p.x],
      (p, _name) => [[p.y, -p.x], null],
      (_, [a, b]) => [{ x: -b, y: a }],
    );
    expect(vjp(rotate, [{ x: 1, y: 2 }, "n"])[1]([10, 1])).toEqual([{ x: -1, y: 10 }, null]);
    expect(jvp(rotate, [{ x: 1, y: 2 }, "n"], [{ x: 1 }])[1]).toEqual([0, -1]);
  });

  it("refuses what is no pair, no list, or of another shape", () => {
    const make = (forward: unknown, backward: unknown) =>
      customVjp((x: number[]) => x[0], forward as never, backward as never);
    expect(() => customVjp(1 as never, 2 as never, 3 as never)).toThrow(/DUAL109/);
    expect(() =>
      vjp(
        make(
          () => 1,
          () => [],
        ),
        [[1]],
      ),
    ).toThrow(/DUAL109.*\[value, residual\]/);
    const noList = make(
      () => [1, 2],
      () => 3,
    );
    expect(() => vjp(noList, [[1]])[1](1)).toThrow(/DUAL109.*returns \[cotangents\]/);
    const shape = make(
      () => [1, 2],
      () => [[1, 2]],
    );
    expect(() => vjp(shape, [[1]])[1](1)).toThrow(/DUAL103.*argument 0/);
  });
});

describe("customJvp in reverse mode", () => {
  it("asks the rule once for each number that moves", () => {
    let asked = 0;
    const count = () => {
      asked++;
    };
    const weigh = customJvp(
      (a: number[], b: number) => [a[0] * b, a[1]],
      ([a, b], [da, db]) => {
        count();
        return [
          [a[0] * b, a[1]],
          [da[0] * b + a[0] * db, da[1]],
        ];
      },
    );
    const use = (x: number[], y: number) => {
      "use dual";
      const [p, q] = weigh([x[0] * x[0], x[1]], y);
      return p * q;
    };
    const [, pullback] = vjp(use, [[3, 4], 5]);
    expect(asked).toBe(3);
    expect(pullback(1)).toEqual([[120, 45], 36]);
    near(hessian(use)([3, 4], 5), [
      [40, 30],
      [30, 0],
    ]);
  });
});

const step = (x: number[], k: number): number[] => {
  "use dual";
  return x.map((v, i) => v + 0.1 * Math.sin(v * k + x[(i + 1) % x.length]));
};
const kept = checkpoint(step);
const plain = (x: number[]) => {
  "use dual";
  for (let i = 0; i < 5; i++) x = step(x, i);
  return x[0] * x[1];
};
const under = (x: number[]) => {
  "use dual";
  for (let i = 0; i < 5; i++) x = kept(x, i);
  return x[0] * x[1];
};

const turn = (x: number, n: number): number => {
  "use dual";
  for (let i = 0; i < n; i++) x = x + 1e-7 * x * (1 - x);
  return x;
};
const piece = checkpoint(turn);
const long = (x: number): number => {
  "use dual";
  for (let i = 0; i < 2500; i++) x = piece(x, 4000);
  return x;
};

describe("checkpoint", () => {
  it("changes nothing but what is recorded", () => {
    expect(kept([1, 2], 1)).toEqual(step([1, 2], 1));
    // One goes by the tape and the other by the adjoint form, which add in another order.
    near(grad(under, REVERSE)([0.3, 0.9]), grad(plain, REVERSE)([0.3, 0.9]), 15);
    near(grad(under, FORWARD)([0.3, 0.9]), grad(plain, FORWARD)([0.3, 0.9]));
    near(hessian(under)([0.3, 0.9]), hessian(plain)([0.3, 0.9]));
    near(linearize(under, [[0.3, 0.9]])[1]([[1, 2]]), jvp(plain, [[0.3, 0.9]], [[1, 2]])[1]);
  });

  it("counts what the function captured", () => {
    const outer = (k: number, x: number) => {
      "use dual";
      const inner = checkpoint((y: number) => Math.sin(k * y) * k);
      return inner(x) + inner(k);
    };
    const same = (k: number, x: number) => {
      "use dual";
      const inner = (y: number) => Math.sin(k * y) * k;
      return inner(x) + inner(k);
    };
    near(vjp(outer, [0.7, 1.1])[1](1), vjp(same, [0.7, 1.1])[1](1));
  });

  it("refuses a function that writes into its arguments", () => {
    const writes = checkpoint((x: number[]) => {
      x[0] = x[0] * 2;
      return x[0];
    });
    const use = (x: number[]) => {
      "use dual";
      return writes(x);
    };
    expect(() => grad(use, REVERSE)([1])).toThrow(/DUAL108.*checkpoint/);
  });

  it("goes back over ten million steps within 200 MB when nested", { timeout: 120_000 }, () => {
    const before = process.memoryUsage().rss;
    const slope = grad(long, REVERSE)(0.2);
    const grown = (process.memoryUsage().rss - before) / 2 ** 20;
    near(slope, derivative(long)(0.2), 9);
    expect(grown).toBeLessThan(200);
  });
});
