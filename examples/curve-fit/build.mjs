/** Bundles src/main.ts for Node with esbuild, and runs the Babel plugin on the way. */
import { readFile } from "node:fs/promises";
import { transformAsync } from "@babel/core";
import dualize from "babel-plugin-dualize";
import { build } from "esbuild";

/**
 * Babel sees only the files that say "use dual". It reads TypeScript and leaves the types in place,
 * which tell the plugin what is a number; esbuild strips them afterwards.
 */
const dualizePlugin = {
  name: "dualize",
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      if (!source.includes("use dual")) {
        return undefined;
      }
      const { code } = await transformAsync(source, {
        filename: path,
        configFile: false,
        babelrc: false,
        parserOpts: { plugins: ["typescript"] },
        plugins: [dualize],
        sourceMaps: "inline",
      });
      return { contents: code, loader: "ts" };
    });
  },
};

await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: ["src/main.ts"],
  outfile: "dist/main.js",
  bundle: true,
  packages: "external",
  // The packages as they are built and installed: the workspace's tsconfig.json maps their names to
  // the sources, and esbuild would follow it.
  tsconfigRaw: {},
  platform: "node",
  format: "esm",
  target: "node20",
  sourcemap: true,
  plugins: [dualizePlugin],
});
