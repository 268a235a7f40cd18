// Builds the packages into their dist/: JavaScript by esbuild, declarations by tsc.
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");

const packages = [
  { folder: join(root, "packages/dualize") },
  { folder: join(root, "packages/dualize-special") },
  { folder: join(root, "babel-plugin") },
  { folder: join(root, "packages/unplugin-dualize") },
  { folder: join(root, "packages/eslint-plugin-dualize") },
];

for (const { folder } of packages) rmSync(join(folder, "dist"), { recursive: true, force: true });
await Promise.all(packages.map(buildJavaScript));
chmodSync(join(root, "packages/dualize/dist/cli.js"), 0o755);
// For `npx dualize explain DUAL101`.
copyFileSync(join(root, "docs/errors.md"), join(root, "packages/dualize/dist/errors.md"));
// One after the other: the declarations of each are checked against those of the ones before.
packages.forEach(buildDeclarations);

/** File by file, not bundled: a bundler of the user's then leaves out whole files that are not needed. */
async function buildJavaScript({ folder }) {
  await build({
    absWorkingDir: folder,
    entryPoints: filesBelow(join(folder, "src"), ".ts"),
    outdir: "dist",
    outbase: "src",
    format: "esm",
    platform: "neutral",
    target: "es2022",
    sourcemap: true,
    logLevel: "warning",
    // The user's project has its own settings; those of the workspace map names to sources.
    // A field that is declared is not written twice: a dual number is made for every operation.
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
  });
  for (const file of filesBelow(join(folder, "dist"), ".js")) {
    writeFileSync(file, withJsExtensions(readFileSync(file, "utf8")));
  }
  for (const file of filesBelow(join(folder, "dist"), ".js.map")) {
    writeFileSync(file, asLibrary(readFileSync(file, "utf8")));
  }
}

/** Debuggers leave the frames of such sources out of stacks, and step over them. */
function asLibrary(map) {
  return JSON.stringify({ ...JSON.parse(map), ignoreList: [0] });
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

/** Both compilers leave `./x.ts` as written; what is published is called `./x.js`. */
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
