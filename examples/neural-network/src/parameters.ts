/** Networks as vectors: what optimizers do with weights, biases, gradients and directions. */
import { randomLcg, randomNormal } from "d3-random";
import type { Layer, Network } from "./network.ts";

/** A network of random weights, small enough that no hidden unit is saturated. */
export function randomNetwork(
  inputs: number,
  hidden: number,
  outputs: number,
  seed: number,
): Network {
  const normal = randomNormal.source(randomLcg(seed))();
  const layer = (rows: number, columns: number): Layer => ({
    weights: Array.from({ length: rows }, () =>
      Array.from({ length: columns }, () => normal() / Math.sqrt(columns)),
    ),
    biases: new Array(rows).fill(0),
  });
  return { hidden: layer(hidden, inputs), output: layer(outputs, hidden) };
}

/** A network, or anything of its shape, number by number made of others. */
export function zip(f: (...xs: number[]) => number, ...networks: Network[]): Network {
  const layer = (...layers: Layer[]): Layer => ({
    weights: layers[0].weights.map((row, i) =>
      row.map((_, j) => f(...layers.map(({ weights }) => weights[i][j]))),
    ),
    biases: layers[0].biases.map((_, i) => f(...layers.map(({ biases }) => biases[i]))),
  });
  return {
    hidden: layer(...networks.map(({ hidden }) => hidden)),
    output: layer(...networks.map(({ output }) => output)),
  };
}

/** `y + a·x`. */
export const plus = (y: Network, a: number, x: Network): Network => zip((p, q) => p + a * q, y, x);

/** All numbers of a network, layer by layer. */
export function numbers({ hidden, output }: Network): number[] {
  return [hidden, output].flatMap(({ weights, biases }) => [...weights.flat(), ...biases]);
}

/** The scalar product. */
export function dot(a: Network, b: Network): number {
  const other = numbers(b);
  return numbers(a).reduce((sum, x, i) => sum + x * other[i], 0);
}

export const norm = (a: Network): number => Math.sqrt(dot(a, a));

/** The direction of one number: 1 in its place, 0 elsewhere. */
export function unit(shape: Network, index: number): Network {
  let at = 0;
  return zip(() => (at++ === index ? 1 : 0), shape);
}
