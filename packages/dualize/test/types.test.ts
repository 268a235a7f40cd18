import {
  derivative,
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  type Tangent,
  valueAndGrad,
  vjp,
} from "dualize";
import { describe, expectTypeOf, it } from "vitest";

/** Looked at by the compiler alone: nothing here is called. */

interface Point {
  readonly x: number;
  readonly name: string;
  readonly length: number;
}
class Meter {
  total = 0;
  get half(): number {
    return this.total / 2;
  }
  read(k: number): number {
    return k * this.total;
  }
}

const never = (_run: () => void): void => {};

describe("the types of transforms", () => {
  it("keep optional, default and rest parameters", () => {
    never(() => {
      const optional = (x: number, k?: number): number => x * (k ?? 1);
      expectTypeOf(derivative(optional)).toEqualTypeOf<(x: number, k?: number) => number>();
      expectTypeOf(grad(optional, { argnum: 1 })).parameters.toEqualTypeOf<
        [x: number, k?: number]
      >();
      const byDefault = (x: number, k = 2): number => x * k;
      expectTypeOf(derivative(byDefault)).toEqualTypeOf<(x: number, k?: number) => number>();
      jvp(byDefault, [1], [1]);
      const rest = (x: number, ...more: number[]): number => x + more.length;
      expectTypeOf(grad(rest)).toEqualTypeOf<(x: number, ...more: number[]) => number>();
      grad(rest, { argnum: 7 });
    });
  });

  it("keep records, maps, sets, dates and getters", () => {
    never(() => {
      const record = (prices: Record<"a" | "b", number>): number => prices.a * prices.b;
      expectTypeOf(grad(record)({ a: 1, b: 2 })).toEqualTypeOf<{ a: number; b: number }>();
      const open = (prices: Record<string, number>): number => prices.a ?? 0;
      expectTypeOf(grad(open)({ a: 1 })).toEqualTypeOf<Record<string, number>>();
      const map = (x: number): Map<string, number> => new Map([["x", x]]);
      expectTypeOf(derivative(map)(1)).toEqualTypeOf<Map<string, number>>();
      const mixed = (x: number) => ({ x, at: new Date(0), seen: new Set([1]), text: "" });
      expectTypeOf(derivative(mixed)(1)).toEqualTypeOf<{
        x: number;
        at: null;
        seen: null;
        text: null;
      }>();
      jvp((x: number, day: Date) => x * day.getTime(), [1, new Date(0)], [1, null]);
      expectTypeOf<Tangent<Meter>>().toEqualTypeOf<{ total: number; readonly half: number }>();
      expectTypeOf<Tangent<Point>>().toEqualTypeOf<{
        readonly x: number;
        readonly name: null;
        readonly length: number;
      }>();
    });
  });

  it("go through generic functions", () => {
    never(() => {
      const first = <T extends readonly number[]>(xs: T): number => xs[0];
      expectTypeOf(grad(first)([1, 2])[0]).toEqualTypeOf<number>();
      // @ts-expect-error
      grad(first)(["1"]);
      const slope = <T>(f: (x: number, extra: T) => number) => derivative(f);
      expectTypeOf(slope<string>).returns.toEqualTypeOf<(x: number, extra: string) => number>();
      const steepest = (f: (xs: Float64Array) => number) => valueAndGrad(f);
      expectTypeOf(steepest).returns.returns.toEqualTypeOf<
        [value: number, gradient: Float64Array]
      >();
      const curried = (w: number[]) => (x: number) => x * w[0];
      expectTypeOf(grad(curried)).toEqualTypeOf<(w: number[]) => (x: number) => number[]>();
      // biome-ignore lint/suspicious/noExplicitAny: what is not typed passes
      const untyped: any = null;
      grad(untyped)(1);
      jacobian(untyped, { argnum: 3 });
    });
  });
});

describe("it is a type error", () => {
  it("to take the gradient of what is no number", () => {
    never(() => {
      // @ts-expect-error
      grad((x: number[]) => x);
      // @ts-expect-error
      valueAndGrad((x: number) => `${x}`);
      // @ts-expect-error
      grad(async (x: number) => x);
      // @ts-expect-error
      hessian((x: number[]) => x);
      // @ts-expect-error
      grad((x: number) => () => [x]);
    });
  });

  it("to differentiate by text", () => {
    never(() => {
      const named = (name: string, x: number): number => name.length * x;
      // @ts-expect-error
      derivative(named);
      // @ts-expect-error
      grad(named);
      // @ts-expect-error
      jacobian(named, { argnum: 0 });
      // @ts-expect-error
      hessian(named);
      // @ts-expect-error
      hvp(named);
      grad(named, { argnum: 1 });
      // @ts-expect-error
      derivative("x * x");
      // @ts-expect-error
      jvp(named, [1, 2], [null, 1]);
    });
  });

  it("to name an argument that is not there", () => {
    never(() => {
      const area = (w: number, h: number): number => w * h;
      grad(area, { argnum: 1 });
      // @ts-expect-error
      grad(area, { argnum: 2 });
      // @ts-expect-error
      jacobian(area, { argnum: -1 });
      // @ts-expect-error
      hessian(area, { argnum: 2 });
      const some = 1 as number;
      grad(area, { argnum: some });
    });
  });

  it("to give arguments or cotangents of another shape", () => {
    never(() => {
      const area = (w: number, h: number): number => w * h;
      // @ts-expect-error
      jvp(area, [1, "2"], [1, 0]);
      // @ts-expect-error
      jvp(area, [1, 2], [1, 0, 0]);
      const [, pullback] = vjp((x: number) => [x, x], [1]);
      // @ts-expect-error
      pullback("1");
    });
  });
});
