import type { NodePath, types } from "@babel/core";
import { type FunctionNode, isClass, isFunction, rootOf, unwrap } from "./ast.ts";
import type { ModuleContext } from "./module-context.ts";

/** The function of this module that an identifier always refers to. */
export function functionOf(
  context: ModuleContext,
  id: types.Node,
): NodePath<FunctionNode> | undefined {
  const binding = context.bindings.get(id);
  if (!binding?.constant) return undefined;
  const { path } = binding;
  if (path.node.type === "FunctionDeclaration") return path as NodePath<FunctionNode>;
  if (
    path.node.type !== "VariableDeclarator" ||
    path.node.id !== binding.identifier ||
    !path.node.init
  )
    return undefined;
  return functionAt(path.get("init") as NodePath);
}

// The function literal at an expression, also inside `dual(...)` and TypeScript's wrappers.
function functionAt(path: NodePath): NodePath<FunctionNode> | undefined {
  if (isFunction(path.node)) return path as NodePath<FunctionNode>;
  if (unwrap(path.node) !== path.node) return functionAt(path.get("expression") as NodePath);
  return undefined;
}

/** The class of this module that an identifier always refers to. */
export function resolveClass(
  context: ModuleContext,
  id: types.Node,
): NodePath<types.Class> | undefined {
  const binding = context.bindings.get(id);
  if (!binding?.constant) return undefined;
  const { path } = binding;
  if (isClass(path.node)) return path as NodePath<types.Class>;
  const init = path.node.type === "VariableDeclarator" ? path.node.init : undefined;
  return init && isClass(init) ? (path.get("init") as NodePath<types.Class>) : undefined;
}

/** Whether a callee is there at the top of the file, where links are declared. */
export function isSeenAtTop(context: ModuleContext, callee: types.Node): boolean {
  const binding = context.bindings.get(rootOf(callee));
  return binding?.scope === context.program.scope;
}
