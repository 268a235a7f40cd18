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
