/** Kepler: where a planet is at a time, by Newton's method. */
export function anomaly(time: number): number {
  "use dual";
  const eccentricity = 0.8;
  let angle = time;
  for (let i = 0; i < 12; i++) {
    const miss = angle - eccentricity * Math.sin(angle) - time;
    angle -= miss / (1 - eccentricity * Math.cos(angle));
  }
  return angle;
}
