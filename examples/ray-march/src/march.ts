/** Rays that go as far as the scene says is safe, until they meet it. */
import { scene } from "./scene.ts";
import { plus, type Vector } from "./vector.ts";

/** Ridges and mazes make the distance a little too long. */
const CAUTION = 0.7;
const NEAR = 1e-4;
export const FAR = 14;

/** How far a ray goes until it meets the scene; undefined where it meets nothing. */
export function march(origin: Vector, direction: Vector): number | undefined {
  let t = 0;
  for (let i = 0; i < 300 && t < FAR; i++) {
    const distance = scene(plus(origin, t, direction));
    if (distance < NEAR * (1 + t)) {
      return t;
    }
    t += CAUTION * distance;
  }
  return undefined;
}

/** The share of light that comes through, with soft edges: 0 in the shadow. */
export function light(origin: Vector, direction: Vector): number {
  let share = 1;
  let t = 0.02;
  for (let i = 0; i < 60 && t < 5; i++) {
    const distance = scene(plus(origin, t, direction));
    if (distance < NEAR) {
      return 0;
    }
    share = Math.min(share, (10 * distance) / t);
    t += Math.max(CAUTION * distance, 0.015);
  }
  return share;
}

/** How open the surroundings are along the normal: 1 in the open, less in corners. */
export function openness(origin: Vector, normal: Vector): number {
  let hidden = 0;
  for (let i = 1; i <= 4; i++) {
    const height = 0.06 * i;
    hidden += Math.max(height - scene(plus(origin, height, normal)), 0) / 2 ** i;
  }
  return Math.max(1 - 4 * hidden, 0);
}
