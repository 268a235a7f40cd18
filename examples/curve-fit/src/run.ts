/** The whole example: read, fit, check, time, draw, report. */
import {
  centralDifferences,
  jacobianTable,
  largestDifference,
  plainDifferences,
} from "./check-jacobian.ts";
import { loadSeries } from "./data.ts";
import { EXACT, FINITE_DIFFERENCES, fit, iterate, jacobian } from "./fit.ts";
import { writePictures } from "./picture.ts";
import type { Progress } from "./progress.ts";
import { report } from "./report.ts";
import {
  type Jacobian,
  lag1Correlation,
  residualDeviation,
  residuals,
  standardErrors,
} from "./statistics.ts";
import { timeInterleaved } from "./timing.ts";

/** How the example is run. */
export interface RunOptions {
  /** The directory that the pictures go to. */
  out: string;
  /** How often each fit is timed. */
  rounds: number;
  progress: Progress;
}

/** Does all the work and gives the report and the paths of the pictures. */
export async function run({ out, rounds, progress }: RunOptions) {
  progress("reading the series");
  const series = loadSeries();

  const methods = [EXACT, ...FINITE_DIFFERENCES];
  const fits = methods.map((method, i) => {
    progress("fitting", i / methods.length);
    return fit(series, method);
  });
  const { parameters } = fits[0];

  progress("checking the Jacobian");
  const exactTable = jacobianTable(series, parameters, jacobian);
  const difference = (other: Jacobian) =>
    largestDifference(series, jacobianTable(series, parameters, other), exactTable);
  const jacobianCheck = difference(centralDifferences);
  const jacobianErrors = methods.map(({ differences }) =>
    differences ? difference(plainDifferences(differences.steps, differences.central)) : 0,
  );

  const timings = timeInterleaved(
    methods.map((method, i) => () => iterate(series, method, fits[i].iterations)),
    rounds,
    (done) => progress("timing the fits", done),
  );

  progress("drawing");
  const pictures = await writePictures(series, parameters, out);

  const text = report({
    series,
    parameters,
    standardErrors: standardErrors(series, parameters, jacobian),
    residualDeviation: residualDeviation(series, parameters),
    lag1Correlation: lag1Correlation(residuals(series, parameters)),
    jacobianCheck,
    methods: methods.map((method, i) => ({
      method,
      fit: fits[i],
      timing: timings[i],
      jacobianError: jacobianErrors[i],
    })),
    rounds,
  });
  return { text, pictures };
}
