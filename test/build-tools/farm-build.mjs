// Builds with Farm, in a process of its own: node farm-build.mjs ENTRY OUT
import { basename, dirname, relative } from "node:path";
import { build } from "@farmfe/core";
import dualize from "unplugin-dualize/farm";

const [entry, out] = process.argv.slice(2);
await build({
  root: process.cwd(),
  configFile: false,
  compilation: {
    input: { main: `./${relative(process.cwd(), entry)}` },
    output: {
      path: dirname(out),
      targetEnv: "node",
      format: "esm",
      entryFilename: basename(out),
    },
    sourcemap: true,
    presetEnv: false,
    minify: false,
    persistentCache: false,
    progress: false,
    // One file: what Node runs by itself.
    partialBundling: { enforceResources: [{ name: "main", test: [".*"] }] },
  },
  plugins: [dualize()],
});
