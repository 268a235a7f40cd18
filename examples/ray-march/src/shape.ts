/** How a surface lies and bends where a ray meets it: first and second derivatives of its function. */
import { grad, hessian } from "dualize";
import { dot, unit, type Vector } from "./vector.ts";

/** A function of space whose zeros are a surface, and that is negative inside. */
export type Surface = (p: Vector) => number;

/** The normal, outwards, of a surface: `∇f / |∇f|`. */
export function normalOf(surface: Surface): (p: Vector) => Vector {
  const gradient = grad(surface);
  return (p) => unit(gradient(p));
}

/**
 * The mean curvature of a surface: `div(∇f / |∇f|) / 2`, which is
 * `(|∇f|²·tr H - ∇f·H·∇f) / (2·|∇f|³)`. Of a ball of radius r it is 1/r; in a groove it is below 0.
 */
export function meanCurvatureOf(surface: Surface): (p: Vector) => number {
  const gradient = grad(surface);
  const bend = hessian(surface);
  return (p) => {
    const g = gradient(p);
    const h = bend(p);
    const squared = dot(g, g);
    const trace = h[0][0] + h[1][1] + h[2][2];
    const along = dot(
      g,
      h.map((row) => dot(row, g)),
    );
    return (squared * trace - along) / (2 * squared ** 1.5);
  };
}
