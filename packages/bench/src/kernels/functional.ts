import { defineKernel } from "../kernel.ts";
import { numbers } from "./numbers.ts";

interface Sample {
  x: number;
  y: number;
}

const noise = numbers(40, -0.1, 0.1, 8);
const SAMPLES: Sample[] = noise.map((e, i) => {
  const x = i / 20 - 1;
  return { x, y: x * x * x - x + e };
});

const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);

/** The error of a polynomial fit with a ridge penalty; the highest coefficient comes first. */
export function ridgeLoss(coefficients: number[], ridge: number): number {
  "use dual";
  const model = (x: number): number => coefficients.reduce((value, c) => value * x + c, 0);
  const residuals = SAMPLES.map((sample) => model(sample.x) - sample.y);
  const error = sum(residuals.map((r) => r * r)) / SAMPLES.length;
  return error + ridge * sum(coefficients.map((c) => c * c));
}

export const kernel = defineKernel({
  name: "functional",
  title: "map, reduce and closures: ridge regression",
  f: ridgeLoss,
  args: [[0.1, 0.8, -0.2, -0.9, 0.05], 0.01],
  tangents: [[0.3, -0.4, 1, 0.5, -0.7], 0.1],
  constants: [SAMPLES.map((s) => s.x), SAMPLES.map((s) => s.y)],
  allocationFree: false,
});
