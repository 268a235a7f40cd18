import { drag } from "./drag.ts";

export interface State {
  q: number;
  p: number;
}

/** Kinetic and potential energy, with what is lost on the way. */
export function energy({ q, p }: State, k: number): number {
  "use dual";
  return (p * p) / 2 - Math.cos(q) + drag(p, k);
}

export function unused(x: number): number {
  "use dual";
  return x * 123456789;
}
