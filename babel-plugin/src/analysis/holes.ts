import type { NodePath, types } from "@babel/core";
import { type FunctionNode, isFunction, staticKey, unwrap, writtenBy } from "../ast.ts";
import { arrayMethod } from "../language/array-methods.ts";
import type { ModuleContext } from "../module-context.ts";
import type { Effects } from "./effects.ts";
import { isContainer } from "./kind.ts";
import { calleeName } from "./kinds/names.ts";
import type { Kinds } from "./kinds.ts";
import { isElementRead } from "./only-read.ts";

type Node = types.Node;

/** `Array(n)`, whose elements are all missing. */
const isOfLength = ({ callee, arguments: args }: types.NewExpression | types.CallExpression) =>
  callee.type === "Identifier" && callee.name === "Array" && args.length === 1;

/** `Array(n).fill(0)` */
function filledBy(n: Node): Node | undefined {
  if (n.type !== "CallExpression" || n.arguments.length !== 1) return undefined;
  const callee = unwrap(n.callee);
  if (callee.type !== "MemberExpression" || callee.computed) return undefined;
  const { name } = callee.property as types.Identifier;
  return name === "fill" ? unwrap(callee.object) : undefined;
}

/** Functions of the language that make lists without holes. */
const makers = /^(Array\.(from|of)|Object\.(keys|values|entries))$/;

/** Whether a list of inert values, at which nobody looks when it comes from outside, certainly has no holes. */
export function hasNoHoles(context: ModuleContext, expression: Node): boolean {
  const node = unwrap(expression);
  const binding = node.type === "Identifier" ? context.bindings.get(node) : undefined;
  if (binding === undefined) return isDense(context, node);
  const { node: definition } = binding.path;
  return (
    binding.constant &&
    definition.type === "VariableDeclarator" &&
    definition.id === binding.identifier &&
    definition.init != null &&
    isDense(context, unwrap(definition.init)) &&
    !binding.path.findParent((p) => p.isExportNamedDeclaration()) &&
    binding.referencePaths.every((use) => isElementRead(use) || isLookedThrough(use))
  );
}

/** `list.map(…)` */
function isLookedThrough({ parent, parentPath, node }: NodePath): boolean {
  if (parent.type !== "MemberExpression" || parent.object !== node) return false;
  const call = parentPath?.parent;
  if (call?.type !== "CallExpression" || call.callee !== parent) return false;
  const key = staticKey({ key: parent.property, computed: parent.computed });
  const { gives, changes } = arrayMethod(key ?? "");
  return gives !== undefined && !changes;
}

function isDense(context: ModuleContext, node: Node): boolean {
  if (node.type === "ArrayExpression") return !node.elements.includes(null);
  return node.type === "CallExpression" && makers.test(calleeName(context, node.callee) ?? "");
}

/** Whether the callback of a walk may take away what is still to be visited, or put something behind it. */
export function takesAway(
  kinds: Kinds,
  effects: Pick<Effects, "changesOutside">,
  given: Node | undefined,
): boolean {
  const callback = given && unwrap(given);
  const f = isFunction(callback) ? callback : callback && kinds.functionNamed(callback);
  return f !== undefined && effects.changesOutside(f);
}

/**
 * Whether any of the functions, which may hand lists to each other, may make holes in one: by writing beyond its
 * end, or by handing it to a function that is not written here; or anything in the file, by making or cutting one.
 * What comes from outside has none: that is seen when the call begins, or when it is gone through.
 */
export function mayMakeHoles(
  context: ModuleContext,
  kinds: Kinds,
  effects: Pick<Effects, "changesOutside">,
  functions: Iterable<FunctionNode>,
): boolean {
  const { t } = context;
  const isList = (n: Node): boolean => kinds.kindOf(n).k === "array";
  let found = leavesPlacesOut(context);
  const visit = (n: Node): void => {
    if (found) return;
    const target = writtenBy(n);
    if (target)
      t.traverseFast(target, (m) => {
        found ||= m.type === "MemberExpression" && isList(m.object);
      });
    if (n.type !== "CallExpression") return;
    const callee = kinds.callee(n);
    // A list of results has a hole where nothing was left to visit.
    if (callee.type === "array-method" && callee.name === "map")
      found ||= takesAway(kinds, effects, n.arguments[0]);
    if (callee.type === "imported" || callee.type === "value")
      found ||= n.arguments.some((a) => {
        const kind = kinds.kindOf(a.type === "SpreadElement" ? a.argument : a);
        return isContainer(kind) && kind.k !== "floats" && kind.k !== "fn";
      });
  };
  for (const f of functions) {
    t.traverseFast(f, visit);
    if (found) return true;
  }
  return found;
}

/** Whether anything in a file makes a list with holes by how it is written: `Array(n)`, `[1, , 3]`, `delete xs[i]`. */
function leavesPlacesOut({ t, program }: ModuleContext): boolean {
  let found = false;
  const filled = new Set<Node>();
  t.traverseFast(program.node, (n) => {
    if (n.type === "ArrayExpression") found ||= n.elements.includes(null);
    if (n.type === "UnaryExpression" && n.operator === "delete")
      found ||= n.argument.type === "MemberExpression" && n.argument.computed;
    if (n.type !== "NewExpression" && n.type !== "CallExpression") return;
    // What fills a list stands around it, and is seen before.
    const made = filledBy(n);
    if (made) filled.add(made);
    found ||= isOfLength(n) && !filled.has(n);
  });
  return found;
}
