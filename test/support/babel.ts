import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type { PluginTarget } from "@babel/core";

type Core = Pick<
  typeof import("@babel/core"),
  "version" | "transformSync" | "transformAsync" | "parseSync" | "types" | "template" | "traverse"
>;

/** One version of @babel/core with the presets that belong to it. */
export interface BabelVersion extends Core {
  presets: { typescript: PluginTarget; env: PluginTarget };
}

/**
 * Every version of Babel that the plugin must work on, oldest first: the lower bound of the peer
 * range, the one that the rest of the tests use, and Babel 8.
 *
 * ```ts
 * describe.each(babelVersions)("on Babel $version", ({ transformSync, presets }) => { ... });
 * ```
 */
export const babelVersions: BabelVersion[] = [
  await load("../babel7-22/package.json"),
  await load("../../package.json"),
  await load("../babel8/package.json"),
];

async function load(project: string): Promise<BabelVersion> {
  const { resolve } = createRequire(new URL(project, import.meta.url));
  // Not `require`: Babel 8 consists of ECMAScript modules.
  const load = async (name: string) => import(/* @vite-ignore */ pathToFileURL(resolve(name)).href);
  const core: Core = await load("@babel/core");
  const { version, transformSync, transformAsync, parseSync, types, template, traverse } = core;
  return {
    version,
    transformSync,
    transformAsync,
    parseSync,
    types,
    template,
    traverse,
    presets: {
      typescript: preset(await load("@babel/preset-typescript")),
      env: preset(await load("@babel/preset-env")),
    },
  };
}

/** Imported CommonJS (Babel 7) has its default export one level further down. */
function preset(module: { default: PluginTarget & { default?: PluginTarget } }): PluginTarget {
  return module.default.default ?? module.default;
}
