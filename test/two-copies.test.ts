import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as one from "dualize";
import { dualForm, mul } from "dualize/dual";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { transformAlone } from "../babel-plugin/test/support/compile.ts";
import { Workspace } from "../babel-plugin/test/support/workspace.ts";

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

describe("marked functions of a package that brings a copy of its own", () => {
  type F = (x: number) => number;
  let workspace: Workspace;
  let theirs: { square: F; slope: F };
  beforeAll(async () => {
    workspace = await Workspace.open("two-copies");
    const code = `import { derivative } from "dualize";
export const square = (x: number) => { "use dual"; return x * x; };
export const slope = (x: number) => derivative(square)(x);`;
    const compiled = transformAlone({ code, file: "/theirs.ts" }).code;
    theirs = await workspace.load(compiled.replaceAll(": number", ""));
  });
  afterAll(() => workspace?.close());

  const ours = (x: number): number => {
    "use dual";
    return x * theirs.square(x);
  };
  const byOurs = (f: F, xs: number[]): number => {
    "use dual";
    return xs.reduce((sum, x) => sum + f(x), 0);
  };

  it("are ordinary functions here, and have derivatives there", () => {
    expect(ours(3)).toBe(27);
    expect(theirs.square(3)).toBe(9);
    expect(theirs.slope(3)).toBe(6);
  });

  it.each<[string, () => unknown]>([
    ["derivative", () => one.derivative(theirs.square)(3)],
    ["grad", () => one.grad(theirs.square)(3)],
    ["vjp", () => one.vjp(theirs.square, [3])],
    ["hessian", () => one.hessian(theirs.square)(3)],
    ["a derivative of a caller", () => one.derivative(ours)(3)],
    ["a gradient of a caller", () => one.grad(ours)(3)],
    ["a second derivative of a caller", () => one.derivative(one.derivative(ours))(3)],
    [
      "a derivative of what is handed one",
      () => one.grad(byOurs, { argnum: 1 })(theirs.square, [1, 2]),
    ],
    [
      "a Hessian of what is handed one",
      () => one.hessian(byOurs, { argnum: 1 })(theirs.square, [1, 2]),
    ],
  ])("end with an error in %s, and with no wrong number", (_, take) => {
    expect(take).toThrow(/DUAL10[12]: /);
  });
});
