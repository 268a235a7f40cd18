/** Points, directions and colours: lists of three numbers. */
export type Vector = number[];

export const plus = (a: Vector, k: number, b: Vector): Vector => a.map((x, i) => x + k * b[i]);
export const scaled = (k: number, a: Vector): Vector => a.map((x) => k * x);
export const dot = ([a, b, c]: Vector, [x, y, z]: Vector): number => a * x + b * y + c * z;
export const unit = (a: Vector): Vector => scaled(1 / Math.hypot(...a), a);
export const cross = ([a, b, c]: Vector, [x, y, z]: Vector): Vector => [
  b * z - c * y,
  c * x - a * z,
  a * y - b * x,
];
export const mixed = (a: Vector, b: Vector, share: number): Vector =>
  a.map((x, i) => x + share * (b[i] - x));
