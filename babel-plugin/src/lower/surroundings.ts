import type { types } from "@babel/core";
import type { Kinds } from "../analysis/kinds.ts";
import { knowsItself } from "../analysis/own-name.ts";
import type { Binding, FunctionNode } from "../ast.ts";
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
  const path = kinds.marks.functions.get(root);
  const scope = path?.scope.parent;
  const own = root.type === "FunctionExpression" && root.id ? root.id.name : undefined;
  const isSame = (name: string, binding: Binding | undefined): boolean => {
    if (name === own) return false;
    const here = scope?.getBinding(name);
    // Names of types have no binding, and mean what they mean at the top of the file, or nothing.
    return here === binding || (binding === undefined && here?.scope === context.program.scope);
  };
  const known = new Map<FunctionNode, boolean>();
  return {
    meanTheSame(f) {
      // Its own name stands in itself alone.
      if (f !== root && knowsItself(context, f)) return false;
      if (own === undefined && (!scope || scope === context.program.scope)) return true;
      let same = known.get(f);
      if (same === undefined) {
        same = [...namesIn(context, f)].every(([name, binding]) => isSame(name, binding));
        known.set(f, same);
      }
      return same;
    },
  };
}

/** The names in a function that stand for something outside it. */
function namesIn(context: ModuleContext, f: FunctionNode): Map<string, Binding | undefined> {
  const found = new Map<string, Binding | undefined>();
  const visit = (node: types.Node): void => {
    if (node.type === "Identifier") {
      const binding = context.bindings.get(node);
      if (binding === undefined || !isWithin(binding.identifier, f)) found.set(node.name, binding);
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
