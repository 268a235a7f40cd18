import { derivative, grad, hessian, jacobian, jvp, vjp } from "dualize";
import { customRoot } from "dualize/root";
import { describe, expect, it } from "vitest";

/** Halves an interval: the argument only decides. */
function bisect(f: (y: number) => number, a: number, b: number): number {
  for (let i = 0; i < 200; i++) {
    const m = (a + b) / 2;
    if (f(a) * f(m) <= 0) b = m;
    else a = m;
  }
  return (a + b) / 2;
}

const cubeRoot = customRoot(
  (y: number, x: number) => y ** 3 - x,
  (x: number) => bisect((y) => y ** 3 - x, 0, 10),
);
// u² + v = a, u - v = b
const system = customRoot(
  ([u, v]: number[], a: number, b: number) => [u! * u! + v! - a, u! - v! - b],
  (a: number, b: number): number[] => {
    const u = (-1 + Math.sqrt(1 + 4 * (a + b))) / 2;
    return [u, u - b];
  },
);
const closed = (a: number, b: number): number[] => {
  "use dual";
  const u = (-1 + Math.sqrt(1 + 4 * (a + b))) / 2;
  return [u, u - b];
};
const flat = (x: number) => customRoot((y: number, z: number) => y * y - z, Math.sqrt)(x);

describe("customRoot", () => {
  it("leaves ordinary calls to the solver", () => {
    expect(cubeRoot(8)).toBe(bisect((y) => y ** 3 - 8, 0, 10));
  });
  it("differentiates a root by bisection", () => {
    const [value, tangent] = jvp(cubeRoot, [8], [1]);
    expect(value).toBe(cubeRoot(8));
    expect(tangent).toBeCloseTo(1 / 12, 14);
    expect(grad((x: number) => cubeRoot(x * x) * x)(3)).toBeCloseTo((5 / 3) * 3 ** (2 / 3), 13);
  });
  it("nests", () => {
    const second = derivative((x: number) => derivative((y: number) => cubeRoot(y))(x));
    expect(second(8)).toBeCloseTo((-2 / 9) * 8 ** (-5 / 3), 13);
    const third = derivative((x: number) => second(x) as number);
    expect(third(8)).toBeCloseTo((10 / 27) * 8 ** (-8 / 3), 12);
  });
  it("differentiates roots of systems, in both modes", () => {
    const [value, tangent] = jvp(system, [3, 1], [1, 2]);
    const expected = jvp(closed, [3, 1], [1, 2]);
    expect(value).toEqual(system(3, 1));
    for (const i of [0, 1]) expect(tangent![i]).toBeCloseTo(expected[1]![i] as number, 14);
    const [, pull] = vjp(system, [3, 1]);
    const [, exact] = vjp(closed, [3, 1]);
    for (const i of [0, 1]) expect(pull([1, 2])[i]).toBeCloseTo(exact([1, 2])[i] as number, 14);
    for (const mode of ["forward", "reverse"] as const) {
      const J = jacobian((x: number[]) => system(x[0]!, x[1]!), { mode })([3, 1]) as number[][];
      const K = jacobian((x: number[]) => closed(x[0]!, x[1]!), { mode })([3, 1]) as number[][];
      for (const i of [0, 1]) for (const j of [0, 1]) expect(J[i]![j]).toBeCloseTo(K[i]![j]!, 13);
    }
  });
  it("has Hessians", () => {
    const H = hessian(([a, b]: number[]) => system(a!, b!)[0]! * a!)([3, 1]) as number[][];
    const K = hessian(([a, b]: number[]) => closed(a!, b!)[0]! * a!)([3, 1]) as number[][];
    for (const i of [0, 1]) for (const j of [0, 1]) expect(H[i]![j]).toBeCloseTo(K[i]![j]!, 12);
  });
  it("refuses what has no derivative, and residuals of another shape", () => {
    expect(flat(0)).toBe(0);
    const root = customRoot((y: number, z: number) => y * y - z, Math.sqrt);
    expect(() => jvp(root, [0], [1])).toThrow(/DUAL109.*singular/);
    const odd = customRoot(((y: number, x: number) => [y - x]) as never, (x: number) => x);
    expect(() => jvp(odd, [1], [1])).toThrow(/DUAL109.*shape/);
    expect(() => customRoot((y: number) => y, undefined as never)).toThrow("DUAL109");
  });
});
