/** How far computed concentrations and sensitivities are from the formulas. */
import { bateman, batemanSensitivities } from "./closed-form.ts";
import { type Drug, PARAMETERS } from "./drug.ts";
import { concentrations, sensitivities } from "./through-solver.ts";

/** The largest difference from the formulas, relative to the largest value of each parameter. */
export function sensitivityError(found: Drug[], drug: Drug, times: number[]): number {
  const exact = times.map((t) => batemanSensitivities(drug, t));
  return Math.max(
    ...PARAMETERS.map((name) =>
      relative(
        found.map((row) => row[name]),
        exact.map((row) => row[name]),
      ),
    ),
  );
}

/** The same of the concentrations. */
export function concentrationError(found: number[], drug: Drug, times: number[]): number {
  return relative(
    found,
    times.map((t) => bateman(drug, t)),
  );
}

function relative(found: number[], exact: number[]): number {
  const largest = Math.max(...exact.map(Math.abs));
  return Math.max(...found.map((x, i) => Math.abs(x - exact[i]))) / largest;
}

/** The errors through the solver, for more and more steps from one time to the next. */
export function convergence(drug: Drug, times: number[], steps: number[]) {
  return steps.map((count) => ({
    steps: count,
    concentration: concentrationError(concentrations(drug, times, count), drug, times),
    sensitivity: sensitivityError(sensitivities(drug, times, count), drug, times),
  }));
}
