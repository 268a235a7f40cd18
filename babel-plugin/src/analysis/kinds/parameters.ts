import type { NodePath, types } from "@babel/core";
import { type Binding, type FunctionNode, isFunction, staticKey } from "../../ast.ts";
import { arrayMethod } from "../../language/array-methods.ts";
import { defaultsOf } from "../defaults.ts";
import {
  asElement,
  BOTTOM,
  elementKind,
  INERT,
  isContainer,
  isLoose,
  join,
  type Kind,
  NUM,
  unknown,
  whyUnknown,
} from "../kind.ts";
import { containsName, isNumeric, isWord } from "../syntax.ts";
import { isUnused } from "../unused.ts";
import { typesInComment } from "./comments.ts";
import { expectedKind } from "./evidence.ts";
import type { Facts } from "./facts.ts";
import { calleeName, functionNamed, mathName } from "./names.ts";
import { kindToBeginWith } from "./outside.ts";
import { isHandedOn, isOnlyTested, kindOfUse, useOf, useOfTarget } from "./use.ts";

type Node = types.Node;

/** The kinds of the parameters of a function, without a `this` that only its type has. */
export const kindsOfParams = (facts: Facts, f: FunctionNode): Kind[] =>
  f.params
    .map((p, i) =>
      p.type === "Identifier" && p.name === "this" ? undefined : kindOfParam(facts, f, p, i),
    )
    .filter((kind) => kind !== undefined);

function kindOfParam(facts: Facts, f: FunctionNode, param: Node, index: number): Kind {
  const target = param.type === "TSParameterProperty" ? param.parameter : param;
  const inner = target.type === "AssignmentPattern" ? target.left : target;
  const annotated = facts.typeKinds.of((inner as types.Identifier).typeAnnotation);
  // A type that says nothing says no more than none.
  if (annotated && !saysNothing(inner)) return annotated;
  const given = givenKind(facts, f, index);
  if (given) return given;
  const missing =
    target.type === "AssignmentPattern"
      ? target.right
      : inner.type === "Identifier"
        ? defaultsOf(f).get(inner.name)
        : undefined;
  const named = missing && namedKind(facts, missing);
  if (named) return named;
  const told = kindOfUse(
    facts,
    useOfTarget(facts, inner),
    inner.type === "Identifier"
      ? `the parameter '${inner.name}' without a type`
      : "the parameter without a type",
  );
  const documented =
    documentedKind(facts, f, inner) ?? facts.typeKinds.ofDeclaredParameter(f, index);
  if (documented && (told.k === "unknown" || isMore(documented, told))) return documented;
  if (missing) {
    if (told.k === "fn" && mathName(facts.context, missing) !== undefined) return told;
    const fallback = facts.kindOf(missing);
    // An instance has what its class has; use tells of some of it only.
    if (fallback.k === "object" && fallback.className) return fallback;
    if (fallback.k !== "inert" || isNumeric(missing))
      return told.k === "unknown" ? asElement(fallback) : join(asElement(fallback), told);
    if (isWord(missing) && told.k === "unknown") return INERT;
  }
  if (told.k !== "unknown") return told;
  if (isUnused(facts.context, f, inner)) return INERT;
  return annotated ?? guessed(facts, inner) ?? told;
}

/**
 * The kind of a parameter of which its uses tell nothing: nothing comes of what is only tested, and what is handed
 * on is a number, as it is of imported functions. Whether it is one is seen when the program runs.
 */
function guessed(facts: Facts, param: Node): Kind | undefined {
  const binding = param.type === "Identifier" ? facts.context.bindings.get(param) : undefined;
  if (binding?.kind !== "param" || Object.keys(useOf(facts, binding)).length > 0) return undefined;
  if (isOnlyTested(binding)) return INERT;
  return isHandedOn(binding) ? NUM : undefined;
}

/** The kind of a function that is the default of a parameter, `act = relu`. */
function namedKind(facts: Facts, missing: Node): Kind | undefined {
  const f = functionNamed(facts.context, missing);
  const kind = f && facts.functionKind(f);
  return kind && whyUnknown(kind) === undefined ? kind : undefined;
}

/** Whether a parameter is declared as `any`. */
export function saysNothing(param: Node): boolean {
  const { typeAnnotation } = param as types.Identifier;
  return (
    typeAnnotation?.type === "TSTypeAnnotation" &&
    typeAnnotation.typeAnnotation.type === "TSAnyKeyword"
  );
}

