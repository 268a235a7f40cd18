import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "@babel/core";
import dualize from "babel-plugin-dualize";
import { build as esbuild } from "esbuild";
import { build as vite } from "vite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runAll } from "./support/run-all.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const support = fileURLToPath(new URL("support", import.meta.url));
// Inside node_modules, so that what was built finds the library as a user's program does.
const folder = join(root, `node_modules/.cache/dualize/modules-${process.pid}`);

beforeAll(() => {
  if (!existsSync(join(root, "packages/dualize/dist")))
    throw new Error("dualize is not built: npm run build");
  mkdirSync(folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One file by the plugin alone; types stay. */
function compiled(file: string, presets: unknown[] = []): string {
  const isScript = file.endsWith(".cjs");
  const result = transformSync(readFileSync(file, "utf8"), {
    filename: file,
    configFile: false,
    babelrc: false,
    sourceType: isScript ? "script" : "module",
    parserOpts: { plugins: isScript ? [] : ["typescript"] },
    plugins: [dualize],
    presets: presets as never,
  });
  return result?.code ?? "";
}

const run = (file: string): unknown =>
  JSON.parse(execFileSync(process.execPath, ["--no-warnings", file], { encoding: "utf8" }));

it("does in a build by Babel, run by Node, what it does here", () => {
  const typescript = ["@babel/preset-typescript", { rewriteImportExtensions: true }];
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  for (const name of readdirSync(support)) {
    const file = join(support, name);
    if (name.endsWith(".d.cts")) continue;
    if (name.endsWith(".ts"))
      writeFileSync(join(folder, name.replace(/ts$/, "js")), compiled(file, [typescript]));
    else
      writeFileSync(
        join(folder, name),
        name.endsWith(".cjs") ? compiled(file) : readFileSync(file, "utf8"),
      );
  }
  expect(run(join(folder, "main.js"))).toEqual(runAll());
});

it("does in a bundle by esbuild what it does here", async () => {
  const outfile = join(folder, "esbuild.mjs");
  await esbuild({
    entryPoints: [join(support, "main.ts")],
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    outfile,
    external: ["dualize", "dualize/runtime"],
    // What a bundled CommonJS module requires is looked up by Node.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    plugins: [
      {
        name: "dualize",
        setup(build) {
          build.onLoad({ filter: /modules[\\/]support[\\/].*\.c?[jt]s$/ }, ({ path }) => ({
            contents: compiled(path),
            loader: path.endsWith(".cjs") ? "js" : "ts",
          }));
        },
      },
    ],
  });
  expect(run(outfile)).toEqual(runAll());
});

it("does in a bundle by Vite what it does here", async () => {
  await vite({
    configFile: false,
    root: support,
    logLevel: "error",
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: false,
      rollupOptions: {
        input: join(support, "main.ts"),
        external: ["dualize", "dualize/runtime"],
        output: { entryFileNames: "vite.mjs", format: "es" },
      },
    },
    plugins: [
      {
        name: "dualize",
        enforce: "pre",
        transform: {
          filter: { id: /modules[\\/]support[\\/].*\.c?[jt]s$/ },
          handler: (_code: string, id: string) => ({ code: compiled(id), map: null }),
        },
      },
    ],
  });
  expect(run(join(folder, "vite.mjs"))).toEqual(runAll());
});
