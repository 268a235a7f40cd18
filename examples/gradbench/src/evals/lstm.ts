/** A network with memory that predicts the next letter. */
import { grad } from "dualize";
import type { Module } from "../protocol.ts";

interface Parameters {
  /** For each layer weights and biases, each of four gates after one another. */
  main: number[][];
  /** Weights of the input, and weights and biases of the output. */
  extra: number[][];
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** What a layer remembers, and what it shows of that. */
interface State {
  cell: number[];
  hidden: number[];
}

function layer(
  weights: number[],
  biases: number[],
  { cell, hidden }: State,
  input: number[],
): State {
  const size = hidden.length;
  const nextCell: number[] = [];
  const nextHidden: number[] = [];
  for (let i = 0; i < size; i++) {
    const forget = sigmoid(input[i] * weights[i] + biases[i]);
    const take = sigmoid(hidden[i] * weights[size + i] + biases[size + i]);
    const give = sigmoid(input[i] * weights[2 * size + i] + biases[2 * size + i]);
    const change = Math.tanh(hidden[i] * weights[3 * size + i] + biases[3 * size + i]);
    const kept = cell[i] * forget + take * change;
    nextCell.push(kept);
    nextHidden.push(give * Math.tanh(kept));
  }
  return { cell: nextCell, hidden: nextHidden };
}

/** The mean of the logarithm of what it gives to the letters that come. */
function objective(parameters: Parameters, start: number[][], sequence: number[][]): number {
  "use dual";
  const { main, extra } = parameters;
  const layers = start.length / 2;
  let states: State[] = [];
  for (let l = 0; l < layers; l++) {
    states.push({ hidden: start[2 * l], cell: start[2 * l + 1] });
  }
  let total = 0;
  for (let t = 0; t < sequence.length - 1; t++) {
    let shown = sequence[t].map((x, i) => x * extra[0][i]);
    const next: State[] = [];
    for (let l = 0; l < layers; l++) {
      const state = layer(main[2 * l], main[2 * l + 1], states[l], shown);
      next.push(state);
      shown = state.hidden;
    }
    states = next;
    let sum = 2;
    const predicted = shown.map((x, i) => x * extra[1][i] + extra[2][i]);
    for (let i = 0; i < predicted.length; i++) {
      sum += Math.exp(predicted[i]);
    }
    const norm = Math.log(sum);
    for (let i = 0; i < predicted.length; i++) {
      total += sequence[t + 1][i] * (predicted[i] - norm);
    }
  }
  return -total / ((sequence.length - 1) * sequence[0].length);
}

const gradient = grad(objective);

interface Input {
  main_params: number[][];
  extra_params: number[][];
  state: number[][];
  sequence: number[][];
}

const parametersOf = ({ main_params, extra_params }: Input): Parameters => ({
  main: main_params,
  extra: extra_params,
});

export const lstm: Module = {
  objective: (input: Input) => objective(parametersOf(input), input.state, input.sequence),
  jacobian: (input: Input) => {
    const { main, extra } = gradient(parametersOf(input), input.state, input.sequence);
    return [...main, ...extra].flat();
  },
};
