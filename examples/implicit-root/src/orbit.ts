/** A planet on its way round the sun. */
import { derivative } from "dualize";
import { eccentricAnomaly } from "./kepler.ts";

/** Lengths in astronomical units, times in years. */
export interface Orbit {
  /** Half of the long axis. */
  axis: number;
  eccentricity: number;
}

/** What the sun pulls with: `G·M` in these units. */
export const PULL = 4 * Math.PI ** 2;

/** The years of one turn, by Kepler's third law. */
export function period({ axis }: Orbit): number {
  "use dual";
  return axis ** 1.5;
}

/** Where the planet is some years after it was nearest to the sun, which is at the origin. */
export function position(years: number, orbit: Orbit): number[] {
  "use dual";
  const { axis, eccentricity } = orbit;
  const root = eccentricAnomaly((2 * Math.PI * years) / period(orbit), eccentricity);
  const short = Math.sqrt(1 - eccentricity ** 2);
  return [axis * (Math.cos(root) - eccentricity), axis * short * Math.sin(root)];
}

/** How fast it moves: the derivative by the time. */
export const velocity = derivative(position);

/** How it is accelerated: the derivative of that. */
export const acceleration = derivative(velocity);
