import { readFileSync } from "node:fs";
import { join } from "node:path";
import { babelVersions } from "./babel.ts";
import { root } from "./markdown.ts";

/** The table of tools in the README: each with the versions that tests run, and its line of set-up. */

const manifest = (...path: string[]) =>
  JSON.parse(readFileSync(join(root, ...path, "package.json"), "utf8")) as {
    version: string;
    engines: { node: string };
    optionalDependencies: Record<string, string>;
  };
/** The versions that are installed, for the tests in the root and for those in test/build-tools. */
const here = (name: string) => manifest("node_modules", name).version;
const tools = (name: string) => manifest("test/build-tools/node_modules", name).version;

/** Those that are not there for every machine are named as they would be installed. */
const optional = (name: string): string =>
  manifest("test/build-tools").optionalDependencies[name]?.replace(/.*@/, "") ?? "";

const oldestNode = manifest().engines.node.replace(">=", "");
const babels = babelVersions.map(({ version }) => version).join(", ");
const typescripts = ["typescript-5.4", "typescript-5.9", "typescript", "typescript-7"];

const bundler = (entry: string, plugins = "plugins: [dualize()]") =>
  `\`import dualize from "unplugin-dualize/${entry}"\`, \`${plugins}\``;
const babel = (presets: string) =>
  `\`{ ${presets && `"presets": ["${presets}"], `}"plugins": ["dualize"] }\``;
const typescript = "@babel/preset-typescript";

interface Row {
  readonly tool: string;
  readonly versions: string;
  readonly line: string;
}

const rows: readonly Row[] = [
  { tool: "Vite", versions: here("vite"), line: bundler("vite") },
  { tool: "Vitest", versions: here("vitest"), line: "that of Vite" },
  { tool: "Rollup", versions: tools("rollup"), line: bundler("rollup") },
  { tool: "Rolldown", versions: tools("rolldown"), line: bundler("rolldown") },
  { tool: "tsdown", versions: tools("tsdown"), line: "that of Rolldown" },
  { tool: "esbuild", versions: here("esbuild"), line: bundler("esbuild") },
  { tool: "webpack", versions: tools("webpack"), line: bundler("webpack") },
  { tool: "Rspack", versions: tools("@rspack/core"), line: bundler("rspack") },
  {
    tool: "Rsbuild",
    versions: tools("@rsbuild/core"),
    line: bundler("rspack", "tools: { rspack: { plugins: [dualize()] } }"),
  },
  { tool: "Bun", versions: optional("bun"), line: bundler("bun") },
  { tool: "Farm", versions: optional("@farmfe/core"), line: bundler("farm") },
  {
    tool: "Node",
    versions: `${oldestNode} and newer, ${optional("node24")}`,
    line: "`node --import dualize/register main.ts`",
  },
  {
    tool: "tsx",
    versions: tools("tsx"),
    line: "`node --import tsx --import dualize/register main.ts`",
  },
  { tool: "Babel", versions: babels, line: `${babel(typescript)} in babel.config.json` },
  { tool: "Jest", versions: tools("jest"), line: "that of Babel" },
  { tool: "Next.js", versions: tools("next"), line: `${babel("next/babel")} in .babelrc.json` },
  { tool: "Parcel", versions: tools("parcel"), line: `${babel("")} in .babelrc.json` },
  {
    tool: "ESLint",
    versions: [tools("eslint9"), here("eslint")].join(", "),
    line: '`import dualize from "eslint-plugin-dualize"`, `[dualize.configs.recommended]`',
  },
  {
    tool: "oxlint",
    versions: tools("oxlint"),
    line: '`"jsPlugins": ["eslint-plugin-dualize"]`, `"rules": { "dualize/errors": "error" }`',
  },
  {
    tool: "TypeScript",
    versions: typescripts.map(tools).join(", "),
    line: "nothing: types pass through",
  },
];

/** The names in the table. */
export const toolNames: readonly string[] = rows.map(({ tool }) => tool);

/** The table in Markdown. */
export const toolsTable = (): string =>
  [
    "| tool | tested | line |",
    "|---|---|---|",
    ...rows.map(({ tool, versions, line }) => `| ${tool} | ${versions} | ${line} |`),
    "",
  ].join("\n");
