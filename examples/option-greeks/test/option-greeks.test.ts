import { describe, expect, test } from "vitest";
import { type Market, type Option, price } from "../src/black-scholes.ts";
import { closedForm } from "../src/closed-form.ts";
import { geometricAsianGreeks } from "../src/geometric-asian.ts";
import { type Greeks, greeks } from "../src/greeks.ts";
import { monteCarlo, PATHWISE, pathwise } from "../src/monte-carlo.ts";
import { cumulative } from "../src/normal.ts";
import { path, payoff } from "../src/path.ts";
import { drawGreeks } from "../src/picture.ts";

const hull: [Option, Market] = [
  { kind: "call", strike: 50, expiry: 0.3846 },
  { spot: 49, volatility: 0.2, rate: 0.05, dividend: 0 },
];

/** An option as Haug writes it: spot, strike, expiry, rate, cost of carry, volatility. */
function haug(
  kind: "call" | "put",
  [spot, strike, expiry, rate, carry, volatility]: number[],
): [Option, Market] {
  return [
    { kind, strike, expiry },
    { spot, volatility, rate, dividend: rate - carry },
  ];
}

const many: [Option, Market][] = (["call", "put"] as const).flatMap((kind) =>
  [70, 100, 140].flatMap((spot) =>
    [0.1, 2].flatMap((expiry) =>
      [0.1, 0.6].map((volatility): [Option, Market] => [
        { kind, strike: 100, expiry },
        { spot, volatility, rate: 0.03, dividend: 0.02 },
      ]),
    ),
  ),
);

describe("the Greeks", () => {
  test.each([
    ["price", 2.4],
    ["delta", 0.522],
    ["gamma", 0.066],
    ["theta", -4.31],
    ["vega", 12.1],
    ["rho", 8.91],
  ] as const)("have the %s that Hull prints, %d", (name, printed) => {
    const decimals = String(printed).split(".")[1].length;
    expect(greeks(...hull)[name].toFixed(decimals)).toBe(printed.toFixed(decimals));
  });

  test.each([
    ["delta", "call", [105, 100, 0.5, 0.1, 0, 0.36], 0.5946],
    ["delta", "put", [105, 100, 0.5, 0.1, 0, 0.36], -0.3566],
    ["gamma", "call", [55, 60, 0.75, 0.1, 0.1, 0.3], 0.0278],
    ["vega", "call", [55, 60, 0.75, 0.105, 0.0695, 0.3], 18.5027],
    ["theta", "put", [430, 405, 1 / 12, 0.07, 0.02, 0.2], -31.1924],
    ["rho", "call", [72, 75, 1, 0.09, 0.09, 0.19], 38.7325],
    ["volga", "call", [90, 130, 0.75, 0.05, 0, 0.28], 92.3444],
  ] as const)("have the %s of a %s that Haug prints, of %j", (name, kind, numbers, printed) => {
    expect(greeks(...haug(kind, [...numbers]))[name]).toBeCloseTo(printed, 4);
  });

  test("are those of the formulas, for calls and puts in, at and out of the money", () => {
    for (const [option, market] of many) {
      const derived = greeks(option, market);
      const formulas = closedForm(option, market);
      for (const name of Object.keys(formulas) as (keyof Greeks)[]) {
        const difference = Math.abs(derived[name] - formulas[name]);
        const scale = Math.max(Math.abs(formulas[name]), 1e-3);
        expect(difference / scale, `${name} of ${JSON.stringify([option, market])}`).toBeLessThan(
          1e-10,
        );
      }
    }
  });

  test("keep the equation of Black and Scholes", () => {
    for (const [option, market] of many) {
      const { spot, volatility, rate, dividend } = market;
      const g = greeks(option, market);
      const drift = (rate - dividend) * spot * g.delta;
      const diffusion = (volatility ** 2 * spot ** 2 * g.gamma) / 2;
      expect(g.theta + drift + diffusion - rate * g.price).toBeCloseTo(0, 11);
    }
  });

  test("keep the parity of put and call", () => {
    const [option, market] = haug("call", [105, 100, 0.5, 0.1, 0.04, 0.36]);
    const call = greeks(option, market);
    const put = greeks({ ...option, kind: "put" }, market);
    expect(call.delta - put.delta).toBeCloseTo(Math.exp(-0.06 * 0.5), 14);
    expect(call.gamma).toBeCloseTo(put.gamma, 14);
    expect(call.rho - put.rho).toBeCloseTo(0.5 * 100 * Math.exp(-0.1 * 0.5), 12);
  });

  test("come with the price that an ordinary call gives", () => {
    expect(greeks(...hull).price).toBe(price(...hull));
  });
});

