import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const sources = join(root, "packages/dualize/src");

export type Library = typeof import("dualize");
export type Runtime = typeof import("dualize/runtime");

/**
 * A folder in which emitted code runs as it does at a user's: Node itself loads it and finds
 * `dualize` in node_modules, built from the sources. Everything loaded from one workspace shares
 * one copy of the library.
 */
export class Workspace {
  readonly #folder: string;
  #files = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(name: string): Promise<Workspace> {
    const folder = join(root, "node_modules/.cache/dualize", `${name}-${process.pid}`);
    const library = join(folder, "node_modules/dualize");
    await build({
      entryPoints: ["index", "dual", "runtime", "rules", "root"].map((entry) =>
        join(sources, `${entry}.ts`),
      ),
      outdir: library,
      bundle: true,
      splitting: true,
      format: "esm",
      target: "node20",
    });
    const exports = {
      ".": "./index.js",
      "./dual": "./dual.js",
      "./runtime": "./runtime.js",
      "./rules": "./rules.js",
      "./root": "./root.js",
    };
    writeFileSync(
      join(library, "package.json"),
      JSON.stringify({ name: "dualize", type: "module", exports }),
    );
    return new Workspace(folder);
  }

  /** Adds the special functions, which take the library of this workspace. */
  async addSpecialFunctions(): Promise<void> {
    const folder = join(this.#folder, "node_modules/dualize-special");
    await build({
      entryPoints: [join(root, "packages/dualize-special/src/index.ts")],
      outdir: folder,
      bundle: true,
      external: ["dualize", "dualize/*"],
      // That of the project maps the library to its sources.
      tsconfigRaw: {},
      format: "esm",
      platform: "node",
    });
    const manifest = { name: "dualize-special", type: "module", exports: "./index.js" };
    writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  }

  /** The library that the code of this workspace imports. */
  async library(): Promise<Library> {
    return await this.load(`export * from "dualize";`);
  }

  async runtime(): Promise<Runtime> {
    return await this.load(`export * from "dualize/runtime";`);
  }

  async dualModule(): Promise<typeof import("dualize/dual")> {
    return await this.load(`export * from "dualize/dual";`);
  }

  /** Writes a module to a file; gives the file. */
  write(code: string, extension = "mjs"): string {
    mkdirSync(this.#folder, { recursive: true });
    const file = join(this.#folder, `module-${this.#files++}.${extension}`);
    writeFileSync(file, code);
    return file;
  }

  /** Runs a module and gives its exports. */
  // biome-ignore lint/suspicious/noExplicitAny: a fixture exports what it likes
  async load(code: string, extension = "mjs"): Promise<any> {
    return await import(/* @vite-ignore */ pathToFileURL(this.write(code, extension)).href);
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
