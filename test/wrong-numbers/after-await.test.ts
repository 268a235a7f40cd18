import { jacobian, jvp, vjp } from "dualize";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";

/** What functions do to their arguments after `await`, when the transform has returned already. */

// biome-ignore lint/suspicious/noExplicitAny: the test knows what its functions take
type F = (...args: any[]) => Promise<number>;

const program = load(
  translate({
    main: `"use dual";
    export async function list(x: number, out: number[]) { await null; out[0] = x * x; out.push(x); return x * out[0]; }
    export async function object(x: number, o: { a: number; list: number[]; made?: object }) { o.a = x; await null; o.a *= x; await null; o.list.push(o.a); o.made = { at: [x] }; return o.a; }
    export async function floats(x: number, out: Float64Array) { await null; out[1] = x * x; return out[1] + out[0]; }
    export async function failing(x: number, out: number[]) { await null; out[0] = x * x; throw new RangeError("no"); }
    const nodes: object[] = []; export const register = (o: object) => nodes.push(o);
    export async function known(x: number, o: object) { await null; return x * nodes.indexOf(o) + (nodes.includes(o) ? x : 0); }
    export async function reading(x: number, o: { k: number }) { await null; return x * o.k; }`,
  }),
  "main",
) as unknown as Record<"list" | "object" | "floats" | "failing" | "known" | "reading", F> & {
  register(o: object): void;
};

/** Each way gives a promise of the value that an ordinary call promises. */
const ways: Record<string, (f: F, x: number, o: unknown) => Promise<unknown>> = {
  jvp: (f, x, o) =>
    (jvp as never as (...args: unknown[]) => Promise<unknown>[])(f, [x, o], [1])[0]!,
  "a pullback": (f, x, o) =>
    (vjp as never as (...args: unknown[]) => Promise<unknown>[])(f, [x, o])[0]!,
  "a Jacobian": async (f, x, o) => {
    await (jacobian as never as (f: F) => F)(f)(x, o);
    return undefined;
  },
};

describe.each(Object.entries(ways))("an argument that is written after await, by %s", (_, way) => {
  const both = async (f: F, make: () => unknown) => {
    const [plain, given] = [make(), make()];
    const value = await f(3, plain);
    const found = await way(f, 3, given);
    expect(given).toEqual(plain);
    expect([value, undefined]).toContain(found);
  };
  it("is what it is after an ordinary call", async () => {
    await both(program.list, () => [0]);
    await both(program.object, () => ({ a: 0, list: [1] }));
    await both(program.floats, () => Float64Array.of(1, 2));
  });

  it("also where the function fails", async () => {
    const given = [0];
    await expect(way(program.failing, 3, given)).rejects.toThrow("no");
    expect(given).toEqual([9]);
  });
});

it("has its tangent after await", async () => {
  const [out, along] = [[0], [0]];
  const [value, tangent] = jvp(program.list, [3, out], [1, along]);
  expect([await value, await tangent, out, along]).toEqual([27, 27, [9, 3], [6, 1]]);
});

it("is known by its other name after await", async () => {
  const o = {};
  program.register({});
  program.register(o);
  const [value, tangent] = jvp(program.known, [3, o], [1]);
  expect([await value, await tangent]).toEqual([6, 2]);
});

it("is the caller's own meanwhile, where the function does not write", async () => {
  const o = { k: 2 };
  const [value] = jvp(program.reading, [3, o], [1]);
  o.k = 5;
  await value;
  expect(o).toEqual({ k: 5 });
});
