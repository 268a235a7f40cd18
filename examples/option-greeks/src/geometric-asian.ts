/** The one option on an average that has a closed form: that on the geometric mean. */
import { grad } from "dualize";
import type { Market, Option } from "./black-scholes.ts";
import type { Greeks } from "./greeks.ts";
import type { PathwiseGreek } from "./monte-carlo.ts";
import { cumulative } from "./normal.ts";

/**
 * The price of an option on the geometric mean of the spot at equally spaced days, whose logarithm is
 * normal (Kemna and Vorst, 1990, for discrete days).
 */
export function geometricAsianPrice(option: Option, market: Market, days: number): number {
  "use dual";
  const { kind, strike, expiry } = option;
  const { spot, volatility, rate, dividend } = market;
  const step = expiry / days;
  const mean = Math.log(spot) + ((rate - dividend - volatility ** 2 / 2) * step * (days + 1)) / 2;
  const variance = (volatility ** 2 * step * (days + 1) * (2 * days + 1)) / (6 * days);
  const spread = Math.sqrt(variance);
  const d2 = (mean - Math.log(strike)) / spread;
  const d1 = d2 + spread;
  const level = Math.exp(mean + variance / 2);
  const side = kind === "call" ? 1 : -1;
  const gain = level * cumulative(side * d1) - strike * cumulative(side * d2);
  return Math.exp(-rate * expiry) * side * gain;
}

const byMarket = grad(geometricAsianPrice, { argnum: 1 });
const byOption = grad(geometricAsianPrice, { argnum: 0 });

/** Its price and first-order Greeks. */
export function geometricAsianGreeks(
  option: Option,
  market: Market,
  days: number,
): Pick<Greeks, PathwiseGreek> {
  const { spot, volatility, rate } = byMarket(option, market, days);
  return {
    price: geometricAsianPrice(option, market, days),
    delta: spot,
    vega: volatility,
    theta: -byOption(option, market, days).expiry,
    rho: rate,
  };
}
