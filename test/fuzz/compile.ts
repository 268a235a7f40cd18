import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { transformSync } from "@babel/core";
import { transformSync as stripTypes } from "esbuild";
import dualize, { type ModuleReport } from "../../babel-plugin/src/index.ts";
import * as runtime from "../../packages/dualize/src/runtime.ts";

// biome-ignore lint/suspicious/noExplicitAny: a generated function takes anything
export type AnyFunction = (...args: any[]) => any;

export interface Compiled {
  readonly f: AnyFunction;
  readonly report: ModuleReport;
  /** What the plugin wrote. */
  readonly code: string;
}

/** Compiles a module in TypeScript with the plugin and runs it. Its function is called `f`. */
export function compile(source: string): Compiled {
  const result = transformSync(source, {
    filename: "fuzz.ts",
    configFile: false,
    babelrc: false,
    parserOpts: { plugins: ["typescript"] },
    plugins: [[dualize, { lowered: true }]],
    generatorOpts: { compact: false },
  });
  const code = result?.code ?? "";
  const plain = stripTypes(code, { loader: "ts", format: "cjs", target: "es2023" }).code;
  const module: { exports: { f?: AnyFunction } } = { exports: {} };
  const require = (name: string): unknown => {
    if (name !== "dualize/runtime") throw new Error(`a generated module imports ${name}`);
    return runtime;
  };
  new Function("module", "exports", "require", plain)(module, module.exports, require);
  const { f } = module.exports;
  const report = (result?.metadata as { dualize?: ModuleReport } | undefined)?.dualize;
  if (!f || !report) throw new Error("the module has no marked function f");
  return { f, report, code };
}

/** What the files of a program export, made anew. */
export type Fresh = () => Readonly<Record<string, AnyFunction>>;

/** Compiles the files of a program, which see each other's types. The one to be run is called `main`. */
export function compileFiles(files: Readonly<Record<string, string>>): {
  fresh: Fresh;
  report: ModuleReport;
} {
  const folder = mkdtempSync(join(tmpdir(), "dualize-fuzz-"));
  const scripts = new Map<string, string>();
  let report: ModuleReport | undefined;
  try {
    for (const [name, code] of Object.entries(files))
      writeFileSync(join(folder, `${name}.ts`), code);
    for (const [name, code] of Object.entries(files)) {
      const result = transformSync(code, {
        filename: join(folder, `${name}.ts`),
        configFile: false,
        babelrc: false,
        parserOpts: { plugins: ["typescript"] },
        plugins: [dualize],
      });
      const made = stripTypes(result?.code ?? "", {
        loader: "ts",
        format: "cjs",
        target: "es2023",
      });
      scripts.set(name, made.code);
      if (name === "main")
        report = (result?.metadata as { dualize?: ModuleReport } | undefined)?.dualize;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  if (!report) throw new Error("the program has no main file");
  const fresh = () => {
    const loaded = new Map<string, { exports: Record<string, AnyFunction> }>();
    const require = (id: string): unknown => {
      if (id === "dualize/runtime") return runtime;
      const name = id.replace(/^\.\//, "");
      const before = loaded.get(name);
      if (before) return before.exports;
      const module = { exports: {} };
      loaded.set(name, module);
      const code = scripts.get(name);
      if (code === undefined) throw new Error(`a generated program imports ${id}`);
      new Function("require", "module", "exports", code)(require, module, module.exports);
      return module.exports;
    };
    return require("main") as Record<string, AnyFunction>;
  };
  return { fresh, report };
}
