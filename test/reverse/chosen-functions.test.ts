import { grad, hessian, hvp, vjp } from "dualize";
import { twinOf } from "dualize/runtime";
import { describe, expect, it } from "vitest";
import { compile } from "../tangent/support/compile.ts";

/** Going back through functions that are chosen while the program runs. */

const { exports: m } = compile(`
  const square = (x: number): number => x * x;
  const acts = { square, cube: (x: number) => x * x * x, exp: Math.exp };
  let calls = 0;
  const counted = (x: number): number => { calls++; return x * x; };
  const steps: Record<string, (x: number) => number> = { square, counted };
  export const callsMade = (): number => calls;
  export function run(xs: number[], kinds: (keyof typeof acts)[]): number {
    "use dual";
    let y = xs[0]! * xs[1]!;
    for (const kind of kinds) y = acts[kind](y) + xs[1]!;
    return y;
  }
  export function stepped(xs: number[], kind: string): number {
    "use dual";
    return steps[kind]!(xs[0]!) * xs[1]!;
  }
`);

describe("a chosen function, going back", () => {
  it("is the one of each round", () => {
    // ((ab)² + b)³ + b at a = 1, b = 2
    expect(grad(m.run as never)([1, 2] as never, ["square", "cube"] as never)).toEqual([
      3 * 36 * 8,
      3 * 36 * 5 + 1,
    ]);
  });

  it("has second derivatives by code of its own", () => {
    expect(twinOf(m.run)?.hvp).toBeDefined();
    const at = [
      [1, 2],
      ["square", "cube"],
    ] as never;
    const [first, second] = [
      hvp(m.run as never)([1, 2] as never, [1, 0] as never, ["square", "cube"] as never),
      hvp(m.run as never)([1, 2] as never, [0, 1] as never, ["square", "cube"] as never),
    ];
    // u = a²b² + b, f = u³ + b: 6u·uᵢuⱼ + 3u²·uᵢⱼ
    expect(first).toEqual([36 * 64 + 108 * 8, 36 * 40 + 108 * 8]);
    expect(second).toEqual([36 * 40 + 108 * 8, 36 * 25 + 108 * 2]);
    expect(hessian(m.run as never)(...(at as [never, never]))).toEqual([first, second]);
  });

  it("goes by the dual form where the function changes something, which it does once", () => {
    const before = m.callsMade?.() as number;
    expect(grad(m.stepped as never)([3, 2] as never, "counted" as never)).toEqual([12, 9]);
    expect(m.callsMade?.()).toBe(before + 1);
    const [value, pullback] = vjp(m.stepped as never, [[3, 2], "counted"] as never);
    expect(value).toBe(18);
    expect((pullback as unknown as (w: number) => unknown[])(1)[0]).toEqual([12, 9]);
    expect(m.callsMade?.()).toBe(before + 2);
    expect(grad(m.stepped as never)([3, 2] as never, "square" as never)).toEqual([12, 9]);
  });

  it("says as the plain call does that it is none", () => {
    const plain = () => m.stepped?.([3, 2], "nothing");
    expect(plain).toThrow(TypeError);
    expect(() => grad(m.stepped as never)([3, 2] as never, "nothing" as never)).toThrow(TypeError);
  });
});
