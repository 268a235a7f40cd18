/** `cos(πx)`, exactly zero and ±1 where it is. */
export function cosPi(x: number): number {
  const r = Math.abs(x) % 2;
  if (r === 0.5 || r === 1.5) return 0;
  return r === 1 ? -1 : Math.cos(Math.PI * r);
}

/** `sin(πx)`, exactly zero where it is. */
export function sinPi(x: number): number {
  const r = x % 2;
  return Number.isInteger(r) ? 0 : Math.sin(Math.PI * r);
}
