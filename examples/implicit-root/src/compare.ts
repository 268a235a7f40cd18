/** The rule beside the iteration differentiated as it is. */
import { derivative } from "dualize";
import { keplerBySteps, solveKepler } from "./kepler.ts";

export interface Errors {
  steps: number;
  /** Of the root after so many steps. */
  root: number;
  /** Of the derivative by the mean anomaly, when the steps are differentiated. */
  throughSteps: number;
  /** Of the same by the rule, at the root as it is after so many steps. */
  byRule: number;
}

const bySteps = derivative(keplerBySteps);

/** How near root and derivatives are after more and more steps. */
export function compare(mean: number, eccentricity: number, maxSteps: number): Errors[] {
  const slope = (root: number) => 1 / (1 - eccentricity * Math.cos(root));
  const exact = solveKepler(mean, eccentricity);
  return Array.from({ length: maxSteps }, (_, i) => {
    const steps = i + 1;
    const root = keplerBySteps(mean, eccentricity, steps);
    return {
      steps,
      root: Math.abs(root - exact),
      throughSteps: Math.abs(bySteps(mean, eccentricity, steps) - slope(exact)),
      byRule: Math.abs(slope(root) - slope(exact)),
    };
  });
}
