import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { transformSync } from "@babel/core";
import dualize from "babel-plugin-dualize";
import * as library from "dualize";
import * as dual from "dualize/dual";
import * as root from "dualize/root";
import * as runtime from "dualize/runtime";
import * as special from "dualize-special";
import { transformSync as strip } from "esbuild";
import { type Report, reportOn } from "./forms.ts";

// biome-ignore lint/suspicious/noExplicitAny: tests know what their functions take
export type Exports = Record<string, (...args: any[]) => any>;

/** Scripts by the names of their modules. */
export type Scripts = Readonly<Record<string, string>>;

const known: Record<string, unknown> = {
  dualize: library,
  "dualize/dual": dual,
  "dualize/root": root,
  "dualize-special": special,
  "dualize/runtime": runtime,
};

/** Modules, compiled with the plugin. Several are files while they are, so that they see each other's types. */
export function translate(
  modules: Readonly<Record<string, string>>,
  notes: Record<string, Note[]> = {},
  language: "ts" | "js" = "ts",
): Scripts {
  const entries = Object.entries(modules);
  const folder = entries.length > 1 ? mkdtempSync(join(tmpdir(), "dualize-")) : "";
  try {
    if (folder)
      for (const [name, code] of entries) writeFileSync(join(folder, `${name}.${language}`), code);
    return Object.fromEntries(
      entries.map(([name, code]) => {
        notes[name] = [];
        return [name, toScript(emit(code, join(folder, `${name}.${language}`), notes[name]))];
      }),
    );
  } finally {
    if (folder) rmSync(folder, { recursive: true });
  }
}

/** Runs a module, and those that it imports as `./name`; every call makes all of them anew. */
export function load(given: Scripts, name: string): Exports {
  const scripts = withOwnClasses(given);
  const loaded = new Map<string, { exports: Exports }>();
  const require = (id: string): unknown => {
    if (id in known) return known[id];
    const own = id.replace(/^\.\/|\.(ts|js)$/g, "");
    const before = loaded.get(own);
    if (before) return before.exports;
    const module = { exports: {} as Exports };
    loaded.set(own, module);
    new Function("require", "module", "exports", scripts[own] as string)(
      require,
      module,
      module.exports,
    );
    return module.exports;
  };
  return require(name) as Exports;
}

let loads = 0;

/** Scripts whose classes have codes of their own: of two classes with one code neither would be found by it. */
function withOwnClasses(scripts: Scripts): Scripts {
  const asked = /(?:importedClass|classOfCode)\)\("(\w+)"/g;
  const codes = Object.values(scripts).flatMap((script) => [...script.matchAll(asked)]);
  if (codes.length === 0) return scripts;
  loads++;
  const salted = ([name, script]: [string, string]) => [
    name,
    codes.reduce((text, [, code]) => text.replaceAll(`"${code}"`, `"${code}.${loads}"`), script),
  ];
  return Object.fromEntries(Object.entries(scripts).map(salted));
}

function emit(code: string, file: string, notes: Note[] = []): string {
  const options = {
    filename: file,
    configFile: false,
    babelrc: false,
    parserOpts: { plugins: file.endsWith(".ts") ? (["typescript"] as const) : [] },
    plugins: [dualize],
  };
  const result = transformSync(code, options as never);
  const metadata = result?.metadata as { dualize?: { diagnostics: readonly Note[] } } | undefined;
  notes.push(...(metadata?.dualize?.diagnostics ?? []));
  return result?.code as string;
}

const toScript = (emitted: string): string => strip(emitted, { loader: "ts", format: "cjs" }).code;

/** Compiles a text with the plugin and runs it: what it exports, and what the plugin reports. */
export function compile(
  code: string,
  file = "text.ts",
): { exports: Exports; report: Report[]; code: string; notes: Note[] } {
  const notes: Note[] = [];
  const emitted = emit(code, file, notes);
  const exports = load({ text: toScript(emitted) }, "text");
  return { exports, report: reportOn(code, file), code: emitted, notes };
}

/** What the plugin notes. */
export interface Note {
  readonly code: string;
  readonly line: number;
}
