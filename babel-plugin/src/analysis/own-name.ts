import type { types } from "@babel/core";
import type { ModuleContext } from "../module-context.ts";

/**
 * Whether a function expression uses its own name for more than calls: it makes instances of itself, asks for them, or
 * keeps something in a field of its own. Its dual form then means the function itself by that name.
 */
export function knowsItself(context: ModuleContext, node: types.Node): boolean {
  if (node.type !== "FunctionExpression" || !node.id) return false;
  const own = context.bindings.get(node.id);
  if (own?.path.node !== node) return false;
  return own.referencePaths.some(
    ({ node: use, parent }) => parent.type !== "CallExpression" || parent.callee !== use,
  );
}
