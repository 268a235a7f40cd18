/** Training by gradients alone. */
import type { Network } from "./network.ts";
import type { Objective, OnStep, Step, Training } from "./objective.ts";
import { norm, zip } from "./parameters.ts";

/** Adam (Kingma and Ba, 2015) with its usual constants, on all samples at once. */
export function adam(
  start: Network,
  objective: Pick<Objective, "valueAndGradient">,
  { rate, passes: count }: { rate: number; passes: number },
  onStep: OnStep = () => {},
): Training {
  const [keepMean, keepSquare, tiny] = [0.9, 0.999, 1e-8];
  let network = start;
  let mean = zip(() => 0, start);
  let square = mean;
  const steps: Step[] = [];
  for (let passes = 1; passes <= count; passes++) {
    const [error, gradient] = objective.valueAndGradient(network);
    steps.push({ passes, error, gradientNorm: norm(gradient) });
    onStep(steps[steps.length - 1]);
    mean = zip((m, g) => keepMean * m + (1 - keepMean) * g, mean, gradient);
    square = zip((s, g) => keepSquare * s + (1 - keepSquare) * g * g, square, gradient);
    const [seenMean, seenSquare] = [1 - keepMean ** passes, 1 - keepSquare ** passes];
    network = zip(
      (x, m, s) => x - (rate * (m / seenMean)) / (Math.sqrt(s / seenSquare) + tiny),
      network,
      mean,
      square,
    );
  }
  return { network, steps };
}
