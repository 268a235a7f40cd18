import * as library from "dualize";
import { describe, expect, it } from "vitest";
import { load, translate } from "../tangent/support/compile.ts";

/** Lists of classes that extend `Array`, whose methods are not asked by what only passes them on. */

// biome-ignore lint/suspicious/noExplicitAny: the test knows what the transforms take
type Untyped = (...args: any[]) => any;
const { checkpoint, grad, hessian, hvp, jacobian, jvp, linearize, vjp } =
  library as unknown as Record<keyof typeof library, Untyped>;

const classes: Record<string, string> = {
  "a forEach that gives other elements": "forEach(g: any): void { g(7, 0, this); }",
  "a some that finds nothing": "some(): boolean { return false; }",
};
const sum =
  "let s = 0; for (let i = 0; i < xs.length; i++) s += xs[i] * xs[i] * (i + 1); return s * k;";
const functions: Record<string, readonly [code: string, wrap: (x: unknown) => unknown]> = {
  "by itself": [`(xs: number[], k: number): number { "use dual"; ${sum} }`, (xs) => xs],
  "in an object": [
    `({ xs }: { xs: number[] }, k: number): number { "use dual"; ${sum} }`,
    (xs) => ({ xs }),
  ],
};

describe.each(Object.entries(classes))("an argument with %s", (_, body) => {
  it.each(Object.entries(functions))("%s", (_, [code, wrap]) => {
    const made = "const own = new (Own as any)([]); own[0] = 2; own[1] = 3; return own;";
    const main = `class Own extends Array<number> { ${body} } export function make(): unknown { ${made} } export function f${code}`;
    // Each way sees a program of its own.
    const both = (way: Untyped): unknown => {
      const program = load(translate({ main }), "main");
      return way(program.f, wrap(program.make?.()), wrap([1, 1]));
    };
    const plain = (x: unknown) => JSON.parse(JSON.stringify(x)) as unknown;
    for (const mode of ["forward", "reverse"] as const) {
      const by = (way: Untyped) => plain(both((f, x) => way(f, { mode })(x, 1)));
      expect(by(grad), `grad, ${mode}`).toEqual(wrap([4, 12]));
      expect(by(jacobian), `jacobian, ${mode}`).toEqual(wrap([4, 12]));
    }
    expect(both((f, x, one) => jvp(f, [x, 1], [one])[1])).toBe(16);
    expect(both((f, x, one) => linearize(f, [x, 1])[1]([one]))).toBe(16);
    expect(plain(both((f, x) => vjp(f, [x, 1])[1](1)[0]))).toEqual(wrap([4, 12]));
    expect(plain(both((f, x) => grad(checkpoint(f))(x, 1)))).toEqual(wrap([4, 12]));
    expect(plain(both((f, x, one) => hvp(f)(x, one, 1)))).toEqual(wrap([2, 4]));
    const rows = both((f, x) => hessian(f)(x, 1));
    expect(plain(rows)).toEqual(wrap([wrap([2, 0]), wrap([0, 4])]));
  });

  it("and one that is given back", () => {
    const main = `class Own extends Array<number> { ${body} }
      export function f(x: number): number[] { "use dual"; const own = new (Own as any)([]); own[0] = x; own[1] = x * x; return own; }`;
    const [value, tangent] = jvp(load(translate({ main }), "main").f, [3], [1]);
    expect([value[0], value[1], tangent[0], tangent[1]]).toEqual([3, 9, 1, 6]);
  });
});
