/** A charged particle, and the charge's place that sends it through the origin. */
import { grad, type Mode } from "dualize";
import type { Module } from "../protocol.ts";
import { argmin } from "./descent.ts";

/** The square of where the particle crosses the axis. Its force is the gradient of a potential. */
function crossing(w: number, mode: Mode): number {
  "use dual";
  const charges = [
    [10, 10 - w],
    [10, 0],
  ];
  const potential = ([x, y]: number[]) =>
    charges.reduce((sum, [cx, cy]) => sum + 1 / Math.sqrt((cx - x) ** 2 + (cy - y) ** 2), 0);
  const slope = grad(potential, { mode });
  const dt = 0.1;
  let [x, y, vx, vy] = [0, 8, 0.75, 0];
  for (;;) {
    const [gx, gy] = slope([x, y]);
    x += dt * vx;
    y += dt * vy;
    if (y <= 0) {
      return (x - (y / vy) * vx) ** 2;
    }
    vx -= dt * gx;
    vy -= dt * gy;
  }
}

const variant =
  (outer: Mode, inner: Mode) =>
  ({ w }: { w: number }) =>
    argmin(
      ([place]: number[]) => {
        "use dual";
        return crossing(place, inner);
      },
      [w],
      outer,
    )[0];

export const particle: Module = {
  ff: variant("forward", "forward"),
  fr: variant("forward", "reverse"),
  rf: variant("reverse", "forward"),
  rr: variant("reverse", "reverse"),
};
