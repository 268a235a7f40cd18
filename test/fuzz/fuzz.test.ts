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
