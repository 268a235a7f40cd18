import { expect, test } from "vitest";
import { fuzz } from "./fuzz.ts";

// In pieces, so that a failure says early which one it was; each seed stands for the same programs always.
test.each([1, 2, 3, 4])(
  "500 random programs give the same in every form (seed %i)",
  (seed) => {
    const { failures, programs, withForm } = fuzz({ runs: 500, seed });
    expect(failures.map(({ index, message }) => `program ${index}: ${message}`)).toEqual([]);
    // A fuzzer whose programs fall back would compare the dual form with itself.
    expect(withForm / programs).toBeGreaterThan(0.8);
  },
  300_000,
);

test("100 random programs give the same where helpers are too large to be written in place", () => {
  const { failures, programs, withForm } = fuzz({ runs: 100, seed: 1, apart: true });
  expect(failures.map(({ index, message }) => `program ${index}: ${message}`)).toEqual([]);
  expect(withForm / programs).toBeGreaterThan(0.8);
}, 300_000);

test("100 random programs of several files give the same in every form, and change the same", () => {
  const { failures, programs, withForm } = fuzz({ runs: 100, seed: 1, worlds: true });
  expect(failures.map(({ index, message }) => `program ${index}: ${message}`)).toEqual([]);
  expect(withForm / programs).toBeGreaterThan(0.5);
}, 300_000);
