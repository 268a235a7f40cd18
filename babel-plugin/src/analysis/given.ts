import type { NodePath, types } from "@babel/core";
import { type Binding, type FunctionNode, isFunction } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import type { Kinds } from "./kinds.ts";

type Node = types.Node;

/** What a parameter is given: a value, or a part of it. */
export interface Given {
  readonly value: Node;
  readonly isPart: boolean;
}

/** Methods of arrays that give each element, its index and the array to what they call. */
const givesEach = new Set([
  ...["forEach", "map", "filter", "flatMap", "some", "every"],
  ...["find", "findIndex", "findLast", "findLastIndex"],
]);

/**
 * All that a parameter of a function is ever given, where that can be seen: the function is called by its name
 * and never handed on, or it is written where a method of an array calls it.
 */
export function givenTo(
  context: ModuleContext,
  kinds: Kinds,
  { kind, constant, identifier, scope }: Binding,
): readonly Given[] | undefined {
  const g = scope.path.node;
  if (kind !== "param" || !constant || !isFunction(g)) return undefined;
  const at = g.params.indexOf(identifier as never);
  if (at < 0 || g.async || g.generator) return undefined;
  return (
    byMethod(kinds, scope.path as NodePath<FunctionNode>, at) ?? byCalls(context, scope.path, at)
  );
}

function byMethod(kinds: Kinds, path: NodePath<FunctionNode>, at: number): Given[] | undefined {
  const { parent, node } = path;
  if (parent.type !== "CallExpression" || parent.arguments[0] !== node) return undefined;
  const callee = kinds.callee(parent);
  if (callee.type !== "array-method" || !givesEach.has(callee.name)) return undefined;
  return at === 1 ? [] : [{ value: callee.object, isPart: at === 0 }];
}

function byCalls(context: ModuleContext, path: NodePath, at: number): Given[] | undefined {
  const { node, parent } = path;
  const id =
    node.type === "FunctionDeclaration"
      ? node.id
      : parent.type === "VariableDeclarator" && parent.init === node
        ? parent.id
        : undefined;
  const own = id?.type === "Identifier" ? context.bindings.get(id) : undefined;
  if (!own?.constant || own.scope === context.program.scope) return undefined;
  const given: Given[] = [];
  for (const { parent: call, node: use } of own.referencePaths) {
    if (call.type !== "CallExpression" || call.callee !== use) return undefined;
    const upTo = call.arguments.slice(0, at + 1);
    if (upTo.some((a) => a.type === "SpreadElement")) return undefined;
    const value = upTo[at];
    if (value) given.push({ value, isPart: false });
  }
  return given;
}
