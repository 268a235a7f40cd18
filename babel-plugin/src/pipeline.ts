import type { NodePath, types } from "@babel/core";
import { type AdjointForm, type AdjointModule, adjointForms } from "./adjoint/module.ts";
import { show as showKind } from "./analysis/kind.ts";
import { computes, type Obstacle, obstaclesIn } from "./analysis/obstacles.ts";
import { type FunctionNode, isFunction, type T } from "./ast.ts";
import { borrowClasses } from "./borrowed/classes.ts";
import { ownClasses } from "./borrowed/own-classes.ts";
import { dropUnused } from "./borrowed/unused.ts";
import type { Diagnostic } from "./diagnostics.ts";
import { Attacher, replace } from "./emit/attach.ts";
import { hideFromCoverage } from "./emit/coverage.ts";
import { makeDroppable } from "./emit/droppable.ts";
import { lifted } from "./lower/lifting.ts";
import {
  completeIn,
  type Facts,
  factsOf,
  lowerModule,
  lowerWithScratch,
  printLowered,
  withParametersLinked,
} from "./lower/module.ts";
import { removeDirectives } from "./marks/directives.ts";
import { exportedFunctions } from "./marks/exported.ts";
import { findHandedOut, reachedFrom } from "./marks/handed-out.ts";
import { findMarks, type Marks } from "./marks/marked-functions.ts";
import { nameOf } from "./marks/name-of.ts";
import { ModuleContext } from "./module-context.ts";
import { TangentForms } from "./tangent/module.ts";
import { secondOrderForms } from "./tangent/second-order.ts";
import { leadsBack } from "./types/leads-back.ts";
import type { TypeModules } from "./types/modules.ts";

/** What became of one marked function. */
export interface FunctionReport {
  readonly name: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly form: "dual" | "tangent";
  /** Whether it does arithmetic of its own. */
  readonly computes: boolean;
  /** Why it has no tangent form: what stopped the compiler first, then all else that is not known. */
  readonly reasons: readonly Reason[];
  /** Whether it has an adjoint form, or the adjoint forms of what calls it go through it, as through methods. */
  readonly adjoint: boolean;
  /** Why not, where it has a tangent form all the same. */
  readonly adjointReason?: Reason;
}

