/** Gradient descent as `saddle` and `particle` want it: marked, for it is differentiated itself. */
import { grad, type Mode } from "dualize";

function length(x: number[]): number {
  return Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));
}

/** Where a function is least, from a start. */
export function argmin(f: (x: number[]) => number, start: number[], mode: Mode): number[] {
  "use dual";
  const gradient = grad(f, { mode });
  let x = start;
  let value = f(x);
  let slope = gradient(x);
  let steps = 0;
  let rate = 1e-5;
  while (length(slope) > 1e-5) {
    if (steps === 10) {
      rate *= 2;
      steps = 0;
      continue;
    }
    const change = slope.map((g) => -rate * g);
    if (length(change) <= 1e-5) {
      break;
    }
    const next = x.map((value, i) => value + change[i]);
    const nextValue = f(next);
    if (nextValue < value) {
      x = next;
      value = nextValue;
      slope = gradient(x);
      steps++;
    } else {
      rate /= 2;
      steps = 0;
    }
  }
  return x;
}

/** Where a function is greatest. */
export function argmax(f: (x: number[]) => number, start: number[], mode: Mode): number[] {
  "use dual";
  return argmin((x) => -f(x), start, mode);
}
