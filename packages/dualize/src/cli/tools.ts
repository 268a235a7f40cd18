import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A build tool, and what makes it run our plugin. */
export interface Tool {
  readonly name: string;
  /** Its configuration, under any of these names. */
  readonly files: readonly string[];
  /** What it is called in the dependencies of a project. */
  readonly dependency: string;
  /** Packages to install for development. */
  readonly packages: readonly string[];
  /** The module to import; undefined where a name is enough. */
  readonly module: string | undefined;
  /** What stands in the list of plugins. */
  readonly use: string;
}

const scripts = (name: string): string[] =>
  ["ts", "mts", "js", "mjs", "cts", "cjs"].map((extension) => `${name}.${extension}`);

const bundler = (name: string, files = scripts(`${name}.config`), dependency = name): Tool => ({
  name,
  files,
  dependency,
  packages: ["unplugin-dualize"],
  module: `unplugin-dualize/${name}`,
  use: "dualize()",
});

/** In the order in which one is taken where a project has several. */
export const tools: readonly Tool[] = [
  bundler("vite", [...scripts("vite.config"), ...scripts("vitest.config")]),
  bundler("rspack", scripts("rspack.config"), "@rspack/core"),
  bundler("webpack"),
  bundler("rolldown"),
  bundler("rollup"),
  bundler("esbuild", [...scripts("esbuild.config"), ...scripts("esbuild"), ...scripts("build")]),
  {
    name: "babel",
    files: ["babel.config.json", ".babelrc.json", ".babelrc", ...scripts("babel.config")],
    dependency: "@babel/core",
    packages: ["babel-plugin-dualize"],
    module: undefined,
    use: '"dualize"',
  },
];

/** A tool that a project uses, and its configuration. */
export interface Found {
  readonly tool: Tool;
  readonly file: string | undefined;
}

/** The tools with a configuration in a folder; without any, those that are among its dependencies. */
export function toolsIn(folder: string, dependencies: readonly string[]): Found[] {
  const configured = tools.flatMap((tool) => {
    const file = tool.files.find((name) => isConfigurationOf(tool, join(folder, name)));
    return file ? [{ tool, file }] : [];
  });
  if (configured.length > 0) return configured;
  return tools
    .filter(({ dependency }) => dependencies.includes(dependency))
    .map((tool) => ({ tool, file: undefined }));
}

// `build.mjs` may build anything.
const isConfigurationOf = ({ name }: Tool, file: string): boolean =>
  existsSync(file) && (name !== "esbuild" || readFileSync(file, "utf8").includes("esbuild"));
