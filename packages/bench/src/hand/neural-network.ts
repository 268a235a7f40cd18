import { kernel } from "../kernels/neural-network.ts";
import { slot } from "./slot.ts";

const INPUTS = kernel.constants?.[0] as number[][];
const TARGETS = kernel.constants?.[1] as number[];

export function networkError(
  hidden: number[][],
  dHidden: number[][],
  biases: number[],
  dBiases: number[],
  output: number[],
  dOutput: number[],
  bias: number,
  dBias: number,
): number {
  let error = 0;
  let dError = 0;
  for (let s = 0; s < INPUTS.length; s++) {
    const input = INPUTS[s];
    let prediction = bias;
    let dPrediction = dBias;
    for (let j = 0; j < hidden.length; j++) {
      const row = hidden[j];
      const dRow = dHidden[j];
      let activation = biases[j];
      let dActivation = dBiases[j];
      for (let k = 0; k < input.length; k++) {
        activation += row[k] * input[k];
        dActivation += dRow[k] * input[k];
      }
      const y = Math.tanh(activation);
      prediction += output[j] * y;
      dPrediction += dOutput[j] * y + output[j] * (1 - y * y) * dActivation;
    }
    const miss = prediction - TARGETS[s];
    error += miss * miss;
    dError += 2 * miss * dPrediction;
  }
  slot[0] = dError / INPUTS.length;
  return error / INPUTS.length;
}
