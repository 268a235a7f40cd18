import { defineKernel } from "../kernel.ts";

/** The standard normal distribution function, by the series of Abramowitz and Stegun 26.2.17. */
function normalCdf(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  const tail =
    density *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return x >= 0 ? 1 - tail : tail;
}

/** The price of a European call option. */
export function blackScholes(
  spot: number,
  strike: number,
  rate: number,
  volatility: number,
  years: number,
): number {
  "use dual";
  const spread = volatility * Math.sqrt(years);
  const d1 = (Math.log(spot / strike) + (rate + volatility ** 2 / 2) * years) / spread;
  const d2 = d1 - spread;
  return spot * normalCdf(d1) - strike * Math.exp(-rate * years) * normalCdf(d2);
}

export const kernel = defineKernel({
  name: "black-scholes",
  title: "Black-Scholes call price",
  f: blackScholes,
  args: [100, 110, 0.03, 0.25, 1.5],
  tangents: [1, 0.5, 0.01, 0.1, -0.2],
  allocationFree: true,
});
