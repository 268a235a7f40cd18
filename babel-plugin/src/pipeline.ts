import type { NodePath, types } from "@babel/core";
import type { T } from "./ast.ts";
import type { Diagnostic } from "./diagnostics.ts";
import { Attacher, replace } from "./emit/attach.ts";
import { removeDirectives } from "./marks/directives.ts";
import { findMarks } from "./marks/marked-functions.ts";
import { ModuleContext } from "./module-context.ts";

/** What became of one marked function. */
export interface FunctionReport {
  readonly name: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly form: "dual" | "tangent";
  /** Why it has no tangent form. */
  readonly reasons: readonly { message: string; line: number | undefined; column: number | undefined }[];
}

/** What became of a file: the plugin leaves it in `file.metadata.dualize`. */
export interface ModuleReport {
  readonly file: string;
  readonly functions: readonly FunctionReport[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The passes, in order. */
export function compileModule(t: T, program: NodePath<types.Program>, file: string): ModuleReport | undefined {
  const context = new ModuleContext(t, program, file);
  const marks = findMarks(context);
  if (marks.functions.size === 0 && marks.classes.size === 0) {
    removeDirectives(context);
    return undefined;
  }
  new Attacher(context, marks, { forFunction: () => [] }).run();
  compileDualCallsAway(marks.dualCalls);
  removeDirectives(context);
  context.addImports();
  program.scope.crawl();
  return { file, functions: [], diagnostics: context.diagnostics.all };
}

// `dual(f)` has done its work when f has a twin.
function compileDualCallsAway(calls: readonly NodePath<types.CallExpression>[]): void {
  for (const call of calls) replace(call, call.node.arguments[0] as types.Node);
}
