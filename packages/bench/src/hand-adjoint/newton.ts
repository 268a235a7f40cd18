import { slots } from "./slots.ts";

const anomalies: number[] = [];

/** Keeps the iterates: the derivative of the iteration itself, as every adjoint of the loop has it. */
export function orbitRadius(
  meanAnomaly: number,
  eccentricity: number,
  axis: number,
  seed: number,
): number {
  let anomaly = meanAnomaly;
  let change = 1;
  let steps = 0;
  while (Math.abs(change) > 1e-12) {
    anomalies[steps++] = anomaly;
    change =
      (anomaly - eccentricity * Math.sin(anomaly) - meanAnomaly) /
      (1 - eccentricity * Math.cos(anomaly));
    anomaly -= change;
  }
  const cos = Math.cos(anomaly);
  let g = axis * eccentricity * Math.sin(anomaly) * seed;
  let gMean = 0;
  let gEccentricity = -axis * cos * seed;
  while (steps > 0) {
    const e = anomalies[--steps];
    const sin = Math.sin(e);
    const cos = Math.cos(e);
    const slope = 1 - eccentricity * cos;
    const step = (e - eccentricity * sin - meanAnomaly) / slope;
    const gStep = -g / slope;
    gMean -= gStep;
    gEccentricity += gStep * (step * cos - sin);
    // The residual's part of the step cancels the anomaly itself.
    g = -gStep * step * eccentricity * sin;
  }
  slots[0] = gMean + g;
  slots[1] = gEccentricity;
  slots[2] = (1 - eccentricity * cos) * seed;
  return axis * (1 - eccentricity * cos);
}
