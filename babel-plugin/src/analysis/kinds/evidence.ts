import type { NodePath, types } from "@babel/core";
import { type Binding, type FunctionNode, isFunction, staticKey, unwrap } from "../../ast.ts";
import { functionOf } from "../../resolve.ts";
import {
  asElement,
  BOTTOM,
  containersIn,
  elementAt,
  elementKind,
  isContainer,
  join,
  type Kind,
  NUM,
  UNUSED,
  unknown,
  whyPartlyUnknown,
  whyUnknown,
} from "../kind.ts";
import { isNumeric, returnsOf } from "../syntax.ts";
import type { Facts } from "./facts.ts";
import { functionNamed, mathName } from "./names.ts";
import { kindOfUse, type Use, useAt, useOf, useOfTarget } from "./use.ts";

type Node = types.Node;

/** Whether the uses of a variable say that it is an array or object. */
function isUsedAsObject(binding: Binding): boolean {
  return binding.referencePaths.some(({ node, parent }) => {
    if (parent.type === "MemberExpression" || parent.type === "OptionalMemberExpression")
      return parent.object === node;
    return (
      parent.type === "ForOfStatement" ||
      parent.type === "SpreadElement" ||
      parent.type === "VariableDeclarator"
    );
  });
}

/** What is put into an array that begins empty tells what it holds. */
export function kindOfContents(facts: Facts, binding: Binding): Kind {
  let kind: Kind = BOTTOM;
  for (const reference of binding.referencePaths) {
    const { parent, parentPath } = reference;
    if (parent.type !== "MemberExpression" || parent.object !== reference.node) continue;
    const outer = parentPath?.parent;
    const name = staticKey({ key: parent.property, computed: parent.computed });
    if (
      (name === "push" || name === "unshift" || name === "fill") &&
      outer?.type === "CallExpression"
    ) {
      for (const a of outer.arguments)
        kind = join(kind, facts.kindOf(a.type === "SpreadElement" ? a.argument : a));
    } else if (parent.computed && outer?.type === "AssignmentExpression" && outer.left === parent) {
      kind = join(kind, facts.kindOf(outer.right));
    }
  }
  return asElement(kind);
}

/** What an imported function gives is told by what is done with it; the link checks it when it runs. */
export function importedKind(facts: Facts, node: types.CallExpression): Kind {
  const path = facts.context.callPaths.get(node);
  const expected = path && expectedKind(facts, path);
  if (expected) return expected;
  const declared = facts.typeKinds.resultOf(node.callee);
  if (declared && (declared.k === "num" || isContainer(declared))) return declared;
  if (declared?.k === "inert" && path?.parent.type !== "ExpressionStatement") return declared;
  return path ? kindByPlace(facts, path) : NOT_KNOWN;
}

const NOT_KNOWN_WHY = "the result of an imported function, whose shape is not known";
const NOT_KNOWN = unknown(NOT_KNOWN_WHY);

/** What the place tells where a result ends up: what is not used as an array or object is a number. */
function kindByPlace(facts: Facts, path: NodePath): Kind {
  const { node, parent } = path;
  const held = (id: Node): Kind => {
    const binding = facts.context.bindings.get(id);
    if (binding === undefined) return NOT_KNOWN;
    return isUsedAsObject(binding) ? usedAs(facts, useOf(facts, binding)) : NUM;
  };
  switch (parent?.type) {
    case "VariableDeclarator":
      return parent.id.type === "Identifier"
        ? held(parent.id)
        : usedAs(facts, useOfTarget(facts, parent.id));
    case "MemberExpression":
      return parent.object === node ? usedAs(facts, useAt(facts, path)) : NOT_KNOWN;
    case "ForOfStatement":
      return parent.right === node ? usedAs(facts, useAt(facts, path)) : NOT_KNOWN;
    case "AssignmentExpression": {
      const left = unwrap(parent.left);
      if (parent.operator !== "=") return NUM;
      if (left.type !== "Identifier")
        return left.type === "MemberExpression" ? numberUnless(facts.kindOf(left)) : NOT_KNOWN;
      return held(left);
    }
    case "CallExpression":
      if (parent.callee === node) return kindOfCalled(facts, parent);
      return expectedArgument(facts, parent, node) ?? NOT_KNOWN;
    case "ExpressionStatement":
      return UNUSED;
    case "ConditionalExpression": {
      if (parent.test === node) return NUM;
      const other = parent.consequent === node ? parent.alternate : parent.consequent;
      return kindBeside(facts, [other]) ?? NUM;
    }
    case "ReturnStatement": {
      const f = path.getFunctionParent()?.node;
      const returns = f?.body.type === "BlockStatement" ? returnsOf(f.body) : [];
      const others = returns.flatMap((r) => (r !== parent && r.argument ? [r.argument] : []));
      return kindBeside(facts, others) ?? NUM;
    }
    case "BinaryExpression":
    case "UnaryExpression":
    case "LogicalExpression":
    case "ArrayExpression":
    case "ObjectProperty":
      return NUM;
    default:
      return isFunction(parent) && parent.body === node ? NUM : NOT_KNOWN;
  }
}

