import type { Point } from "./shapes.js";

/** Types may go in circles between files. */
export interface Named {
  name: string;
  at?: Point;
}
export type Radians = number & { readonly unit?: "rad" };
