import { defineKernel } from "../kernel.ts";
import { numbers } from "./numbers.ts";

/** The Rosenbrock function of many variables. */
export function rosenbrock(x: Float64Array): number {
  "use dual";
  let sum = 0;
  for (let i = 0; i < x.length - 1; i++) {
    const a = 1 - x[i];
    const b = x[i + 1] - x[i] * x[i];
    sum += a * a + 100 * b * b;
  }
  return sum;
}

export const kernel = defineKernel({
  name: "rosenbrock",
  title: "Rosenbrock, n = 1000, Float64Array",
  f: rosenbrock,
  args: [Float64Array.from(numbers(1000, -1, 1, 1))],
  tangents: [Float64Array.from(numbers(1000, -1, 1, 2))],
  allocationFree: true,
});
