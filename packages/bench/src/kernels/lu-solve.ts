import { defineKernel } from "../kernel.ts";
import { matrix, numbers } from "./numbers.ts";

/** Solves `a x = b` by LU decomposition with partial pivoting. */
export function luSolve(a: number[][], b: number[]): number[] {
  "use dual";
  const n = b.length;
  const lu = a.map((row) => row.slice());
  const x = b.slice();
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) {
      if (Math.abs(lu[i][k]) > Math.abs(lu[pivot][k])) pivot = i;
    }
    if (pivot !== k) {
      [lu[k], lu[pivot]] = [lu[pivot], lu[k]];
      [x[k], x[pivot]] = [x[pivot], x[k]];
    }
    for (let i = k + 1; i < n; i++) {
      lu[i][k] /= lu[k][k];
      for (let j = k + 1; j < n; j++) {
        lu[i][j] -= lu[i][k] * lu[k][j];
      }
    }
  }
  for (let i = 1; i < n; i++) {
    for (let j = 0; j < i; j++) x[i] -= lu[i][j] * x[j];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) x[i] -= lu[i][j] * x[j];
    x[i] /= lu[i][i];
  }
  return x;
}

export const kernel = defineKernel({
  name: "lu-solve",
  title: "LU solve, 12 x 12, number[][]",
  f: luSolve,
  args: [matrix(12, 12, -1, 1, 4), numbers(12, -1, 1, 5)],
  tangents: [matrix(12, 12, -1, 1, 6), numbers(12, -1, 1, 7)],
  allocationFree: false,
});
