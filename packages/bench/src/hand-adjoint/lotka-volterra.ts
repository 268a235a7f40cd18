import { slots } from "./slots.ts";

const STEPS = 100;
const states = new Float64Array(2 * STEPS);

/** Keeps the state before each step, and computes a step once more on the way back. */
export function lotkaVolterra(
  prey: number,
  predators: number,
  alpha: number,
  beta: number,
  delta: number,
  gamma: number,
  seed: number,
): number {
  const h = 0.05;
  let x = prey;
  let y = predators;
  for (let step = 0; step < STEPS; step++) {
    states[2 * step] = x;
    states[2 * step + 1] = y;
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
    x += (h / 6) * (k1x + 2 * k2x + 2 * k3x + alpha * x4 - beta * x4 * y4);
    y += (h / 6) * (k1y + 2 * k2y + 2 * k3y + delta * x4 * y4 - gamma * y4);
  }
  let gx = seed;
  let gy = 0;
  let ga = 0;
  let gb = 0;
  let gd = 0;
  let gg = 0;
  for (let step = STEPS - 1; step >= 0; step--) {
    const sx = states[2 * step];
    const sy = states[2 * step + 1];
    const x2 = sx + (h / 2) * (alpha * sx - beta * sx * sy);
    const y2 = sy + (h / 2) * (delta * sx * sy - gamma * sy);
    const x3 = sx + (h / 2) * (alpha * x2 - beta * x2 * y2);
    const y3 = sy + (h / 2) * (delta * x2 * y2 - gamma * y2);
    const x4 = sx + h * (alpha * x3 - beta * x3 * y3);
    const y4 = sy + h * (delta * x3 * y3 - gamma * y3);
    // The cotangents of the slopes, each from what uses it: the sum, and the place of the next.
    const g4x = (h / 6) * gx;
    const g4y = (h / 6) * gy;
    const px4 = g4x * (alpha - beta * y4) + g4y * delta * y4;
    const py4 = g4y * (delta * x4 - gamma) - g4x * beta * x4;
    const g3x = 2 * g4x + h * px4;
    const g3y = 2 * g4y + h * py4;
    const px3 = g3x * (alpha - beta * y3) + g3y * delta * y3;
    const py3 = g3y * (delta * x3 - gamma) - g3x * beta * x3;
    const g2x = 2 * g4x + (h / 2) * px3;
    const g2y = 2 * g4y + (h / 2) * py3;
    const px2 = g2x * (alpha - beta * y2) + g2y * delta * y2;
    const py2 = g2y * (delta * x2 - gamma) - g2x * beta * x2;
    const g1x = g4x + (h / 2) * px2;
    const g1y = g4y + (h / 2) * py2;
    const px1 = g1x * (alpha - beta * sy) + g1y * delta * sy;
    const py1 = g1y * (delta * sx - gamma) - g1x * beta * sx;
    ga += g1x * sx + g2x * x2 + g3x * x3 + g4x * x4;
    gb -= g1x * sx * sy + g2x * x2 * y2 + g3x * x3 * y3 + g4x * x4 * y4;
    gd += g1y * sx * sy + g2y * x2 * y2 + g3y * x3 * y3 + g4y * x4 * y4;
    gg -= g1y * sy + g2y * y2 + g3y * y3 + g4y * y4;
    gx += px1 + px2 + px3 + px4;
    gy += py1 + py2 + py3 + py4;
  }
  slots[0] = gx;
  slots[1] = gy;
  slots[2] = ga;
  slots[3] = gb;
  slots[4] = gd;
  slots[5] = gg;
  return x;
}
