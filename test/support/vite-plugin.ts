import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type PluginTarget, transformAsync } from "@babel/core";
import { build } from "esbuild";
import type { Plugin } from "vite";

const root = fileURLToPath(new URL("../..", import.meta.url));
const library = join(root, "packages/dualize/src");

/**
 * Runs test files and what they import through babel-plugin-dualize, straight from its sources.
 * Types stay in the code: Vite strips them afterwards, as it does for users.
 */
export function dualizeForTests(): Plugin {
  let plugin: Promise<PluginTarget> | undefined;
  return {
    name: "dualize-for-tests",
    enforce: "pre",
    async transform(code, id) {
      const [file = ""] = id.split("?");
      if (!mayNeedPlugin(code, file)) return;
      plugin ??= loadPluginFromSource();
      const result = await transformAsync(code, {
        filename: file,
        configFile: false,
        babelrc: false,
        sourceMaps: true,
        parserOpts: { plugins: file.endsWith("x") ? ["typescript", "jsx"] : ["typescript"] },
        plugins: [[(await plugin) as never, { lowered: true }]],
      });
      return { code: result?.code ?? code, map: result?.map ?? null };
    },
  };
}

/** Looks at the text alone, so that files with nothing of ours are not parsed. */
function mayNeedPlugin(code: string, file: string): boolean {
  if (!/\.[cm]?[jt]sx?$/.test(file) || file.includes("/node_modules/")) return false;
  if (file.startsWith(library)) return false;
  return code.includes("use dual") || /from\s*["']dualize["']/.test(code);
}

/** The configuration of Vitest sees no aliases and no TypeScript, so the plugin is bundled first. */
async function loadPluginFromSource(): Promise<PluginTarget> {
  const built = await build({
    entryPoints: [join(root, "babel-plugin/src/index.ts")],
    alias: { "dualize/rules": join(library, "rules.ts") },
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
    sourcemap: "inline",
    write: false,
  });
  const text = built.outputFiles.map((file) => file.text).join("");
  // Named by content, so that test runs at the same time do not disturb each other, and inside
  // node_modules, so that it finds @babel/core.
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
  const folder = join(root, "node_modules/.cache/dualize");
  const file = join(folder, `babel-plugin-${hash}.mjs`);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, text);
    renameSync(unfinished, file);
  }
  const { default: plugin } = await import(/* @vite-ignore */ pathToFileURL(file).href);
  return plugin;
}
