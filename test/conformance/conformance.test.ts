import { describe, expect, it } from "vitest";
import { listedFor, nodeVersion, regressions, sample } from "./expected.ts";
import { runAll } from "./pool.ts";
import { modes } from "./realm.ts";
import { findSuite } from "./suite.ts";
import type { Answer } from "./worker.ts";

/** A fixed sample of test262: nothing may get worse than the list of expected failures. */

const why =
  listedFor() === nodeVersion()
    ? "test262 is not there: set TEST262, or put ../shared/data/test262.tar.gz beside the checkout"
    : `the list is for Node ${listedFor()}, this is Node ${nodeVersion()}`;
const suite = listedFor() === nodeVersion() ? findSuite() : undefined;

describe("the language's own tests", () => {
  it("has a sample of 1,500 names", () => {
    expect(new Set(sample()).size).toBe(1500);
  });

  it.skipIf(!suite)(
    suite ? "finds nothing that is not expected" : `is skipped: ${why}`,
    async () => {
      const { folder, close } = suite as NonNullable<typeof suite>;
      const results = new Map<string, Answer>();
      await runAll(folder, sample(), modes, 2, (name, answer) => results.set(name, answer));
      close();
      expect(results.size).toBe(1500);
      // A folder that is not the suite would pass by having nothing in it.
      expect([...results.values()].filter((a) => a.constants).length).toBeGreaterThan(1400);
      expect(regressions(results)).toEqual([]);
    },
    1_800_000,
  );
});
