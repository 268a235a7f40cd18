/** Rosenbrock's valley, bent like a banana. */
export function rosenbrock(x: number, y: number): number {
  "use dual";
  return Math.log(1 + (1 - x) ** 2 + 10 * (y - x ** 2) ** 2);
}
