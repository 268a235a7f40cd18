/** Sensitivities by differentiating the solver itself. */
import { jacobian } from "dualize";
import { type Drug, flow, start } from "./drug.ts";
import { rk4 } from "./rk4.ts";

/** The concentration in the blood at the given times (hours), in mg per litre. */
export function concentrations(drug: Drug, times: number[], steps: number): number[] {
  "use dual";
  const states = rk4((_, y) => flow(y, drug), start(drug), times, steps);
  return states.map(([, blood]) => blood / drug.volume);
}

/** For each time how the concentration there changes with each parameter of the drug. */
export const sensitivities: (drug: Drug, times: number[], steps: number) => Drug[] =
  jacobian(concentrations);
