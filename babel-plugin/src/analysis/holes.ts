import type { types } from "@babel/core";
import { type FunctionNode, writtenBy } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import { isContainer } from "./kind.ts";
import type { Kinds } from "./kinds.ts";

type Node = types.Node;

/**
 * Whether any of the functions, which may hand lists to each other, may make holes in one: by writing beyond
 * its end, or by handing it to a function that is not written here. What a caller gives has none, that is seen
 * when the call begins.
 */
export function mayMakeHoles(
  { t }: ModuleContext,
  kinds: Kinds,
  functions: Iterable<FunctionNode>,
): boolean {
  const isList = (n: Node): boolean => kinds.kindOf(n).k === "array";
  let found = false;
  const visit = (n: Node): void => {
    if (found) return;
    const target = writtenBy(n);
    if (target)
      t.traverseFast(target, (m) => {
        found ||= m.type === "MemberExpression" && isList(m.object);
      });
    if (n.type === "CallExpression" && /^(imported|value)$/.test(kinds.callee(n).type))
      found ||= n.arguments.some((a) => {
        const kind = kinds.kindOf(a.type === "SpreadElement" ? a.argument : a);
        return isContainer(kind) && kind.k !== "floats" && kind.k !== "fn";
      });
  };
  for (const f of functions) {
    t.traverseFast(f, visit);
    if (found) return true;
  }
  return false;
}
