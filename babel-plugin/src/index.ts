import { relative } from "node:path";
import type { NodePath, types } from "@babel/core";
import type { T } from "./ast.ts";
import { compileModule, type ModuleReport } from "./pipeline.ts";

export type { Diagnostic } from "./diagnostics.ts";
export type { FunctionReport, ModuleReport } from "./pipeline.ts";

/** Options of babel-plugin-dualize. */
export interface Options {
  /** Called with what became of each file that has marked functions. */
  readonly report?: (report: ModuleReport) => void;
}

interface PluginPass {
  readonly file: {
    readonly opts: { filename?: string | null; cwd?: string };
    metadata: object;
    readonly code: string;
  };
}

/**
 * Emits derivative code beside functions marked `"use dual"`. Works before or after
 * preset-typescript and preset-env: all is done on entering the program, on the code as written.
 */
export default function dualize(api: { types: T }, options: Options = {}) {
  return {
    name: "dualize",
    visitor: {
      Program(program: NodePath<types.Program>, { file }: PluginPass) {
        if (!mayHaveMarks(file.code)) return;
        const { filename, cwd } = file.opts;
        const name = filename ? relative(cwd ?? "", filename).replaceAll("\\", "/") : "unknown";
        const report = compileModule(api.types, program, name);
        if (report === undefined) return;
        Object.assign(file.metadata, { dualize: report });
        options.report?.(report);
      },
    },
  };
}

// Most files of a project have nothing for us; their text tells without looking at the tree.
const mayHaveMarks = (code: string): boolean => /\buse.{0,3}du|\bdualize\b/i.test(code);
