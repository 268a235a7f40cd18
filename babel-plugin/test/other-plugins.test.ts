import { createRequire } from "node:module";
import type { PluginItem } from "@babel/core";
import { derivative } from "dualize";
import * as runtime from "dualize/runtime";
import { describe, expect, it } from "vitest";
import dualize from "../src/index.ts";
import { newest7 } from "./support/compile.ts";

/** Plugins of others beside ours. What presets make of all fixtures is in fixtures.test.ts. */

const ofPresetEnv = createRequire(createRequire(import.meta.url).resolve("@babel/preset-env"));
const plugin = (name: string): PluginItem => ofPresetEnv(`@babel/plugin-transform-${name}`);
const ours = dualize as unknown as PluginItem;

const code = `
class Spring {
  #rest = 1;
  static count = 2;
  k;
  constructor(k) { this.k = k; }
  get stiff() { return this.k * Spring.count; }
  #stretch(x) { return x - this.#rest; }
  energy(x) { "use dual"; return this.stiff * this.#stretch(x) ** 2; }
}
function f(x) {
  "use dual";
  class Local { #a = x * x; get twice() { return 2 * this.#a; } }
  const o = { m(y) { return y * x; } };
  return o.m(new Local().twice) + new Spring(x).energy(x);
}
module.exports = f;
`;

function compiled(plugins: PluginItem[]): (x: number) => number {
  const result = newest7.transformSync(code, {
    filename: "/f.js",
    configFile: false,
    babelrc: false,
    sourceType: "script",
    plugins,
  });
  const module: { exports: unknown } = { exports: undefined };
  new Function("module", "require", result?.code ?? "")(module, (name: string) => {
    expect(name).toBe("dualize/runtime");
    return runtime;
  });
  return module.exports as (x: number) => number;
}

// Ours writes static blocks, so who compiles properties has to compile these too.
const classes = ["class-static-block", "class-properties", "private-methods"].map(plugin);

// f(x) = 2x³ + 2x(x - 1)²
const cases: Record<string, PluginItem[]> = {
  "none of others": [ours],
  "class properties after ours": [ours, ...classes],
  "class properties before ours": [...classes, ours],
  "ours listed twice": [ours, [ours as never, {}, "again"]],
  "parameters, arrows and templates of older targets": [
    plugin("arrow-functions"),
    plugin("parameters"),
    plugin("template-literals"),
    ours,
  ],
};

describe("beside other plugins", () => {
  it.each(Object.entries(cases))("gives the derivative: %s", (_, plugins) => {
    const f = compiled(plugins);
    expect(f(3)).toBe(78);
    expect(derivative(f)(3)).toBe(54 + 2 * 4 + 12 * 2);
    expect(derivative(derivative(f))(3)).toBe(36 + 4 * 2 + 4 * 2 + 4 * 3);
  });
});
