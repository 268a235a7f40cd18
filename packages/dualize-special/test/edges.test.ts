import { derivative, jvp, stopGradient } from "dualize";
import { describe, expect, it } from "vitest";
import * as entry from "../src/index.ts";

const s = { ...entry };

const { Infinity: INF, NaN: NAN } = globalThis;
const along = (f: (...args: number[]) => number, args: number[]): [number, number] =>
  jvp(f, args, [...args.slice(1).map(() => 0), 1]) as [number, number];

describe("at the edges of their domains", () => {
  it.each<[name: keyof typeof s, args: number[], value: number, derivative: number]>([
    ["erf", [0], 0, 2 / Math.sqrt(Math.PI)],
    ["erf", [INF], 1, 0],
    ["erf", [-INF], -1, 0],
    ["erfc", [INF], 0, -0],
    ["erfc", [-INF], 2, -0],
    ["erfinv", [1], INF, INF],
    ["erfinv", [-1], -INF, INF],
    ["erfinv", [1.5], NAN, NAN],
    ["gamma", [0], INF, NAN],
    ["gamma", [-2], NAN, NAN],
    ["gamma", [INF], INF, INF],
    ["lgamma", [0], INF, NAN],
    ["lgamma", [INF], INF, INF],
    ["digamma", [-1], NAN, NAN],
    ["digamma", [INF], INF, 0],
    ["polygamma", [1, 0], NAN, NAN],
    ["polygamma", [0.5, 1], NAN, NAN],
    ["polygamma", [171, 3], NAN, NAN],
    ["gammainc", [1, 0], 0, 1],
    ["gammainc", [3, 0], 0, 0],
    ["gammainc", [0.5, 0], 0, INF],
    ["gammaincc", [1, 0], 1, -1],
    ["betainc", [1, 1, 0], 0, 1],
    ["betainc", [2, 3, 1], 1, 0],
    ["besselJ", [0, 0], 1, 0],
    ["besselJ", [1, 0], 0, 0.5],
    ["besselJ", [0, INF], 0, 0],
    ["besselJ", [0.5, -1], NAN, NAN],
    ["besselY", [0, 0], -INF, INF],
    ["besselY", [2, -1], NAN, NAN],
    ["besselI", [0, 0], 1, 0],
    ["besselI", [1, 0], 0, 0.5],
    ["besselI", [0, INF], INF, INF],
    ["besselK", [1, 0], INF, -INF],
    ["besselK", [1, INF], 0, 0],
    ["besselK", [1, -1], NAN, NAN],
    ["besselY", [1.5, 1e-300], -INF, INF],
    ["besselK", [1.5, 1e-300], INF, -INF],
    ["gammainc", [2, -1], NAN, NAN],
    ["betainc", [2, 3, 1.5], NAN, NAN],
    ["betaln", [1, -1], NAN, NAN],
  ])("%s(%j) is %d, and its derivative %d", (name, args, value, slope) => {
    const f = s[name] as (...args: number[]) => number;
    expect(f(...args)).toEqual(value);
    expect(along(f, args)).toEqual([value, slope]);
  });

  it.each(Object.keys(s) as (keyof typeof s)[])("%s of NaN is NaN", (name) => {
    const f = s[name] as (...args: number[]) => number;
    const args = [1, 1, 1].slice(0, f === s.betainc ? 3 : isUnary(name) ? 1 : 2);
    args.fill(NAN, args.length - 1);
    expect(along(f, args)).toEqual([NAN, NAN]);
  });
});

const isUnary = (name: keyof typeof s): boolean =>
  ["erf", "erfc", "erfinv", "gamma", "lgamma", "digamma"].includes(name);

describe("an order or a shape", () => {
  it.each<[keyof typeof s, number[]]>([
    ["polygamma", [1, 2]],
    ["gammainc", [1, 2]],
    ["gammaincc", [1, 2]],
    ["betainc", [1, 2, 0.5]],
    ["besselJ", [1, 2]],
    ["besselY", [1, 2]],
    ["besselI", [1, 2]],
    ["besselK", [1, 2]],
  ])("that moves is refused by %s, by name", (name, args) => {
    const f = s[name] as (...args: number[]) => number;
    const seed = args.map((_, i) => (i === 0 ? 1 : 0));
    expect(() => jvp(f, args, seed)).toThrow(
      new RegExp(`${name}\\(.*\\) has no derivative by the (order|shape)`),
    );
    expect(() => jvp(f, args, seed)).toThrow(expect.objectContaining({ code: "DUAL108" }));
  });

  it("may be made a constant with stopGradient", () => {
    const f = (x: number): number => {
      "use dual";
      return s.besselJ(stopGradient(x), x);
    };
    expect(derivative(f)(1)).toBe(jvp(s.besselJ, [1, 1], [0, 1])[1]);
  });

  it("of the beta function may move", () => {
    // B(a, 1) = 1/a
    const f = (a: number) => s.beta(a, 1);
    expect(derivative(s.beta)(2, 1)).toBeCloseTo(-1 / 4, 14);
    expect(derivative((a: number) => f(a))(2)).toBeCloseTo(-1 / 4, 14);
    expect(derivative(derivative(s.betaln))(2, 1)).toBeCloseTo(1 / 4, 14);
  });
});

describe("far away from the references", () => {
  it.each<["besselJ" | "besselY" | "besselI" | "besselK", nu: number, x: number, value: number]>([
    ["besselJ", 1.7, 1e8, 4.604390601e-6],
    ["besselJ", 1000, 500.5, 4.68280959e-198],
    ["besselJ", 200.5, 10, 1.099942731e-236],
    ["besselY", 0.5, 1e-300, -7.978845608e149],
    ["besselY", 250.5, 300, -0.03089951619],
    ["besselI", 1000, 500.5, 1.429078243e-143],
    ["besselI", 3.5, 709, 1.22094685e306],
    ["besselK", 60, 0.001, 7.994537451e277],
    ["besselK", 3.5, 709, 5.775928742e-310],
  ])("%s(%d, %d) is %d", (name, nu, x, value) => {
    expect(s[name](nu, x) / value).toBeCloseTo(1, 8);
  });
});

describe("identities between them", () => {
  const xs = [0.3, 1, 2.7, 11, 40];
  it.each(xs)("hold for all orders between those of the references, at %d", (x) => {
    for (const nu of [0, 0.25, 0.5, 1.75, 4.5, 9, 33.2]) {
      // DLMF 10.5.2 and 10.28.2, relative to the terms
      const [j, k] = [s.besselJ(nu, x), s.besselJ(nu + 1, x)];
      const [y, z] = [s.besselY(nu, x), s.besselY(nu + 1, x)];
      const size = Math.max(Math.abs(k * y), Math.abs(j * z));
      expect(Math.abs(k * y - j * z - 2 / (Math.PI * x)) / size).toBeLessThan(1e-13);
      const i = s.besselI(nu, x) * s.besselK(nu + 1, x) + s.besselI(nu + 1, x) * s.besselK(nu, x);
      expect(Math.abs(i * x - 1)).toBeLessThan(1e-13);
    }
  });
});
