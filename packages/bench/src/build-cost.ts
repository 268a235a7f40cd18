import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { type PluginItem, transformSync } from "@babel/core";
import { transformSync as minify } from "esbuild";
import { median } from "./measure.ts";
import type { BuildCost } from "./result.ts";

const here = dirname(fileURLToPath(import.meta.url));
const ROUNDS = 15;

/** What the plugin costs a build: time and size, on the file of every kernel. */
export async function measureBuildCost(names: readonly string[]): Promise<BuildCost[]> {
  const { default: dualize } = await import(pathToFileURL(resolve(here, "plugin.js")).href);
  const files = names.map((name) => {
    const source = readFileSync(resolve(here, `../src/kernels/${name}.ts`), "utf8");
    const compile = (presets: PluginItem[], plugins: PluginItem[]) => () =>
      transformSync(source, {
        filename: `${name}.ts`,
        configFile: false,
        babelrc: false,
        parserOpts: { plugins: ["typescript"] },
        presets,
        plugins,
      })?.code as string;
    return {
      name,
      source,
      preset: compile(["@babel/preset-typescript"], []),
      plugin: compile([], [dualize]),
      withAdjoint: compile([], [[dualize, { forms: ["adjoint"] }]]),
      forward: compile([], [[dualize, { forms: [] }]]),
    };
  });
  for (let round = 0; round < ROUNDS; round++) {
    for (const { preset, plugin } of files) {
      preset();
      plugin();
    }
  }
  return files.map(({ name, source, preset, plugin, withAdjoint, forward }) => {
    const ratios: number[] = [];
    for (let round = 0; round < ROUNDS; round++) ratios.push(elapsed(plugin) / elapsed(preset));
    // The kernel's record is the benchmark's and in both texts alike.
    const own = compressed(source.replace(RECORD, ""));
    const added = (code: string) => compressed(code.replace(RECORD, "")) / own - 1;
    return {
      name,
      time: median(ratios),
      size: added(plugin()),
      withAdjoint: added(withAdjoint()),
      forward: added(forward()),
    };
  });
}

const RECORD = /export const kernel = defineKernel\(\{[\s\S]*?\n\}\);/;

function elapsed(action: () => unknown): number {
  const start = performance.now();
  action();
  return performance.now() - start;
}

/** Bytes of a text, minified and gzipped. */
const compressed = (code: string): number =>
  gzipSync(minify(code, { loader: "ts", minify: true, format: "esm" }).code, { level: 9 }).length;
