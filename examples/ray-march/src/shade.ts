/** Colours of what rays meet. */
import { light, openness } from "./march.ts";
import { floor, maze, ring, scene } from "./scene.ts";
import { meanCurvatureOf, normalOf } from "./shape.ts";
import { dot, mixed, plus, scaled, unit, type Vector } from "./vector.ts";

const SUN = unit([0.55, 0.75, -0.35]);
const SUN_COLOUR = [1.05, 0.97, 0.84];
const SKY_COLOUR = [0.32, 0.38, 0.48];

const normal = normalOf(scene);
const meanCurvature = meanCurvatureOf(scene);

/** The sky in a direction. */
export function sky([, y]: Vector): Vector {
  return mixed([0.93, 0.94, 0.95], [0.55, 0.68, 0.85], Math.max(y, 0) ** 0.6);
}

/** What colour a point of the scene has in white light. */
function paint([x, y, z]: Vector): Vector {
  if (maze(x, y - 0.35, z) < 0.002) {
    return [0.86, 0.52, 0.18];
  }
  const tile = (Math.floor(1.6 * x) + Math.floor(1.6 * z)) % 2 === 0 ? 0.62 : 0.5;
  const ground = [tile, tile, tile];
  const share = Math.min(Math.max((floor(y) - ring(x, y, z)) / 0.25 + 0.5, 0), 1);
  return mixed(ground, [0.1, 0.34, 0.52], share);
}

/** The light that a point sends against the direction of a ray. */
export function shade(p: Vector, direction: Vector): Vector {
  const n = normal(p);
  const colour = paint(p);
  const start = plus(p, 2e-3, n);
  const facing = Math.max(dot(n, SUN), 0);
  const sun = facing > 0 ? facing * light(start, SUN) : 0;
  const ambient = openness(p, n) * (0.6 + 0.4 * n[1]);
  const shine = Math.max(dot(n, unit(plus(SUN, -1, direction))), 0) ** 60 * sun;
  return colour.map((c, i) => c * (sun * SUN_COLOUR[i] + ambient * SKY_COLOUR[i]) + 0.5 * shine);
}

/** The same point coloured by its curvature: ridges red, grooves blue, what is flat grey. */
export function shadeCurvature(p: Vector, direction: Vector): Vector {
  const bend = Math.tanh(meanCurvature(p) / 6);
  const colour = mixed(
    [0.8, 0.8, 0.8],
    bend > 0 ? [0.78, 0.2, 0.12] : [0.1, 0.35, 0.65],
    Math.abs(bend),
  );
  return scaled(0.35 + 0.65 * Math.max(-dot(normal(p), direction), 0), colour);
}
