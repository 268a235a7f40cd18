/** The report that the example prints. */
import type { Series } from "./data.ts";
import type { Fit, Method } from "./fit.ts";
import { PARAMETERS } from "./model.ts";
import type { Timing } from "./timing.ts";

/** A fit by one method, and what it took. */
export interface MethodResult {
  method: Method;
  fit: Fit;
  timing: Timing;
  /** Largest difference of its Jacobian from the exact one. */
  jacobianError: number;
}

/** All that is reported. */
export interface Findings {
  series: Series;
  /** The optimum. */
  parameters: number[];
  standardErrors: number[];
  residualDeviation: number;
  lag1Correlation: number;
  /** Largest difference of the exact Jacobian from central differences of fourth order. */
  jacobianCheck: number;
  /** The methods beside each other, in the order in which they are listed. */
  methods: MethodResult[];
  /** How often each was timed. */
  rounds: number;
}

/** The report as text. */
export function report(findings: Findings): string {
  const { series, parameters } = findings;
  const n = series.t.length;
  return [
    "CO2 at Mauna Loa: a fit with an exact Jacobian",
    "",
    `  ${n} monthly means, ${series.date.at(0)} to ${series.date.at(-1)}; t in years since ${series.origin}`,
    "  y(t) = level + slope t + curvature t² + (1 + growth t) (a1 cos(2πt - φ1) + a2 cos(4πt - φ2))",
    "",
    ...parameterTable(findings),
    "",
    ...plainWords(parameters),
    "",
    `  residual standard deviation   ${findings.residualDeviation.toFixed(4)} ppm`,
    `  correlation of neighbours     ${findings.lag1Correlation.toFixed(2)}`,
    "  The standard errors take the residuals for independent. Neighbours are not, so the true",
    "  errors are larger.",
    "",
    ...methodTable(findings),
    "",
    "  Iterations: until the residuals are orthogonal to the Jacobian within 1e-6, judged alike for",
    `  all. Time: a whole fit with so many iterations, median of ${findings.rounds} interleaved runs. Jacobian`,
    "  error: largest difference from the exact one at the optimum, relative to its column's largest",
    "  entry.",
    "",
    `  exact Jacobian beside central differences of fourth order, all ${n} x ${PARAMETERS.length} entries:`,
    `  largest relative difference   ${findings.jacobianCheck.toExponential(1)}`,
  ].join("\n");
}

function parameterTable({ parameters, standardErrors }: Findings): string[] {
  const rows = PARAMETERS.map(({ name, unit }, k) => {
    const error = standardErrors[k];
    // Two digits of the standard error, and as many decimals of the value.
    const decimals = Math.max(0, 1 - Math.floor(Math.log10(error)));
    const value = parameters[k].toFixed(decimals);
    return [name, value, error.toFixed(decimals), unit];
  });
  return table(["parameter", "value", "std. error", "unit"], rows, [false, true, true, false]);
}

/** The parameters that a reader may want in other words. */
function plainWords(parameters: number[]): string[] {
  const [, slope, curvature, growth, annual, annualPhase] = parameters;
  const speed = (t: number) => (slope + 2 * curvature * t).toFixed(2);
  return [
    `  CO2 rises by ${speed(-30)} ppm a year 30 years before the middle of the series and by ${speed(30)} ppm`,
    `  30 years after it. The annual wave is at its highest on ${dayOfYear(annualPhase / (2 * Math.PI))} and swings by`,
    `  ${Math.abs(annual).toFixed(2)} ppm to either side, ${(100 * growth).toFixed(2)} % more every year.`,
  ];
}

function methodTable({ methods }: Findings): string[] {
  const rows = methods.map(({ method, fit, timing, jacobianError }) => [
    method.label,
    String(fit.iterations),
    `${timing.median.toFixed(1)} ms`,
    `${timing.fastest.toFixed(1)} - ${timing.slowest.toFixed(1)}`,
    fit.sumOfSquares.toFixed(6),
    method.differences ? jacobianError.toExponential(1) : "-",
  ]);
  const header = ["Jacobian", "iterations", "time", "range", "squares (ppm²)", "Jacobian error"];
  return table(header, rows, [false, true, true, true, true, true]);
}

/** "22 April", from a share of the year, which may be any number of turns away. */
function dayOfYear(share: number): string {
  const days = 365.25 * (share - Math.floor(share));
  const date = new Date(Date.UTC(2001, 0, 1) + days * 86_400_000);
  return date.toLocaleDateString("en-GB", { day: "numeric", month: "long", timeZone: "UTC" });
}

/** Lines of a table with aligned columns; `right` says which columns align to the right. */
function table(header: string[], rows: string[][], right: boolean[]): string[] {
  const all = [header, ...rows];
  const widths = header.map((_, k) => Math.max(...all.map((row) => row[k].length)));
  const line = (row: string[]) => {
    const cells = row.map((cell, k) =>
      right[k] ? cell.padStart(widths[k]) : cell.padEnd(widths[k]),
    );
    return `  ${cells.join("  ")}`.trimEnd();
  };
  const rule = `  ${widths.map((width) => "-".repeat(width)).join("  ")}`;
  return [line(header), rule, ...rows.map(line)];
}
