import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Cache } from "../src/node/cache.ts";

let folder: string;
let types: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dualize-cache-"));
  types = join(folder, "types.ts");
  writeFileSync(types, "type T = number");
  vi.stubEnv("DUALIZE_CACHE", join(folder, "cache"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** Whether a result was made anew, by a cache as another process would open it. */
function isMade(key: readonly unknown[], file = "a.ts"): boolean {
  const make = vi.fn(() => ({ result: "made", dependencies: [types] }));
  expect(new Cache(folder).get(file, key, make)).toBe("made");
  return make.mock.calls.length === 1;
}

describe("the cache on disk", () => {
  it("gives what was made before for the same content, options and versions", () => {
    expect(isMade(["content", {}, "1.0"])).toBe(true);
    expect(isMade(["content", {}, "1.0"])).toBe(false);
  });

  it.each([
    ["content", ["changed", {}, "1.0"]],
    ["options", ["content", { mark: "ml-matrix" }, "1.0"]],
    ["version", ["content", {}, "1.1"]],
  ])("makes it anew where the %s changed", (_, key) => {
    isMade(["content", {}, "1.0"]);
    expect(isMade(key)).toBe(true);
  });

  it("makes it anew where a file whose types were read changed, or went away", () => {
    isMade(["content"]);
    writeFileSync(types, "type T = string");
    expect(isMade(["content"])).toBe(true);
    rmSync(types);
    expect(isMade(["content"])).toBe(true);
    expect(isMade(["content"])).toBe(false);
  });

  it("keeps one entry for each file, however often it changes", () => {
    for (const content of ["1", "2", "3"]) isMade([content]);
    isMade(["1"], "b.ts");
    expect(readdirSync(join(folder, "cache"))).toHaveLength(2);
  });

  it("makes anew what is broken on disk", () => {
    isMade(["content"]);
    const [entry = ""] = readdirSync(join(folder, "cache"));
    writeFileSync(join(folder, "cache", entry), '{"key":');
    expect(isMade(["content"])).toBe(true);
    expect(isMade(["content"])).toBe(false);
  });

  it("does without where it can't write", () => {
    writeFileSync(join(folder, "file"), "");
    vi.stubEnv("DUALIZE_CACHE", join(folder, "file/cache"));
    expect(isMade(["content"])).toBe(true);
    expect(isMade(["content"])).toBe(true);
  });

  it("is switched off by DUALIZE_CACHE=off", () => {
    vi.stubEnv("DUALIZE_CACHE", "off");
    expect(isMade(["content"])).toBe(true);
    expect(isMade(["content"])).toBe(true);
  });
});
