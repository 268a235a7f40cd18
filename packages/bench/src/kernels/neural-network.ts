import { defineKernel } from "../kernel.ts";
import { matrix, numbers } from "./numbers.ts";

const INPUTS: number[][] = matrix(16, 4, -1, 1, 9);
const TARGETS: number[] = numbers(16, -1, 1, 10);

/** The mean squared error of a network with one hidden layer. */
export function networkError(
  hidden: number[][],
  biases: number[],
  output: number[],
  bias: number,
): number {
  "use dual";
  let error = 0;
  for (let s = 0; s < INPUTS.length; s++) {
    const input = INPUTS[s];
    let prediction = bias;
    for (let j = 0; j < hidden.length; j++) {
      let activation = biases[j];
      for (let k = 0; k < input.length; k++) activation += hidden[j][k] * input[k];
      prediction += output[j] * Math.tanh(activation);
    }
    error += (prediction - TARGETS[s]) ** 2;
  }
  return error / INPUTS.length;
}

export const kernel = defineKernel({
  name: "neural-network",
  title: "neural network error along one weight direction",
  f: networkError,
  args: [matrix(8, 4, -1, 1, 11), numbers(8, -1, 1, 12), numbers(8, -1, 1, 13), 0.1],
  tangents: [matrix(8, 4, -1, 1, 14), numbers(8, -1, 1, 15), numbers(8, -1, 1, 16), 0.5],
  constants: [INPUTS, TARGETS],
  allocationFree: true,
});
