/** The model of the series, as its user writes it: plain numbers, and one directive. */

/**
 * What each parameter is, in the order in which the model takes them. `typicalSize` serves the
 * finite differences, which have to choose a step; the exact Jacobian needs no such thing.
 */
export const PARAMETERS = [
  { name: "level", unit: "ppm", typicalSize: 300 },
  { name: "slope", unit: "ppm/year", typicalSize: 1 },
  { name: "curvature", unit: "ppm/year²", typicalSize: 0.01 },
  { name: "growth", unit: "1/year", typicalSize: 0.01 },
  { name: "annual amplitude", unit: "ppm", typicalSize: 1 },
  { name: "annual phase", unit: "rad", typicalSize: 1 },
  { name: "half-year amplitude", unit: "ppm", typicalSize: 1 },
  { name: "half-year phase", unit: "rad", typicalSize: 1 },
] as const;

/** A whole turn, in radians. */
const TURN = 2 * Math.PI;

/**
 * A quadratic trend and two seasonal harmonics whose amplitude grows slowly:
 *
 *     y(t) = level + slope·t + curvature·t²
 *          + (1 + growth·t) · (a₁·cos(2πt − φ₁) + a₂·cos(4πt − φ₂))
 *
 * t is in years and 0 at the start of a year in the middle of the series, so that phases read as
 * times of the year and the trend's coefficients stay nearly independent of each other.
 */
function co2(
  t: number,
  level: number,
  slope: number,
  curvature: number,
  growth: number,
  a1: number,
  phase1: number,
  a2: number,
  phase2: number,
): number {
  const trend = level + slope * t + curvature * t ** 2;
  const season = a1 * Math.cos(TURN * t - phase1) + a2 * Math.cos(2 * TURN * t - phase2);
  return trend + (1 + growth * t) * season;
}

/** The model of all that it depends on, which is what is differentiated. */
export function value(params: number[], t: number): number {
  "use dual";
  const [level, slope, curvature, growth, a1, phase1, a2, phase2] = params;
  return co2(t, level, slope, curvature, growth, a1, phase1, a2, phase2);
}

/** The model curried, parameters first and then the time, as ml-levenberg-marquardt asks for it. */
export function model(params: number[]): (t: number) => number {
  "use dual";
  const [level, slope, curvature, growth, a1, phase1, a2, phase2] = params;
  return (t) => co2(t, level, slope, curvature, growth, a1, phase1, a2, phase2);
}

/** The trend alone: the model with its seasons taken away. */
export function trend(params: number[]): (t: number) => number {
  const [level, slope, curvature] = params;
  return model([level, slope, curvature, 0, 0, 0, 0, 0]);
}
