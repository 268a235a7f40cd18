/** Greeks by Monte Carlo: the mean of the payoff's derivatives over random paths. */
import { randomLcg, randomNormal } from "d3-random";
import { grad, valueAndGrad } from "dualize";
import type { Market, Option } from "./black-scholes.ts";
import type { Greeks } from "./greeks.ts";
import { payoff, type Statistic } from "./path.ts";

/** The Greeks that a path has: a payoff has a kink, so its second derivatives say nothing. */
export const PATHWISE = ["price", "delta", "vega", "theta", "rho"] as const;
export type PathwiseGreek = (typeof PATHWISE)[number];

/** A mean over paths, and its standard error. */
export interface Estimate {
  mean: number;
  error: number;
}

export interface Simulation {
  statistic: Statistic;
  /** Days on a path. */
  days: number;
  paths: number;
  seed: number;
}

const byMarket = valueAndGrad(payoff, { argnum: 1 });
const byOption = grad(payoff, { argnum: 0 });

/** Price and first-order Greeks of one path. */
export function pathwise(
  option: Option,
  market: Market,
  statistic: Statistic,
  normals: number[],
): Pick<Greeks, PathwiseGreek> {
  const [price, first] = byMarket(option, market, statistic, normals);
  return {
    price,
    delta: first.spot,
    vega: first.volatility,
    theta: -byOption(option, market, statistic, normals).expiry,
    rho: first.rate,
  };
}

/**
 * Price and first-order Greeks by the pathwise method (Broadie and Glasserman, 1996): where the
 * payoff is continuous, the derivative of its mean is the mean of its derivatives.
 */
export function monteCarlo(
  option: Option,
  market: Market,
  { statistic, days, paths, seed }: Simulation,
): Record<PathwiseGreek, Estimate> {
  const normal = randomNormal.source(randomLcg(seed))();
  const moments = PATHWISE.map(() => ({ sum: 0, squares: 0 }));
  for (let i = 0; i < paths; i++) {
    const normals = Array.from({ length: days }, normal);
    const greeks = pathwise(option, market, statistic, normals);
    PATHWISE.forEach((name, k) => {
      moments[k].sum += greeks[name];
      moments[k].squares += greeks[name] ** 2;
    });
  }
  const estimates = moments.map(({ sum, squares }) => estimate(sum, squares, paths));
  return Object.fromEntries(PATHWISE.map((name, k) => [name, estimates[k]])) as Record<
    PathwiseGreek,
    Estimate
  >;
}

function estimate(sum: number, squares: number, count: number): Estimate {
  const mean = sum / count;
  return { mean, error: Math.sqrt((squares / count - mean * mean) / (count - 1)) };
}
