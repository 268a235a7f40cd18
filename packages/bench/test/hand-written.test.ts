import { describe, expect, test } from "vitest";
import { relativeError } from "../src/compare.ts";
import { handWritten } from "../src/hand/index.ts";
import { shadow, slot } from "../src/hand/slot.ts";
import { displace, flatten, type Kernel, type Result } from "../src/kernel.ts";
import { kernels } from "../src/kernels/index.ts";

type AnyFunction = (...args: unknown[]) => Result;

describe.each(kernels.map((kernel) => [kernel.name, kernel] as const))("%s", (name, kernel) => {
  const plain = kernel.f as unknown as AnyFunction;
  const value = (handWritten[name] as unknown as AnyFunction)(
    ...kernel.args.flatMap((arg, i) => [arg, kernel.tangents[i]]),
  );
  const tangent = typeof value === "number" ? [slot[0]] : [...shadow.tangent];

  test("the hand-written value is that of the plain function", () => {
    expect(relativeError(value, plain(...kernel.args))).toBeLessThan(1e-14);
  });

  test("the hand-written tangent is what central differences converge to", () => {
    expect(relativeError(extrapolated(kernel), tangent)).toBeLessThan(1e-10);
  });

  test("the direction reaches every argument", () => {
    for (const direction of kernel.tangents) {
      expect(flatten(direction).every((x) => x !== 0)).toBe(true);
    }
  });
});

/** Central differences of three steps, with the errors of second and fourth order taken out. */
function extrapolated(kernel: Kernel): number[] {
  const plain = kernel.f as unknown as AnyFunction;
  const at = (h: number) =>
    flatten(plain(...kernel.args.map((arg, i) => displace(arg, kernel.tangents[i], h))));
  const difference = (h: number) => {
    const below = at(-h);
    return at(h).map((x, i) => (x - below[i]) / (2 * h));
  };
  const richardson = (coarse: number[], fine: number[], factor: number) =>
    fine.map((x, i) => (factor * x - coarse[i]) / (factor - 1));
  const [d1, d2, d4] = [1e-3, 5e-4, 2.5e-4].map(difference);
  return richardson(richardson(d1, d2, 4), richardson(d2, d4, 4), 16);
}
