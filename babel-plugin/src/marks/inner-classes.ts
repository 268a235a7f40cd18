import type { NodePath, types } from "@babel/core";
import { type FunctionNode, isClass, unwrap } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";

/**
 * The classes written inside marked functions that somebody else may come to hold when these are called as usual, as
 * mixins give them: `(Base) => class extends Base { … }`. What is only constructed inside is known to the dual form.
 */
export function findInnerClasses(
  context: ModuleContext,
  marked: Iterable<NodePath<FunctionNode>>,
): NodePath<types.Class>[] {
  const found = new Set<NodePath<types.Class>>();
  for (const path of marked)
    if (!context.isBorrowed(path.node))
      path.traverse({
        Class(inner) {
          if (isHandedOn(context, inner)) found.add(inner);
        },
      });
  return [...found];
}

function isHandedOn(context: ModuleContext, path: NodePath<types.Class>): boolean {
  const { node } = path;
  let use = path as NodePath;
  if (node.type === "ClassExpression") {
    while (use.parentPath && unwrap(use.parent) !== use.parent) use = use.parentPath;
    const { parent } = use;
    if (parent.type !== "VariableDeclarator" || parent.id.type !== "Identifier")
      return !isUsedHere(context, use);
  }
  const id =
    node.type === "ClassDeclaration" ? node.id : (use.parent as types.VariableDeclarator).id;
  const binding = id ? context.bindings.get(id) : undefined;
  return (
    !binding?.constant ||
    binding.referencePaths.some((reference) => !isUsedHere(context, reference))
  );
}

/** Whether a class is only constructed, asked for what is static or inherited, or whether something is an instance of it. */
function isUsedHere(context: ModuleContext, use: NodePath): boolean {
  const { node, parent } = use;
  switch (parent.type) {
    case "NewExpression":
      return parent.callee === node;
    case "MemberExpression":
    case "OptionalMemberExpression":
      return parent.object === node;
    case "BinaryExpression":
      return parent.operator === "instanceof";
    case "CallExpression": {
      // `Reflect.ownKeys(C)`: nothing is kept of it.
      const { callee } = parent;
      return (
        callee.type === "MemberExpression" &&
        ["Object", "Reflect"].some((name) => context.isGlobal(callee.object, name))
      );
    }
    default:
      // A class that is handed on hands on what it inherits from.
      return /^TS/.test(parent.type) || (isClass(parent) && parent.superClass !== node);
  }
}
