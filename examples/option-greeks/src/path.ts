/** What an option pays on one path of the spot: ordinary simulation code. */
import type { Market, Option } from "./black-scholes.ts";

/** What of a path the payoff looks at. */
export type Statistic = "last" | "arithmetic mean" | "geometric mean";

/**
 * The spot on equally spaced days until the option ends, driven by standard normal numbers: geometric
 * Brownian motion, exact at these days.
 */
export function path(market: Market, years: number, normals: number[]): number[] {
  "use dual";
  const { spot, volatility, rate, dividend } = market;
  const step = years / normals.length;
  const drift = (rate - dividend - volatility ** 2 / 2) * step;
  const spots: number[] = [];
  let logSpot = Math.log(spot);
  for (const z of normals) {
    logSpot += drift + volatility * Math.sqrt(step) * z;
    spots.push(Math.exp(logSpot));
  }
  return spots;
}

function summary(spots: number[], statistic: Statistic): number {
  "use dual";
  const days = spots.length;
  switch (statistic) {
    case "last":
      return spots[days - 1];
    case "arithmetic mean":
      return spots.reduce((sum, spot) => sum + spot, 0) / days;
    case "geometric mean":
      return Math.exp(spots.reduce((sum, spot) => sum + Math.log(spot), 0) / days);
  }
}

/** What the option pays on the path that the normal numbers make, discounted to today. */
export function payoff(
  option: Option,
  market: Market,
  statistic: Statistic,
  normals: number[],
): number {
  "use dual";
  const { kind, strike, expiry } = option;
  const level = summary(path(market, expiry, normals), statistic);
  const gain = kind === "call" ? level - strike : strike - level;
  return Math.exp(-market.rate * expiry) * Math.max(gain, 0);
}
