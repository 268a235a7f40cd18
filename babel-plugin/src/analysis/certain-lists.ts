import type { NodePath, types } from "@babel/core";
import { type Binding, staticKey, unwrap } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import { calleeName } from "./kinds/names.ts";

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
  return depth === 0 || binding.referencePaths.every(isOnlyRead);
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
  if (node.type !== "CallExpression" || calleeName(context, node.callee) !== "Array.from")
    return false;
  const make = node.arguments[1];
  return (
    depth === 0 ||
    (make?.type === "ArrowFunctionExpression" && isWritten(context, make.body, depth - 1))
  );
}

const looking = new Set(["map", "forEach", "reduce", "filter", "some", "every", "slice", "at"]);

/** Whether an element is read where a list is named, or its length, and nothing else. */
function isOnlyRead(reference: NodePath): boolean {
  let path = reference;
  const climb = () => {
    while (path.parentPath && unwrap(path.parent) !== path.parent) path = path.parentPath;
  };
  climb();
  const { parent } = path;
  if (parent.type !== "MemberExpression" || parent.object !== path.node) return false;
  const key = staticKey({ key: parent.property, computed: parent.computed });
  path = path.parentPath as NodePath;
  climb();
  switch (path.parent.type) {
    case "CallExpression":
      return path.key !== "callee" || looking.has(key ?? "");
    case "AssignmentExpression":
    case "ForOfStatement":
    case "ForInStatement":
    case "AssignmentPattern":
      return path.key !== "left";
    case "ObjectProperty":
      return path.parentPath?.parent.type !== "ObjectPattern";
    case "UpdateExpression":
    case "UnaryExpression":
    case "ArrayPattern":
    case "RestElement":
      return false;
    default:
      return true;
  }
}
