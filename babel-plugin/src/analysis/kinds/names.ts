import type { types } from "@babel/core";
import { rules } from "dualize/rules";
import { type FunctionNode, staticKey, unwrap } from "../../ast.ts";
import type { ModuleContext } from "../../module-context.ts";
import { functionOf } from "../../resolve.ts";
import { membersOf } from "../class-members.ts";
import type { Facts } from "./facts.ts";

type Node = types.Node;

/** `Array.from` and the like: globals, written out. */
export function calleeName(context: ModuleContext, callee: Node): string | undefined {
  const node = unwrap(callee);
  if (node.type === "Identifier") return context.bindings.has(node) ? undefined : node.name;
  const property =
    node.type === "MemberExpression"
      ? staticKey({ key: node.property, computed: node.computed })
      : undefined;
  if (node.type !== "MemberExpression" || property === undefined) return undefined;
  const object = unwrap(node.object);
  return object.type === "Identifier" && !context.bindings.has(object)
    ? `${object.name}.${property}`
    : undefined;
}

/** The name of a `Math` function, also by an alias: `const { sin } = Math`, `const sin = Math.sin`. */
export function mathName(context: ModuleContext, callee: Node): string | undefined {
  const node = unwrap(callee);
  const name = calleeName(context, node);
  if (name?.startsWith("Math.")) return ruled(name.slice(5));
  if (node.type !== "Identifier") return undefined;
  const binding = context.bindings.get(node);
  const declarator = binding?.constant ? binding.path.node : undefined;
  if (declarator?.type !== "VariableDeclarator" || !declarator.init) return undefined;
  const init = unwrap(declarator.init);
  if (declarator.id.type === "Identifier")
    return init.type === "MemberExpression" ? mathName(context, init) : undefined;
  if (declarator.id.type !== "ObjectPattern" || !context.isGlobal(init, "Math")) return undefined;
  const property = declarator.id.properties.find(
    (p) => p.type === "ObjectProperty" && p.value === binding?.identifier,
  );
  return ruled(property && staticKey(property as never));
}

const ruled = (name: string | undefined): string | undefined =>
  name !== undefined && Object.hasOwn(rules, name) ? name : undefined;

/** The closure that a name always means, written in the marked function itself. */
export function closureNamed(facts: Facts, id: Node): FunctionNode | undefined {
  const path = functionOf(facts.context, id);
  const binding = path && facts.context.bindings.get(id);
  return binding && facts.isInside(binding) ? path.node : undefined;
}

/** The function of this file that a name always means, wherever it is written. */
export const functionNamed = (context: ModuleContext, id: Node): FunctionNode | undefined =>
  functionOf(context, unwrap(id))?.node;

/** A method of a class of this file, or a getter. */
export const memberOf = (
  facts: Facts,
  className: string,
  name: string,
): types.ClassMethod | undefined =>
  facts.typeKinds.memberOf(className, name, (m) => m.kind !== "set");

/** A setter of a class of this file. */
export const setterNamed = (
  facts: Facts,
  className: string,
  name: string,
): types.ClassMethod | undefined =>
  facts.typeKinds.memberOf(className, name, (m) => m.kind === "set");

/** A static method of a class of this file. */
export const staticMethodOf = (
  facts: Facts,
  className: string,
  name: string,
): types.ClassMethod | undefined => {
  const definition = facts.typeKinds.classes.get(className);
  if (definition === undefined) return undefined;
  const { hasNameless, staticMethods } = membersOf(definition);
  return hasNameless.static ? undefined : staticMethods.get(name);
};
