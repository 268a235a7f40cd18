/** A network of two layers, and its error: ordinary code on objects and nested arrays. */

export interface Layer {
  /** A row for each output, a column for each input. */
  weights: number[][];
  biases: number[];
}

export interface Network {
  hidden: Layer;
  output: Layer;
}

/** A flower: its measures, and the number of its species. */
export interface Sample {
  features: number[];
  label: number;
}

function apply({ weights, biases }: Layer, input: number[]): number[] {
  return weights.map((row, i) =>
    row.reduce((sum, weight, j) => sum + weight * input[j], biases[i]),
  );
}

/** A score for each species; the greatest wins. */
export function scores(network: Network, features: number[]): number[] {
  "use dual";
  const hidden = apply(network.hidden, features).map((x) => Math.tanh(x));
  return apply(network.output, hidden);
}

/** `log Σ exp(x)`, without overflow. */
function logSumExp(xs: number[]): number {
  const largest = xs.reduce((a, b) => Math.max(a, b));
  return largest + Math.log(xs.reduce((sum, x) => sum + Math.exp(x - largest), 0));
}

/** `Σ w²` over the weights. */
function squares({ weights }: Layer): number {
  let sum = 0;
  for (const row of weights) {
    for (const weight of row) {
      sum += weight * weight;
    }
  }
  return sum;
}

/**
 * The error: the mean of `-log p(label)`, where p is the softmax of the scores, plus a penalty on
 * large weights, without which a network that separates the species would grow for ever.
 */
export function error(network: Network, samples: Sample[], penalty: number): number {
  "use dual";
  let total = 0;
  for (const { features, label } of samples) {
    const found = scores(network, features);
    total += logSumExp(found) - found[label];
  }
  return total / samples.length + penalty * (squares(network.hidden) + squares(network.output));
}

/** The species that the network takes a flower for. */
export function classify(network: Network, features: number[]): number {
  const found = scores(network, features);
  return found.indexOf(Math.max(...found));
}

/** The share of the samples that are taken for what they are. */
export function accuracy(network: Network, samples: Sample[]): number {
  const right = samples.filter(({ features, label }) => classify(network, features) === label);
  return right.length / samples.length;
}
