interface Charge {
  x: number;
  y: number;
  strength: number;
}

const charges: Charge[] = [
  { x: -1.2, y: -0.6, strength: 1 },
  { x: 1.1, y: -0.8, strength: -1 },
  { x: 0.2, y: 1.1, strength: 0.7 },
];

/** The potential of three charges; the arrows are their field, turned round. */
export function potential(x: number, y: number): number {
  "use dual";
  let sum = 0;
  for (const charge of charges) {
    sum += charge.strength / Math.hypot(x - charge.x, y - charge.y, 0.3);
  }
  return sum;
}
