import { defineKernel } from "../kernel.ts";

function bell(t: number, width: number): number {
  return Math.exp(-0.5 * (t / width) ** 2);
}

function adaptive(
  width: number,
  low: number,
  high: number,
  atLow: number,
  atMiddle: number,
  atHigh: number,
  tolerance: number,
): number {
  const quarter = (high - low) / 4;
  const atLeft = bell(low + quarter, width);
  const atRight = bell(high - quarter, width);
  const whole = (quarter / 3) * 2 * (atLow + 4 * atMiddle + atHigh);
  const halves = (quarter / 3) * (atLow + 4 * atLeft + 2 * atMiddle + 4 * atRight + atHigh);
  const error = (halves - whole) / 15;
  if (Math.abs(error) <= tolerance) return halves + error;
  const middle = (low + high) / 2;
  return (
    adaptive(width, low, middle, atLow, atLeft, atMiddle, tolerance / 2) +
    adaptive(width, middle, high, atMiddle, atRight, atHigh, tolerance / 2)
  );
}

/** The area under a bell curve by adaptive Simpson quadrature. */
export function area(width: number, low: number, high: number): number {
  "use dual";
  const atMiddle = bell((low + high) / 2, width);
  return adaptive(width, low, high, bell(low, width), atMiddle, bell(high, width), 1e-8);
}

export const kernel = defineKernel({
  name: "recursion",
  title: "recursion: adaptive Simpson quadrature",
  f: area,
  args: [0.8, -1.3, 2.9],
  tangents: [0.2, -0.5, 1],
  allocationFree: true,
});
