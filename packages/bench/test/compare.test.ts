import { describe, expect, test } from "vitest";
import { relativeError, ulps, worstUlps } from "../src/compare.ts";
import { interleave, median } from "../src/measure.ts";

describe("ulps", () => {
  test("counts the doubles between two numbers", () => {
    expect(ulps(1, 1 + Number.EPSILON)).toBe(1);
    expect(ulps(1, 1 - Number.EPSILON)).toBe(2);
    expect(ulps(-Number.MIN_VALUE, Number.MIN_VALUE)).toBe(2);
    expect(ulps(3, 3)).toBe(0);
  });

  test("takes NaN for equal to NaN alone", () => {
    expect(ulps(Number.NaN, Number.NaN)).toBe(0);
    expect(ulps(Number.NaN, 1)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("comparing trees", () => {
  test("lets neither a missing number nor NaN pass", () => {
    expect(worstUlps([1], [1, 2])).toBe(Number.POSITIVE_INFINITY);
    expect(relativeError([1, Number.NaN], [1, 2])).toBe(Number.POSITIVE_INFINITY);
  });

  test("reports the worst of all places", () => {
    expect(relativeError([1, 2.5, 4], [1, 2, 4])).toBe(0.125);
  });
});

describe("measuring", () => {
  test("gives the median of the samples as the time of an outside candidate", () => {
    const samples = [50, 10, 30];
    const { timings } = interleave(
      (count) => count,
      [{ name: "outside", sample: () => samples.pop() as number }],
      { runs: 1, otherRuns: 1, rounds: 3, batchMs: 0.1, otherWarmUpMs: 1, warmUpMs: 0.1 },
    );
    expect(timings.get("outside")?.ns).toBe(30);
  });

  test("takes the mean of the two middle values of an even number", () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });
});
