import type { types } from "@babel/core";
import { type Binding, unwrap } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import { calleeName } from "./kinds/names.ts";
import { isOnlyRead } from "./only-read.ts";

type Node = types.Node;

/** Whether a value is an array or text for certain, which can be gone through any number of times. */
export function isList(context: ModuleContext, expression: Node): boolean {
  let node = unwrap(expression);
  // Elements of lists of lists: how deep they are.
  let depth = 0;
  for (; node.type === "MemberExpression" && node.computed; depth++) node = unwrap(node.object);
  const binding = node.type === "Identifier" ? context.bindings.get(node) : undefined;
  return binding ? holdsLists(context, binding, depth) : isWritten(context, node, depth);
}

function holdsLists(context: ModuleContext, binding: Binding, depth: number): boolean {
  const annotation = (binding.identifier as types.Identifier).typeAnnotation;
  if (annotation?.type === "TSTypeAnnotation") return isTyped(annotation.typeAnnotation, depth);
  const { node } = binding.path;
  if (!binding.constant || node.type !== "VariableDeclarator" || !node.init) return false;
  if (node.id !== binding.identifier || !isWritten(context, node.init, depth)) return false;
  return depth === 0 || isOnlyRead(binding);
}

/** Whether a type is that of lists of lists, so deep. */
function isTyped(type: Node, depth: number): boolean {
  switch (type.type) {
    case "TSTypeOperator":
    case "TSParenthesizedType":
      return isTyped(type.typeAnnotation as Node, depth);
    case "TSStringKeyword":
      return depth === 0;
    case "TSArrayType":
      return depth === 0 || isTyped(type.elementType, depth - 1);
    case "TSTupleType":
      return depth === 0 || type.elementTypes.every((of) => isTyped(of, depth - 1));
    case "TSTypeReference": {
      if (type.typeName.type !== "Identifier") return false;
      const { name } = type.typeName;
      if (depth === 0) return /Array$/.test(name);
      const { typeParameters } = type as { typeParameters?: types.TSTypeParameterInstantiation };
      const [of] = /^(Readonly)?Array$/.test(name) ? (typeParameters?.params ?? []) : [];
      return of !== undefined && isTyped(of, depth - 1);
    }
    default:
      return false;
  }
}

/** Whether a value is written as lists of lists, so deep. */
function isWritten(context: ModuleContext, value: Node, depth: number): boolean {
  const node = unwrap(value);
  if (node.type === "StringLiteral") return depth === 0;
  if (node.type === "ArrayExpression")
    return (
      depth === 0 || node.elements.every((e) => e !== null && isWritten(context, e, depth - 1))
    );
  const maker = node.type === "CallExpression" ? calleeName(context, node.callee) : undefined;
  if (node.type !== "CallExpression" || maker === undefined || !makers.has(maker)) return false;
  if (depth === 0) return true;
  const make = maker === "Array.from" ? node.arguments[1] : undefined;
  return make?.type === "ArrowFunctionExpression" && isWritten(context, make.body, depth - 1);
}

const makers = new Set(["Array.from", "Object.values", "Object.keys", "Object.entries"]);
