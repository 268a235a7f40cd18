/** Value, and the gradient added to `gx`. One loop: nothing of one element is needed for another. */
export function rosenbrock(x: Float64Array, gx: Float64Array, seed: number): number {
  let sum = 0;
  for (let i = 0; i < x.length - 1; i++) {
    const a = 1 - x[i];
    const b = x[i + 1] - x[i] * x[i];
    sum += a * a + 100 * b * b;
    const gb = 200 * b * seed;
    gx[i] -= 2 * a * seed + 2 * x[i] * gb;
    gx[i + 1] += gb;
  }
  return sum;
}
