// Bundles the benchmark into dist/. Files that contain "use dual" go through the plugin, both from
// its sources and the library's, so that what is measured is what is there.
import { readFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { transformAsync } from "@babel/core";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));
const common = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  // TensorFlow.js has modules to register its gradients beside its main file, for bundlers alone.
  mainFields: ["module", "main"],
  // Maps the names of both packages to their sources.
  tsconfig: `${root}tsconfig.json`,
  sourcemap: true,
  logLevel: "warning",
};

const pluginFile = `${here}dist/plugin.js`;
await build({
  ...common,
  entryPoints: [`${root}babel-plugin/src/index.ts`],
  outfile: pluginFile,
  external: ["@babel/*"],
});
const { default: dualize } = await import(pathToFileURL(pluginFile).href);

await build({
  ...common,
  entryPoints: ["run", "one", "gradients", "gradient-task"].map((name) => `${here}src/${name}.ts`),
  outdir: `${here}dist`,
  splitting: true,
  // TensorFlow.js is bundled, and requires modules of Node.
  banner: {
    js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
  },
  external: [
    "@babel/*",
    "esbuild",
    "@jax-js/jax",
    "@thi.ng/dual-algebra",
    "ad.js",
    "adnn",
    "ganja.js",
    "mathjs",
    "rose",
  ],
  plugins: [{ name: "dualize", setup: differentiate }],
});

function differentiate({ onLoad }) {
  onLoad({ filter: /\/bench\/src\/.*\.ts$/ }, async ({ path }) => {
    const source = await readFile(path, "utf8");
    if (!source.includes("use dual")) return null;
    const { code } = await transformAsync(source, {
      filename: path,
      configFile: false,
      babelrc: false,
      sourceMaps: "inline",
      parserOpts: { plugins: ["typescript"] },
      plugins: [dualize],
    });
    return { contents: code, loader: "ts" };
  });
}
