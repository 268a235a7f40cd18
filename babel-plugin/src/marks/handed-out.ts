import type { NodePath, types } from "@babel/core";
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
  const aroundOut = around(out);
  const innermost = out.filter(({ node }) => !aroundOut.has(node));
  if (innermost.length === 0) return undefined;
  const makers = around(innermost);
  const functions = new Map([...marks.functions].filter(([node]) => !makers.has(node)));
  const found = new Set<types.Node>(innermost.map(({ node }) => node));
  const beside = given.filter(
    ({ node, parentPath }) =>
      !found.has(node) && !makers.has(node) && !parentPath?.find((p) => found.has(p.node)),
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

/** All that some functions are inside of. */
function around(functions: readonly NodePath[]): ReadonlySet<types.Node> {
  const found = new Set<types.Node>();
  for (const { parentPath } of functions)
    parentPath?.find(({ node }) => {
      const isKnown = found.has(node);
      found.add(node);
      return isKnown;
    });
  return found;
}

function comesOut(context: ModuleContext, path: NodePath<FunctionNode>): boolean {
  const { node } = path;
  if (node.type !== "FunctionDeclaration") return isResult(context, path, new Set());
  return node.id != null && isGiven(context, node.id, new Set());
}

/** Whether what stands there is what a function gives, or in it. */
function isResult(context: ModuleContext, path: NodePath, asked: Set<types.Node>): boolean {
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
      return path.key !== "key" && path.key !== "test" && isResult(context, parentPath, asked);
    case "VariableDeclarator":
      return parent.id.type === "Identifier" && isGiven(context, parent.id, asked);
    default:
      return unwrap(parent) !== parent && isResult(context, parentPath, asked);
  }
}

function isGiven(context: ModuleContext, id: types.Identifier, asked: Set<types.Node>): boolean {
  const binding = context.bindings.get(id);
  if (!binding?.constant || asked.has(binding.identifier)) return false;
  asked.add(binding.identifier);
  return binding.referencePaths.some((r) => isResult(context, r, asked));
}
