import { slot } from "./slot.ts";

export function rosenbrock(x: Float64Array, dx: Float64Array): number {
  let sum = 0;
  let dSum = 0;
  for (let i = 0; i < x.length - 1; i++) {
    const a = 1 - x[i];
    const b = x[i + 1] - x[i] * x[i];
    const db = dx[i + 1] - 2 * x[i] * dx[i];
    sum += a * a + 100 * b * b;
    dSum += 200 * b * db - 2 * a * dx[i];
  }
  slot[0] = dSum;
  return sum;
}
