import { kernel } from "../kernels/gaussian-mixture.ts";
import { slot } from "./slot.ts";

const OBSERVATIONS = kernel.constants?.[0] as number[];

export function mixtureLogLikelihood(
  weights: number[],
  dWeights: number[],
  means: number[],
  dMeans: number[],
  sigmas: number[],
  dSigmas: number[],
): number {
  let total = 0;
  let dTotal = 0;
  for (const x of OBSERVATIONS) {
    const logs: number[] = [];
    const dLogs: number[] = [];
    for (let k = 0; k < weights.length; k++) {
      const z = (x - means[k]) / sigmas[k];
      const dz = -(dMeans[k] + z * dSigmas[k]) / sigmas[k];
      logs.push(Math.log(weights[k]) - Math.log(sigmas[k]) - 0.5 * z * z);
      dLogs.push(dWeights[k] / weights[k] - dSigmas[k] / sigmas[k] - z * dz);
    }
    // The largest term cancels in the tangent, so that its own tangent is not needed.
    const largest = Math.max(...logs);
    let sum = 0;
    let dSum = 0;
    for (let k = 0; k < logs.length; k++) {
      const e = Math.exp(logs[k] - largest);
      sum += e;
      dSum += e * dLogs[k];
    }
    total += largest + Math.log(sum);
    dTotal += dSum / sum;
  }
  slot[0] = dTotal;
  return total - 0.5 * OBSERVATIONS.length * Math.log(2 * Math.PI);
}
