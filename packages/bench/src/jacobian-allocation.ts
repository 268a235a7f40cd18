import { jacobian } from "dualize";
import { twinOf } from "dualize/runtime";
import { bytesPerCall } from "./allocation.ts";
import type { JacobianAllocation } from "./result.ts";

const INPUTS = 12;

/** As many outputs as inputs, each of several of these. */
export function chain(x: number[]): number[] {
  "use dual";
  return x.map((v, i) => Math.sin(v) + v * x[(i + 1) % x.length]);
}

/** What `jacobian` allocates, and what of it is the result and the arrays that the function makes. */
export function measureJacobianAllocation(): JacobianAllocation | undefined {
  const tangent = twinOf(chain)?.tangent;
  if (!tangent) return undefined;
  // In the heap, where lists of numbers are.
  const x = Array.from({ length: INPUTS }, (_, i) => 0.3 + i / 10);
  const seed = x.slice().fill(0);
  const wanted = jacobian(chain) as unknown as (x: number[]) => number[][];
  const count = (action: () => { length: number }) =>
    bytesPerCall((calls) => {
      let sum = 0;
      for (let i = 0; i < calls; i++) sum += action().length;
      return sum;
    });
  return {
    inputs: INPUTS,
    jacobian: count(() => wanted(x)),
    result: count(() => Array.from({ length: INPUTS }, () => x.slice())),
    passes: count(() => {
      let last = seed;
      for (let j = 0; j < INPUTS; j++) last = tangent(x, seed).p;
      return last;
    }),
  };
}
