import { grad, valueAndGrad } from "dualize";
import { twinOf } from "dualize/runtime";
import { describe, expect, it, vi } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";

/** Gradients by several arguments: one run and one sweep, whichever form is taken. */

type F = (...args: unknown[]) => unknown;

const main = `"use dual";
  export let calls = 0;
  export function f(k: number, x: number[], o: { a: number; b: number[] }, n: number): number {
    let s = k; for (let i = 0; i < n; i++) s += x[i] * x[i] * o.a * k; return s * o.b[0]
  }
  export function counted(x: number, y: number): number { calls++; return x * y }
  export function data(p: number[], q: number, xs: number[]): number { let s = 0; for (const v of xs) s += p[0] * v * q; return s }
`;
const args = () => [1.5, [0.5, -2, 3], { a: 0.3, b: [2, 1] }, 3];

describe("a list of places", () => {
  const fresh = () => load(translate({ main }), "main") as Record<string, F>;

  it("gives what each place gives by itself, by the adjoint form and without", () => {
    const options = { argnum: [2, 0, 1] } as never;
    const each = [2, 0, 1].map((argnum) =>
      (grad(fresh().f as never, { argnum, mode: "reverse" } as never) as F)(...args()),
    );
    const byForm = fresh().f;
    const swept = vi.spyOn(
      twinOf(byForm)?.adjoints as { gradients: (...given: unknown[]) => unknown },
      "gradients",
    );
    expect((grad(byForm as never, options) as F)(...args())).toEqual(each);
    expect(swept).toHaveBeenCalledTimes(1);
    vi.restoreAllMocks();
    const dual = fresh().f;
    (twinOf(dual) as { adjoints?: unknown }).adjoints = undefined;
    expect((grad(dual as never, options) as F)(...args())).toEqual(each);
    const [value, gradients] = (valueAndGrad(dual as never, options) as F)(...args()) as [
      number,
      unknown,
    ];
    expect(value).toBe((fresh().f as F)(...args()));
    expect(gradients).toEqual(each);
  });

  it("runs the function once", () => {
    const module = fresh();
    expect((grad(module.counted as never, { argnum: [0, 1] } as never) as F)(3, 4)).toEqual([4, 3]);
    expect(module.calls).toBe(1);
  });

  it("leaves what is not asked for alone", () => {
    const { data } = fresh();
    const xs = Object.freeze([1, 2, 3]);
    const g = grad(data as never, { argnum: [0, 1] } as never) as F;
    expect(g([2], 5, xs)).toEqual([[30], 12]);
    expect(g([2], 5, xs)).toEqual([[30], 12]);
  });

  it("is told of where it names an argument that holds no number", () => {
    const g = grad(fresh().f as never, { argnum: [0, 4] } as never) as F;
    expect(() => g(...args())).toThrow("DUAL107: grad(f) needs an argument 4");
  });
});