/** Something that stands in the way of a form, and where. */
export interface Reason {
  readonly message: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/** What became of a file: the plugin leaves it in `file.metadata.dualize`. */
export interface ModuleReport {
  readonly file: string;
  readonly functions: readonly FunctionReport[];
  /** Other files whose types were read. */
  readonly dependencies: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What a pass made of a file: lines about it, or functions. */
export interface Pass {
  readonly name: string;
  readonly found: readonly string[] | readonly types.FunctionDeclaration[];
}

/** What else is wanted of the compiler. */
interface Show {
  readonly lowered?: boolean;
  readonly check?: boolean;
  readonly coverage?: boolean;
  readonly droppable?: boolean;
  readonly forms?: readonly Form[];
  /** Called after each pass, for looking at it. */
  readonly pass?: (pass: Pass) => void;
}

/** Derivative code that is emitted beside the dual and the tangent form. */
export type Form = "adjoint" | "second";

const NONE: AdjointModule = {
  forms: new Map(),
  reasons: new Map(),
  goneThrough: new Set(),
  declarations: [],
  links: [],
};

const ALL_FORMS: readonly Form[] = ["adjoint", "second"];

/** The passes, in order. */
export function compileModule(
  t: T,
  program: NodePath<types.Program>,
  file: string,
  isFileMarked = false,
  show: Show = {},
  source: { path?: string; types?: TypeModules } = {},
): ModuleReport | undefined {
  const borrowed = source.types && borrowClasses(t, program, source.types, file, source.path);
  const context = new ModuleContext(t, program, file, source.types, source.path, borrowed);
  context.diagnostics.collects = show.check ?? false;
  const marks = findMarks(context, isFileMarked);
  removeDirectives(context);
  const { all: diagnostics } = context.diagnostics;
  if (marks.functions.size + marks.closures.size + marks.classes.size === 0) {
    borrowed?.giveBack();
    return diagnostics.length > 0
      ? { file, functions: [], dependencies: [], diagnostics }
      : undefined;
  }
  const written = new Set<types.Node>(program.node.body);
  const isOwn = (f: FunctionNode) => !context.isBorrowed(f);
  const { facts, lowered } = lowerWithScratch(context, marks);
  const tangents = new TangentForms(context, marks, facts, lowered);
  tangents.run();
  const extra = new Map<types.Node, types.ObjectProperty[]>();
  const declarations: types.Statement[] = [];
  const put = (f: types.Node, key: string, value: types.Expression) =>
    extra.set(f, [...(extra.get(f) ?? []), t.objectProperty(t.identifier(key), value)]);
  if (show.lowered || show.pass) {
    const names = new Map(
      [...marks.functions.values()].map((p) => [p.node, context.uid(`${nameOf(p)}$lowered`)]),
    );
    const complete = completeIn(lowered);
    const printed = printLowered(context, complete, names);
    show.pass?.({ name: "kinds", found: kindsIn(context, marks, facts) });
    show.pass?.({ name: "effects", found: effectsOf(marks, facts) });
    show.pass?.({ name: "lowered form", found: printed });
    if (show.lowered) declarations.push(...printed);
    for (const f of show.lowered ? complete.keys() : [])
      put(f, "lowered", t.identifier(names.get(f) as string));
    for (const [f, why] of show.lowered ? lowered.reasons : [])
      put(f, "unlowered", t.stringLiteral(why.message));
  }
  const forms = show.forms ?? ALL_FORMS;
  const ready = lifted(t, withParametersLinked(context, lowered, facts), lowered);
  const original = (f: FunctionNode) => ready.madeFor.get(f) ?? f;
  const isOwnRoot = (f: FunctionNode) => isOwn(f) && !ready.madeFor.has(f);
  const adjoints = forms.includes("adjoint")
    ? adjointForms(context, ready, { closed: facts.closed(), isRoot: isOwnRoot, original })
    : NONE;
  declarations.push(...adjoints.declarations);
  show.pass?.({ name: "adjoint form", found: adjoints.declarations });
  for (const [f, form] of adjoints.forms) put(f, "adjoint", adjointRecord(t, form));
  const second = forms.includes("second")
    ? secondOrderForms(context, ready, exportedFunctions(context), facts.closed(), isOwnRoot)
    : { ...NONE, pairs: NONE.forms };
  declarations.push(...second.declarations);
  show.pass?.({ name: "second-order code", found: second.declarations });
  for (const [f, form] of second.forms) put(f, "hvp", adjointRecord(t, form));
  for (const [f, form] of second.pairs) put(f, "second", adjointRecord(t, form));
  if (show.lowered)
    for (const [f, why] of second.reasons) put(f, "unhvp", t.stringLiteral(why.message));
  if (show.lowered)
    for (const [f, why] of adjoints.reasons) put(f, "unadjoint", t.stringLiteral(why.message));
  const out = formsOfHandedOut(context, marks, tangents, forms);
  if (out) {
    declarations.push(...out.adjoints.declarations, ...out.second.declarations);
    for (const [f, form] of out.adjoints.forms) put(f, "adjoint", adjointRecord(t, form));
    for (const [f, form] of out.second.forms) put(f, "hvp", adjointRecord(t, form));
  }
  for (const of of [{ facts, tangents, adjoints, second }, out])
    for (const f of asking(of)) put(f, "asks", context.helper("mayChange"));
  for (const { node, scope } of [...marks.functions.values(), ...marks.closures.values()]) {
    const told = isOwn(node) && facts.outside.toldBy([node], scope.parent);
    if (told) put(node, "knows", told);
  }
  for (const { node, scope } of marks.classes.values()) {
    const methods = node.body.body.filter((m): m is types.ClassMethod => isFunction(m));
    const told = !context.isBorrowed(node) && facts.outside.toldBy(methods, scope.parent);
    if (told) put(node, "knows", told);
  }
  const functions = reportOn(context, marks, tangents, facts, adjoints, out);
  const standsOn = (f: FunctionNode) => [
    ...new Set([facts, ...(out ? [out.facts] : [])].flatMap(({ needs }) => needs.linksOf(f))),
  ];
  new Attacher(context, marks, tangents, extra, standsOn, out?.tangents).run();
  program.node.body.push(...declarations);
  compileDualCallsAway(marks.dualCalls);
  program.node.body.unshift(...tangents.links, ...adjoints.links, ...second.links);
  if (out)
    program.node.body.unshift(...out.tangents.links, ...out.adjoints.links, ...out.second.links);
  program.node.body.unshift(...ownClasses(context).links());
  if (borrowed) {
    borrowed.giveBack();
    program.node.body.unshift(...borrowed.links(context));
    dropUnused(t, program.node, borrowed, tangents);
  }
  const { sourceType, body } = program.node;
  if (show.droppable && sourceType === "module" && source.path && source.types) {
    const sources = body.flatMap((s) =>
      s.type === "ImportDeclaration" && s.importKind !== "type" ? [s.source.value] : sourceOf(s),
    );
    if (!leadsBack(source.path, sources, source.types.dependencies))
      makeDroppable(context, program);
  }
  if (show.coverage) hideFromCoverage(context, written, marks.uncalled);
  context.addImports();
  const dependencies = [...context.types.dependencies];
  return { file, functions, dependencies, diagnostics };
}

/** What a module exports from. */
const sourceOf = (s: types.Statement): string[] =>
  (s.type === "ExportNamedDeclaration" || s.type === "ExportAllDeclaration") && s.source
    ? [s.source.value]
    : [];

interface HandedOutForms {
  readonly facts: Facts;
  readonly tangents: TangentForms;
  readonly adjoints: AdjointModule;
  readonly second: AdjointModule;
}

/** The functions that call what they are given and have adjoint code without the tangent form, which says so otherwise. */
function asking(forms: HandedOutForms | undefined): FunctionNode[] {
  if (forms === undefined) return [];
  const { facts, tangents, adjoints, second } = forms;
  return [...new Set([...adjoints.forms.keys(), ...second.forms.keys()])].filter(
    (f) => !tangents.forms.has(f) && facts.effects.callsGiven(f),
  );
}

/** The forms of functions that marked ones give back when they are called as usual. */
function formsOfHandedOut(
  context: ModuleContext,
  marks: Marks,
  rest: TangentForms,
  forms: readonly Form[],
): HandedOutForms | undefined {
  const out = findHandedOut(context, marks);
  if (out === undefined) return undefined;
  const facts = factsOf(context, out.marks);
  const reached = reachedFrom(out, facts.calls);
  const lowered = lowerModule(context, reached, facts);
  const tangents = new TangentForms(context, reached, facts, lowered, {
    of: out.functions,
    helpers: out.helpers,
    forms: rest,
  });
  tangents.run();
  const ready = lifted(context.t, withParametersLinked(context, lowered, facts), lowered);
  const original = (f: FunctionNode) => ready.madeFor.get(f) ?? f;
  const isRoot = (f: FunctionNode) => out.functions.has(f) && !ready.madeFor.has(f);
  return {
    facts,
    tangents,
    adjoints: forms.includes("adjoint") ? adjointForms(context, ready, { isRoot, original }) : NONE,
    second: forms.includes("second")
      ? secondOrderForms(context, ready, new Set(), new Set(), isRoot)
      : NONE,
  };
}

/** The kinds of the variables of marked functions, a line each. */
function kindsIn(context: ModuleContext, marks: Marks, facts: Facts): string[] {
  const isInside = (path: NodePath) =>
    path.find((p) => marks.functions.has(p.node as FunctionNode)) !== null;
  return [...new Set(context.bindings.values())]
    .filter((b) => isInside(b.scope.path))
    .map((b) => `${b.identifier.name}: ${showKind(facts.kinds.bindingKind(b))}`);
}

function effectsOf(marks: Marks, facts: Facts): string[] {
  const own = [...marks.functions.values()].filter((f) => !facts.kinds.context.isBorrowed(f.node));
  return own.map((f) => {
    const change = facts.effects.changesOutside(f.node) ? "changes" : "does not change";
    return `${nameOf(f)} ${change} what it is given`;
  });
}

function reportOn(
  context: ModuleContext,
  marks: Marks,
  tangents: TangentForms,
  facts: Facts,
  adjoints: AdjointModule,
  out: HandedOutForms | undefined,
): FunctionReport[] {
  const closures = [...marks.closures.values()].filter((path) => marks.inner.has(path.node));
  const own = [...marks.functions.values()].filter((path) => !context.isBorrowed(path.node));
  return [...own, ...closures].map((path) => {
    const { node } = path;
    const isFast = tangents.forms.has(node) || out?.tangents.forms.has(node) === true;
    const isInside = marks.closures.has(node) && !isFast;
    const first: Obstacle | undefined =
      (isInside ? out : undefined)?.tangents.reasons.get(node) ??
      (isInside
        ? { message: "it is written inside another marked function", node }
        : tangents.reasons.get(node));
    const hasAdjoint =
      adjoints.forms.has(node) ||
      out?.adjoints.forms.has(node) === true ||
      (isFast && adjoints.goneThrough.has(node));
    const noAdjoint = adjoints.reasons.get(node) ?? out?.adjoints.reasons.get(node);
    const reasons = first ? allReasons(first, obstaclesIn(facts.kinds, node), node) : [];
    return {
      name: nameOf(path).replace("$", "."),
      ...placeOf(node),
      form: isFast ? "tangent" : "dual",
      computes: computes(context, node),
      reasons: reasons.map((r) => reasonOf(r, node)),
      adjoint: hasAdjoint,
      ...(noAdjoint && !hasAdjoint && first === undefined
        ? { adjointReason: reasonOf(noAdjoint, node) }
        : {}),
    };
  });
}

// What is written in another file is told of where the function is that calls it.
const reasonOf = ({ message, node }: Obstacle, f: FunctionNode): Reason => ({
  message,
  ...placeOf(node.loc ? node : f),
});

/** The first reason, at the place where it begins, then the others. */
function allReasons(first: Obstacle, all: readonly Obstacle[], f: FunctionNode): Obstacle[] {
  const others = all.filter((o) => o.message !== first.message);
  const same = first.node === f ? all.find((o) => o.message === first.message) : undefined;
  return [same ?? first, ...others];
}

const placeOf = ({ loc }: types.Node) => ({
  line: loc?.start.line,
  column: loc ? loc.start.column + 1 : undefined,
});

// `dual(f)` has done its work when f has a twin.
function compileDualCallsAway(calls: readonly NodePath<types.CallExpression>[]): void {
  for (const call of calls) replace(call, call.node.arguments[0] as types.Node);
}

function adjointRecord(t: T, form: AdjointForm): types.ObjectExpression {
  const record = t.objectExpression([
    t.objectProperty(
      t.identifier("run"),
      typeof form.run === "string" ? t.identifier(form.run) : form.run,
    ),
    t.objectProperty(t.identifier("signature"), t.stringLiteral(form.signature)),
  ]);
  if (form.by !== undefined)
    record.properties.push(t.objectProperty(t.identifier("by"), t.numericLiteral(form.by)));
  if (form.along)
    record.properties.push(
      t.objectProperty(
        t.identifier("along"),
        t.arrayExpression(form.along.map((i) => t.numericLiteral(i))),
      ),
    );
  if (form.usesTape)
    record.properties.push(t.objectProperty(t.identifier("usesTape"), t.booleanLiteral(true)));
  if (form.writes)
    record.properties.push(t.objectProperty(t.identifier("writes"), t.booleanLiteral(true)));
  if (form.once) {
    const links = form.once.map((link) => t.identifier(link));
    record.properties.push(t.objectProperty(t.identifier("once"), t.arrayExpression(links)));
  }
  // Where it gives a number and writes nothing, it is swept back at once.
  if (form.isClosed && (form.writes || !form.signature.endsWith(":n")))
    record.properties.push(t.objectProperty(t.identifier("isClosed"), t.booleanLiteral(true)));
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
