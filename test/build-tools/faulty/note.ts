export function cut(x: number): number {
  "use dual";
  return x * Math.floor(x);
}
