import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { type Bundler, here, plugin, root, type Said, tool } from "./support.ts";

const require = createRequire(import.meta.url);

type Message = string | { message?: string; text?: string; loc?: Place; location?: Place | null };
interface Place {
  file?: string;
  line: number;
  column: number;
}

/** Text and place of what a bundler reports: `energy.ts:2:3: DUAL001: …`, columns from 1. */
function said(message: Message): string {
  if (typeof message === "string") return message;
  const place = message.loc ?? message.location;
  const text = message.message ?? message.text ?? "";
  if (!place) return text;
  return `${basename(place.file ?? "")}:${place.line}:${place.column + 1}: ${text}`;
}

const withWarnings = async (
  run: (warn: (m: Message) => void) => Promise<unknown>,
): Promise<Said> => {
  const warnings: string[] = [];
  try {
    await run((m) => warnings.push(said(m)));
    return { errors: [], warnings };
  } catch (error) {
    const { errors = [error] } = error as { errors?: Message[] };
    return { errors: (errors as Message[]).map(said), warnings };
  }
};

const rollup: Bundler = {
  name: "Rollup",
  takesMaps: true,
  build: (entry, outFile) =>
    withWarnings(async (warn) => {
      const { rollup } = await tool("rollup");
      const esbuild = await tool("rollup-plugin-esbuild");
      const { nodeResolve } = await tool("@rollup/plugin-node-resolve");
      const bundle = await rollup({
        input: entry,
        plugins: [await plugin("rollup"), nodeResolve(), esbuild({ target: "es2022" })],
        onwarn: warn,
      });
      await bundle.write({ file: outFile, format: "es", sourcemap: true });
    }),
};

const rolldown: Bundler = {
  name: "Rolldown",
  takesMaps: true,
  build: (entry, outFile) =>
    withWarnings(async (warn) => {
      const { rolldown } = await tool("rolldown");
      const bundle = await rolldown({
        input: entry,
        plugins: [await plugin("rolldown")],
        onLog: (_: string, log: Message) => warn(log),
      });
      await bundle.write({ file: outFile, format: "esm", sourcemap: true });
    }),
};

const vite: Bundler = {
  name: "Vite",
  takesMaps: true,
  build: (entry, outFile) =>
    withWarnings(async (warn) => {
      const { build, createLogger } = await import("vite");
      const logger = createLogger("silent");
      await build({
        root: dirname(entry),
        configFile: false,
        customLogger: { ...logger, warn: (text: string) => warn(text) },
        plugins: [await plugin("vite")],
        build: {
          target: "es2022",
          sourcemap: true,
          outDir: dirname(outFile),
          emptyOutDir: false,
          lib: { entry, formats: ["es"], fileName: () => basename(outFile) },
        },
      });
    }),
};

/** As a server would be built: dependencies are left to Node unless they are asked for. */
const viteSsr: Bundler = {
  name: "Vite, SSR",
  takesMaps: true,
  build: (entry, outFile) =>
    withWarnings(async (warn) => {
      const { build, createLogger } = await import("vite");
      const logger = createLogger("silent");
      await build({
        root: dirname(entry),
        configFile: false,
        customLogger: { ...logger, warn: (text: string) => warn(text) },
        plugins: [await plugin("vite")],
        ssr: { noExternal: true },
        build: {
          ssr: entry,
          target: "node20",
          sourcemap: true,
          outDir: dirname(outFile),
          emptyOutDir: false,
          rollupOptions: { output: { entryFileNames: basename(outFile) } },
        },
      });
    }),
};

const esbuild: Bundler = {
  name: "esbuild",
  takesMaps: true,
  build: (entry, outFile) =>
    withWarnings(async (warn) => {
      const { build } = await import("esbuild");
      const { warnings } = await build({
        entryPoints: [entry],
        outfile: outFile,
        bundle: true,
        format: "esm",
        platform: "node",
        sourcemap: true,
        logLevel: "silent",
        plugins: [await plugin("esbuild")],
      });
      for (const w of warnings) warn(w as Message);
    }),
};

