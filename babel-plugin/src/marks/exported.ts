import type { types } from "@babel/core";
import { type FunctionNode, isFunction } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";

type Node = types.Node | null | undefined;

/** The functions that other files can call under a name of this one. */
export function exportedFunctions(context: ModuleContext): Set<FunctionNode> {
  const found = new Set<FunctionNode>();
  const take = (node: Node): void => {
    if (!node) return;
    if (isFunction(node)) found.add(node);
    else if (node.type === "VariableDeclarator") take(node.init);
    else if (node.type === "VariableDeclaration") node.declarations.forEach(take);
    else if (node.type === "Identifier") takeBinding(node.name);
    else if (node.type === "ObjectExpression")
      for (const p of node.properties) take(p.type === "ObjectProperty" ? p.value : p);
    else if (isWrapper(node)) take(node.expression);
    // What a transform or another wrapper is given.
    else if (node.type === "CallExpression") node.arguments.forEach(take);
  };
  const seen = new Set<string>();
  const takeBinding = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    take(context.program.scope.getBinding(name)?.path.node);
  };
  for (const node of context.program.node.body) {
    if (node.type === "ExportDefaultDeclaration") take(node.declaration);
    else if (node.type === "ExportNamedDeclaration" && !node.source) {
      take(node.declaration);
      for (const s of node.specifiers) if (s.type === "ExportSpecifier") takeBinding(s.local.name);
    } else if (node.type === "ExpressionStatement") {
      const { expression } = node;
      if (expression.type === "AssignmentExpression" && isExports(expression.left))
        take(expression.right);
    }
  }
  return found;
}

const isWrapper = (node: types.Node) =>
  node.type === "TSAsExpression" ||
  node.type === "TSSatisfiesExpression" ||
  node.type === "TSNonNullExpression" ||
  node.type === "ParenthesizedExpression";

/** `exports.f` and `module.exports`, of CommonJS. */
const isExports = (node: types.Node): boolean =>
  node.type === "MemberExpression"
    ? isExports(node.object)
    : node.type === "Identifier" && (node.name === "exports" || node.name === "module");
