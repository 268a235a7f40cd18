import type { types } from "@babel/core";
import { isFunction } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";

type Node = types.Node;

/**
 * Tells tools that measure the coverage of tests to leave out what was emitted, so that they count the
 * user's code and nothing else. They all know these comments, and `@preserve` keeps them where types are
 * taken out afterwards.
 *
 * @param statements those of the file as it was written
 * @param uncalled functions that no ordinary call can run, so that none could cover them
 */
export function hideFromCoverage(
  context: ModuleContext,
  statements: ReadonlySet<Node>,
  uncalled: ReadonlySet<Node>,
): void {
  const { t, program, functionPaths } = context;
  const running = context.helper("running").name;

  const hide = (node: Node, what: "next" | "if" = "next"): void => {
    t.addComment(node, "leading", ` istanbul ignore ${what} -- @preserve `);
  };
  const asksForm = (node: Node): boolean =>
    node.type === "CallExpression" &&
    node.callee.type === "Identifier" &&
    node.callee.name === running;
  const visit = (node: Node): void => {
    // What was written has a place in the text.
    const isEmitted = isFunction(node)
      ? uncalled.has(node) || !functionPaths.has(node)
      : node.type === "StaticBlock" && typeof node.start !== "number";
    if (isEmitted) {
      hide(node);
      return;
    }
    if (node.type === "IfStatement" && asksForm(node.test)) {
      hide(node, "if");
      hide(node.consequent);
      if (node.alternate) visit(node.alternate);
      return;
    }
    if (node.type === "ConditionalExpression" && asksForm(node.test)) {
      hide(node.consequent);
      visit(node.alternate);
      return;
    }
    for (const key of t.VISITOR_KEYS[node.type] ?? []) {
      const child = (node as never)[key] as Node | (Node | null)[] | null | undefined;
      for (const each of [child].flat()) if (each) visit(each);
    }
  };
  for (const statement of program.node.body) {
    const isWritten =
      statements.has(statement) || (isFunction(statement) && functionPaths.has(statement));
    const isEmitted = !isWritten && !statement.type.startsWith("Export");
    if (isEmitted) hide(statement);
    else visit(statement);
  }
}
