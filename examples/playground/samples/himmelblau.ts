/** Himmelblau's function: four valleys. */
export function himmelblau(x: number, y: number): number {
  "use dual";
  const a = x * x + y - 11;
  const b = x + y * y - 7;
  return Math.log(1 + a * a + b * b);
}
