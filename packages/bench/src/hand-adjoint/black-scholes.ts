import { slots } from "./slots.ts";

const ROOT = Math.sqrt(2 * Math.PI);

/** Leaves the derivative of the series, which is not quite the density, in the last slot. */
function normalCdf(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const density = Math.exp((-x * x) / 2) / ROOT;
  const c4 = -1.821255978 + t * 1.330274429;
  const c3 = 1.781477937 + t * c4;
  const c2 = -0.356563782 + t * c3;
  const c1 = 0.31938153 + t * c2;
  const tail = density * t * c1;
  const dSeries = c1 + t * (c2 + t * (c3 + t * (c4 + t * 1.330274429)));
  const dt = -0.2316419 * t * t;
  // Of the tail, which is even but for its part in front.
  const dTail = -Math.abs(x) * tail + density * dSeries * dt;
  slots[7] = -dTail;
  return x >= 0 ? 1 - tail : tail;
}

export function blackScholes(
  spot: number,
  strike: number,
  rate: number,
  volatility: number,
  years: number,
  seed: number,
): number {
  const root = Math.sqrt(years);
  const spread = volatility * root;
  const moneyness = spot / strike;
  const growth = rate + (volatility * volatility) / 2;
  const d1 = (Math.log(moneyness) + growth * years) / spread;
  const d2 = d1 - spread;
  const n1 = normalCdf(d1);
  const p1 = slots[7];
  const n2 = normalCdf(d2);
  const p2 = slots[7];
  const discount = Math.exp(-rate * years);
  const g2 = -strike * discount * p2 * seed;
  const g1 = (spot * p1 * seed + g2) / spread;
  const gSpread = -g2 - g1 * d1;
  const gDiscount = -strike * n2 * discount * seed;
  slots[0] = n1 * seed + g1 / spot;
  slots[1] = -discount * n2 * seed - g1 / strike;
  slots[2] = g1 * years - years * gDiscount;
  slots[3] = gSpread * root + g1 * years * volatility;
  slots[4] = g1 * growth + (gSpread * volatility) / (2 * root) - rate * gDiscount;
  return spot * n1 - strike * discount * n2;
}
