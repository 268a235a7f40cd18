/** The same fit by another road, without derivatives of the model: variable projection. */
import { Matrix, solve } from "ml-matrix";
import type { Series } from "../src/data.ts";

/**
 * With the growth held fixed the model is linear in all the rest, once each wave is written as a
 * cosine and a sine; linear least squares (by QR) solves that. The growth itself is where the
 * derivative of the sum of squares along it, −2·Σ residual·t·season, changes its sign: by the
 * envelope theorem the other coefficients need not be differentiated. Bisection finds it.
 */
export function referenceFit(series: Series): { parameters: number[]; sumOfSquares: number } {
  let [low, high] = [-0.01, 0.02];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (projectedOnto(series, middle).alongGrowth > 0) {
      low = middle;
    } else {
      high = middle;
    }
  }
  const growth = (low + high) / 2;
  const { coefficients, sumOfSquares } = projectedOnto(series, growth);
  const [level, slope, curvature, cos1, sin1, cos2, sin2] = coefficients;
  const waves = [Math.hypot(cos1, sin1), Math.atan2(sin1, cos1)];
  waves.push(Math.hypot(cos2, sin2), Math.atan2(sin2, cos2));
  return { parameters: [level, slope, curvature, growth, ...waves], sumOfSquares };
}

function projectedOnto({ t, co2 }: Series, growth: number) {
  const waves = (time: number) =>
    [2, 4].flatMap((k) => [Math.cos(k * Math.PI * time), Math.sin(k * Math.PI * time)]);
  const design = new Matrix(
    t.map((time) => [1, time, time * time, ...waves(time).map((w) => (1 + growth * time) * w)]),
  );
  const values = Matrix.columnVector(co2);
  const solution = solve(design, values);
  const residuals = Matrix.sub(values, design.mmul(solution)).to1DArray();
  const coefficients = solution.to1DArray();
  const season = (time: number) =>
    waves(time).reduce((sum, wave, i) => sum + coefficients[3 + i] * wave, 0);
  return {
    coefficients,
    sumOfSquares: residuals.reduce((sum, r) => sum + r * r, 0),
    alongGrowth: residuals.reduce((sum, r, i) => sum + r * t[i] * season(t[i]), 0),
  };
}

/** The model's Jacobian, differentiated by hand. */
export function handWrittenJacobian(parameters: number[]): (t: number) => number[] {
  const [, , , growth, a1, phase1, a2, phase2] = parameters;
  return (t) => {
    const swell = 1 + growth * t;
    const angle1 = 2 * Math.PI * t - phase1;
    const angle2 = 4 * Math.PI * t - phase2;
    return [
      1,
      t,
      t * t,
      t * (a1 * Math.cos(angle1) + a2 * Math.cos(angle2)),
      swell * Math.cos(angle1),
      swell * a1 * Math.sin(angle1),
      swell * Math.cos(angle2),
      swell * a2 * Math.sin(angle2),
    ];
  };
}
