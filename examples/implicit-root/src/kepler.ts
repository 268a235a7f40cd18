/** Kepler's equation, whose root says where a planet is. */
import { customJvp } from "dualize";

/**
 * The root E of `E - e·sin E = M` by Newton's method: the eccentric anomaly from the mean one. It is
 * not marked: how it iterates and when it stops is nothing to differentiate.
 */
export function solveKepler(mean: number, eccentricity: number): number {
  const turns = 2 * Math.PI * Math.round(mean / (2 * Math.PI));
  const m = mean - turns;
  let root = eccentricity > 0.8 && m !== 0 ? Math.sign(m) * Math.PI : m;
  for (let i = 0; i < 50; i++) {
    const step = newtonStep(root, m, eccentricity);
    root -= step;
    if (Math.abs(step) < 1e-15 * Math.max(1, Math.abs(root))) {
      break;
    }
  }
  return root + turns;
}

function newtonStep(root: number, mean: number, eccentricity: number): number {
  return (root - eccentricity * Math.sin(root) - mean) / (1 - eccentricity * Math.cos(root));
}

/**
 * The same root with its derivative. Differentiating `E - e·sin E = M` gives
 * `(1 - e·cos E)·dE = dM + sin E·de`, whatever way the root was found.
 */
export const eccentricAnomaly: (mean: number, eccentricity: number) => number = customJvp(
  solveKepler,
  ([mean, eccentricity], [dMean, dEccentricity]) => {
    const root = eccentricAnomaly(mean, eccentricity);
    const slope = 1 - eccentricity * Math.cos(root);
    return [root, (dMean + Math.sin(root) * dEccentricity) / slope];
  },
);

/** The other way, for comparison: some steps of the iteration, differentiated as they are. */
export function keplerBySteps(mean: number, eccentricity: number, steps: number): number {
  "use dual";
  let root = mean;
  for (let i = 0; i < steps; i++) {
    root -= newtonStep(root, mean, eccentricity);
  }
  return root;
}

/** The same by halving an interval. Its ends move with `M`, and so does their middle: slope 1 always. */
export function keplerByHalving(mean: number, eccentricity: number, steps: number): number {
  "use dual";
  let [low, high] = [mean - eccentricity, mean + eccentricity];
  for (let i = 0; i < steps; i++) {
    const middle = (low + high) / 2;
    if (middle - eccentricity * Math.sin(middle) < mean) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return (low + high) / 2;
}
