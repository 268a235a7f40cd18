import { derivative, grad, hessian, hvp, jacobian, jvp, valueAndGrad, vjp } from "dualize";
import { twin, twinOf } from "dualize/runtime";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";

/**
 * Functions that write into their arguments, by the adjoint form: it runs on copies, and the function is
 * called as usual once.
 */

type F = (...args: unknown[]) => unknown;

interface Program {
  readonly code: string;
  readonly args: () => unknown[];
  /** Along which the gradient by the first argument is differentiated. */
  readonly along: () => unknown;
  /** Cotangents of what the arguments hold at the end. */
  readonly written?: () => unknown[];
}

const programs: Record<string, Program> = {
  "a list is scaled in place": {
    code: "f(x: number[], s: number): number { let sum = 0; for (let i = 0; i < x.length; i++) { x[i] = x[i] * s * x[i]; sum += x[i] * x[(i + 1) % x.length] } x[0] = 7; return sum * x[1] }",
    args: () => [[1.2, -0.7, 2.1], 0.9],
    along: () => [1, 2, -3],
  },
  "an object is stepped through time": {
    code: "f(state: { x: number; v: number }, dt: number): number { for (let i = 0; i < 5; i++) { state.v -= Math.sin(state.x) * dt; state.x += state.v * dt } return state.x * state.v }",
    args: () => [{ x: 0.4, v: 1.1 }, 0.1],
    along: () => ({ x: 0.3, v: -1 }),
  },
  "a list grows and shrinks": {
    code: "f(x: number[]): number { x.push(x[0] * x[1]); x.push(x[2] * x[0]); let s = 0; for (const v of x) s += v * v; x.pop(); x[0] = s; return s * x[2] }",
    args: () => [[1.3, -0.8]],
    along: () => [1, -2],
    written: () => [[0.5, 2, -1]],
  },
  "arrays of floats write into each other": {
    code: "f(x: Float32Array, w: Float64Array): number { for (let i = 0; i < x.length; i++) x[i] = Math.sin(x[i]) * w[i]; for (let i = 0; i < x.length; i++) w[i] += x[i]; return w[0] * w[1] + x[0] }",
    args: () => [new Float32Array([0.5, 0.25]), new Float64Array([1.5, -2])],
    along: () => new Float32Array([0.5, -1]),
  },
  "rows are eliminated, exchanged and replaced": {
    code: "f(m: number[][], b: number[]): number { const r = m[0]; m[0] = m[1]; m[1] = r; for (let k = 0; k < 2; k++) { const f = m[1][k] / m[0][k]; m[1][k] -= f * m[0][k]; b[1] -= f * b[0] } m[0] = [b[0], b[1]]; return m[0][0] * m[1][1] + b[1] * r[0] }",
    args: () => [
      [
        [1.2, 0.7],
        [0.3, 2],
      ],
      [1, 2],
    ],
    along: () => [
      [1, 2],
      [3, -4],
    ],
  },
  "objects in a list are replaced": {
    code: "f(ps: { at: number[]; m: number }[], k: number): number { let e = 0; for (const p of ps) { p.at[0] *= k; e += p.m * p.at[0] * p.at[1] } ps[1] = { at: [e, k], m: ps[0].m * e }; ps[0].at = [ps[1].m, e]; return e * ps[1].at[0] + ps[0].at[0] }",
    args: () => [
      [
        { at: [1.5, 2], m: 0.4 },
        { at: [-1, 0.5], m: 2 },
      ],
      1.25,
    ],
    along: () => [
      { at: [1, 0.5], m: 2 },
      { at: [0, -1], m: 1 },
    ],
  },
  "a helper writes for it": {
    code: "f(x: number[], y: number[]): number { blend(x, y, 0.25); blend(y, x, x[0]); return dot(x, y) }\n function blend(a: number[], b: number[], w: number): void { for (let i = 0; i < a.length; i++) a[i] = a[i] * w + b[i] * (1 - w) }\n function dot(a: number[], b: number[]): number { let s = 0; for (let i = 0; i < a.length; i++) s += a[i] * b[i]; return s }",
    args: () => [
      [1.2, 3],
      [-0.5, 2],
    ],
    along: () => [1, -1],
  },
  "it writes beside and beyond the elements": {
    code: "f(x: number[]): number { x[-1] = x[0] * x[1]; x[-1] += 1; x[5] = x[-1] * x[2]; x[-1] = x[5]; return x[5] * x[0] }",
    args: () => [[1.5, -2.5, 1]],
    along: () => [1, 1, 1],
    written: () => [[1, 2, 0, null, null, 3]],
  },
  "it returns out of the middle": {
    code: "f(x: number[]): number { for (let i = 0; i < x.length; i++) { x[i] *= x[i]; if (x[i] > 4) return x[i] * x[0] } x[0] = 0; return x[1] }",
    args: () => [[1.5, -2.5, 1]],
    along: () => [1, 1, 1],
  },
};

