import { slot } from "./slot.ts";

export function lerp(a: number, da: number, b: number, db: number, t: number, dt: number): number {
  slot[0] = da + (db - da) * t + (b - a) * dt;
  return a + (b - a) * t;
}

export function clamp(
  x: number,
  dx: number,
  low: number,
  dLow: number,
  high: number,
  dHigh: number,
): number {
  slot[0] = x < low ? dLow : x > high ? dHigh : dx;
  return Math.min(Math.max(x, low), high);
}

export function smoothstep(
  low: number,
  dLow: number,
  high: number,
  dHigh: number,
  x: number,
  dx: number,
): number {
  const width = high - low;
  const place = (x - low) / width;
  const t = clamp(place, (dx - dLow - place * (dHigh - dLow)) / width, 0, 0, 1, 0);
  slot[0] = 6 * t * (1 - t) * slot[0];
  return t * t * (3 - 2 * t);
}

export function sigmoid(x: number, dx: number): number {
  const y = 1 / (1 + Math.exp(-x));
  slot[0] = y * (1 - y) * dx;
  return y;
}
