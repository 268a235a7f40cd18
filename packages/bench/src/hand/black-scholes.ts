import { slot } from "./slot.ts";

function normalCdf(x: number, dx: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const dt = -t * t * 0.2316419 * Math.sign(x) * dx;
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  const dDensity = -x * dx * density;
  const series =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const dSeries =
    dt *
    (0.31938153 +
      t *
        (2 * -0.356563782 + t * (3 * 1.781477937 + t * (4 * -1.821255978 + t * 5 * 1.330274429))));
  const tail = density * series;
  const dTail = dDensity * series + density * dSeries;
  slot[0] = x >= 0 ? -dTail : dTail;
  return x >= 0 ? 1 - tail : tail;
}

export function blackScholes(
  spot: number,
  dSpot: number,
  strike: number,
  dStrike: number,
  rate: number,
  dRate: number,
  volatility: number,
  dVolatility: number,
  years: number,
  dYears: number,
): number {
  const root = Math.sqrt(years);
  const spread = volatility * root;
  const dSpread = dVolatility * root + (volatility * dYears) / (2 * root);
  const drift = rate + volatility ** 2 / 2;
  const dDrift = dRate + volatility * dVolatility;
  const d1 = (Math.log(spot / strike) + drift * years) / spread;
  const dd1 =
    (dSpot / spot - dStrike / strike + dDrift * years + drift * dYears - d1 * dSpread) / spread;
  const d2 = d1 - spread;
  const dd2 = dd1 - dSpread;
  const discount = Math.exp(-rate * years);
  const dDiscount = -discount * (dRate * years + rate * dYears);
  const n1 = normalCdf(d1, dd1);
  const dn1 = slot[0];
  const n2 = normalCdf(d2, dd2);
  const dn2 = slot[0];
  slot[0] =
    dSpot * n1 +
    spot * dn1 -
    (dStrike * discount * n2 + strike * dDiscount * n2 + strike * discount * dn2);
  return spot * n1 - strike * discount * n2;
}
