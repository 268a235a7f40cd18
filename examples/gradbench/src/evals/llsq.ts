/** Least squares: a polynomial beside the sign function. */
import { grad } from "dualize";
import type { Module } from "../protocol.ts";

function misfit(x: number[], n: number): number {
  "use dual";
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const t = -1 + (i * 2) / (n - 1);
    let rest = t > 0 ? 1 : t < 0 ? -1 : 0;
    let power = 1;
    for (let j = 0; j < x.length; j++) {
      rest -= x[j] * power;
      power *= t;
    }
    sum += rest * rest;
  }
  return sum / 2;
}

const gradient = grad(misfit);

interface Input {
  x: number[];
  n: number;
}

export const llsq: Module = {
  primal: ({ x, n }: Input) => misfit(x, n),
  gradient: ({ x, n }: Input) => gradient(x, n),
};
