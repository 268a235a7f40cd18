/** The fit: ml-levenberg-marquardt, given the exact Jacobian or left to finite differences. */
import { grad } from "dualize";
import { levenbergMarquardt } from "ml-levenberg-marquardt";
import type { Series } from "./data.ts";
import { model, PARAMETERS, value } from "./model.ts";
import { orthogonality, sumOfSquares } from "./statistics.ts";

/** The derivative of the model by its parameters. This line is the whole of the derivative code. */
const byParameters = grad(value);

/** A row of the Jacobian at each time, curried like the model. */
export const jacobian = (params: number[]) => (t: number) => byParameters(params, t);

/** A way to get the Jacobian: exact, or by finite differences with these steps. */
export interface Method {
  label: string;
  differences?: { steps: number[]; central: boolean };
}

/** Steps in proportion to each parameter's typical size. */
const stepsOf = (relative: number) => PARAMETERS.map(({ typicalSize }) => relative * typicalSize);

/** The exact Jacobian. */
export const EXACT: Method = { label: "exact" };

/**
 * Finite differences three ways: with the steps that numerical analysis recommends, which are the
 * cube root and the square root of the machine epsilon times the parameter's size, and with the
 * step that the library takes when it is told nothing (0.1 for every parameter, whatever its size).
 */
export const FINITE_DIFFERENCES: Method[] = [
  {
    label: "central differences",
    differences: { steps: stepsOf(Math.cbrt(Number.EPSILON)), central: true },
  },
  {
    label: "forward differences",
    differences: { steps: stepsOf(Math.sqrt(Number.EPSILON)), central: false },
  },
  {
    label: "forward, default step 0.1",
    differences: { steps: PARAMETERS.map(() => 0.1), central: false },
  },
];

/**
 * A fit has converged when the residuals are orthogonal to every column of the Jacobian within
 * this (the cosine of their angle). Then each parameter is well within a thousandth of its standard
 * error of the optimum.
 */
export const CONVERGED = 1e-6;

/** The outcome of a fit. */
export interface Fit {
  parameters: number[];
  /** Iterations until {@link CONVERGED}. */
  iterations: number;
  /** Sum of the squared residuals, in ppm². */
  sumOfSquares: number;
}

/**
 * Where the fit starts: the line through the first and the last value, and what every textbook
 * says of the season, an amplitude of a few ppm and a maximum in May.
 */
export function startingValues({ t, co2 }: Series): number[] {
  const end = co2.length - 1;
  const mean = co2.reduce((sum, value) => sum + value, 0) / co2.length;
  const slope = (co2[end] - co2[0]) / (t[end] - t[0]);
  const may = (2 * Math.PI * 4.5) / 12;
  return [mean, slope, 0, 0, 3, may, 1, 0];
}

/** Runs exactly so many iterations and gives the best parameters met on the way. */
export function iterate(series: Series, method: Method, iterations: number): number[] {
  const { parameterValues } = levenbergMarquardt({ x: series.t, y: series.co2 }, model, {
    ...jacobianOptions(method),
    initialValues: startingValues(series),
    maxIterations: iterations,
    // The library stops by itself only when the sum of squares falls below this, which measured
    // data never does; it also ignores improvements smaller than this.
    errorTolerance: 0,
  });
  return parameterValues;
}

/**
 * Fits the series: the smallest number of iterations with which the fit has converged.
 *
 * The library has no test of convergence that fits measured data, so this asks for one iteration
 * more until the residuals are orthogonal to the (exact) Jacobian. All methods are judged by the
 * same test.
 *
 * @throws Error when the fit has not converged after `limit` iterations.
 */
export function fit(series: Series, method: Method, limit = 50): Fit {
  for (let iterations = 1; iterations <= limit; iterations++) {
    const parameters = iterate(series, method, iterations);
    if (orthogonality(series, parameters, jacobian) <= CONVERGED) {
      return { parameters, iterations, sumOfSquares: sumOfSquares(series, parameters) };
    }
  }
  throw new Error(`the fit (${method.label}) did not converge in ${limit} iterations`);
}

function jacobianOptions({ differences }: Method) {
  return differences
    ? { gradientDifference: differences.steps, centralDifference: differences.central }
    : { jacobianFunction: jacobian };
}
