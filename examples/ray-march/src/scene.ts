/** The scene as a function: how far a point is from the nearest surface, about. */

/** A ring around the y axis, of a rope with ridges that wind about it. */
export function ring(x: number, y: number, z: number): number {
  "use dual";
  const outwards = Math.hypot(x, z) - 1.25;
  const around = Math.atan2(z, x);
  const winding = Math.atan2(y, outwards);
  const ridges = 0.05 * Math.cos(5 * winding + 12 * around);
  return Math.hypot(outwards, y) - 0.38 - ridges;
}

/** A ball cut out of a gyroid, a surface that divides space into two mazes. */
export function maze(x: number, y: number, z: number): number {
  "use dual";
  const [a, b, c] = [9 * x, 9 * y, 9 * z];
  const gyroid = Math.sin(a) * Math.cos(b) + Math.sin(b) * Math.cos(c) + Math.sin(c) * Math.cos(a);
  const wall = Math.abs(gyroid) / 13 - 0.025;
  return Math.max(Math.hypot(x, y, z) - 0.68, wall);
}

export function floor(y: number): number {
  "use dual";
  return y + 0.75;
}

/** The smaller of two distances, with a seam of some width rounded off. */
function blend(a: number, b: number, width: number): number {
  const overlap = Math.max(width - Math.abs(a - b), 0) / width;
  return Math.min(a, b) - (overlap * overlap * width) / 4;
}

/** All of it. The maze floats in the ring, and the ring melts into the floor. */
export function scene([x, y, z]: number[]): number {
  "use dual";
  const melted = blend(ring(x, y, z), floor(y), 0.25);
  return Math.min(melted, maze(x, y - 0.35, z));
}
