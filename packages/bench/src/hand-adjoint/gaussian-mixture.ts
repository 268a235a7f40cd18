import { kernel } from "../kernels/gaussian-mixture.ts";

const OBSERVATIONS = kernel.constants?.[0] as number[];

/** The cotangent of each term is its share of the sum. */
export function mixtureLogLikelihood(
  weights: number[],
  gWeights: number[],
  means: number[],
  gMeans: number[],
  sigmas: number[],
  gSigmas: number[],
  seed: number,
): number {
  let total = 0;
  const logs: number[] = [];
  for (const x of OBSERVATIONS) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < weights.length; k++) {
      const z = (x - means[k]) / sigmas[k];
      logs[k] = Math.log(weights[k]) - Math.log(sigmas[k]) - 0.5 * z * z;
      largest = Math.max(largest, logs[k]);
    }
    let sum = 0;
    for (let k = 0; k < weights.length; k++) {
      logs[k] = Math.exp(logs[k] - largest);
      sum += logs[k];
    }
    total += largest + Math.log(sum);
    for (let k = 0; k < weights.length; k++) {
      const share = (logs[k] / sum) * seed;
      const z = (x - means[k]) / sigmas[k];
      gWeights[k] += share / weights[k];
      gMeans[k] += (share * z) / sigmas[k];
      gSigmas[k] += (share * (z * z - 1)) / sigmas[k];
    }
  }
  return total - 0.5 * OBSERVATIONS.length * Math.log(2 * Math.PI);
}
