import type { types } from "@babel/core";
import { isClass, isFunction } from "./ast.ts";

type Node = types.Node;

const isStrict = (directives: readonly types.Directive[] | undefined): boolean =>
  directives?.some((d) => d.value.value === "use strict") === true;

/** The functions whose code is not strict: a write that fails there fails without a word. */
export function sloppyFunctions(t: typeof types, program: types.Program): ReadonlySet<Node> {
  const found = new Set<Node>();
  const visit = (node: Node): void => {
    if (isClass(node)) return;
    if (isFunction(node)) {
      if (node.body.type === "BlockStatement" && isStrict(node.body.directives)) return;
      found.add(node);
    }
    for (const key of t.VISITOR_KEYS[node.type] ?? []) {
      const child = (node as unknown as Record<string, Node | (Node | null)[] | null>)[key];
      for (const c of [child].flat()) if (c) visit(c);
    }
  };
  if (program.sourceType === "script" && !isStrict(program.directives)) visit(program);
  return found;
}
