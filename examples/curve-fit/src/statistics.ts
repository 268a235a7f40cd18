/** What is said about a fit: residuals, their spread, and the parameters' standard errors. */
import { inverse, Matrix } from "ml-matrix";
import type { Series } from "./data.ts";
import { model } from "./model.ts";

/** Partial derivatives of the model by its parameters, at a time. */
export type Jacobian = (params: number[]) => (t: number) => number[];

/** Data minus model at each time, in ppm. */
export function residuals({ t, co2 }: Series, parameters: number[]): number[] {
  const curve = model(parameters);
  const fitted = t.map((time) => curve(time));
  return co2.map((value, i) => value - fitted[i]);
}

/** Sum of the squared residuals, in ppm². */
export function sumOfSquares(series: Series, parameters: number[]): number {
  return residuals(series, parameters).reduce((sum, r) => sum + r * r, 0);
}

/** Residual standard deviation, with the parameters' degrees of freedom taken off, in ppm. */
export function residualDeviation(series: Series, parameters: number[]): number {
  const freedom = series.t.length - parameters.length;
  return Math.sqrt(sumOfSquares(series, parameters) / freedom);
}

/** Standard errors of the parameters: the root of the diagonal of σ²·(JᵀJ)⁻¹. */
export function standardErrors(series: Series, parameters: number[], jacobian: Jacobian): number[] {
  const j = new Matrix(series.t.map(jacobian(parameters)));
  const covariance = inverse(j.transpose().mmul(j));
  const deviation = residualDeviation(series, parameters);
  return covariance.diagonal().map((variance) => deviation * Math.sqrt(variance));
}

/**
 * How far the residuals are from being orthogonal to the Jacobian: the largest |cos| of the angle
 * between them and a column of it. 0 at the optimum of a least-squares fit.
 */
export function orthogonality(series: Series, parameters: number[], jacobian: Jacobian): number {
  const j = new Matrix(series.t.map(jacobian(parameters)));
  const r = Matrix.columnVector(residuals(series, parameters));
  const cosines = parameters.map((_, k) => {
    const column = j.getColumnVector(k);
    return Math.abs(column.dot(r)) / (column.norm() * r.norm());
  });
  return Math.max(...cosines);
}

/** Correlation of each residual with the next. */
export function lag1Correlation(values: number[]): number {
  const next = values.slice(1);
  const pairs = next.reduce((sum, value, i) => sum + value * values[i], 0);
  return pairs / values.reduce((sum, value) => sum + value * value, 0);
}
