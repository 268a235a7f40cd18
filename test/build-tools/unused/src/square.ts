export function square(x: number): number {
  "use dual";
  return x * x;
}
