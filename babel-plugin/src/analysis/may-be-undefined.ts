import type { types } from "@babel/core";
import { unwrap } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import { mayGiveNothing } from "./completion.ts";

type Node = types.Node;

/**
 * Whether an expression may give undefined although its type is that of a number: an element beyond a list's end, a
 * choice, a function that may give nothing, a variable that held one of these. Parameters and fields are what their
 * types say.
 */
export function mayBeUndefined(context: ModuleContext, of: Node, seen = new Set<Node>()): boolean {
  const e = unwrap(of);
  const may = (n: Node) => mayBeUndefined(context, n, seen);
  switch (e.type) {
    case "MemberExpression":
      return e.computed;
    case "OptionalMemberExpression":
    case "OptionalCallExpression":
      return true;
    case "ConditionalExpression":
      return may(e.consequent) || may(e.alternate);
    case "LogicalExpression":
      return may(e.right) || (e.operator === "&&" && may(e.left));
    case "SequenceExpression":
      return may(e.expressions.at(-1) as Node);
    case "AssignmentExpression":
      return e.operator === "=" && may(e.right);
    case "CallExpression": {
      const callee = unwrap(e.callee);
      const f = callee.type === "Identifier" && context.bindings.get(callee)?.path.node;
      const isFunction = f && f.type === "FunctionDeclaration";
      return isFunction ? mayGiveNothing(f.body) : callee.type !== "MemberExpression";
    }
    case "Identifier": {
      const binding = context.bindings.get(e);
      if (binding === undefined) return e.name === "undefined";
      if (binding.kind === "param" || seen.has(binding.identifier)) return false;
      seen.add(binding.identifier);
      const declarator = binding.path.node;
      if (declarator.type !== "VariableDeclarator" || declarator.id.type !== "Identifier")
        return true;
      const values = binding.constantViolations.map((path) => path.node);
      return (
        !declarator.init ||
        may(declarator.init) ||
        values.some((n) => n.type !== "UpdateExpression" && may(n))
      );
    }
    default:
      return false;
  }
}
