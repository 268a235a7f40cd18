/** Branches are differentiated as they are taken: the loss of Huber, tilted. */
export function loss(x: number): number {
  "use dual";
  const size = Math.abs(x);
  const huber = size < 1 ? (x * x) / 2 : size - 0.5;
  return huber + Math.max(0, x - 2) ** 2 / 4;
}