const compiled = (code: string): { f: F; general: F } => {
  const { f } = load(translate({ main: `"use dual";\nexport function ${code}` }), "main") as {
    f: F;
  };
  const dual = twinOf(f)?.dual as F;
  return { f, general: twin((...args: unknown[]) => f(...args), { dual } as never) };
};

const numbers = (x: unknown): number[] =>
  typeof x === "number"
    ? [x]
    : typeof x === "object" && x !== null
      ? Object.values(x).flatMap(numbers)
      : [];

const expectSame = (a: unknown, b: unknown) => {
  const [one, other] = [numbers(a), numbers(b)];
  expect(one.length).toBe(other.length);
  for (const [i, x] of one.entries()) expect(x).toBeCloseTo(other[i] as number, 10);
};

describe("the adjoint form of a function that writes into its arguments", () => {
  describe.each(Object.entries(programs))("where %s", (_, { code, args, along, written }) => {
    const { f, general } = compiled(code);
    const argnum = args().map((_, i) => i);
    const ended = args();
    const value = f(...ended);

    it("takes its arguments, and leaves them as they are until the call as usual", () => {
      const own = twinOf(f) as NonNullable<ReturnType<typeof twinOf>>;
      expect(own.adjoint?.writes).toBe(true);
      const given = args();
      expect(own.adjoints?.sweep(own, given, 0, 1, argnum)).toBeDefined();
      expect(own.adjoints?.hvp(own, given, along(), true)).toBeDefined();
      expect(given).toEqual(args());
    });

    it("gives the gradients, the value and the arguments of the dual form", () => {
      const [one, other] = [args(), args()];
      const [v, g] = valueAndGrad(
        f as never,
        { argnum } as never,
      )(...(one as never)) as unknown as [unknown, unknown];
      const [, h] = valueAndGrad(
        general as never,
        { argnum, mode: "reverse" } as never,
      )(...(other as never)) as unknown as [unknown, unknown];
      expect(v).toBe(value);
      expectSame(g, h);
      expect([one, other]).toEqual([ended, ended]);
      const first = args();
      expectSame((grad(f as never) as F)(...first), (g as unknown[])[0]);
      expect(first).toEqual(ended);
    });

    it("gives their Hessians and products of these", () => {
      const [x, ...rest] = args();
      const [y, ...others] = args();
      expectSame(
        (hvp(f as never) as F)(x, along(), ...rest),
        (hvp(general as never) as F)(y, along(), ...others),
      );
      expect([x, ...rest]).toEqual(ended);
      const given = args();
      expectSame((hessian(f as never) as F)(...given), (hessian(general as never) as F)(...args()));
      expect(given).toEqual(ended);
      const [, tangent] = jvp(
        grad(f as never, { mode: "reverse" } as never) as never,
        args() as never,
        [along()] as never,
      );
      expectSame(tangent, (hvp(general as never) as F)(args()[0], along(), ...args().slice(1)));
    });

    it("goes back as often as one likes, from what the arguments end as too", () => {
      const given = args();
      const [v, pullback] = vjp(f as never, given as never) as unknown as [number, F];
      const [, reference] = vjp(general as never, args() as never) as unknown as [number, F];
      expect(v).toBe(value);
      expect(given).toEqual(ended);
      for (const c of [2, -0.5, 0]) expectSame(pullback(c), reference(c));
      const ends = (written ?? args)();
      expectSame(pullback(1.5, ends), reference(1.5, ends));
      expectSame(pullback(1), reference(1));
      expect(given).toEqual(ended);
    });
  });

  it("gives the array that it was given, and takes its cotangent as it is", () => {
    const { f } = compiled(
      "f(out: Float64Array, a: Float64Array): Float64Array { for (let i = 0; i < a.length; i++) out[i] = a[i] * a[i] * out[0]; return out }",
    );
    const out = new Float64Array([2, 3]);
    const a = new Float64Array([1.5, -1]);
    const [value, pullback] = vjp(f as never, [out, a] as never) as unknown as [unknown, F];
    expect(value).toBe(out);
    expect([...out]).toEqual([4.5, 4.5]);
    const seed = new Float64Array([1, 10]);
    // out₀' = a₀²·out₀ and out₁' = a₁²·out₀', so by out₀: 2.25 + 10·2.25, by a₀: 6 + 10·6, by a₁: 10·2·(-1)·4.5.
    const expected = [new Float64Array([24.75, 0]), new Float64Array([66, -90])];
    expect(pullback(seed)).toEqual(expected);
    expect(pullback(seed)).toEqual(expected);
    expect([...seed]).toEqual([1, 10]);
    const again = new Float64Array([2, 3]);
    const rows = (jacobian(f as never, { argnum: 1, mode: "reverse" } as never) as F)(again, a);
    expect(rows).toEqual([new Float64Array([6, 0]), new Float64Array([6, -9])]);
    expect([...again]).toEqual([4.5, 4.5]);
  });

  it("leaves an error to the call as usual, which writes what comes before it", () => {
    const { f } = compiled(
      'f(x: number[]): number { x[0] = x[0] * 2; if (x[0] > 100) throw new RangeError("too large"); x[1] = x[0] * x[1]; return x[1] }',
    );
    for (const transform of [grad(f as never), (x: unknown) => (hvp(f as never) as F)(x, [1, 1])]) {
      const x = [60, 2];
      expect(() => (transform as F)(x)).toThrow(new RangeError("too large"));
      expect(x).toEqual([120, 2]);
      const y = [1, 2];
      (transform as F)(y);
      expect(y).toEqual([2, 4]);
    }
  });

  it("leaves an error of a Jacobian to the call as usual too", () => {
    const { f } = compiled(
      'f(x: number[]): number[] { x[0] = x[0] * 2; if (x[0] > 100) throw new RangeError("too large"); x[1] = x[0] * x[1]; return x }',
    );
    const rows = jacobian(f as never, { mode: "reverse" } as never) as unknown as F;
    const x = [60, 2];
    expect(() => rows(x)).toThrow(new RangeError("too large"));
    expect(x).toEqual([120, 2]);
    const y = [1, 2];
    expect(rows(y)).toEqual([
      [2, 0],
      [4, 2],
    ]);
    expect(y).toEqual([2, 4]);
  });

  it("calls the function as usual once", () => {
    const { f } = compiled("f(x: number[]): number { x[0] *= x[1]; return x[0] * x[0] }");
    const x = [2, 3];
    expect((grad(f as never) as F)(x)).toEqual([36, 24]);
    expect(x).toEqual([6, 3]);
    expect((grad(f as never) as F)(x)).toEqual([2 * 18 * 3, 2 * 18 * 6]);
    expect(x).toEqual([18, 3]);
  });

  it.each([
    [
      "parts of two arguments are one",
      () => {
        const a = [2, 3];
        return [a, a];
      },
    ],
    [
      "parts of one argument are one",
      () => {
        const r = [2, 3];
        return [
          [r, r],
          [1, 1],
        ];
      },
    ],
    [
      "two views show one buffer",
      () => {
        const b = new Float64Array([2, 3, 4]);
        return [b.subarray(0, 2), b.subarray(1)];
      },
    ],
    ["an argument can't be written to", () => [Object.freeze([2, 3]), [1, 1]]],
  ])("is not taken where %s", (_, args) => {
    const kinds = Array.isArray(args()[0]?.[0 as never]) ? "number[][]" : "number[]";
    const { f } = compiled(
      ArrayBuffer.isView(args()[0])
        ? "f(x: Float64Array, y: Float64Array): number { x[1] = x[0] * y[0]; return x[1] * y[0] }"
        : kinds === "number[]"
          ? "f(x: number[], y: number[]): number { x[1] = x[0] * y[0]; return x[1] * y[0] }"
          : "f(x: number[][], y: number[]): number { x[1][0] = x[0][0] * y[0]; return x[0][0] * y[0] }",
    );
    const own = twinOf(f) as NonNullable<ReturnType<typeof twinOf>>;
    expect(own.adjoint?.writes).toBe(true);
    expect(own.adjoints?.takes(own, args())).toBe(false);
    expect(own.adjoints?.gradient(own, args(), 0)).toBeUndefined();
  });

  it.each([
    [
      "an argument has a getter by itself",
      {
        a: 1.5,
        get b() {
          return this.a * 2;
        },
      },
    ],
    [
      "a field can't be written to",
      Object.defineProperty({ a: 1.5, b: 3 }, "a", { writable: false }),
    ],
    ["an argument can't get more", Object.preventExtensions({ a: 1.5, b: 3 })],
  ])("is not taken where %s", (_, o) => {
    const { f } = compiled(
      "f(o: { a: number; b: number }): number { o.a *= o.b; return o.b * o.a }",
    );
    const own = twinOf(f) as NonNullable<ReturnType<typeof twinOf>>;
    expect(own.adjoint?.writes).toBe(true);
    expect(own.adjoints?.takes(own, [{ a: 1.5, b: 3 }])).toBe(true);
    expect(own.adjoints?.takes(own, [o])).toBe(false);
    expect(own.adjoints?.hvp(own, [o], { a: 1, b: 1 })).toBeUndefined();
  });

  it("is not there where the function knows of more than it is given", () => {
    const { f } = load(
      translate({
        main: `"use dual";\nexport const table = [1, 2];\nexport function f(x: number[]): number { x[0] *= table[0]; return x[0] * x[0] }`,
      }),
      "main",
    ) as { f: F };
    expect(twinOf(f)?.adjoint).toBeUndefined();
    const x = [3];
    expect((grad(f as never) as F)(x)).toEqual([6]);
    expect(x).toEqual([3]);
  });

  it("gives derivatives of derivatives by the dual form, which writes once", () => {
    const { f } = compiled(
      "f(x: number, out: number[]): number { out[0] += x * x * x; return out[0] * x }",
    );
    const out = [1];
    // (1 + x³)·x = x + x⁴
    expect((derivative(derivative(f as never) as never) as F)(2, out)).toBeCloseTo(48, 12);
    expect(out).toEqual([9]);
  });
});
