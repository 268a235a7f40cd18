import { derivative, grad, hessian, hvp, jacobian, jvp, vjp } from "dualize";
import { twinOf } from "dualize/runtime";
import { besselI, besselJ, betaln, digamma, erf, gammainc, lgamma } from "dualize-special";
import { describe, expect, it } from "vitest";

/** Price of an option, with the distribution function of the normal distribution. */
export function call(spot: number, strike: number, volatility: number): number {
  "use dual";
  const d = Math.log(spot / strike) / volatility + volatility / 2;
  const cdf = (x: number) => (1 + erf(x / Math.SQRT2)) / 2;
  return spot * cdf(d) - strike * cdf(d - volatility);
}

/** Minus the log-likelihood of a gamma distribution. */
export function loss(p: number[], samples: number[]): number {
  "use dual";
  let sum = 0;
  for (const x of samples)
    sum += p[0] * Math.log(p[1]) + lgamma(p[0]) - (p[0] - 1) * Math.log(x) + x / p[1];
  return sum;
}

export function wave(x: number): number {
  "use dual";
  return x * besselJ(2, x * x) + gammainc(1.5, x);
}

export function both(xs: number[]): number[] {
  "use dual";
  return [besselI(0, xs[0] * xs[1]), betaln(xs[0], xs[1])];
}

const samples = [0.4, 1.1, 2.3, 0.9];
const digits = 13;

describe("special functions inside marked functions", () => {
  it("leave the tangent form to them", () => {
    expect(twinOf(call)?.tangent).toBeDefined();
    expect(twinOf(loss)?.tangent).toBeDefined();
    expect(twinOf(wave)?.tangent).toBeDefined();
  });

  it("have the derivative that is known in closed form, by jvp", () => {
    // Black and Scholes: the delta is the distribution function at d, the vega spot·φ(d).
    const [spot, strike, v] = [100, 110, 0.3];
    const d = Math.log(spot / strike) / v + v / 2;
    const [value, delta] = jvp(call, [spot, strike, v], [1, 0, 0]);
    expect(value).toBe(call(spot, strike, v));
    expect(delta).toBeCloseTo((1 + erf(d / Math.SQRT2)) / 2, digits);
    const vega = (spot * Math.exp((-d * d) / 2)) / Math.sqrt(2 * Math.PI);
    expect(jvp(call, [spot, strike, v], [0, 0, 1])[1]).toBeCloseTo(vega, 11);
  });

  it("and when nested: the gamma of the option", () => {
    const [spot, strike, v] = [100, 110, 0.3];
    const d = Math.log(spot / strike) / v + v / 2;
    const phi = Math.exp((-d * d) / 2) / Math.sqrt(2 * Math.PI);
    expect(derivative(derivative(call))(spot, strike, v)).toBeCloseTo(phi / (spot * v), digits);
    const third = (-phi / (spot * spot * v)) * (d / v + 1);
    expect(derivative(derivative(derivative(call)))(spot, strike, v)).toBeCloseTo(third, digits);
  });

  it("in both modes of grad", () => {
    const [k, theta] = [1.7, 0.8];
    const logs = samples.reduce((sum, x) => sum + Math.log(x), 0);
    const total = samples.reduce((sum, x) => sum + x, 0);
    const wanted = [
      4 * Math.log(theta) + 4 * digamma(k) - logs,
      (4 * k) / theta - total / theta ** 2,
    ];
    for (const mode of ["forward", "reverse"] as const) {
      const g = grad(loss, { mode })([k, theta], samples);
      g.forEach((x, i) => {
        expect(x).toBeCloseTo(wanted[i] as number, digits);
      });
    }
  });

  it("in hvp and hessian", () => {
    const H = hessian(loss)([1.7, 0.8], samples);
    expect(H[0]?.[0]).toBeCloseTo(4 * derivative(digamma)(1.7), digits);
    expect(H[0]?.[1]).toBeCloseTo(4 / 0.8, digits);
    const Hv = hvp(loss)([1.7, 0.8], [1, 2], samples);
    expect(Hv[0]).toBeCloseTo((H[0]?.[0] as number) + 2 * (H[0]?.[1] as number), digits);
    expect(Hv[1]).toBeCloseTo((H[1]?.[0] as number) + 2 * (H[1]?.[1] as number), digits);
  });

  it("with a constant order in every transform", () => {
    const x = 1.3;
    // (x²)^½ e^(-x)/Γ(3/2), and J₂' = (J₁ - J₃)/2
    const density = (Math.sqrt(x) * Math.exp(-x)) / (Math.sqrt(Math.PI) / 2);
    const slope = besselJ(2, x * x) + x * x * (besselJ(1, x * x) - besselJ(3, x * x)) + density;
    expect(jvp(wave, [x], [1])[1]).toBeCloseTo(slope, digits);
    expect(derivative(wave)(x)).toBeCloseTo(slope, digits);
    expect(vjp(wave, [x])[1](1)[0]).toBeCloseTo(slope, digits);
    expect(grad(wave, { mode: "reverse" })(x)).toBeCloseTo(slope, digits);
  });

  it("in Jacobians of both modes", () => {
    const [a, b] = [0.7, 1.9];
    const wanted = [
      [b * besselI(1, a * b), a * besselI(1, a * b)],
      [digamma(a) - digamma(a + b), digamma(b) - digamma(a + b)],
    ];
    for (const mode of ["forward", "reverse"] as const) {
      jacobian(both, { mode })([a, b]).forEach((row, i) => {
        row.forEach((x, j) => {
          expect(x).toBeCloseTo(wanted[i]?.[j] as number, digits);
        });
      });
    }
  });
});
