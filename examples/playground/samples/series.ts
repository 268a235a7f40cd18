/** The Bessel function J₀, by its power series. */
export function bessel(x: number): number {
  "use dual";
  let term = 1;
  let sum = 1;
  for (let k = 1; k < 40; k++) {
    term *= -(x * x) / (4 * k * k);
    sum += term;
  }
  return sum;
}
