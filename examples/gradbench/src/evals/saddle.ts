/** A saddle point, by a descent whose function is the result of another. */
import type { Mode } from "dualize";
import type { Module } from "../protocol.ts";
import { argmax, argmin } from "./descent.ts";

function surface([x1, y1]: number[], [x2, y2]: number[]): number {
  "use dual";
  return x1 * x1 + y1 * y1 - (x2 * x2 + y2 * y2);
}

/** The least of what is greatest by the second point: the outer derivative goes through the inner descent. */
function saddlePoint(start: number[], outer: Mode, inner: Mode): number[] {
  "use dual";
  const greatest = (p: number[]) =>
    surface(
      p,
      argmax((q) => surface(p, q), start, inner),
    );
  const first = argmin(greatest, start, outer);
  const second = argmax((q) => surface(first, q), start, outer);
  return [...first, ...second];
}

const variant =
  (outer: Mode, inner: Mode) =>
  ({ start }: { start: number[] }) =>
    saddlePoint(start, outer, inner);

export const saddle: Module = {
  ff: variant("forward", "forward"),
  fr: variant("forward", "reverse"),
  rf: variant("reverse", "forward"),
  rr: variant("reverse", "reverse"),
};
