import type { NodePath, types } from "@babel/core";
import { type Binding, rootOf, staticKey, unwrap } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import { decisions } from "./decisions.ts";

type Node = types.Node;

const known = new WeakMap<Binding, boolean>();
const deciding = new WeakMap<Node, ReadonlySet<Node>>();

/**
 * Whether functions only leave something in a variable of the module, the best value so far or a history: what they
 * read of it decides a branch and goes no further. So it makes no difference that plain numbers are left there, which
 * is all that stays when the derivative ends.
 */
export function isLeftBehind(context: ModuleContext, expression: Node): boolean {
  const root = rootOf(expression);
  const binding = root.type === "Identifier" ? context.bindings.get(root) : undefined;
  if (binding === undefined) return false;
  let found = known.get(binding);
  if (found === undefined) {
    found = isOnlyLeftBehind(context, binding);
    known.set(binding, found);
  }
  return found;
}

function isOnlyLeftBehind(context: ModuleContext, binding: Binding): boolean {
  const { path, scope, identifier } = binding;
  const { node, parentPath } = path;
  if (scope !== context.program.scope || node.type !== "VariableDeclarator") return false;
  if (node.id !== identifier || parentPath?.parent.type !== "Program") return false;
  if (!isOwn(node.init)) return false;
  return (
    binding.constantViolations.every((write) => isStatement(write) && isPlainWrite(write.node)) &&
    binding.referencePaths.every((use) => isLeaving(context, use))
  );
}

/** Whether what a variable begins with is nobody else's. */
function isOwn(init: Node | null | undefined): boolean {
  const node = init && unwrap(init);
  if (!node) return true;
  switch (node.type) {
    case "NumericLiteral":
    case "StringLiteral":
    case "BooleanLiteral":
    case "NullLiteral":
      return true;
    case "UnaryExpression":
      return isOwn(node.argument);
    case "Identifier":
      return /^(undefined|NaN|Infinity)$/.test(node.name);
    case "MemberExpression":
      return node.object.type === "Identifier" && /^(Number|Math)$/.test(node.object.name);
    case "ArrayExpression":
      return node.elements.every((e) => e !== null && e.type !== "SpreadElement" && isOwn(e));
    case "ObjectExpression":
      return node.properties.every(
        (p) => p.type === "ObjectProperty" && !p.computed && isOwn(p.value),
      );
    default:
      return false;
  }
}

const isStatement = (path: NodePath): boolean => path.parent.type === "ExpressionStatement";

const isPlainWrite = (node: Node): boolean =>
  node.type === "UpdateExpression" ||
  (node.type === "AssignmentExpression" && unwrap(node.left).type === "Identifier");

/** Methods that put something into a list and give nothing of what it holds. */
const putting = new Set(["push", "unshift"]);

/** Whether a use of a variable leaves something there, or reads what decides. */
function isLeaving(context: ModuleContext, use: NodePath): boolean {
  let place = use;
  for (
    let up = place.parentPath;
    up &&
    (unwrap(up.node) !== up.node ||
      (up.node.type === "MemberExpression" && up.node.object === place.node && isNamed(up.node)));
    up = place.parentPath
  )
    place = up;
  const { node, parent, parentPath } = place;
  const last = unwrap(node);
  const key = last.type === "MemberExpression" ? staticKey(keyOf(last)) : undefined;
  if (key === "length" || isDeciding(context, place)) return true;
  if (parentPath === null) return false;
  if (parent.type === "AssignmentExpression" && parent.left === node)
    return isStatement(parentPath);
  if (parent.type === "UpdateExpression") return isStatement(parentPath);
  if (isForItself(context, use, place)) return true;
  if (parent.type !== "CallExpression") return false;
  if (parent.callee === node && key !== undefined && putting.has(key))
    return isStatement(parentPath);
  return isPrinted(context, parent);
}

/** `best = Math.min(best, loss)`, `mean = 0.9 * mean + 0.1 * loss` */
function isForItself(context: ModuleContext, use: NodePath, from: NodePath): boolean {
  let path = from;
  for (let up = path.parentPath; up && isComputing(context, up.node); up = path.parentPath)
    path = up;
  const { parent, parentPath } = path;
  if (parent.type !== "AssignmentExpression" || parent.right !== path.node) return false;
  const binding = context.bindings.get(use.node);
  return (
    parentPath !== null &&
    isStatement(parentPath) &&
    context.bindings.get(rootOf(parent.left)) === binding
  );
}

const isComputing = (context: ModuleContext, node: Node): boolean =>
  /^(Binary|Unary|Logical|Conditional)Expression$/.test(node.type) ||
  (node.type === "CallExpression" &&
    node.callee.type === "MemberExpression" &&
    context.isGlobal(node.callee.object, "Math"));

const keyOf = ({ property, computed }: types.MemberExpression) => ({ key: property, computed });

const isNamed = (node: types.MemberExpression): boolean => staticKey(keyOf(node)) !== undefined;

function isPrinted(context: ModuleContext, { callee }: types.CallExpression): boolean {
  return callee.type === "MemberExpression" && context.isGlobal(callee.object, "console");
}

function isDeciding({ t }: ModuleContext, place: NodePath): boolean {
  const body = place.getFunctionParent()?.node ?? place.scope.getProgramParent().path.node;
  let found = deciding.get(body);
  if (found === undefined) {
    found = decisions(t, body);
    deciding.set(body, found);
  }
  return found.has(unwrap(place.node));
}
