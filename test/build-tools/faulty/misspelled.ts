export function square(x: number): number {
  "use duel";
  return x * x;
}
