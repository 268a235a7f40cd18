import { defineKernel } from "../kernel.ts";
import { numbers } from "./numbers.ts";

// Knots at uneven places from 0 to 10.
const KNOTS: Float64Array = Float64Array.from(numbers(20, 0, 10, 17).sort((a, b) => a - b));

/** A cubic spline through `ys` with second derivatives `bends` at the knots; constant outside. */
function spline(x: number, ys: Float64Array, bends: Float64Array): number {
  let low = 0;
  let high = KNOTS.length - 1;
  if (x <= KNOTS[low]) return ys[low];
  if (x >= KNOTS[high]) return ys[high];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (KNOTS[middle] > x) high = middle;
    else low = middle;
  }
  const h = KNOTS[high] - KNOTS[low];
  const a = (KNOTS[high] - x) / h;
  const b = (x - KNOTS[low]) / h;
  const bend = (a * a * a - a) * bends[low] + (b * b * b - b) * bends[high];
  return a * ys[low] + b * ys[high] + (bend * h * h) / 6;
}

/** The energy of a signal that is resampled at shifted and stretched places. */
export function resample(
  ys: Float64Array,
  bends: Float64Array,
  shift: number,
  stretch: number,
): number {
  "use dual";
  let total = 0;
  for (let k = 0; k < 40; k++) {
    const y = spline(shift + stretch * k, ys, bends);
    total += y * y;
  }
  return total;
}

export const kernel = defineKernel({
  name: "cubic-spline",
  title: "cubic spline with branches, 40 places",
  f: resample,
  args: [
    Float64Array.from(numbers(20, -1, 1, 18)),
    Float64Array.from(numbers(20, -3, 3, 19)),
    -0.63,
    0.297,
  ],
  tangents: [
    Float64Array.from(numbers(20, -1, 1, 20)),
    Float64Array.from(numbers(20, -1, 1, 21)),
    0.4,
    0.02,
  ],
  constants: [KNOTS],
  allocationFree: true,
});
