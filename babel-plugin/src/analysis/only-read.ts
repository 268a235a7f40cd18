import type { NodePath } from "@babel/core";
import { type Binding, unwrap } from "../ast.ts";

/** Whether a list or table is read element by element, never written to and never handed to anybody. */
export function isOnlyRead(binding: Binding): boolean {
  if (binding.path.findParent((p) => p.isExportNamedDeclaration())) return false;
  return binding.referencePaths.every(isElementRead);
}

/** Whether of what an expression gives one element or field is read, and nothing else is done with it. */
export function isElementRead(path: NodePath): boolean {
  const whole = bareParent(path);
  const first = whole.parentPath;
  if (!first?.isMemberExpression() || first.node.object !== whole.node) return false;
  const member = bareParent(first);
  const { parentPath: user } = member;
  if (user === null) return false;
  const { node } = member;
  switch (user.node.type) {
    case "AssignmentExpression":
    case "AssignmentPattern":
    case "ForOfStatement":
    case "ForInStatement":
      return user.node.left !== node;
    case "CallExpression":
    case "OptionalCallExpression":
    case "NewExpression":
      return user.node.callee !== node;
    case "TaggedTemplateExpression":
      return user.node.tag !== node;
    case "UnaryExpression":
      return user.node.operator !== "delete";
    case "ObjectProperty":
      return user.parentPath?.isObjectExpression() === true;
    case "UpdateExpression":
    case "ArrayPattern":
    case "RestElement":
    case "ExportSpecifier":
      return false;
    default:
      return true;
  }
}

/** The outermost of the type assertions around an expression. */
function bareParent(path: NodePath): NodePath {
  let at = path;
  while (at.parentPath && unwrap(at.parentPath.node) === unwrap(path.node)) at = at.parentPath;
  return at;
}
