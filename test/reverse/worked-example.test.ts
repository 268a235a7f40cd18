import { expect, it } from "vitest";
import { pull } from "../../packages/dualize/src/transforms/pull.ts";

const f = (x1: number, x2: number): number => {
  "use dual";
  const v3 = x1 * x2;
  return Math.exp(v3) + (v3 - Math.sin(x2));
};

it("records the textbook's trace, and goes back over it number by number", () => {
  const [x1, x2] = [0.7, -1.3];
  const { value, pullback, recording } = pull(f, undefined, [x1, x2], () => true, true);
  const [v3, v4] = [x1 * x2, Math.sin(x2)];
  const v5 = Math.exp(v3);
  expect(value).toBe(v5 + (v3 - v4));
  const { parents, coefs, inputs, length } = recording();
  // x1 and x2 are 0 and 1, so v3, v6 and v7 are 2, 3 and 4.
  expect([inputs, length]).toEqual([2, 5]);
  expect([...parents]).toEqual([0, 1, 2, 1, 2, 3]);
  expect([...coefs]).toEqual([x2, x1, 1, -Math.cos(x2), v5, 1]);
  const [back6, back5] = [1, 1];
  const back4 = -back6;
  const back3 = back5 * v5 + back6;
  const back2 = back3 * x1 + back4 * Math.cos(x2);
  const back1 = back3 * x2;
  const [c1, c2] = pullback(1) as [number, number];
  expect(c1).toBeCloseTo(back1, 15);
  expect(c2).toBeCloseTo(back2, 15);
});
