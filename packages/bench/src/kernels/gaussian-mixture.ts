import { defineKernel } from "../kernel.ts";
import { numbers } from "./numbers.ts";

const OBSERVATIONS: number[] = numbers(24, -3, 3, 3);

/** The log-likelihood of a Gaussian mixture, each term a log-sum-exp. */
export function mixtureLogLikelihood(weights: number[], means: number[], sigmas: number[]): number {
  "use dual";
  let total = 0;
  for (const x of OBSERVATIONS) {
    const logs: number[] = [];
    for (let k = 0; k < weights.length; k++) {
      const z = (x - means[k]) / sigmas[k];
      logs.push(Math.log(weights[k]) - Math.log(sigmas[k]) - 0.5 * z * z);
    }
    const largest = Math.max(...logs);
    let sum = 0;
    for (const value of logs) sum += Math.exp(value - largest);
    total += largest + Math.log(sum);
  }
  return total - 0.5 * OBSERVATIONS.length * Math.log(2 * Math.PI);
}

export const kernel = defineKernel({
  name: "gaussian-mixture",
  title: "Gaussian mixture, log-sum-exp",
  f: mixtureLogLikelihood,
  args: [
    [0.2, 0.35, 0.3, 0.15],
    [-1.5, 0.1, 1.2, 2.4],
    [0.6, 0.9, 0.5, 1.1],
  ],
  tangents: [
    [0.1, -0.2, 0.3, -0.2],
    [1, -1, 0.5, 0.25],
    [0.2, 0.1, -0.3, 0.4],
  ],
  constants: [OBSERVATIONS],
  allocationFree: false,
});
