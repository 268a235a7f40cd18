import { grad, hvp, jacobian, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";

type F = (...args: unknown[]) => unknown;

const m = load(
  translate({
    main: `"use dual";
      interface Clock { now: number }
      export const typed = (x: number, c: Clock): number => x * x * c.now + c.now;
      export const untyped = (x: number, c: any): number => x * x * c.now + c.now;
      export const nested = (x: number, c: { inner: Clock; all: Clock[] }): number => x * x * c.inner.now + c.all[0].now;
      export const listed = (x: number, c: Clock): number[] => [x * x * c.now, c.now];
      export const ofList = (xs: number[], c: Clock): number => xs[0] * xs[0] * c.now + c.now * xs[1];
      export const ofRows = (xs: number[], c: Clock): number[] => [xs[0] * xs[0] * c.now, c.now * xs[1]];`,
  }),
  "main",
) as Record<string, F>;

const clock = (): { now: number } => {
  let n = 0;
  return {
    get now() {
      n++;
      return n;
    },
  };
};
const nested = () => {
  const inner = clock();
  return { inner, all: [inner] };
};

describe("an accessor that an argument has by itself is asked as often as by an ordinary call", () => {
  const made = { typed: clock, untyped: clock, nested };
  it.each(Object.entries(made))("%s", (name, make) => {
    const f = m[name] as never;
    // A clock shows how often it was asked before.
    const left = (c: ReturnType<typeof make>) => ("inner" in c ? c.inner : c).now - 1;
    const after = (run: (c: unknown) => unknown): unknown[] => {
      const c = make();
      return [run(c), left(c)];
    };
    expect(after((c) => (f as F)(3, c))).toEqual([11, 2]);
    expect(after((c) => jvp(f, [3, c] as never, [1, null] as never))).toEqual([[11, 6], 2]);
    expect(after((c) => (grad(f) as unknown as F)(3, c))).toEqual([6, 2]);
    expect(after((c) => (hvp(f) as unknown as F)(3, 1, c))).toEqual([2, 2]);
  });

  it("where the result is a list", () => {
    const c = clock();
    expect(jvp(m.listed as never, [3, c] as never, [1, null] as never)).toEqual([
      [9, 2],
      [6, 0],
    ]);
    expect(c.now).toBe(3);
  });

  it.each([undefined, "reverse"])("where a gradient is by a list, mode %s", (mode) => {
    const c = clock();
    const gradient = grad(m.ofList as never, { mode } as never) as unknown as F;
    expect(gradient([3, 5], c)).toEqual([6, 2]);
    expect(c.now).toBe(3);
  });

  it("where a Jacobian is by a list", () => {
    const c = clock();
    expect((jacobian(m.ofRows as never) as unknown as F)([3, 5], c)).toEqual([
      [6, 0],
      [0, 2],
    ]);
    expect(c.now).toBe(3);
  });
});
