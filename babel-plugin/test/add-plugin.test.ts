import { describe, expect, it } from "vitest";
import { addPlugin } from "../src/commands/add-plugin.ts";

const vite = { module: "unplugin-dualize/vite", use: "dualize()" };
const babel = { module: undefined, use: '"dualize"' };

describe("adding the plugin to a configuration", () => {
  it("puts it first of the list, and its import behind the last", () => {
    const config = `import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  build: { rollupOptions: { plugins: [other()] } },
  plugins: [react()],
});
`;
    expect(
      addPlugin(config, "vite.config.ts", vite),
    ).toBe(`import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import dualize from "unplugin-dualize/vite";

export default defineConfig({
  build: { rollupOptions: { plugins: [other()] } },
  plugins: [dualize(), react()],
});
`);
  });

  it("keeps a list of one plugin a line as it is written", () => {
    expect(
      addPlugin("export default {\n  plugins: [\n    react(),\n  ],\n};\n", "a.ts", vite),
    ).toBe(
      `import dualize from "unplugin-dualize/vite";
export default {
  plugins: [
    dualize(),
    react(),
  ],
};
`,
    );
  });

  it.each([
    [
      "an empty list",
      "export default { plugins: [] };",
      "export default { plugins: [dualize()] };",
    ],
    [
      "no list",
      "export default {\n  base: '/',\n};",
      "export default {\n  plugins: [dualize()],\n  base: '/',\n};",
    ],
    ["nothing in it", "export default {};", "export default { plugins: [dualize()] };"],
    [
      "a function",
      "export default defineConfig(({ mode }) => ({ plugins: [a(mode)] }));",
      "export default defineConfig(({ mode }) => ({ plugins: [dualize(), a(mode)] }));",
    ],
    [
      "a function that returns",
      "export default () => {\n  return { plugins: [a()] };\n};",
      "export default () => {\n  return { plugins: [dualize(), a()] };\n};",
    ],
    [
      "a name and a type",
      "const config = { plugins: [a()] } satisfies UserConfig;\nexport default config;",
      "const config = { plugins: [dualize(), a()] } satisfies UserConfig;\nexport default config;",
    ],
  ])("finds the object of a configuration with %s", (_, config, expected) => {
    expect(addPlugin(config, "vite.config.ts", vite)).toBe(
      `import dualize from "unplugin-dualize/vite";\n${expected}`,
    );
  });

  it("requires the plugin in a configuration that is CommonJS", () => {
    const webpack = { module: "unplugin-dualize/webpack", use: "dualize()" };
    expect(addPlugin("module.exports = { plugins: [] };", "webpack.config.js", webpack)).toBe(
      'const { default: dualize } = require("unplugin-dualize/webpack");\nmodule.exports = { plugins: [dualize()] };',
    );
  });

  it("finds the call of esbuild in a script", () => {
    const esbuild = { module: "unplugin-dualize/esbuild", use: "dualize()" };
    const script = `import { build } from "esbuild";\nawait build({\n  bundle: true,\n});\n`;
    expect(addPlugin(script, "build.mjs", esbuild)).toBe(
      `import { build } from "esbuild";\nimport dualize from "unplugin-dualize/esbuild";\nawait build({\n  plugins: [dualize()],\n  bundle: true,\n});\n`,
    );
  });

  it.each([
    [
      "nothing of it",
      "export default defineConfig({});",
      "export default defineConfig({ tools: { rspack: { plugins: [dualize()] } } });",
    ],
    [
      "a part of it",
      "export default { tools: { postcss: {} } };",
      "export default { tools: { rspack: { plugins: [dualize()] }, postcss: {} } };",
    ],
    [
      "all of it",
      "export default { tools: { rspack: { plugins: [other()] } } };",
      "export default { tools: { rspack: { plugins: [dualize(), other()] } } };",
    ],
  ])("finds a list further in, where there is %s", (_, config, expected) => {
    const line = { module: "unplugin-dualize/rspack", use: "dualize()", path: ["tools", "rspack"] };
    expect(addPlugin(config, "rsbuild.config.ts", line)).toBe(
      `import dualize from "unplugin-dualize/rspack";\n${expected}`,
    );
    const computed = "export default { tools: { rspack: (config) => config } };";
    expect(addPlugin(computed, "rsbuild.config.ts", line)).toBeUndefined();
  });

  it.each(["babel.config.json", ".babelrc"])("writes the name into %s", (file) => {
    const config = '{\n  "presets": ["@babel/preset-typescript"]\n}\n';
    expect(JSON.parse(addPlugin(config, file, babel) ?? "")).toEqual({
      presets: ["@babel/preset-typescript"],
      plugins: ["dualize"],
    });
    expect(addPlugin('{ "plugins": ["a"] }', file, babel)).toBe('{ "plugins": ["dualize", "a"] }');
  });

  it.each([
    ["comes from elsewhere", 'import config from "./base"; export default config;'],
    ["may get a list from another object", "export default { ...base };"],
    ["has a list that is computed", "export default { plugins: plugins() };"],
  ])("gives up on a configuration that %s", (_, config) => {
    expect(addPlugin(config, "vite.config.ts", vite)).toBeUndefined();
  });
});
