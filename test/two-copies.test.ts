import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as one from "dualize";
import { dualForm, mul } from "dualize/dual";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** A program may hold the library twice, as when a package brings a copy of its own. */

let folder: string;
let other: { lib: typeof one; dual: typeof import("dualize/dual") };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dualize-copy-"));
  const dist = new URL("../packages/dualize/dist", import.meta.url);
  cpSync(dist, folder, { recursive: true });
  const copy = (file: string) => import(pathToFileURL(join(folder, file)).href);
  other = { lib: await copy("index.js"), dual: await copy("dual.js") };
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("two copies of the library", () => {
  it("each differentiate their own functions", () => {
    const cube = other.dual.dualForm((x: number) => other.dual.mul(x, other.dual.mul(x, x)));
    expect(other.lib.derivative(cube as never)(2 as never)).toBe(12);
  });
  it("refuse each other's functions instead of losing a tangent", () => {
    const cube = other.dual.dualForm((x: number) => other.dual.mul(x, other.dual.mul(x, x)));
    expect(() => one.derivative(cube as never)(2 as never)).toThrow(/DUAL102.*copy of dualize/);
    const outer = dualForm((x: number) =>
      mul(one.derivative(cube as never)(x as never) as never, x),
    );
    expect(() => one.derivative(outer as never)(2 as never)).toThrow(/DUAL102/);
  });
});
