/** How the error is bent where a training ended. */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import type { Network } from "./network.ts";
import type { Objective } from "./objective.ts";
import { numbers, unit } from "./parameters.ts";

/** What counts as no curvature at all. */
export const FLAT = 1e-12;

/**
 * The eigenvalues of the Hessian, the greatest first. At a minimum all are above 0 but one: a number
 * added to all biases of the output changes no probability.
 */
export function spectrum(objective: Objective, at: Network): number[] {
  const columns = numbers(at).map((_, i) => numbers(objective.curvature(at, unit(at, i))));
  const { realEigenvalues } = new EigenvalueDecomposition(new Matrix(columns), {
    assumeSymmetric: true,
  });
  return realEigenvalues.sort((a, b) => b - a);
}
