/** The same Greeks by their formulas, as textbooks print them. */
import type { Market, Option } from "./black-scholes.ts";
import type { Greeks } from "./greeks.ts";
import { cumulative, density } from "./normal.ts";

/** Greeks by formulas (Haug, "The Complete Guide to Option Pricing Formulas", chapter 2). */
export function closedForm({ kind, strike, expiry }: Option, market: Market): Greeks {
  const { spot, volatility, rate, dividend } = market;
  const root = volatility * Math.sqrt(expiry);
  const d1 = (Math.log(spot / strike) + (rate - dividend + volatility ** 2 / 2) * expiry) / root;
  const d2 = d1 - root;
  const side = kind === "call" ? 1 : -1;
  const paid = spot * Math.exp(-dividend * expiry);
  const owed = strike * Math.exp(-rate * expiry);
  const vega = paid * density(d1) * Math.sqrt(expiry);
  return {
    price: side * (paid * cumulative(side * d1) - owed * cumulative(side * d2)),
    delta: (side * paid * cumulative(side * d1)) / spot,
    vega,
    theta:
      (-paid * density(d1) * volatility) / (2 * Math.sqrt(expiry)) +
      side * dividend * paid * cumulative(side * d1) -
      side * rate * owed * cumulative(side * d2),
    rho: side * expiry * owed * cumulative(side * d2),
    gamma: (paid * density(d1)) / (spot * spot * root),
    vanna: (-vega * d2) / (spot * root),
    volga: (vega * d1 * d2) / volatility,
  };
}
