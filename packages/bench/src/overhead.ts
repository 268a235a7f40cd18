import { derivative, jvp } from "dualize";
import { twinOf } from "dualize/runtime";
import { type Effort, interleave } from "./measure.ts";
import type { Overhead } from "./result.ts";

/** The energy of a pendulum: as small as a function worth a derivative gets. */
export function energy(q: number, p: number): number {
  "use dual";
  return (p * p) / 2 - Math.cos(q);
}

/** What calls through the library cost beside the tangent code itself, on two numbers. */
export function measureOverhead(effort: Effort): Overhead | undefined {
  const tangent = twinOf(energy)?.tangent;
  if (!tangent) return undefined;
  const along = derivative(energy) as unknown as (q: number, p: number) => number;
  const points = Float64Array.from({ length: 16 }, (_, i) => 0.3 + i / 100);
  const { plain, timings } = interleave(
    (count) => {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += tangent(points[i & 15], 1, 0.7, 0);
      return sum;
    },
    [
      {
        name: "jvp",
        batch: (count) => {
          let sum = 0;
          for (let i = 0; i < count; i++) sum += jvp(energy, [points[i & 15], 0.7], [1, 0])[1];
          return sum;
        },
      },
      {
        name: "derivative",
        batch: (count) => {
          let sum = 0;
          for (let i = 0; i < count; i++) sum += along(points[i & 15], 0.7);
          return sum;
        },
      },
    ],
    effort,
  );
  const ns = (name: string) => timings.get(name)?.ns ?? Number.NaN;
  return { tangentNs: plain, jvpNs: ns("jvp"), derivativeNs: ns("derivative") };
}
