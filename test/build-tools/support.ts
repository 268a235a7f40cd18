import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const here = fileURLToPath(new URL(".", import.meta.url));
export const root = join(here, "../..");
export const app = join(here, "app/src/main.ts");
export const unused = join(here, "unused/src/main.ts");

if (!existsSync(join(root, "packages/unplugin-dualize/dist/vite.js")))
  throw new Error("npm run build");

const require = createRequire(import.meta.url);

/** Loads a build tool of the project in this folder, or of the root. */
// biome-ignore lint/suspicious/noExplicitAny: the tools are not installed where types are checked
export async function tool(name: string): Promise<any> {
  const module = await import(/* @vite-ignore */ pathToFileURL(require.resolve(name)).href);
  return module.default && Object.keys(module).length <= 2 ? module.default : module;
}

/** Our plugin for a bundler, as its users get it. */
export const plugin = (name: string, options?: object) =>
  import(/* @vite-ignore */ `unplugin-dualize/${name}`).then((m) => m.default(options));

/** What a bundler says of a build. */
export interface Said {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** A bundler, set up as the documentation says, with nothing else. */
export interface Bundler {
  readonly name: string;
  /** Whether it joins the source maps of plugins to its own. Bun maps to what they gave it. */
  readonly takesMaps: boolean;
  /** Builds an ECMAScript module with a source map beside it. */
  build(entry: string, outFile: string): Promise<Said>;
}

export const temporary = () => mkdtempSync(join(tmpdir(), "dualize-build-"));

/** What a module exports as `results`, run by Node with its source map. */
export function results(file: string): Record<string, unknown> {
  const script = `import(${JSON.stringify(pathToFileURL(file).href)})
    .then((m) => console.log(JSON.stringify(m.results)))`;
  const printed = execFileSync(process.execPath, ["--enable-source-maps", "-e", script], {
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  return JSON.parse(printed);
}

/** Code with its source map. */
export interface Mapped {
  readonly code: string;
  readonly map: unknown;
}

/** A minifier, with its map from what it writes to what it was given. */
export interface Minifier {
  readonly name: string;
  minify(code: string): Promise<Mapped>;
}

export const minifiers: readonly Minifier[] = [
  {
    name: "esbuild",
    async minify(code) {
      const { transform } = await tool("esbuild");
      const how = { minify: true, format: "esm", target: "es2022", sourcemap: "external" };
      return transform(withoutMap(code), how);
    },
  },
  {
    name: "terser",
    async minify(code) {
      const { minify } = await tool("terser");
      const how = { module: true, compress: { passes: 2 }, mangle: true, sourceMap: true };
      return minify({ "bundle.mjs": code }, how);
    },
  },
  {
    name: "swc",
    async minify(code) {
      const { minify } = await tool("@swc/core");
      return minify(code, { module: true, compress: true, mangle: true, sourceMap: true });
    },
  },
  {
    name: "oxc",
    async minify(code) {
      const { minifySync } = await import("rolldown/experimental");
      const how = { module: true, compress: true, mangle: true, sourcemap: true };
      return minifySync("bundle.mjs", code, how) as Mapped;
    },
  },
];

const MAP_COMMENT = /^\/\/# sourceMappingURL=.*$/gm;

/** esbuild would look for the map that a bundle names, and join it to its own by itself. */
const withoutMap = (code: string): string => code.replaceAll(MAP_COMMENT, "");

/** Writes a minified bundle with a map to the sources: the minifier's, joined to the bundle's. */
export async function writeMinified(
  file: string,
  { code, map }: Mapped,
  bundleMap: string,
): Promise<void> {
  const remap = await tool("@jridgewell/remapping");
  const parse = (m: unknown) => (typeof m === "string" ? JSON.parse(m) : m);
  const joined = remap([parse(map), parse(bundleMap)], () => null);
  writeFileSync(`${file}.map`, JSON.stringify(joined));
  writeFileSync(file, `${withoutMap(code)}\n//# sourceMappingURL=${basename(file)}.map\n`);
}

export function write(folder: string, name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}
