import type { NodePath, types } from "@babel/core";
import { type AdjointForm, adjointForms } from "./adjoint/module.ts";
import type { T } from "./ast.ts";
import type { Diagnostic } from "./diagnostics.ts";
import { Attacher, replace } from "./emit/attach.ts";
import { nameOf, TangentForms } from "./emit/tangent-module.ts";
import { lowerModule, printLowered } from "./lower/module.ts";
import { removeDirectives } from "./marks/directives.ts";
import { findMarks, type Marks } from "./marks/marked-functions.ts";
import { ModuleContext } from "./module-context.ts";

/** What became of one marked function. */
export interface FunctionReport {
  readonly name: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly form: "dual" | "tangent";
  /** Why it has no tangent form. */
  readonly reasons: readonly {
    message: string;
    line: number | undefined;
    column: number | undefined;
  }[];
}

/** What became of a file: the plugin leaves it in `file.metadata.dualize`. */
export interface ModuleReport {
  readonly file: string;
  readonly functions: readonly FunctionReport[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The passes, in order. */
export function compileModule(
  t: T,
  program: NodePath<types.Program>,
  file: string,
  isFileMarked = false,
  show: { lowered?: boolean } = {},
): ModuleReport | undefined {
  const context = new ModuleContext(t, program, file);
  const marks = findMarks(context, isFileMarked);
  if (marks.functions.size + marks.closures.size + marks.classes.size === 0) {
    removeDirectives(context);
    return undefined;
  }
  const tangents = new TangentForms(context, marks);
  tangents.run();
  const functions = reportOn(marks, tangents);
  const extra = new Map<types.Node, types.ObjectProperty[]>();
  const declarations: types.Statement[] = [];
  const lowered = lowerModule(context, marks, tangents.facts);
  const put = (f: types.Node, key: string, value: types.Expression) =>
    extra.set(f, [...(extra.get(f) ?? []), t.objectProperty(t.identifier(key), value)]);
  if (show.lowered) {
    const names = new Map(
      [...marks.functions.values()].map((p) => [p.node, context.uid("lowered")]),
    );
    declarations.push(...printLowered(context, lowered, names));
    for (const f of lowered.programs.keys())
      put(f, "lowered", t.identifier(names.get(f) as string));
    for (const [f, why] of lowered.reasons) put(f, "unlowered", t.stringLiteral(why.message));
  }
  const adjoints = adjointForms(context, lowered);
  declarations.push(...adjoints.declarations);
  for (const [f, form] of adjoints.forms) put(f, "adjoint", adjointRecord(t, form));
  if (show.lowered)
    for (const [f, why] of adjoints.reasons) put(f, "unadjoint", t.stringLiteral(why.message));
  new Attacher(context, marks, tangents, extra).run();
  program.node.body.push(...declarations);
  compileDualCallsAway(marks.dualCalls);
  removeDirectives(context);
  program.node.body.unshift(...tangents.links);
  context.addImports();
  return { file, functions, diagnostics: context.diagnostics.all };
}

function reportOn(marks: Marks, tangents: TangentForms): FunctionReport[] {
  const closures = [...marks.closures.values()].filter((path) => marks.inner.has(path.node));
  return [...marks.functions.values(), ...closures].map((path) => {
    const reason = marks.closures.has(path.node)
      ? { message: "it is written inside another marked function", node: path.node }
      : tangents.reasons.get(path.node);
    const start = path.node.loc?.start;
    const place = (node: types.Node) => ({
      line: node.loc?.start.line,
      column: node.loc ? node.loc.start.column + 1 : undefined,
    });
    return {
      name: nameOf(path).replace("$", "."),
      line: start?.line,
      column: start && start.column + 1,
      form: tangents.forms.has(path.node) ? "tangent" : "dual",
      reasons: reason ? [{ message: reason.message, ...place(reason.node) }] : [],
    };
  });
}

// `dual(f)` has done its work when f has a twin.
function compileDualCallsAway(calls: readonly NodePath<types.CallExpression>[]): void {
  for (const call of calls) replace(call, call.node.arguments[0] as types.Node);
}

function adjointRecord(t: T, form: AdjointForm): types.ObjectExpression {
  const record = t.objectExpression([
    t.objectProperty(t.identifier("run"), t.identifier(form.name)),
    t.objectProperty(t.identifier("signature"), t.stringLiteral(form.signature)),
  ]);
  if (form.classNames.length > 0) {
    const classes = t.objectExpression(
      form.classNames.map((n) => t.objectProperty(t.identifier(n), t.identifier(n), false, true)),
    );
    record.properties.push(
      t.objectProperty(t.identifier("classes"), t.arrowFunctionExpression([], classes)),
    );
  }
  return record;
}
