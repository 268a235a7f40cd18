import type { Network, Sample } from "../src/network.ts";
import { zip } from "../src/parameters.ts";

/** Error and gradient by backpropagation as one writes it by hand. */
export function backpropagation(network: Network, samples: Sample[], penalty: number) {
  const { hidden, output } = network;
  let error = 0;
  const gradient = zip(() => 0, network);
  for (const { features, label } of samples) {
    const units = hidden.weights.map((row, i) =>
      Math.tanh(row[0] * features[0] + row[1] * features[1] + hidden.biases[i]),
    );
    const scores = output.weights.map((row, i) => {
      let score = output.biases[i];
      for (let j = 0; j < units.length; j++) score += row[j] * units[j];
      return score;
    });
    const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
    const shares = scores.map((score) => Math.exp(score) / total);
    error -= Math.log(shares[label]) / samples.length;
    const back = shares.map((share, i) => (share - (i === label ? 1 : 0)) / samples.length);
    back.forEach((b, i) => {
      gradient.output.biases[i] += b;
      units.forEach((unit, j) => {
        gradient.output.weights[i][j] += b * unit;
      });
    });
    units.forEach((unit, j) => {
      let inner = 0;
      back.forEach((b, i) => {
        inner += b * output.weights[i][j];
      });
      inner *= 1 - unit * unit;
      gradient.hidden.biases[j] += inner;
      gradient.hidden.weights[j][0] += inner * features[0];
      gradient.hidden.weights[j][1] += inner * features[1];
    });
  }
  for (const [layer, found] of [
    [hidden, gradient.hidden],
    [output, gradient.output],
  ]) {
    layer.weights.forEach((row, i) => {
      row.forEach((weight, j) => {
        error += penalty * weight * weight;
        found.weights[i][j] += 2 * penalty * weight;
      });
    });
  }
  return { error, gradient };
}
