import { grad, hessian, hvp, valueAndGrad, vjp } from "dualize";
import { twin, twinOf } from "dualize/runtime";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";

/** Functions with defaults and optional parameters are entered by their adjoint form where arguments are missing. */

type F = (...args: unknown[]) => unknown;

const sum = "let s = 0; for (const v of x) s += v * v * v";
const programs: Record<string, { code: string; given?: unknown }> = {
  "a number with a default": {
    code: `f(x: number[], k = 2): number { ${sum} * k; return s }`,
    given: 3,
  },
  "a number that is made of the others": {
    code: `f(x: number[], k = x[0] * x[1]): number { ${sum} * k; return s }`,
    given: 3,
  },
  "an object with a default": {
    code: `f(x: number[], o: { k: number; w: number[] } = { k: x[0], w: [3, x[1]] }): number { ${sum} * o.k; return s * o.w[0] * o.w[1] }`,
    given: { k: 2, w: [1, 3] },
  },
  "a list that is written to": {
    code: `f(x: number[], out: number[] = []): number { for (let i = 0; i < x.length; i++) out[i] = x[i] * x[i]; return out[0] * out[1] * x[1] }`,
    given: [5, 6],
  },
  "a word": {
    code: `f(x: number[], kind?: "cube" | "square"): number { let s = 0; for (const v of x) s += kind === "square" ? v * v : v * v * v; return s }`,
    given: "square",
  },
  "a pattern with defaults": {
    code: `f(x: number[], { k = 2, m = x[0] }: { k?: number; m?: number } = {}): number { ${sum} * k; return s * m }`,
  },
};

const numbers = (x: unknown): number[] =>
  typeof x === "number"
    ? [x]
    : typeof x === "object" && x !== null
      ? Object.values(x).flatMap(numbers)
      : [];

const expectSame = (a: unknown, b: unknown) => {
  expect(numbers(a).length).toBe(numbers(b).length);
  for (const [i, x] of numbers(a).entries()) expect(x).toBeCloseTo(numbers(b)[i] as number, 10);
};

describe.each(Object.entries(programs))("where what is missing is %s", (_, { code, given }) => {
  const { f } = load(translate({ main: `"use dual"; export function ${code}` }), "main") as {
    f: F;
  };
  const dual = twinOf(f)?.dual;
  const general = twin((...args: unknown[]) => f(...args), { dual } as never) as F;
  const ways = [
    [[1.5, -2]],
    [[1.5, -2], undefined],
    ...(given === undefined ? [] : [[[1.5, -2], given]]),
  ];
  const reverse = { mode: "reverse" } as never;

  it.each(ways.map((args) => [args]))("the adjoint form takes %j", (args) => {
    const own = twinOf(f) as NonNullable<ReturnType<typeof twinOf>>;
    const fresh = () => structuredClone(args);
    expect(own.adjoints?.gradient(own, fresh(), 0)).toBeDefined();
    expect(own.adjoints?.hvp(own, fresh(), [1, 0.5])).toBeDefined();
    const [value, g] = (valueAndGrad(f as never) as unknown as F)(...fresh()) as [number, unknown];
    expect(value).toBe(f(...fresh()));
    expectSame(g, (grad(general as never, reverse) as unknown as F)(...fresh()));
    const [x, ...rest] = fresh();
    const [y, ...others] = fresh();
    expectSame(
      (hvp(f as never) as unknown as F)(x, [1, 0.5], ...rest),
      (hvp(general as never) as unknown as F)(y, [1, 0.5], ...others),
    );
    expectSame(
      (hessian(f as never) as unknown as F)(...fresh()),
      (hessian(general as never) as unknown as F)(...fresh()),
    );
    const [, pullback] = vjp(f as never, fresh() as never) as unknown as [number, F];
    const [, reference] = vjp(general as never, fresh() as never) as unknown as [number, F];
    expect((pullback(2) as unknown[]).length).toBe(args.length);
    expectSame(pullback(2), reference(2));
  });
});

it("an argument that is missing has no gradient", () => {
  const { f } = load(
    translate({
      main: '"use dual"; export function f(x: number[], w: number[] = [1]): number { return x[0] * w[0] }',
    }),
    "main",
  );
  const byW = grad(f as never, { argnum: 1 } as never) as unknown as F;
  expect(() => byW([2])).toThrow(/argument 1/);
  expect(() => byW([2], undefined)).toThrow(/argument 1/);
  expect(byW([2], [5])).toEqual([2]);
});
