import type { types } from "@babel/core";
import { type FunctionNode, staticKey, unwrap } from "../../ast.ts";
import { arrayMethod } from "../../language/array-methods.ts";
import { globalClass } from "../../language/globals.ts";
import type { ModuleContext } from "../../module-context.ts";
import type { Facts } from "./facts.ts";
import { functionNamed } from "./names.ts";

type Node = types.Node;

/**
 * Libraries that are one object: `jStat.gammaln(x)`, `numeric.dot(a, b)`. What stands there is seen when the program
 * runs; what the file itself puts there tells what it may take and give.
 */

/** The way to a function that an object of the module, or of the surroundings, keeps: `jStat.gammaln`. */
export function wayIntoModule(facts: Facts, callee: Node): string | undefined {
  const way = wayOf(callee);
  if (way === undefined || way.keys.length === 0) return undefined;
  const { root, keys } = way;
  const name = keys.at(-1) as string;
  if (isOfLists(name) || isOfFunctions.has(name)) return undefined;
  const binding = facts.context.bindings.get(root);
  if (binding === undefined) return isOfLanguage(root.name) ? undefined : textOf(way);
  if (facts.isInside(binding)) return undefined;
  const { node } = binding.path;
  if (binding.kind === "module")
    return node.type === "ImportNamespaceSpecifier" ? undefined : textOf(way);
  const isParameter = binding.kind === "param";
  if (node.type !== "VariableDeclarator" && !isParameter) return undefined;
  // Methods of instances look at them.
  const isMade = !isParameter && (node as types.VariableDeclarator).init?.type === "NewExpression";
  return isMade ? undefined : textOf(way);
}

/** The functions that the file itself puts at a way, by writing `jStat.gammaln = function …`. */
export const putAt = (context: ModuleContext, way: string): readonly FunctionNode[] =>
  putsIn(context).get(way) ?? [];

interface Way {
  readonly root: types.Identifier;
  readonly keys: readonly string[];
}

const textOf = ({ root, keys }: Way): string => [root.name, ...keys].join(".");

function wayOf(expression: Node): Way | undefined {
  const node = unwrap(expression);
  if (node.type === "Identifier") return { root: node, keys: [] };
  if (node.type !== "MemberExpression" || node.computed) return undefined;
  const key = staticKey({ key: node.property });
  const object = key === undefined ? undefined : wayOf(node.object);
  return object && { root: object.root, keys: [...object.keys, key as string] };
}

const isOfFunctions = new Set(["call", "apply", "bind"]);

const isOfLists = (name: string): boolean => {
  const { gives, changes, callsBack } = arrayMethod(name);
  return gives !== undefined || changes === true || callsBack !== undefined;
};

/** Objects of the language and of its surroundings, whose functions have no derivatives. */
const languageObjects = new Set([
  ...[
    "Array",
    "ArrayBuffer",
    "Atomics",
    "BigInt",
    "Boolean",
    "DataView",
    "Date",
    "Error",
    "Function",
  ],
  ...["Intl", "JSON", "Map", "Math", "Number", "Object", "Promise", "Proxy", "Reflect", "RegExp"],
  ...["Set", "String", "Symbol", "WeakMap", "WeakRef", "WeakSet", "console", "crypto", "document"],
  ...["exports", "globalThis", "global", "module", "performance", "process", "self", "window"],
]);

const isOfLanguage = (name: string): boolean =>
  languageObjects.has(name) || globalClass(name) !== undefined;

const puts = new WeakMap<ModuleContext, Map<string, FunctionNode[]>>();

function putsIn(context: ModuleContext): Map<string, FunctionNode[]> {
  let found = puts.get(context);
  if (found === undefined) {
    found = new Map();
    puts.set(context, found);
    const all = found;
    context.t.traverseFast(context.program.node, (node) => {
      if (node.type !== "AssignmentExpression" || node.operator !== "=") return;
      const way = node.left.type === "MemberExpression" ? wayOf(node.left) : undefined;
      const value = unwrap(node.right);
      const f =
        value.type === "FunctionExpression" || value.type === "ArrowFunctionExpression"
          ? value
          : value.type === "Identifier"
            ? functionNamed(context, value)
            : undefined;
      if (way === undefined || f === undefined) return;
      const text = textOf(way);
      all.set(text, [...(all.get(text) ?? []), f]);
    });
  }
  return found;
}