interface Stats {
  toJson(options: object): { errors: Message[]; warnings: Message[] };
}

const webpackLike = async (
  // biome-ignore lint/suspicious/noExplicitAny: webpack's types are not installed here
  webpack: any,
  bundler: "webpack" | "rspack",
  loader: string,
  entry: string,
  outFile: string,
): Promise<Said> => {
  const stats = await new Promise<Stats>((resolve, reject) => {
    const compiler = webpack({
      mode: "production",
      context: root,
      entry,
      devtool: "source-map",
      target: "node20",
      experiments: { outputModule: true },
      optimization: { minimize: false },
      output: {
        path: dirname(outFile),
        filename: basename(outFile),
        library: { type: "module" },
        module: true,
        devtoolModuleFilenameTemplate: "[absolute-resource-path]",
      },
      module: {
        rules: [
          {
            test: /\.ts$/,
            loader,
            options: {
              ...(bundler === "webpack" && { sourceMaps: true }),
              jsc: { parser: { syntax: "typescript" }, target: "es2022" },
            },
          },
        ],
      },
      plugins: [pluginOf[bundler]],
    });
    compiler.run((error: Error | null, done: Stats) => {
      compiler.close(() => (error ? reject(error) : resolve(done)));
    });
  });
  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
  const message = (m: Message) => (typeof m === "string" ? m : (m.message ?? ""));
  return { errors: errors.map(message), warnings: warnings.map(message) };
};
const pluginOf: Record<string, unknown> = {};

const webpack: Bundler = {
  name: "webpack",
  takesMaps: true,
  async build(entry, outFile) {
    pluginOf.webpack = await plugin("webpack");
    return webpackLike(
      await tool("webpack"),
      "webpack",
      require.resolve("swc-loader"),
      entry,
      outFile,
    );
  },
};

const rspack: Bundler = {
  name: "Rspack",
  takesMaps: true,
  async build(entry, outFile) {
    pluginOf.rspack = await plugin("rspack");
    const { rspack } = await tool("@rspack/core");
    return webpackLike(rspack, "rspack", "builtin:swc-loader", entry, outFile);
  },
};

/** A program of its own, with bundler and plugins inside: it runs a script, and prints what it said. */
const bun: Bundler = {
  name: "Bun",
  takesMaps: false,
  async build(entry, outFile) {
    const options = { entrypoints: [entry], target: "node", sourcemap: "linked" };
    const outputs = { outdir: dirname(outFile), naming: basename(outFile) };
    const script = `
      const { default: dualize } = await import("unplugin-dualize/bun");
      const options = ${JSON.stringify({ ...options, ...outputs })};
      const said = { errors: [], warnings: [] };
      try {
        const { logs } = await Bun.build({ ...options, plugins: [dualize()] });
        said.warnings.push(...logs.map(String));
      } catch (error) {
        said.errors.push(...error.errors.map((e) => e.message));
      }
      console.log("said:" + JSON.stringify(said));`;
    const { stdout, stderr } = spawnSync(bunCommand as string, ["-e", script], {
      cwd: here,
      encoding: "utf8",
    });
    const [printed = "", said] = stdout.split("said:");
    if (said === undefined) throw new Error(stdout + stderr);
    const { errors, warnings } = JSON.parse(said) as Said;
    // Bun's plugins have no way to warn: unplugin prints what they say.
    const notes = `${printed}${stderr}`.split("[unplugin] ").slice(1);
    return { errors, warnings: [...warnings, ...notes] };
  },
};

/** Where npm has put Bun for this machine; undefined where there is none for it. */
const bunCommand = ["bun-linux-x64", "bun-linux-aarch64", "bun-darwin-aarch64", "bun-darwin-x64"]
  .map((name) => join(here, "node_modules/@oven", name, "bin/bun"))
  .find((file) => existsSync(file));

export const bundlers: readonly Bundler[] = [
  vite,
  viteSsr,
  rollup,
  rolldown,
  esbuild,
  webpack,
  rspack,
  ...(bunCommand ? [bun] : []),
];

export const textOf = (file: string): string => readFileSync(file, "utf8");
