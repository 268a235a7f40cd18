/** The price of a European option by Black, Scholes and Merton. */
import { cumulative } from "./normal.ts";

export interface Option {
  kind: "call" | "put";
  strike: number;
  /** Years until it ends. */
  expiry: number;
}

/** What the price depends on besides the option itself; rates per year, continuously compounded. */
export interface Market {
  spot: number;
  volatility: number;
  rate: number;
  dividend: number;
}

/** The forward price: what the market pays now for delivery then. */
export function forwardPrice(market: Market, years: number): number {
  "use dual";
  return market.spot * Math.exp((market.rate - market.dividend) * years);
}

/** The fair price. */
export function price(option: Option, market: Market): number {
  "use dual";
  const { strike, expiry } = option;
  const forward = forwardPrice(market, expiry);
  const spread = market.volatility * Math.sqrt(expiry);
  const d1 = Math.log(forward / strike) / spread + spread / 2;
  const d2 = d1 - spread;
  const discount = Math.exp(-market.rate * expiry);
  return option.kind === "call"
    ? discount * (forward * cumulative(d1) - strike * cumulative(d2))
    : discount * (strike * cumulative(-d2) - forward * cumulative(-d1));
}
