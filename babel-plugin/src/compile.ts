import { type ParserOptions, transformAsync, transformSync } from "@babel/core";
import type { Diagnostic } from "./diagnostics.ts";
import dualize, { type Options } from "./index.ts";
import type { ModuleReport } from "./pipeline.ts";

export { type Diagnostic, linkTo } from "./diagnostics.ts";

/** What became of a file. */
export interface Compiled {
  readonly code: string;
  readonly map: object | null;
  readonly sourceType: "module" | "script";
  readonly report: ModuleReport;
}

/** How Babel is to be called, apart from our own plugin. */
export interface CompileSettings {
  /** What else Babel does to the file, e.g. taking the types out. */
  readonly plugins?: readonly unknown[];
  /** The folder that names of files are shown from. */
  readonly cwd?: string;
  /** What the file is, where that is known: by its name and text otherwise. */
  readonly sourceType?: "module" | "script" | "unambiguous";
  /** Gives the code of files without marked functions too, for the sake of the other plugins. */
  readonly always?: boolean;
}

/**
 * Compiles one file with nothing but this plugin: what every tool that is not Babel does. Types stay
 * in the code.
 *
 * @returns undefined for a file without marked functions, unless `always`
 * @throws the error of the plugin: `diagnosticOf(error)` has its code and place
 */
export async function compile(
  code: string,
  file: string,
  options: Options = {},
  settings: CompileSettings = {},
): Promise<Compiled | undefined> {
  const result = await transformAsync(code, babelOptions(code, file, options, settings));
  return compiled(result, file, settings);
}

/** The same at once, for tools that cannot wait. */
export function compileSync(
  code: string,
  file: string,
  options: Options = {},
  settings: CompileSettings = {},
): Compiled | undefined {
  const result = transformSync(code, babelOptions(code, file, options, settings));
  return compiled(result, file, settings);
}

type Result = {
  code?: string | null;
  map?: object | null;
  sourceType?: Compiled["sourceType"];
  metadata?: object;
} | null;

function compiled(result: Result, file: string, { always }: CompileSettings): Compiled | undefined {
  const { dualize } = (result?.metadata ?? {}) as { dualize?: ModuleReport };
  const report = dualize ?? (always ? unmarked(file) : undefined);
  if (result === null || report === undefined) return undefined;
  const { code, map, sourceType = "module" } = result;
  return { code: code ?? "", map: map ?? null, sourceType, report };
}

const unmarked = (file: string): ModuleReport => ({
  file,
  functions: [],
  dependencies: [],
  diagnostics: [],
});

function babelOptions(
  code: string,
  file: string,
  options: Options,
  { plugins = [], cwd, sourceType = sourceTypeOf(code, file) }: CompileSettings,
) {
  return {
    filename: file,
    // Whole: webpack would look for the bare name in the folder of its output.
    sourceFileName: file,
    ...(cwd === undefined ? {} : { cwd }),
    configFile: false as const,
    babelrc: false,
    browserslistConfigFile: false as const,
    sourceMaps: true,
    // Large files are written as readably as small ones, without a word about it.
    compact: false,
    sourceType,
    parserOpts: { plugins: syntaxOf(file), allowReturnOutsideFunction: true },
    plugins: [[dualize, options], ...plugins] as never[],
  };
}

/**
 * A CommonJS module requires the runtime where others import it. It has no imports to tell it by, and
 * neither has a module that only runs, so what it does have decides.
 */
function sourceTypeOf(code: string, file: string): "module" | "script" | "unambiguous" {
  if (/\.m[jt]s$/.test(file)) return "module";
  if (/\.c[jt]s$/.test(file)) return "script";
  return /\brequire\s*\(|\bmodule\.exports\b|\bexports[.[]/.test(code) ? "unambiguous" : "module";
}

/** The syntax that a file may hold, by its name. */
export function syntaxOf(file: string): NonNullable<ParserOptions["plugins"]> {
  const types = /\.[cm]?tsx?$/.test(file);
  const jsx = !/\.[cm]?ts$/.test(file);
  return [
    "decorators-legacy",
    "decoratorAutoAccessors",
    "explicitResourceManagement",
    ...(types ? (["typescript"] as const) : []),
    ...(jsx ? (["jsx"] as const) : []),
  ];
}

/** What an error of the plugin says, without the frame and the path that Babel puts around it. */
export function diagnosticOf(error: unknown): Diagnostic | undefined {
  return (error as { diagnostic?: Diagnostic } | undefined)?.diagnostic;
}

/** The place of an error of the parser, which has no code of ours. */
export function placeOf(error: unknown): { line: number; column: number } | undefined {
  const loc = (error as { loc?: { line: number; column: number } } | undefined)?.loc;
  return loc && { line: loc.line, column: loc.column + 1 };
}

/** The lines around a place, with an arrow to it. */
export function frameOf(code: string, line: number, column: number): string {
  const lines = code.split(/\r?\n/);
  const first = Math.max(1, line - 2);
  const last = Math.min(lines.length, line + 2);
  const width = String(last).length;
  const rows: string[] = [];
  for (let i = first; i <= last; i++) {
    rows.push(`${i === line ? ">" : " "} ${String(i).padStart(width)} | ${lines[i - 1]}`.trimEnd());
    if (i === line) rows.push(`  ${" ".repeat(width)} | ${" ".repeat(column - 1)}^`);
  }
  return rows.join("\n");
}
