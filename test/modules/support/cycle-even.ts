import { odd } from "./cycle-odd.ts";

/** `x⁰ + x² + …`, by turns with the other module. */
export function even(n: number, x: number): number {
  "use dual";
  return n === 0 ? 1 : x * odd(n - 1, x) + 1;
}
