/** Sensitivities as further equations, solved by a library that knows nothing of derivatives. */
import { jvp } from "dualize";
import { Solver } from "odex";
import { type Drug, flow, PARAMETERS, start } from "./drug.ts";

/** The direction of one parameter. */
const direction = (parameter: string): Drug => ({
  dose: 0,
  absorption: 0,
  elimination: 0,
  volume: 0,
  [parameter]: 1,
});

/**
 * States and their sensitivities side by side: for `y' = f(y, p)` the sensitivity `s = ∂y/∂p` follows
 * `s' = ∂f/∂y·s + ∂f/∂p`, which is the derivative of f along `(s, 1)`: one jvp for each parameter.
 */
function extended(drug: Drug): { rates: (y: number[]) => number[]; initial: number[] } {
  const directions = PARAMETERS.map(direction);
  const size = start(drug).length;
  const part = (y: number[], k: number) => y.slice(k * size, (k + 1) * size);
  return {
    rates: (y) => {
      const state = part(y, 0);
      const slopes = directions.map(
        (along, k) => jvp(flow, [state, drug], [part(y, k + 1), along])[1],
      );
      return [flow(state, drug), ...slopes].flat();
    },
    initial: [start(drug), ...directions.map((along) => jvp(start, [drug], [along])[1])].flat(),
  };
}

/** For each time how the concentration there changes with each parameter of the drug. */
export function sensitivities(drug: Drug, times: number[], tolerance: number): Drug[] {
  const { rates, initial } = extended(drug);
  const solver = new Solver((_, y) => rates(y), initial.length, {
    absoluteTolerance: tolerance,
    relativeTolerance: tolerance,
    denseOutput: false,
  });
  let [t, y] = [0, initial];
  return times.map((time) => {
    y = solver.solve(t, y, time).y;
    t = time;
    return concentrationAlong(y, drug);
  });
}

function concentration(blood: number, { volume }: Drug): number {
  "use dual";
  return blood / volume;
}

function concentrationAlong(y: number[], drug: Drug): Drug {
  const blood = (k: number) => y[2 * k + 1];
  const along = (k: number) =>
    jvp(concentration, [blood(0), drug], [blood(k + 1), direction(PARAMETERS[k])])[1];
  return { dose: along(0), absorption: along(1), elimination: along(2), volume: along(3) };
}
