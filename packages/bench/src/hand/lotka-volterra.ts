import { slot } from "./slot.ts";

export function lotkaVolterra(
  prey: number,
  dPrey: number,
  predators: number,
  dPredators: number,
  alpha: number,
  dAlpha: number,
  beta: number,
  dBeta: number,
  delta: number,
  dDelta: number,
  gamma: number,
  dGamma: number,
): number {
  const h = 0.05;
  let x = prey;
  let dx = dPrey;
  let y = predators;
  let dy = dPredators;
  for (let step = 0; step < 100; step++) {
    const xy = x * y;
    const dxy = dx * y + x * dy;
    const k1x = alpha * x - beta * xy;
    const dk1x = dAlpha * x + alpha * dx - (dBeta * xy + beta * dxy);
    const k1y = delta * xy - gamma * y;
    const dk1y = dDelta * xy + delta * dxy - (dGamma * y + gamma * dy);
    const x2 = x + (h / 2) * k1x;
    const dx2 = dx + (h / 2) * dk1x;
    const y2 = y + (h / 2) * k1y;
    const dy2 = dy + (h / 2) * dk1y;
    const xy2 = x2 * y2;
    const dxy2 = dx2 * y2 + x2 * dy2;
    const k2x = alpha * x2 - beta * xy2;
    const dk2x = dAlpha * x2 + alpha * dx2 - (dBeta * xy2 + beta * dxy2);
    const k2y = delta * xy2 - gamma * y2;
    const dk2y = dDelta * xy2 + delta * dxy2 - (dGamma * y2 + gamma * dy2);
    const x3 = x + (h / 2) * k2x;
    const dx3 = dx + (h / 2) * dk2x;
    const y3 = y + (h / 2) * k2y;
    const dy3 = dy + (h / 2) * dk2y;
    const xy3 = x3 * y3;
    const dxy3 = dx3 * y3 + x3 * dy3;
    const k3x = alpha * x3 - beta * xy3;
    const dk3x = dAlpha * x3 + alpha * dx3 - (dBeta * xy3 + beta * dxy3);
    const k3y = delta * xy3 - gamma * y3;
    const dk3y = dDelta * xy3 + delta * dxy3 - (dGamma * y3 + gamma * dy3);
    const x4 = x + h * k3x;
    const dx4 = dx + h * dk3x;
    const y4 = y + h * k3y;
    const dy4 = dy + h * dk3y;
    const xy4 = x4 * y4;
    const dxy4 = dx4 * y4 + x4 * dy4;
    const k4x = alpha * x4 - beta * xy4;
    const dk4x = dAlpha * x4 + alpha * dx4 - (dBeta * xy4 + beta * dxy4);
    const k4y = delta * xy4 - gamma * y4;
    const dk4y = dDelta * xy4 + delta * dxy4 - (dGamma * y4 + gamma * dy4);
    x += (h / 6) * (k1x + 2 * k2x + 2 * k3x + k4x);
    dx += (h / 6) * (dk1x + 2 * dk2x + 2 * dk3x + dk4x);
    y += (h / 6) * (k1y + 2 * k2y + 2 * k3y + k4y);
    dy += (h / 6) * (dk1y + 2 * dk2y + 2 * dk3y + dk4y);
  }
  slot[0] = dx;
  return x;
}
