/** A determinant by expansion by minors. */
import { grad } from "dualize";
import type { Module } from "../protocol.ts";

/**
 * The determinant of the rows from `row` on, without the columns that are used already. A column is
 * used while its bit is set, so that no minor is ever made.
 */
function minor(a: number[], size: number, row: number, used: number): number {
  if (row >= size) {
    return 1;
  }
  let sum = 0;
  let sign = 1;
  for (let column = 0; column < size; column++) {
    const bit = 1 << column;
    if ((used & bit) === 0) {
      sum += sign * a[row * size + column] * minor(a, size, row + 1, used | bit);
      sign = -sign;
    }
  }
  return sum;
}

function determinant(a: number[]): number {
  "use dual";
  return minor(a, Math.round(Math.sqrt(a.length)), 0, 0);
}

const gradient = grad(determinant);

interface Input {
  A: number[];
}

export const det: Module = {
  primal: ({ A }: Input) => determinant(A),
  gradient: ({ A }: Input) => gradient(A),
};
