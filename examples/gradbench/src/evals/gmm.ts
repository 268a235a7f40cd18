/** The posterior of a mixture of Gaussians. */
import { grad } from "dualize";
import { lgamma } from "mathjs";
import type { Module } from "../protocol.ts";

/** What the gradient is by: a row for each component, except for the weights. */
interface Mixture {
  alpha: number[];
  mu: number[][];
  /** Logarithms of the diagonals of the factors of precision. */
  q: number[][];
  /** What stands below these diagonals, column by column. */
  l: number[][];
}

interface Prior {
  m: number;
  gamma: number;
}

function logSumExp(xs: number[]): number {
  let largest = xs[0];
  for (let i = 1; i < xs.length; i++) {
    largest = Math.max(largest, xs[i]);
  }
  let sum = 0;
  for (let i = 0; i < xs.length; i++) {
    sum += Math.exp(xs[i] - largest);
  }
  return largest + Math.log(sum);
}

function squares(xs: number[]): number {
  let sum = 0;
  for (let i = 0; i < xs.length; i++) {
    sum += xs[i] * xs[i];
  }
  return sum;
}

/** `|Q·(x - μ)|²`. */
function distance(diagonal: number[], below: number[], x: number[], mean: number[]): number {
  const d = x.length;
  const centred: number[] = [];
  const scaled: number[] = [];
  for (let i = 0; i < d; i++) {
    centred.push(x[i] - mean[i]);
    scaled.push(diagonal[i] * centred[i]);
  }
  let at = 0;
  for (let i = 0; i < d; i++) {
    for (let j = i + 1; j < d; j++) {
      scaled[j] += below[at] * centred[i];
      at++;
    }
  }
  return squares(scaled);
}

/** The logarithm of the posterior, but for what does not depend on the mixture. */
function logPosterior(mixture: Mixture, x: number[][], prior: Prior): number {
  "use dual";
  const { alpha, mu, q, l } = mixture;
  const { m, gamma } = prior;
  const k = alpha.length;
  const diagonals = q.map((row) => row.map((value) => Math.exp(value)));
  const sums = q.map((row) => row.reduce((sum, value) => sum + value, 0));
  let total = -x.length * logSumExp(alpha);
  for (let i = 0; i < x.length; i++) {
    const terms: number[] = [];
    for (let j = 0; j < k; j++) {
      terms.push(alpha[j] + sums[j] - 0.5 * distance(diagonals[j], l[j], x[i], mu[j]));
    }
    total += logSumExp(terms);
  }
  for (let j = 0; j < k; j++) {
    const frobenius = squares(diagonals[j]) + squares(l[j]);
    total -= 0.5 * gamma * gamma * frobenius - m * sums[j];
  }
  return total;
}

/** What does not depend on the mixture. */
function constant(d: number, k: number, n: number, { m, gamma }: Prior): number {
  const freedom = d + m + 1;
  let logGamma = 0.25 * d * (d - 1) * Math.log(Math.PI);
  for (let j = 1; j <= d; j++) {
    logGamma += lgamma(0.5 * (freedom + 1 - j));
  }
  const scale = freedom * d * (Math.log(gamma) - 0.5 * Math.log(2));
  return k * (scale - logGamma) - 0.5 * n * d * Math.log(2 * Math.PI);
}

const gradient = grad(logPosterior);

interface Input extends Mixture, Prior {
  d: number;
  k: number;
  n: number;
  x: number[][];
}

const mixtureOf = ({ alpha, mu, q, l }: Input): Mixture => ({ alpha, mu, q, l });

export const gmm: Module = {
  objective: (input: Input) =>
    logPosterior(mixtureOf(input), input.x, input) + constant(input.d, input.k, input.n, input),
  jacobian: (input: Input) =>
    gradient(mixtureOf(input), input.x, { m: input.m, gamma: input.gamma }),
};
