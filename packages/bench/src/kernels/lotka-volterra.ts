import { defineKernel } from "../kernel.ts";

/** Prey after 100 Runge-Kutta steps of the Lotka-Volterra equations. */
export function lotkaVolterra(
  prey: number,
  predators: number,
  alpha: number,
  beta: number,
  delta: number,
  gamma: number,
): number {
  "use dual";
  const h = 0.05;
  let x = prey;
  let y = predators;
  for (let step = 0; step < 100; step++) {
    const k1x = alpha * x - beta * x * y;
    const k1y = delta * x * y - gamma * y;
    const x2 = x + (h / 2) * k1x;
    const y2 = y + (h / 2) * k1y;
    const k2x = alpha * x2 - beta * x2 * y2;
    const k2y = delta * x2 * y2 - gamma * y2;
    const x3 = x + (h / 2) * k2x;
    const y3 = y + (h / 2) * k2y;
    const k3x = alpha * x3 - beta * x3 * y3;
    const k3y = delta * x3 * y3 - gamma * y3;
    const x4 = x + h * k3x;
    const y4 = y + h * k3y;
    const k4x = alpha * x4 - beta * x4 * y4;
    const k4y = delta * x4 * y4 - gamma * y4;
    x += (h / 6) * (k1x + 2 * k2x + 2 * k3x + k4x);
    y += (h / 6) * (k1y + 2 * k2y + 2 * k3y + k4y);
  }
  return x;
}

export const kernel = defineKernel({
  name: "lotka-volterra",
  title: "RK4 Lotka-Volterra, 100 steps",
  f: lotkaVolterra,
  args: [10, 5, 1.1, 0.4, 0.1, 0.4],
  tangents: [1, -0.5, 0.3, 0.2, -0.1, 0.7],
  allocationFree: true,
});
