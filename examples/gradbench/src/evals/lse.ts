/** The logarithm of a sum of exponentials. */
import { grad } from "dualize";
import type { Module } from "../protocol.ts";

function logSumExp(x: number[]): number {
  "use dual";
  let largest = x[0];
  for (let i = 1; i < x.length; i++) {
    largest = Math.max(largest, x[i]);
  }
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    sum += Math.exp(x[i] - largest);
  }
  return largest + Math.log(sum);
}

const gradient = grad(logSumExp);

export const lse: Module = {
  primal: ({ x }: { x: number[] }) => logSumExp(x),
  gradient: ({ x }: { x: number[] }) => gradient(x),
};
