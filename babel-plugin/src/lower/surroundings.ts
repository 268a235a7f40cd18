import type { types } from "@babel/core";
import type { Kinds } from "../analysis/kinds.ts";
import type { FunctionNode } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import { isWithin, type Surroundings } from "./lowering.ts";

/**
 * The names that functions around a function declare, as factories do. Those that it declares itself
 * are names of the form, which nothing hides.
 */
export function surroundingsOf(
  context: ModuleContext,
  kinds: Kinds,
  root: FunctionNode,
): Surroundings {
  const around = new Set<string>();
  const { scope: top } = context.program;
  const path = kinds.marks.functions.get(root);
  for (let scope = path?.scope.parent; scope && scope !== top; scope = scope.parent)
    for (const name of Object.keys(scope.bindings)) around.add(name);
  if (root.type === "FunctionExpression" && root.id) around.add(root.id.name);
  const known = new Map<FunctionNode, boolean>();
  return {
    meanTheSame(f) {
      if (around.size === 0) return true;
      let same = known.get(f);
      if (same === undefined) {
        same = [...namesIn(context, f)].every((name) => !around.has(name));
        known.set(f, same);
      }
      return same;
    },
  };
}

/** The names in a function that stand for something outside it. */
function namesIn(context: ModuleContext, f: FunctionNode): Set<string> {
  const found = new Set<string>();
  const visit = (node: types.Node): void => {
    if (node.type === "Identifier") {
      const binding = context.bindings.get(node);
      if (binding === undefined || !isWithin(binding.identifier, f)) found.add(node.name);
      return;
    }
    for (const key of context.t.VISITOR_KEYS[node.type] ?? []) {
      if (key === "property" && node.type === "MemberExpression" && !node.computed) continue;
      if (key === "key" && node.type === "ObjectProperty" && !node.computed) continue;
      const child = (node as unknown as Record<string, types.Node | (types.Node | null)[] | null>)[
        key
      ];
      for (const c of Array.isArray(child) ? child : [child]) if (c) visit(c);
    }
  };
  visit(f.body);
  for (const p of f.params) visit(p);
  return found;
}
