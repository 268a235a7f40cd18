import { kernel } from "../kernels/cubic-spline.ts";
import { slot } from "./slot.ts";

const KNOTS = kernel.constants?.[0] as Float64Array;

function spline(
  x: number,
  dx: number,
  ys: Float64Array,
  dys: Float64Array,
  bends: Float64Array,
  dBends: Float64Array,
): number {
  let low = 0;
  let high = KNOTS.length - 1;
  if (x <= KNOTS[low]) {
    slot[0] = dys[low];
    return ys[low];
  }
  if (x >= KNOTS[high]) {
    slot[0] = dys[high];
    return ys[high];
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (KNOTS[middle] > x) high = middle;
    else low = middle;
  }
  const h = KNOTS[high] - KNOTS[low];
  const a = (KNOTS[high] - x) / h;
  const b = (x - KNOTS[low]) / h;
  const wa = a * a * a - a;
  const wb = b * b * b - b;
  const bend = wa * bends[low] + wb * bends[high];
  // The weights a and b change by -dx / h and dx / h.
  const slope =
    (ys[high] - ys[low]) / h +
    ((3 * b * b - 1) * bends[high] - (3 * a * a - 1) * bends[low]) * (h / 6);
  slot[0] =
    slope * dx +
    a * dys[low] +
    b * dys[high] +
    ((wa * dBends[low] + wb * dBends[high]) * h * h) / 6;
  return a * ys[low] + b * ys[high] + (bend * h * h) / 6;
}

export function resample(
  ys: Float64Array,
  dys: Float64Array,
  bends: Float64Array,
  dBends: Float64Array,
  shift: number,
  dShift: number,
  stretch: number,
  dStretch: number,
): number {
  let total = 0;
  let dTotal = 0;
  for (let k = 0; k < 40; k++) {
    const y = spline(shift + stretch * k, dShift + dStretch * k, ys, dys, bends, dBends);
    total += y * y;
    dTotal += 2 * y * slot[0];
  }
  slot[0] = dTotal;
  return total;
}
