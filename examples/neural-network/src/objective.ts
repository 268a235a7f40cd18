/** What the optimizers see of the network's error: its value, its gradient, its curvature. */
import { hvp, valueAndGrad } from "dualize";
import { error, type Network, type Sample } from "./network.ts";

export interface Objective {
  valueAndGradient: (at: Network) => [value: number, gradient: Network];
  /** The Hessian times a direction. */
  curvature: (at: Network, direction: Network) => Network;
}

const byNetwork = valueAndGrad(error);
const timesHessian = hvp(error);

/** The error on these samples. */
export function objective(samples: Sample[], penalty: number): Objective {
  return {
    valueAndGradient: (at) => byNetwork(at, samples, penalty),
    curvature: (at, direction) => timesHessian(at, direction, samples, penalty),
  };
}

/** Where a training is: after how many gradients and products with the Hessian, with what error. */
export interface Step {
  passes: number;
  error: number;
  gradientNorm: number;
}

export interface Training {
  network: Network;
  steps: Step[];
}

/** Told of each step while a training runs. */
export type OnStep = (step: Step) => void;
