/** Derivatives beside differences. */
import type { Network } from "./network.ts";
import type { Objective } from "./objective.ts";
import { dot, norm, plus, unit, zip } from "./parameters.ts";

/** Central differences of fourth order of what a function has along a direction. */
function along<T>(
  f: (at: Network) => T,
  at: Network,
  v: Network,
  mix: (ys: T[], ws: number[]) => T,
) {
  const h = 1e-3;
  const steps = [-2 * h, -h, h, 2 * h];
  const weights = [1, -8, 8, -1].map((w) => w / (12 * h));
  return mix(
    steps.map((step) => f(plus(at, step, v))),
    weights,
  );
}

/** The gradient by differences: four errors for each number of the network. */
export function differencedGradient(objective: Objective, at: Network): Network {
  let index = 0;
  return zip(() => {
    const direction = unit(at, index++);
    return along(
      (x) => objective.valueAndGradient(x)[0],
      at,
      direction,
      (ys, ws) => ys.reduce((sum, y, i) => sum + ws[i] * y, 0),
    );
  }, at);
}

/** The Hessian times a direction, by differences of gradients. */
export function differencedCurvature(objective: Objective, at: Network, v: Network): Network {
  return along(
    (x) => objective.valueAndGradient(x)[1],
    at,
    v,
    (gradients, ws) => zip((...gs) => gs.reduce((sum, g, i) => sum + ws[i] * g, 0), ...gradients),
  );
}

/** `|a - b| / |b|`. */
export function relativeDifference(a: Network, b: Network): number {
  return norm(plus(a, -1, b)) / Math.sqrt(dot(b, b));
}
