import type { types } from "@babel/core";
import type { Activity } from "../../analysis/activity.ts";
import { type Binding, isFunction, unwrap } from "../../ast.ts";
import type { ModuleContext } from "../../module-context.ts";

type Node = types.Node;
type Owner = Binding | "this";

const certain = new Set(["=", "+=", "-=", "*=", "/=", "%=", "**="]);

/**
 * The places where an object is written into that a statement before them, which has run if they do, has
 * written into as well: that it may hold active values is remembered by then.
 */
export function touchedBefore(
  context: ModuleContext,
  activity: Activity,
  root: Node,
): ReadonlySet<Node> {
  const found = new Set<Node>();

  function ownerOf(object: Node): Owner | undefined {
    if (object.type === "ThisExpression") return "this";
    const binding = object.type === "Identifier" ? context.bindings.get(object) : undefined;
    return binding?.constant ? binding : undefined;
  }

  function statements(list: readonly Node[], before: ReadonlySet<Owner>): void {
    let known = before;
    for (const s of list) {
      visit(s, known);
      if (s.type !== "ExpressionStatement" || s.expression.type !== "AssignmentExpression")
        continue;
      const { left, operator, right } = s.expression;
      if (left.type !== "MemberExpression" || !certain.has(operator)) continue;
      const owner = ownerOf(left.object);
      if (owner === undefined) continue;
      if (known.has(owner)) found.add(left.object);
      else if (operator !== "=" || !(activity.isPrimitive(right) || isFunction(unwrap(right))))
        known = new Set([...known, owner]);
    }
  }

  function visit(node: Node, known: ReadonlySet<Owner>): void {
    // Between two steps of these a derivative may have ended.
    if (isFunction(node) && (node.async || node.generator)) return;
    const isLater = isFunction(node) || node.type.startsWith("Class");
    const now = isLater ? new Set<Owner>() : known;
    for (const key of context.t.VISITOR_KEYS[node.type] ?? []) {
      const child = (node as never)[key] as Node | Node[] | null | undefined;
      if (Array.isArray(child)) {
        if (key === "body" || key === "consequent") statements(child, now);
        else for (const c of child) if (c) visit(c, now);
      } else if (child) visit(child, now);
    }
  }

  visit(root, new Set());
  return found;
}
