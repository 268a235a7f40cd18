import { derivative, jvp } from "dualize";
import { describe, expect, it } from "vitest";
import { expectAgreement } from "../tangent/support/forms.ts";
import { calls } from "./support/cases.ts";
import { late } from "./support/lazy.ts";
import { rate, rule, setRate, setRule } from "./support/live.ts";

const cases = Object.entries(calls);

it("has at least 60 everyday calls", () => {
  expect(cases.length).toBeGreaterThanOrEqual(60);
});

describe("a call of a function of another module is differentiated in both forms", () => {
  it.each(cases)("%s", (_, { f, at }) => expectAgreement({ f, at, declines: "it may" }));
});

describe("a second derivative goes through other modules", () => {
  it.each(
    cases.filter(
      ([, { f, at }]) =>
        at.length === 1 && typeof f(...at) === "number" && typeof at[0] === "number",
    ),
  )("%s", (_, { f, at: [x] }) => {
    const d = derivative(f) as (x: number) => number;
    const h = 1e-4;
    const second = (derivative((y: number) => derivative(f)(y) as number) as typeof d)(x as number);
    const difference = (d((x as number) + h) - d((x as number) - h)) / (2 * h);
    expect(Math.abs(second - difference)).toBeLessThan(1e-5 * Math.max(1, Math.abs(second)));
  });
});

describe("exported variables that change", () => {
  function f(x: number): number {
    "use dual";
    return rule(x) * rate;
  }
  it("are seen as they are at each call", () => {
    expect(jvp(f, [3], [1])).toEqual([18, 12]);
    setRule(true);
    setRate(1);
    expect(jvp(f, [3], [1])).toEqual([27, 27]);
    setRule(false);
    setRate(2);
    expect(jvp(f, [3], [1])).toEqual([18, 12]);
  });
});

describe("a module that is loaded when it is needed", () => {
  it("is differentiated", async () => {
    const f = async (x: number): Promise<number> => {
      "use dual";
      const { late: cube } = await import("./support/lazy.ts");
      return cube(x) * x;
    };
    const [value, tangent] = jvp(f, [2], [1]);
    expect(await value).toBe(16);
    expect(await tangent).toBe(32);
    expect(derivative((x: number) => late(x))(2)).toBe(12);
  });
});
