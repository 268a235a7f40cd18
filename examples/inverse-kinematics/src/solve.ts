/** Joint angles for a pose: least squares by Gauss and Newton, damped by Levenberg. */
import { valueAndJacobian } from "dualize";
import { Matrix, solve as solveLinear } from "ml-matrix";
import { type Joint, misfit, type Pose } from "./arm.ts";

/** An iteration: how far the tool is from its pose, and how much the step was damped. */
export interface Iteration {
  distance: number;
  damping: number;
}

export interface Solution {
  angles: number[];
  iterations: Iteration[];
}

const misfitAndJacobian = valueAndJacobian(misfit);
const MAX_ITERATIONS = 100;

/**
 * Joint angles that bring the tool to a pose, near those it starts from. Steps solve
 * `(JᵀJ + λ)·step = -Jᵀr`; λ shrinks while steps help, and grows where they do not.
 *
 * @throws Error when the pose is out of reach, or not found from there
 */
export function solve(arm: Joint[], target: Pose, start: number[], tolerance = 1e-13): Solution {
  let angles = start;
  let damping = 1e-2;
  let [rest, jacobian] = misfitAndJacobian(angles, arm, target);
  const iterations = [{ distance: Math.hypot(...rest), damping: 0 }];
  while (Math.hypot(...rest) > tolerance) {
    if (iterations.length > MAX_ITERATIONS) {
      throw new Error(
        `The pose was not reached in ${MAX_ITERATIONS} iterations: ${Math.hypot(...rest)} is missing.`,
      );
    }
    const change = step(jacobian, rest, damping);
    const tried = angles.map((angle, i) => angle + change[i]);
    const [triedRest, triedJacobian] = misfitAndJacobian(tried, arm, target);
    iterations.push({ distance: Math.hypot(...triedRest), damping });
    if (Math.hypot(...triedRest) < Math.hypot(...rest)) {
      [angles, rest, jacobian] = [tried, triedRest, triedJacobian];
      damping /= 100;
    } else {
      damping = 10 * Math.max(damping, 1e-6);
    }
  }
  return { angles, iterations };
}

function step(jacobian: number[][], rest: number[], damping: number): number[] {
  const j = new Matrix(jacobian);
  const normal = j.transpose().mmul(j).add(Matrix.eye(j.columns).mul(damping));
  const right = j.transpose().mmul(Matrix.columnVector(rest)).neg();
  return solveLinear(normal, right).to1DArray();
}
