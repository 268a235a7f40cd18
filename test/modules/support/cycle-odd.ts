import { even } from "./cycle-even.ts";

export function odd(n: number, x: number): number {
  "use dual";
  return n === 0 ? x : x * even(n - 1, x);
}
export const atLoad = (x: number): number => {
  "use dual";
  return even(2, x);
};
