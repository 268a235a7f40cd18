import type { NodePath, types } from "@babel/core";
import { isFunction, staticKey, unwrap } from "../ast.ts";

/**
 * Whether a function is only a wrapper around a module: it is called where it is written, once, when
 * the file is loaded (`(function () { … })()`), or handed to such a call (UMD, AMD). What it declares
 * are the module's own functions.
 */
export function isWrapper(path: NodePath): boolean {
  const { node } = path;
  if (node.type !== "FunctionExpression" && node.type !== "ArrowFunctionExpression") return false;
  // One that calls itself runs again.
  if (node.type === "FunctionExpression" && node.id) {
    const own = path.scope.getOwnBinding(node.id.name);
    const isCalled = ({ parent, key }: NodePath) =>
      parent.type === "CallExpression" && key === "callee";
    if (own?.path.node === node && own.referencePaths.some(isCalled)) return false;
  }
  const outer = path.getFunctionParent();
  if (outer && !isWrapper(outer)) return false;
  let use = path as NodePath;
  while (use.parentPath && unwrap(use.parent) !== use.parent) use = use.parentPath;
  const { parent } = use;
  if (parent.type === "MemberExpression" && parent.object === use.node) {
    const name = staticKey({ key: parent.property, computed: parent.computed });
    const call = use.parentPath?.parent;
    return (name === "call" || name === "apply") && isCalleeOf(use.parent, call);
  }
  if (parent.type !== "CallExpression") return false;
  if (parent.callee === use.node) return true;
  const callee = unwrap(parent.callee);
  return isFunction(callee) || (callee.type === "Identifier" && callee.name === "define");
}

const isCalleeOf = (node: types.Node, call: types.Node | undefined): boolean =>
  call?.type === "CallExpression" && call.callee === node;

/** Whether a function or class belongs to the module itself, not to another function of it. */
export function isOfModule(path: NodePath): boolean {
  const outer = path.getFunctionParent();
  return outer === null || isWrapper(outer);
}