/** What uses say of an array or object that has no functions: what these are given may ask for the result itself. */
function usedAs(facts: Facts, use: Use): Kind {
  if (isCalled(use)) return NOT_KNOWN;
  const kind = kindOfUse(facts, use, NOT_KNOWN_WHY);
  return isContainer(kind) && whyPartlyUnknown(kind) === undefined && !containersIn(kind).has("fn")
    ? kind
    : NOT_KNOWN;
}

const isCalled = ({ called, list, fields }: Use): boolean =>
  called !== undefined ||
  (list !== undefined && isCalled(list)) ||
  [...(fields?.values() ?? [])].some(isCalled);

/** What the others are that a result stands beside, where they are arrays or objects; other results do not tell. */
function kindBeside(facts: Facts, others: readonly Node[]): Kind | undefined {
  const told = others.map(unwrap).filter((e) => !/^(Call|New)Expression$/.test(e.type));
  const kind = told.reduce<Kind>((all, e) => join(all, facts.kindOf(e)), BOTTOM);
  // What is not known yet is not a number yet.
  if (kind.k === "bottom") return told.length > 0 ? kind : undefined;
  return isContainer(kind) && whyUnknown(kind) === undefined ? kind : undefined;
}

const numberUnless = (kind: Kind): Kind => (isContainer(kind) || kind.k === "unknown" ? kind : NUM);

/** `imported(a)(b)`: the function that is called is told by how. */
function kindOfCalled(facts: Facts, call: types.CallExpression): Kind {
  const params = call.arguments.map((a) => {
    if (a.type === "SpreadElement") return unknown("a call with a spread argument");
    const kind = facts.kindOf(a);
    return isNumeric(a) ? asElement(kind) : kind;
  });
  return { k: "fn", params, returns: importedKind(facts, call) };
}

/** What a call that stands among the arguments of another one is expected to give. */
function expectedArgument(
  facts: Facts,
  call: types.CallExpression,
  argument: Node,
): Kind | undefined {
  if (mathName(facts.context, call.callee) !== undefined) return NUM;
  const position = call.arguments.indexOf(argument as types.Expression);
  if (unwrap(call.callee).type === "Identifier") {
    const f = functionOf(facts.context, call.callee);
    // An argument of another imported function: numbers are what such helpers take.
    return (f && facts.paramKinds(f.node)[position]) ?? NUM;
  }
  const callee = facts.calleeByItself(call);
  if (callee.type === "method" || callee.type === "marked")
    return facts.paramKinds(callee.node)[position];
  if (callee.type === "array-method" && callee.name === "push")
    return numberUnless(elementKind(callee.kind));
  return callee.type === "imported" ? NUM : undefined;
}

/** The kind that annotations around an expression ask of it. */
export function expectedKind(facts: Facts, path: NodePath): Kind | undefined {
  const { context, typeKinds } = facts;
  const { node, parent, parentPath } = path;
  const outer = () => (parentPath ? expectedKind(facts, parentPath) : undefined);
  const annotated = (id: Node | undefined) => typeKinds.of((id as types.Identifier).typeAnnotation);
  switch (parent?.type) {
    case "VariableDeclarator":
      return parent.init === node ? annotated(parent.id) : undefined;
    case "AssignmentExpression": {
      const binding =
        parent.operator === "=" && parent.right === node
          ? context.bindings.get(unwrap(parent.left))
          : undefined;
      return binding && annotated(binding.identifier);
    }
    case "ReturnStatement":
      return expectedReturn(facts, path.getFunctionParent()?.node);
    case "ArrowFunctionExpression":
      return parent.body === node ? expectedReturn(facts, parent) : undefined;
    case "ConditionalExpression":
      return parent.test === node ? undefined : outer();
    case "ArrayExpression": {
      const kind = outer();
      return kind && elementAt(kind, parent.elements.indexOf(node as types.Expression));
    }
    case "ObjectProperty": {
      const kind =
        parent.value === node && parentPath?.parentPath
          ? expectedKind(facts, parentPath.parentPath)
          : undefined;
      return kind?.k === "object" ? kind.fields.get(staticKey(parent as never) ?? "") : undefined;
    }
    case "CallExpression": {
      const f = functionNamed(context, parent.callee);
      const index = parent.arguments.indexOf(node as types.Expression);
      const param = f?.params[index];
      if (param) return annotated(param);
      return isFunction(node) && isOfModules(context, parent.callee)
        ? typeKinds.parameterOf(parent.callee, index)
        : undefined;
    }
    default:
      return undefined;
  }
}

/** Whether what is called is an import, or a method of one or of a variable at the top of the file. */
function isOfModules({ bindings, program }: Facts["context"], callee: Node): boolean {
  const called = unwrap(callee);
  if (called.type === "Identifier") return bindings.get(called)?.kind === "module";
  const { object } = called as types.MemberExpression;
  return object?.type === "Identifier" && bindings.get(object)?.scope === program.scope;
}

function expectedReturn(facts: Facts, f: Node | undefined): Kind | undefined {
  if (!isFunction(f)) return undefined;
  const annotated = facts.typeKinds.of(f.returnType);
  if (annotated) return annotated;
  const path = facts.context.functionPaths.get(f as FunctionNode);
  const kind = path && expectedKind(facts, path);
  return kind?.k === "fn" ? kind.returns : undefined;
}
