/** Greeks: the derivatives of a price. */
import { hessian, valueAndGrad } from "dualize";
import { type Market, type Option, price } from "./black-scholes.ts";

/** The price and its Greeks, per year and per 1 (not per day, nor per percent). */
export interface Greeks {
  price: number;
  /** By the spot. */
  delta: number;
  /** By the volatility. */
  vega: number;
  /** By the time that passes. */
  theta: number;
  /** By the rate. */
  rho: number;
  /** By the spot, twice. */
  gamma: number;
  /** By the spot and the volatility. */
  vanna: number;
  /** By the volatility, twice. */
  volga: number;
}

const byMarket = valueAndGrad(price, { argnum: 1 });
const byOption = valueAndGrad(price, { argnum: 0 });
const byMarketTwice = hessian(price, { argnum: 1 });

/** All Greeks of a European option, from its price alone. */
export function greeks(option: Option, market: Market): Greeks {
  const [value, first] = byMarket(option, market);
  const second = byMarketTwice(option, market);
  return {
    price: value,
    delta: first.spot,
    vega: first.volatility,
    theta: -byOption(option, market)[1].expiry,
    rho: first.rate,
    gamma: second.spot.spot,
    vanna: second.spot.volatility,
    volga: second.volatility.volatility,
  };
}
