import { slot } from "./slot.ts";

export function orbitRadius(
  meanAnomaly: number,
  dMeanAnomaly: number,
  eccentricity: number,
  dEccentricity: number,
  axis: number,
  dAxis: number,
): number {
  let anomaly = meanAnomaly;
  let dAnomaly = dMeanAnomaly;
  let change = 1;
  while (Math.abs(change) > 1e-12) {
    const sin = Math.sin(anomaly);
    const cos = Math.cos(anomaly);
    const slope = 1 - eccentricity * cos;
    const dSlope = eccentricity * sin * dAnomaly - dEccentricity * cos;
    change = (anomaly - eccentricity * sin - meanAnomaly) / slope;
    const dChange =
      (dAnomaly -
        dEccentricity * sin -
        eccentricity * cos * dAnomaly -
        dMeanAnomaly -
        change * dSlope) /
      slope;
    anomaly -= change;
    dAnomaly -= dChange;
  }
  const sin = Math.sin(anomaly);
  const cos = Math.cos(anomaly);
  const shape = 1 - eccentricity * cos;
  slot[0] = dAxis * shape + axis * (eccentricity * sin * dAnomaly - dEccentricity * cos);
  return axis * shape;
}