/** What the comment of a function says of a parameter: `@param {number} x`. */
function documentedKind(facts: Facts, f: FunctionNode, param: Node): Kind | undefined {
  if (param.type !== "Identifier") return undefined;
  const text = typesInComment(facts.context.functionPaths.get(f)).get(param.name);
  return text === undefined ? undefined : facts.typeKinds.ofComment(text, f);
}

/** Whether a comment tells more than use does, and nothing else. */
function isMore(documented: Kind, told: Kind): boolean {
  const all = join(documented, told);
  if (all.k === "unknown" || documented.k !== told.k)
    return documented.k === "object" && documented.className !== undefined && told.k === "object";
  return isLoose(told) || documented.k === "object";
}

/**
 * The kind of a variable that is a parameter, or part of one: `inside` says what a pattern makes of
 * the kind of the whole.
 */
export function kindOfParameterVariable(
  facts: Facts,
  binding: Binding,
  inside: (pattern: Node, kind: Kind) => Kind,
): Kind {
  const f = binding.scope.path.node;
  if (!isFunction(f)) return unknown("a parameter of an unusual function");
  for (const [i, p] of f.params.entries()) {
    const target = p.type === "TSParameterProperty" ? p.parameter : p;
    const bare = target.type === "AssignmentPattern" ? target.left : target;
    if (containsName(bare, binding.identifier)) return inside(bare, kindOfParam(facts, f, p, i));
  }
  return unknown("a parameter that was not found");
}

/** What a callback of an array method, or a closure that is only called here, gets. */
function givenKind(facts: Facts, f: FunctionNode, index: number): Kind | undefined {
  const path = facts.context.functionPaths.get(f);
  if (!path) return undefined;
  const expected = expectedKind(facts, path);
  if (expected?.k === "fn") return expected.params[index] ?? INERT;
  const { parent } = path;
  if (parent.type === "CallExpression") {
    const given =
      parent.arguments[0] === f
        ? givenByMethod(facts, parent, f, index)
        : parent.arguments[1] === f
          ? givenByArrayFrom(facts, parent, index)
          : undefined;
    if (given) return given;
  }
  return givenByCalls(facts, f, path, index);
}

function givenByMethod(
  facts: Facts,
  call: types.CallExpression,
  f: FunctionNode,
  index: number,
): Kind | undefined {
  const { callee } = call;
  if (callee.type !== "MemberExpression") return undefined;
  const name = staticKey({ key: callee.property, computed: callee.computed });
  if (calleeName(facts.context, callee) === "Array.from") return undefined;
  const of = facts.kindOf(callee.object);
  const gathers = name !== undefined && arrayMethod(name).callsBack === "accumulated";
  const gathered = (first: Kind): Kind => {
    const init = call.arguments[1];
    return init ? join(kindToBeginWith(facts, init), facts.returnKind(f)) : first;
  };
  if (of.k === "inert") return gathers && index === 0 ? gathered(INERT) : INERT;
  if (of.k !== "array" && of.k !== "floats" && of.k !== "tuple") return undefined;
  const element = elementKind(of);
  return gathers ? [gathered(element), element, INERT, of][index] : [element, INERT, of][index];
}

function givenByArrayFrom(
  facts: Facts,
  call: types.CallExpression,
  index: number,
): Kind | undefined {
  if (calleeName(facts.context, call.callee) !== "Array.from") return undefined;
  const source = facts.kindOf(call.arguments[0] as Node);
  if (index > 1) return undefined;
  return index === 0 && isContainer(source) && source.k !== "object" ? elementKind(source) : INERT;
}

/** What the calls of a closure give it, where all its uses are calls. */
function givenByCalls(
  facts: Facts,
  f: FunctionNode,
  path: NodePath,
  index: number,
): Kind | undefined {
  const id = nameOfClosure(path);
  const binding = id && facts.context.bindings.get(id);
  if (!binding?.constant || facts.marks.functions.has(f)) return undefined;
  let kind: Kind = BOTTOM;
  for (const reference of binding.referencePaths) {
    const call = reference.parent;
    if (call.type !== "CallExpression" || call.callee !== reference.node) return undefined;
    const argument = call.arguments[index];
    if (argument && argument.type !== "SpreadElement") kind = join(kind, facts.kindOf(argument));
  }
  return binding.referencePaths.length > 0 ? kind : undefined;
}

function nameOfClosure({ node, parent }: NodePath): Node | undefined {
  if (node.type === "FunctionDeclaration") return node.id ?? undefined;
  return parent.type === "VariableDeclarator" && parent.init === node ? parent.id : undefined;
}
