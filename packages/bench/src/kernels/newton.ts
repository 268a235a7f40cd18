import { defineKernel } from "../kernel.ts";

/** The distance of a planet from its sun: Kepler's equation, solved by Newton's method. */
export function orbitRadius(meanAnomaly: number, eccentricity: number, axis: number): number {
  "use dual";
  let anomaly = meanAnomaly;
  let change = 1;
  while (Math.abs(change) > 1e-12) {
    change =
      (anomaly - eccentricity * Math.sin(anomaly) - meanAnomaly) /
      (1 - eccentricity * Math.cos(anomaly));
    anomaly -= change;
  }
  return axis * (1 - eccentricity * Math.cos(anomaly));
}

export const kernel = defineKernel({
  name: "newton",
  title: "Newton iteration to convergence: Kepler's equation",
  f: orbitRadius,
  args: [1.2, 0.6, 1.5],
  tangents: [1, 0.3, -0.4],
  allocationFree: true,
});
