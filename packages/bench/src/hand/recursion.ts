import { slot } from "./slot.ts";

function bell(t: number, dt: number, width: number, dWidth: number): number {
  const z = t / width;
  const value = Math.exp(-0.5 * z ** 2);
  slot[0] = (-value * z * (dt - z * dWidth)) / width;
  return value;
}

function adaptive(
  width: number,
  dWidth: number,
  low: number,
  dLow: number,
  high: number,
  dHigh: number,
  atLow: number,
  dAtLow: number,
  atMiddle: number,
  dAtMiddle: number,
  atHigh: number,
  dAtHigh: number,
  tolerance: number,
): number {
  const quarter = (high - low) / 4;
  const dQuarter = (dHigh - dLow) / 4;
  const atLeft = bell(low + quarter, dLow + dQuarter, width, dWidth);
  const dAtLeft = slot[0];
  const atRight = bell(high - quarter, dHigh - dQuarter, width, dWidth);
  const dAtRight = slot[0];
  const three = atLow + 4 * atMiddle + atHigh;
  const dThree = dAtLow + 4 * dAtMiddle + dAtHigh;
  const five = atLow + 4 * atLeft + 2 * atMiddle + 4 * atRight + atHigh;
  const dFive = dAtLow + 4 * dAtLeft + 2 * dAtMiddle + 4 * dAtRight + dAtHigh;
  const whole = (quarter / 3) * 2 * three;
  const halves = (quarter / 3) * five;
  const error = (halves - whole) / 15;
  if (Math.abs(error) <= tolerance) {
    const dWhole = (2 / 3) * (dQuarter * three + quarter * dThree);
    const dHalves = (dQuarter * five + quarter * dFive) / 3;
    slot[0] = dHalves + (dHalves - dWhole) / 15;
    return halves + error;
  }
  const middle = (low + high) / 2;
  const dMiddle = (dLow + dHigh) / 2;
  const left = adaptive(
    width,
    dWidth,
    low,
    dLow,
    middle,
    dMiddle,
    atLow,
    dAtLow,
    atLeft,
    dAtLeft,
    atMiddle,
    dAtMiddle,
    tolerance / 2,
  );
  const dLeft = slot[0];
  const right = adaptive(
    width,
    dWidth,
    middle,
    dMiddle,
    high,
    dHigh,
    atMiddle,
    dAtMiddle,
    atRight,
    dAtRight,
    atHigh,
    dAtHigh,
    tolerance / 2,
  );
  slot[0] += dLeft;
  return left + right;
}

export function area(
  width: number,
  dWidth: number,
  low: number,
  dLow: number,
  high: number,
  dHigh: number,
): number {
  const atLow = bell(low, dLow, width, dWidth);
  const dAtLow = slot[0];
  const atMiddle = bell((low + high) / 2, (dLow + dHigh) / 2, width, dWidth);
  const dAtMiddle = slot[0];
  const atHigh = bell(high, dHigh, width, dWidth);
  return adaptive(
    width,
    dWidth,
    low,
    dLow,
    high,
    dHigh,
    atLow,
    dAtLow,
    atMiddle,
    dAtMiddle,
    atHigh,
    slot[0],
    1e-8,
  );
}
