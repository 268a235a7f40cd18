import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A build tool, and what makes it run our plugin. */
export interface Tool {
  readonly name: string;
  /** Files by which it is known that a project uses it. */
  readonly signs: readonly string[];
  /** What it is called in the dependencies of a project. */
  readonly dependency: string;
  /** Whether it is used wherever it is a dependency: it needs no configuration. */
  readonly isAlone?: boolean;
  /** Packages to install for development. */
  readonly packages: readonly string[];
  /** Where the plugin stands: a file with any of these names. */
  readonly files: readonly string[];
  /** Files that, where they stand beside that one, are taken in its place for some of the work. */
  readonly instead?: readonly string[];
  /** The file to make where there is none. */
  readonly fresh?: { readonly file: string; readonly text: string };
  /** The module to import; undefined where a name is enough. */
  readonly module: string | undefined;
  /** What stands in the list of plugins. */
  readonly use: string;
  /** The objects of the configuration that the list of plugins is in. */
  readonly path?: readonly string[];
  /** What package.json has to say. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** What else there is to do, in words. */
  readonly hint?: string;
}

const scripts = (name: string): string[] =>
  ["ts", "mts", "js", "mjs", "cts", "cjs"].map((extension) => `${name}.${extension}`);

const bundler = (name: string, more: Partial<Tool> = {}): Tool => {
  const files = more.files ?? scripts(`${name}.config`);
  return {
    name,
    signs: files,
    dependency: name,
    packages: ["unplugin-dualize"],
    files,
    module: `unplugin-dualize/${name}`,
    use: "dualize()",
    ...more,
  };
};

const babelFiles = [
  ...["babel.config.json", ".babelrc.json", ".babelrc"],
  ...scripts("babel.config"),
  ".babelrc.js",
  ".babelrc.cjs",
];

const byBabel = (name: string, more: Partial<Tool> = {}): Tool => ({
  name,
  signs: scripts(`${name}.config`),
  dependency: name,
  packages: ["babel-plugin-dualize", "@babel/core"],
  files: babelFiles,
  module: undefined,
  use: '"dualize"',
  ...more,
});

const typescriptByBabel = {
  packages: ["babel-plugin-dualize", "@babel/core", "@babel/preset-typescript"],
  fresh: {
    file: "babel.config.json",
    text: '{ "presets": ["@babel/preset-typescript"], "plugins": ["dualize"] }\n',
  },
};

/** In the order in which one is taken where a project has several. */
export const tools: readonly Tool[] = [
  byBabel("next", {
    isAlone: true,
    packages: ["babel-plugin-dualize"],
    fresh: {
      file: ".babelrc.json",
      text: '{ "presets": ["next/babel"], "plugins": ["dualize"] }\n',
    },
  }),
  bundler("rsbuild", {
    dependency: "@rsbuild/core",
    module: "unplugin-dualize/rspack",
    path: ["tools", "rspack"],
    fresh: {
      file: "rsbuild.config.mjs",
      text: `import { defineConfig } from "@rsbuild/core";
import dualize from "unplugin-dualize/rspack";

export default defineConfig({ tools: { rspack: { plugins: [dualize()] } } });
`,
    },
  }),
  bundler("tsdown", {
    module: "unplugin-dualize/rolldown",
    fresh: {
      file: "tsdown.config.mjs",
      text: `import { defineConfig } from "tsdown";
import dualize from "unplugin-dualize/rolldown";

export default defineConfig({ entry: ["src/index.ts"], plugins: [dualize()] });
`,
    },
  }),
  bundler("vite", {
    files: [...scripts("vite.config"), ...scripts("vitest.config")],
    instead: scripts("vitest.config"),
    fresh: {
      file: "vite.config.mjs",
      text: `import dualize from "unplugin-dualize/vite";
import { defineConfig } from "vite";

export default defineConfig({ plugins: [dualize()] });
`,
    },
  }),
  bundler("rspack", { dependency: "@rspack/core" }),
  bundler("webpack"),
  bundler("rolldown"),
  bundler("rollup"),
  bundler("esbuild", {
    files: [...scripts("esbuild.config"), ...scripts("esbuild"), ...scripts("build")],
  }),
  byBabel("parcel", {
    signs: [],
    isAlone: true,
    fresh: { file: ".babelrc.json", text: '{ "plugins": ["dualize"] }\n' },
    manifest: { "@parcel/resolver-default": { packageExports: true } },
  }),
  byBabel("jest", {
    ...typescriptByBabel,
    signs: [...scripts("jest.config"), "jest.config.json"],
    hint: 'Jest has to run modules as such: NODE_OPTIONS=--experimental-vm-modules npx jest, and\nextensionsToTreatAsEsm: [".ts"] in its configuration.',
  }),
  byBabel("babel", {
    ...typescriptByBabel,
    signs: babelFiles,
    dependency: "@babel/core",
  }),
];

/** A tool that a project uses, and its configuration. */
export interface Found {
  readonly tool: Tool;
  readonly file: string | undefined;
}

/** The tools that a folder has a sign of; without any, those that are among its dependencies. */
export function toolsIn(folder: string, dependencies: readonly string[]): Found[] {
  const isInstalled = ({ dependency }: Tool) => dependencies.includes(dependency);
  const shown = tools.filter(
    (tool) =>
      tool.signs.some((name) => isSignOf(tool, join(folder, name))) ||
      (tool.isAlone && isInstalled(tool)),
  );
  return (shown.length > 0 ? shown : tools.filter(isInstalled)).map((tool) => found(tool, folder));
}

/** A tool with its configuration in a folder, if it has one. */
export const found = (tool: Tool, folder: string): Found => ({
  tool,
  file: tool.files.find((name) => isSignOf(tool, join(folder, name))),
});

// `build.mjs` may build anything.
const isSignOf = ({ name }: Tool, file: string): boolean =>
  existsSync(file) && (name !== "esbuild" || readFileSync(file, "utf8").includes("esbuild"));
