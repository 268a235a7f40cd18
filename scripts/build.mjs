// Builds both packages into their dist/: JavaScript by esbuild, declarations by tsc.
import { spawnSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");

const packages = [
  { folder: join(root, "packages/dualize"), entries: ["index", "dual", "runtime", "rules"] },
  { folder: join(root, "babel-plugin"), entries: ["index", "cli"] },
];

for (const { folder } of packages) rmSync(join(folder, "dist"), { recursive: true, force: true });
await Promise.all(packages.map(buildJavaScript));
chmodSync(join(root, "babel-plugin/dist/cli.js"), 0o755);
// One after the other: the plugin's declarations are checked against those of the library.
packages.forEach(buildDeclarations);

function buildJavaScript({ folder, entries }) {
  return build({
    absWorkingDir: folder,
    entryPoints: entries.map((entry) => `src/${entry}.ts`),
    outdir: "dist",
    bundle: true,
    // One copy of the shared modules: a second copy of the tag counter would confuse derivatives.
    splitting: true,
    chunkNames: "chunks/[hash]",
    packages: "external",
    format: "esm",
    platform: "neutral",
    target: "es2022",
    sourcemap: true,
    logLevel: "warning",
  });
}

function buildDeclarations({ folder }) {
  const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], {
    cwd: folder,
    stdio: "inherit",
  });
  if (status !== 0) process.exit(1);
  for (const file of filesBelow(join(folder, "dist"), ".d.ts")) {
    writeFileSync(file, withJsExtensions(readFileSync(file, "utf8")));
  }
}

/** tsc leaves `./x.ts` as written; Node-style resolution of declarations wants `./x.js`. */
function withJsExtensions(declarations) {
  return declarations.replace(
    /((?:from|import)\s*\(?\s*["']\.{1,2}\/[^"']*?)\.ts(["'])/g,
    "$1.js$2",
  );
}

function filesBelow(folder, suffix) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(suffix))
    .map((name) => join(folder, name));
}
