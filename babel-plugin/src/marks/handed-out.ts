import type { NodePath } from "@babel/core";
import type { CallGraph } from "../analysis/call-graph.ts";
import { type FunctionNode, unwrap } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import type { Marks } from "./marked-functions.ts";

/** Functions that marked ones give back when they are called as usual, and the marks by which these are compiled. */
export interface HandedOut {
  readonly functions: ReadonlySet<FunctionNode>;
  /** What stands beside them in what made them, and may be called by them. */
  readonly helpers: ReadonlySet<FunctionNode>;
  /** As if what made them were not marked: what they know of it are plain values, and constant. */
  readonly marks: Marks;
}

/** The innermost functions that come out of marked ones as results, or in them: `return (p) => …`. */
export function findHandedOut(context: ModuleContext, marks: Marks): HandedOut | undefined {
  const given = [...marks.closures.values()].filter(
    ({ node }) =>
      !node.async && !node.generator && node.type !== "ObjectMethod" && node.params.length > 0,
  );
  const out = given.filter((path) => comesOut(context, path));
  const innermost = out.filter((path) => !out.some((other) => other.findParent((p) => p === path)));
  if (innermost.length === 0) return undefined;
  const isAround = (outer: NodePath) => innermost.some((f) => f.findParent((p) => p === outer));
  const functions = new Map([...marks.functions].filter(([, path]) => !isAround(path)));
  const beside = given.filter(
    (path) =>
      !innermost.includes(path) &&
      !isAround(path) &&
      !innermost.some((f) => path.findParent((p) => p === f)),
  );
  for (const path of [...innermost, ...beside]) functions.set(path.node, path);
  return {
    functions: new Set(innermost.map((path) => path.node)),
    helpers: new Set(beside.map((path) => path.node)),
    marks: { ...marks, functions, closures: new Map(), inner: new Set() },
  };
}

/** The marks of them and of what they call: all that has to be looked at. */
export function reachedFrom({ functions, marks }: HandedOut, calls: CallGraph): Marks {
  const reached = new Set(functions);
  // The set grows while it is gone through.
  for (const f of reached) for (const g of calls.calleesOf(f)) reached.add(g);
  return { ...marks, functions: new Map([...marks.functions].filter(([f]) => reached.has(f))) };
}

function comesOut(context: ModuleContext, path: NodePath<FunctionNode>): boolean {
  const { node } = path;
  if (node.type === "FunctionDeclaration") return node.id != null && isGiven(context, node.id);
  return isResult(context, path);
}

function isResult(context: ModuleContext, path: NodePath): boolean {
  const { parentPath, parent } = path;
  if (!parentPath) return false;
  switch (parent.type) {
    case "ReturnStatement":
      return true;
    case "ArrowFunctionExpression":
      return path.key === "body";
    case "ObjectProperty":
    case "ObjectExpression":
    case "ArrayExpression":
    case "ConditionalExpression":
    case "LogicalExpression":
      return path.key !== "key" && path.key !== "test" && isResult(context, parentPath);
    case "VariableDeclarator":
      return parent.id.type === "Identifier" && isGiven(context, parent.id);
    default:
      return unwrap(parent) !== parent && isResult(context, parentPath);
  }
}

function isGiven(context: ModuleContext, id: Parameters<typeof unwrap>[0]): boolean {
  const binding = context.bindings.get(id);
  return binding?.constant === true && binding.referencePaths.some((r) => isResult(context, r));
}
