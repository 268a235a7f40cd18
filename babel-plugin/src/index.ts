import { relative, resolve } from "node:path";
import type { NodePath, types } from "@babel/core";
import type { T } from "./ast.ts";
import { withoutChecks } from "./builders.ts";
import { mayHaveMarks } from "./marks/directives.ts";
import { isNamed, type Mark } from "./marks/option.ts";
import { compileModule, type Form, type ModuleReport, type Pass } from "./pipeline.ts";
import { TypeModules } from "./types/modules.ts";
import { parserOf } from "./types/parsing.ts";

export type { Diagnostic } from "./diagnostics.ts";
export { mayHaveMarks } from "./marks/directives.ts";
export type { Mark } from "./marks/option.ts";
export type { Form, FunctionReport, ModuleReport } from "./pipeline.ts";

/** Options of babel-plugin-dualize. */
export interface Options {
  /**
   * Files that are marked as a whole, as if `"use dual"` stood at their top: globs, names of packages,
   * regular expressions or functions of the file's name. Packages must pass through the plugin too.
   */
  readonly mark?: Mark;
  /**
   * What is emitted beside the dual and the tangent form: `"adjoint"` for gradients, `"second"` for H·v
   * and Hessians. Fewer make less code; what is not there is done by dual numbers, more slowly. Both if
   * not given.
   */
  readonly forms?: readonly Form[];
  /** Called with what became of each file that has marked functions. */
  readonly report?: (report: ModuleReport) => void;
  /**
   * Collects errors in the report, like notes, instead of ending with the first: for showing all of
   * them. The code that comes out is not to be run.
   */
  readonly check?: boolean;
  /** Called with what each pass made of each file, as text: for looking at passes. */
  readonly passes?: (name: string, text: string) => void;
  /**
   * Tells tools that measure coverage to leave out what is emitted. Switched on where
   * babel-plugin-istanbul runs too, and in Vitest.
   */
  readonly coverage?: boolean;
  /**
   * Lets bundlers leave out marked functions that nothing uses, in modules that no import of theirs leads back to.
   * `unplugin-dualize` switches it on.
   */
  readonly droppable?: boolean;
  /** Attaches the lowered form as well, for looking at it. */
  readonly lowered?: boolean;
}

/** What the plugin uses of Babel. */
interface Api {
  readonly types: T;
  parseSync(code: string, options: object): unknown;
  transformFromAstSync(ast: types.File, code: string, options: object): { code?: string | null };
}

interface Other {
  readonly key?: string | null;
  readonly visitor?: object;
  readonly pre?: unknown;
  readonly post?: unknown;
}

interface PluginPass {
  readonly file: {
    readonly opts: {
      filename?: string | null;
      cwd?: string;
      plugins?: readonly Other[] | null;
      presets?: readonly { readonly plugins?: readonly Other[] }[] | null;
    };
    metadata: object;
    readonly code: string;
  };
}

/**
 * Emits derivative code beside functions marked `"use dual"`. Works before or after
 * preset-typescript and preset-env: all is done on entering the program, on the code as written.
 */
export default function dualize(api: Api, options: Options = {}) {
  return {
    name: "dualize",
    visitor: {
      Program(program: NodePath<types.Program>, { file }: PluginPass) {
        const { filename, cwd } = file.opts;
        const name = filename ? shownAs(filename, cwd) : "unknown";
        const isMarked = isNamed(options.mark, filename ?? "", name) && !isOurs(file.code, name);
        if (!isMarked && !mayHaveMarks(file.code)) return;
        const types = new TypeModules(parserOf(api), (path) =>
          isNamed(options.mark, path, shownAs(path, cwd)),
        );
        const { passes, coverage = isMeasured(file.opts) } = options;
        const show = {
          ...options,
          coverage,
          ...(passes && { pass: (pass: Pass) => passes(pass.name, textOf(api, pass)) }),
        };
        const report = compileModule(withoutChecks(api.types), program, name, isMarked, show, {
          types,
          ...(filename ? { path: resolve(cwd ?? "", filename) } : {}),
        });
        if (report === undefined) return;
        // Others look at what was written, and at its names; alone we need not.
        if (isAlone(file.opts)) program.skip();
        else program.scope.crawl();
        Object.assign(file.metadata, { dualize: report });
        options.report?.(report);
      },
    },
  };
}

/** What a file is called in messages. */
const shownAs = (file: string, cwd: string | undefined): string =>
  relative(cwd ?? "", file).replaceAll("\\", "/");

/** Whether coverage is measured, as by Jest. */
const isMeasured = ({ plugins }: PluginPass["file"]["opts"]): boolean =>
  (plugins ?? []).some(({ key }) => /\bistanbul\b/.test(String(key)));

/** Whether no other plugin looks at the file (one that only adds syntax does not). */
function isAlone({ plugins, presets }: PluginPass["file"]["opts"]): boolean {
  const all = [...(plugins ?? []), ...(presets ?? []).flatMap((p) => p.plugins ?? [])];
  const active = all.filter((p) => p.pre || p.post || Object.keys(p.visitor ?? {}).length > 0);
  return active.length === 1;
}

// What the plugin has been over already, and the library itself.
const isOurs = (code: string, name: string): boolean =>
  code.includes("dualize/runtime") || name.includes("node_modules/dualize/");

/** What a pass made, as lines or as code. */
function textOf({ types: t, transformFromAstSync }: Api, { found }: Pass): string {
  const functions = found.filter((f): f is types.FunctionDeclaration => typeof f !== "string");
  if (functions.length === 0) return found.join("\n");
  const copies = functions.map((f) => t.cloneNode(f, true, true));
  const options = { configFile: false, babelrc: false, compact: false };
  return transformFromAstSync(t.file(t.program(copies)), "", options).code ?? "";
}