describe("the normal distribution", () => {
  test.each([
    [0, 0.5],
    [1, 0.8413447460685429],
    [-1.959963984540054, 0.025],
    [-6, 9.865876450376981e-10],
  ])("has the probability that tables print, below %d", (x, probability) => {
    expect(Math.abs(cumulative(x) - probability)).toBeLessThan(2e-16);
  });
});

describe("a simulated path", () => {
  test("grows with the forward price when nothing is random", () => {
    const market = { spot: 100, volatility: 0, rate: 0.05, dividend: 0.02 };
    const spots = path(market, 2, [1, -1, 1, -1]);
    spots.forEach((spot, i) => {
      expect(spot).toBeCloseTo(100 * Math.exp(0.03 * 0.5 * (i + 1)), 11);
    });
  });

  test.each(["last", "arithmetic mean", "geometric mean"] as const)(
    "has derivatives of its %s that agree with differences",
    (statistic) => {
      const [option, market] = hull;
      const normals = [1.2, -0.3, 0.8, 0.1];
      const exact = pathwise(option, market, statistic, normals);
      const value = (o: Option, m: Market) => payoff(o, m, statistic, normals);
      const h = 1e-5;
      const by = (name: keyof Market) => {
        const up = value(option, { ...market, [name]: market[name] + h });
        const down = value(option, { ...market, [name]: market[name] - h });
        return (up - down) / (2 * h);
      };
      expect(exact.price).toBe(value(option, market));
      expect(exact.price).toBeGreaterThan(0);
      expect(exact.delta).toBeCloseTo(by("spot"), 7);
      expect(exact.vega).toBeCloseTo(by("volatility"), 6);
      expect(exact.rho).toBeCloseTo(by("rate"), 6);
      const later = value({ ...option, expiry: option.expiry + h }, market);
      const sooner = value({ ...option, expiry: option.expiry - h }, market);
      expect(exact.theta).toBeCloseTo(-(later - sooner) / (2 * h), 6);
    },
  );
});

describe("Monte Carlo", () => {
  const simulation = { days: 20, paths: 20_000, seed: 0.25 };

  test.each([
    ["European", "last", greeks(...hull)],
    ["geometric Asian", "geometric mean", geometricAsianGreeks(...hull, 20)],
  ] as const)("finds the Greeks of the %s option within its own error", (_, statistic, exact) => {
    const found = monteCarlo(...hull, { ...simulation, statistic });
    for (const name of PATHWISE) {
      const { mean, error } = found[name];
      expect(Math.abs(mean - exact[name]) / error, name).toBeLessThan(3.5);
      expect(error / Math.abs(exact[name]), name).toBeLessThan(0.02);
    }
  });

  test("gives the option on the arithmetic mean more than that on the geometric one", () => {
    const estimates = (["arithmetic mean", "geometric mean"] as const).map((statistic) =>
      monteCarlo(...hull, { ...simulation, statistic }),
    );
    expect(estimates[0].price.mean).toBeGreaterThan(estimates[1].price.mean);
    expect(estimates[0].delta.mean).toBeGreaterThan(estimates[1].delta.mean);
  });
});

describe("the picture", () => {
  test("shows eight Greeks, each for three times to the end", async () => {
    const svg = await drawGreeks(...hull);
    expect(svg.match(/aria-roledescription="line mark"/g)).toHaveLength(24);
    expect(svg).not.toMatch(/NaN|undefined/);
    for (const name of ["price", "delta", "gamma", "vega", "theta", "rho", "vanna", "volga"]) {
      expect(svg).toContain(`>${name}</text>`);
    }
  });
});
