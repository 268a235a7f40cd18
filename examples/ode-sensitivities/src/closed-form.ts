/** The same by formulas: the function of Bateman, and its derivatives by hand. */
import type { Drug } from "./drug.ts";

/** The concentration after some hours, for an absorption other than the elimination. */
export function bateman({ dose, absorption: a, elimination: e, volume }: Drug, t: number): number {
  return ((dose * a) / (volume * (a - e))) * (Math.exp(-e * t) - Math.exp(-a * t));
}

/** How it changes with each parameter. */
export function batemanSensitivities(drug: Drug, t: number): Drug {
  const { dose, absorption: a, elimination: e, volume } = drug;
  const c = bateman(drug, t);
  const factor = (dose * a) / (volume * (a - e));
  return {
    dose: c / dose,
    absorption: c * (1 / a - 1 / (a - e)) + factor * t * Math.exp(-a * t),
    elimination: c / (a - e) - factor * t * Math.exp(-e * t),
    volume: -c / volume,
  };
}
