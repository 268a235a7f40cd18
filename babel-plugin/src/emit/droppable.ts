import type { NodePath, types } from "@babel/core";
import { unwrap } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";

/**
 * Lets bundlers leave out functions of the module that nothing uses. A statement that attaches a twin keeps the
 * function, since bundlers cannot know that it does nothing else; what nobody reads may go. So it becomes a value,
 * which stands for the function wherever the function is handed on or exported; calls by its name stay.
 *
 * The value is there when the module has begun to run, the function before: only where no import leads back to the
 * module does nobody see the difference.
 */
export function makeDroppable(context: ModuleContext, program: NodePath<types.Program>): void {
  const { t } = context;
  const { body } = program.node;
  const attached = body.flatMap((statement) => {
    const of = attachedBy(context, statement);
    return of ? [{ ...of, statement }] : [];
  });
  if (attached.length === 0) return;
  program.scope.crawl();
  for (const { name, call, statement } of attached) {
    const declaration = body.find((s) => declared(s)?.id?.name === name);
    const binding = program.scope.getBinding(name);
    const isOverloaded = body.some((s) => {
      const own = s.type === "ExportNamedDeclaration" ? s.declaration : s;
      return own?.type === "TSDeclareFunction" && own.id?.name === name;
    });
    if (!declaration || !binding?.constant || isOverloaded) continue;
    if (declaration.type === "ExportDefaultDeclaration") continue;
    const [self] = call.arguments;
    const uses = binding.referencePaths.filter((p) => p.node !== self && isValue(p));
    if (!uses.every((p) => canStandFor(p, attached))) continue;
    const value = context.uid(`${name}$twin`);
    for (const use of uses) standIn(t, use, t.identifier(value));
    t.addComment(call, "leading", "#__PURE__");
    body[body.indexOf(statement)] = t.variableDeclaration("const", [
      t.variableDeclarator(t.identifier(value), call),
    ]);
    if (declaration.type !== "ExportNamedDeclaration") continue;
    const own = declaration.declaration as types.FunctionDeclaration;
    t.inheritsComments(own, declaration);
    const exported = t.exportSpecifier(t.identifier(value), t.identifier(name));
    body.splice(body.indexOf(declaration), 1, own, t.exportNamedDeclaration(null, [exported]));
  }
}

/** The function that a statement attaches a twin to. */
function attachedBy(
  context: ModuleContext,
  statement: types.Statement,
): { name: string; call: types.CallExpression } | undefined {
  const call = statement.type === "ExpressionStatement" ? statement.expression : undefined;
  if (call?.type !== "CallExpression" || call.callee.type !== "Identifier") return undefined;
  const [f] = call.arguments;
  const isTwin = call.callee.name === context.helper("twin").name;
  return isTwin && f?.type === "Identifier" ? { name: f.name, call } : undefined;
}

function declared(statement: types.Statement): types.FunctionDeclaration | undefined {
  if (statement.type === "FunctionDeclaration") return statement;
  const isExport =
    statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration";
  return isExport && statement.declaration?.type === "FunctionDeclaration"
    ? statement.declaration
    : undefined;
}

/** Whether a use of a function asks for more than to call it. */
function isValue({ node, parent, key }: NodePath): boolean {
  if (node.type === "ExportNamedDeclaration" || node.type === "ExportDefaultDeclaration")
    return false;
  if (parent.type === "TSTypeQuery" || parent.type === "TSQualifiedName") return false;
  return !(
    (parent.type === "CallExpression" || parent.type === "NewExpression") &&
    key === "callee"
  );
}

/** Whether the value is there by then, and can be written there. */
function canStandFor(use: NodePath, attached: readonly { statement: types.Statement }[]): boolean {
  if (use.node.type !== "Identifier" || isWrittenTo(use)) return false;
  if (use.getFunctionParent() !== null) return true;
  const top = use.findParent((p) => p.parent.type === "Program");
  return top?.isImportDeclaration() === false && attached.every((a) => a.statement !== top.node);
}

// Babel does not see that `(f as F) = g` writes to `f`.
function isWrittenTo(use: NodePath): boolean {
  let path = use;
  while (path.parentPath && unwrap(path.parent) === use.node) path = path.parentPath;
  const { type } = path.parent;
  return type === "UpdateExpression" || (type === "AssignmentExpression" && path.key === "left");
}

function standIn(t: ModuleContext["t"], use: NodePath, value: types.Identifier): void {
  const { parent, key, node } = use;
  if (parent.type === "ObjectProperty" && parent.shorthand) parent.shorthand = false;
  value.loc = node.loc ?? null;
  if (use.listKey !== undefined) (use.container as types.Node[])[use.key as number] = value;
  else (parent as unknown as Record<string, unknown>)[key as string] = value;
  if (parent.type === "ExportSpecifier") parent.local = t.cloneNode(value);
}
