import type { NodePath, types } from "@babel/core";
import { staticKey, unwrap } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import { type Kind, NUM, NUMBERS } from "./kind.ts";
import { isWord } from "./syntax.ts";

type Node = types.Node;

/**
 * What the methods of a class do with a field: numbers are computed with, lists have such elements. Nothing is told of
 * what has fields and methods of its own. An instance whose field is something else takes the dual form.
 */
export function fieldByUse(
  context: ModuleContext,
  definition: types.Class,
  key: string,
): Kind | undefined {
  let use: Use = NOTHING;
  for (const path of context.thisPaths.get(definition) ?? []) {
    const { parent, parentPath } = path;
    if (parent.type !== "MemberExpression" || parent.object !== path.node || !parentPath) continue;
    if (staticKey({ key: parent.property, computed: parent.computed }) === key)
      use = both(use, useAt(context, parentPath, new Set()));
  }
  return kindOf(use);
}

/** Used as a number, as a list, as something else; or nothing is told. */
type Use = "number" | "other" | "nothing" | { readonly list: Use };

const NOTHING: Use = "nothing";

function kindOf(use: Use): Kind | undefined {
  if (use === "number") return NUM;
  if (typeof use === "string") return undefined;
  const of = kindOf(use.list);
  if (of === undefined) return undefined;
  return of.k === "num" ? NUMBERS : { k: "array", of };
}

function both(a: Use, b: Use): Use {
  if (a === b || b === "nothing") return a;
  if (a === "nothing") return b;
  if (typeof a === "string" || typeof b === "string") return "other";
  return { list: both(a.list, b.list) };
}

const ARITHMETIC = /^(?:[-+*/%<>]|\*\*|[<>]=)$/;
const COMPOUND = /^(?:[-+*/%]|\*\*)=$/;

function useAt(context: ModuleContext, path: NodePath, seen: Set<Node>): Use {
  const { node, parent, parentPath } = path;
  if (!parentPath) return NOTHING;
  if (unwrap(parent) !== parent) return useAt(context, parentPath, seen);
  switch (parent.type) {
    case "BinaryExpression":
      if (isWord(parent.left) || isWord(parent.right)) return NOTHING;
      return ARITHMETIC.test(parent.operator) ? "number" : NOTHING;
    case "UnaryExpression":
      return parent.operator === "-" || parent.operator === "+" ? "number" : NOTHING;
    case "UpdateExpression":
      return "number";
    case "AssignmentExpression": {
      if (COMPOUND.test(parent.operator)) return isWord(parent.right) ? "other" : "number";
      if (parent.left !== node || parent.operator !== "=") return NOTHING;
      const value = unwrap(parent.right);
      const isNumber = value.type === "NumericLiteral" || value.type === "UpdateExpression";
      const isComputed =
        value.type === "BinaryExpression" && /^(?:[-*/%]|\*\*)$/.test(value.operator);
      return isNumber || isComputed ? "number" : NOTHING;
    }
    case "CallExpression": {
      const callee = unwrap(parent.callee);
      if (parent.callee === node) return "other";
      return callee.type === "MemberExpression" && context.isGlobal(callee.object, "Math")
        ? "number"
        : NOTHING;
    }
    case "MemberExpression":
    case "OptionalMemberExpression": {
      if (parent.object !== node) return NOTHING;
      if (parent.computed && unwrap(parent.property).type !== "StringLiteral")
        return { list: useAt(context, parentPath, seen) };
      const key = staticKey({ key: parent.property, computed: parent.computed });
      return key === "length" ? NOTHING : "other";
    }
    case "ForOfStatement":
    case "SpreadElement":
      return "other";
    case "VariableDeclarator": {
      if (parent.init !== node) return NOTHING;
      const binding = context.bindings.get(parent.id);
      if (parent.id.type !== "Identifier" || !binding?.constant) return "other";
      if (seen.has(parent)) return NOTHING;
      seen.add(parent);
      return binding.referencePaths.reduce<Use>(
        (use, reference) => both(use, useAt(context, reference, seen)),
        NOTHING,
      );
    }
    default:
      return NOTHING;
  }
}
