import type { types } from "@babel/core";
import { type Binding, type FunctionNode, unwrap } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import type { Kinds } from "./kinds.ts";

type Node = types.Node;

/** Methods of lists, maps and sets that put in what they are given. */
const filling = new Set(["push", "unshift", "splice", "fill", "set", "add"]);
/** What a program calls of its own by such a name. */
const isOwn = new Set(["closure", "marked", "method", "imported"]);

/**
 * The variables outside whose arrays and objects functions put active values: `o.k = v`. Elsewhere
 * they look constant, and a test such as `o.k ? a : b` would take an active zero for an object.
 */
export function leftOutside(
  { t, bindings }: ModuleContext,
  kinds: Kinds,
  functions: Iterable<FunctionNode>,
): ReadonlySet<Binding> {
  const found = new Set<Binding>();
  const note = (target: Node, values: readonly Node[]): void => {
    const owner = unwrap(target);
    if (owner.type !== "MemberExpression") return;
    let root = unwrap(owner.object);
    while (root.type === "MemberExpression") root = unwrap(root.object);
    const binding = root.type === "Identifier" ? bindings.get(root) : undefined;
    if (binding && values.some((v) => kinds.kindOf(v).k !== "inert")) found.add(binding);
  };
  const visit = (n: Node): void => {
    if (n.type === "AssignmentExpression") note(n.left, [n.right]);
    if (n.type !== "CallExpression" || n.callee.type !== "MemberExpression") return;
    const { property } = n.callee;
    const isFilling = property.type === "Identifier" && filling.has(property.name);
    if (isFilling && !isOwn.has(kinds.callee(n).type)) note(n.callee, n.arguments);
  };
  for (const f of functions) t.traverseFast(f.body, visit);
  return found;
}
