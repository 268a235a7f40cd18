import type { NodePath, types } from "@babel/core";
import { type Binding, type FunctionNode, isFunction, staticKey, unwrap } from "../ast.ts";
import { mentionsSuper } from "../emit/dual/expressions.ts";
import type { ModuleContext } from "../module-context.ts";

/** Methods that call a function that is handed to them and keep nothing of it. */
const callers = new Set([
  "map",
  "forEach",
  "reduce",
  "reduceRight",
  "filter",
  "some",
  "every",
  "find",
  "findIndex",
  "findLast",
  "findLastIndex",
  "flatMap",
  "sort",
  "toSorted",
  "from",
  "then",
  "catch",
  "finally",
  "replace",
  "replaceAll",
]);

/**
 * The functions written inside marked ones, and inside constructors of marked classes, that somebody else may come to hold when the marked one is
 * called as usual: what is returned, stored, or handed on. Only these need a twin of their own.
 */
export function findClosures(
  context: ModuleContext,
  marked: ReadonlyMap<FunctionNode, NodePath<FunctionNode>>,
  classes: ReadonlyMap<types.Class, NodePath<types.Class>>,
): Map<FunctionNode, NodePath<FunctionNode>> {
  const found = new Map<FunctionNode, NodePath<FunctionNode>>();
  const inside: NodePath<FunctionNode>[] = [];
  const constructors = [...classes.values()].flatMap((path) =>
    (path.get("body.body") as NodePath[]).filter(isConstructor),
  );
  for (const path of [...marked.values(), ...constructors]) {
    // Those of other files are made there.
    if (context.isBorrowed(path.node)) continue;
    path.traverse({
      Function(inner) {
        const f = inner as NodePath<FunctionNode>;
        if (isFunction(f.node) && canHaveTwin(context, f) && !marked.has(f.node)) inside.push(f);
      },
    });
  }
  for (const f of inside) if (isHandedOn(context, f, () => false)) found.set(f.node, f);
  // What a closure calls is called by its twin.
  const isInClosure = (path: NodePath): boolean =>
    path.findParent((p) => found.has(p.node as FunctionNode)) !== null;
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const f of inside) if (isHandedOn(context, f, isInClosure)) found.set(f.node, f);
  }
  return found;
}

const isConstructor = ({ node }: NodePath): boolean =>
  node.type === "ClassMethod" && node.kind === "constructor";

// Members of classes that are made inside belong to their class.
export function canHaveTwin(context: ModuleContext, { node }: NodePath<FunctionNode>): boolean {
  if (node.type === "ClassMethod" || node.type === "ClassPrivateMethod") return false;
  if (node.type !== "ObjectMethod") return true;
  // Only a method can use `super`, so its twin has to be one too.
  return node.kind === "method" && !node.computed && !mentionsSuper(context.t, node);
}

function isHandedOn(
  context: ModuleContext,
  path: NodePath<FunctionNode>,
  elsewhere: (reference: NodePath) => boolean,
): boolean {
  const { node } = path;
  if (node.type === "ObjectMethod") return true;
  if (node.type === "FunctionDeclaration")
    return node.id == null || isBindingHandedOn(context.bindings.get(node.id), path, elsewhere);
  let use = path as NodePath;
  while (use.parentPath && unwrap(use.parent) !== use.parent) use = use.parentPath;
  const { parent } = use;
  if (parent.type === "VariableDeclarator" && parent.id.type === "Identifier")
    return isBindingHandedOn(context.bindings.get(parent.id), path, elsewhere);
  return !isOnlyCalled(use);
}

function isBindingHandedOn(
  binding: Binding | undefined,
  path: NodePath,
  elsewhere: (reference: NodePath) => boolean,
): boolean {
  if (!binding?.constant) return true;
  return binding.referencePaths.some((reference) => {
    if (!isOnlyCalled(reference)) return true;
    return !reference.findParent((p) => p === path) && elsewhere(reference);
  });
}

/** Whether a function is called where it stands, by the code or by a method that keeps nothing. */
function isOnlyCalled(use: NodePath): boolean {
  const { node, parent } = use;
  if (parent.type !== "CallExpression" && parent.type !== "OptionalCallExpression") return false;
  if (parent.callee === node) return true;
  const callee = unwrap(parent.callee);
  if (callee.type !== "MemberExpression" && callee.type !== "OptionalMemberExpression")
    return false;
  return callers.has(staticKey({ key: callee.property, computed: callee.computed }) ?? "");
}
