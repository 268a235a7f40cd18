import { shadow } from "./slot.ts";

export function luSolve(a: number[][], da: number[][], b: number[], db: number[]): number[] {
  const n = b.length;
  const lu = a.map((row) => row.slice());
  const dlu = da.map((row) => row.slice());
  const x = b.slice();
  const dx = db.slice();
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) {
      if (Math.abs(lu[i][k]) > Math.abs(lu[pivot][k])) pivot = i;
    }
    if (pivot !== k) {
      [lu[k], lu[pivot]] = [lu[pivot], lu[k]];
      [dlu[k], dlu[pivot]] = [dlu[pivot], dlu[k]];
      [x[k], x[pivot]] = [x[pivot], x[k]];
      [dx[k], dx[pivot]] = [dx[pivot], dx[k]];
    }
    const top = lu[k];
    const dTop = dlu[k];
    for (let i = k + 1; i < n; i++) {
      const row = lu[i];
      const dRow = dlu[i];
      const factor = row[k] / top[k];
      const dFactor = (dRow[k] - factor * dTop[k]) / top[k];
      row[k] = factor;
      dRow[k] = dFactor;
      for (let j = k + 1; j < n; j++) {
        row[j] -= factor * top[j];
        dRow[j] -= dFactor * top[j] + factor * dTop[j];
      }
    }
  }
  for (let i = 1; i < n; i++) {
    for (let j = 0; j < i; j++) {
      x[i] -= lu[i][j] * x[j];
      dx[i] -= dlu[i][j] * x[j] + lu[i][j] * dx[j];
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) {
      x[i] -= lu[i][j] * x[j];
      dx[i] -= dlu[i][j] * x[j] + lu[i][j] * dx[j];
    }
    x[i] /= lu[i][i];
    dx[i] = (dx[i] - x[i] * dlu[i][i]) / lu[i][i];
  }
  shadow.tangent = dx;
  return x;
}
