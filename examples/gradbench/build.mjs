/** Bundles src/main.ts for Node with esbuild; dualize is one line of it. */
import { build } from "esbuild";
import dualize from "unplugin-dualize/esbuild";

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
  plugins: [dualize()],
});
