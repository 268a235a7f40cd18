import { describe, expect, it } from "vitest";
import { babelVersions } from "./support/babel.ts";

it("the tests run on the oldest supported Babel, on the newest Babel 7 and on Babel 8", () => {
  expect(babelVersions.map(({ version }) => version)).toEqual([
    "7.22.0",
    expect.stringMatching(/^7\.29\./),
    expect.stringMatching(/^8\.1\./),
  ]);
});

describe.each(babelVersions)("Babel $version", ({ transformSync, presets }) => {
  it("strips types and lowers syntax with the presets of its own version", () => {
    const result = transformSync("const f = (x: number) => x ** 2;", {
      filename: "square.ts",
      configFile: false,
      babelrc: false,
      presets: [presets.typescript, [presets.env, { modules: false, targets: "ie 11" }]],
    });
    expect(result?.code).toContain("Math.pow(x, 2)");
    expect(result?.code).not.toContain("number");
  });
});
