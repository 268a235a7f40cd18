/** Training by gradients and products with the Hessian. */
import type { Network } from "./network.ts";
import type { Objective, OnStep, Step, Training } from "./objective.ts";
import { dot, norm, plus, zip } from "./parameters.ts";

interface Proposal {
  step: Network;
  /** What the error is expected to fall by. */
  promised: number;
  products: number;
}

/**
 * Newton's method with a trust region, its equations solved by conjugate gradients: no Hessian is
 * made, only products with it. It ends where the norm of the gradient is below the tolerance.
 */
export function newtonCg(
  start: Network,
  objective: Objective,
  { tolerance, maxPasses }: { tolerance: number; maxPasses: number },
  onStep: OnStep = () => {},
): Training {
  let network = start;
  let [error, gradient] = objective.valueAndGradient(network);
  let radius = 1;
  let passes = 1;
  const steps: Step[] = [];
  for (;;) {
    steps.push({ passes, error, gradientNorm: norm(gradient) });
    onStep(steps[steps.length - 1]);
    if (norm(gradient) < tolerance || passes >= maxPasses) {
      return { network, steps };
    }
    const { step, promised, products } = propose(network, gradient, objective, radius);
    const tried = plus(network, 1, step);
    const [triedError, triedGradient] = objective.valueAndGradient(tried);
    passes += products + 1;
    const kept = (error - triedError) / promised;
    if (kept < 0.25) {
      radius /= 4;
    } else if (kept > 0.75 && norm(step) > 0.9 * radius) {
      radius *= 2;
    }
    if (kept > 0.1) {
      [network, error, gradient] = [tried, triedError, triedGradient];
    }
  }
}

/** The step of Steihaug (1983): conjugate gradients until they leave the region or find no bowl. */
function propose(at: Network, gradient: Network, objective: Objective, radius: number): Proposal {
  const goal = norm(gradient) * Math.min(0.5, Math.sqrt(norm(gradient)));
  let step = zip(() => 0, at);
  let residual = gradient;
  let direction = zip((g) => -g, gradient);
  const proposal = (products: number): Proposal => ({
    step,
    // -(g·s + s·Hs/2), where the residual is g + Hs.
    promised: -(dot(gradient, step) + dot(residual, step)) / 2,
    products,
  });
  for (let products = 1; ; products++) {
    const bent = objective.curvature(at, direction);
    const curvature = dot(direction, bent);
    const length = dot(residual, residual) / curvature;
    const next = plus(step, length, direction);
    if (curvature <= 0 || norm(next) > radius) {
      const reach = toBoundary(step, direction, radius);
      step = plus(step, reach, direction);
      residual = plus(residual, reach, bent);
      return proposal(products);
    }
    const before = dot(residual, residual);
    step = next;
    residual = plus(residual, length, bent);
    if (norm(residual) < goal) {
      return proposal(products);
    }
    const share = dot(residual, residual) / before;
    direction = zip((r, d) => -r + share * d, residual, direction);
  }
}

/** How far to go from a step in a direction to be `radius` away from the start. */
function toBoundary(step: Network, direction: Network, radius: number): number {
  const [a, b, c] = [
    dot(direction, direction),
    dot(step, direction),
    dot(step, step) - radius ** 2,
  ];
  return (-b + Math.sqrt(b * b - a * c)) / a;
}
