import type { NodePath, types } from "@babel/core";
import { type Binding, staticKey, unwrap } from "../../ast.ts";
import {
  BOTTOM,
  elementAt,
  elementKind,
  fieldKind,
  INERT,
  join,
  type Kind,
  numberFields,
  unknown,
} from "../kind.ts";
import { madeAnew } from "../made-anew.ts";
import { isElementRead } from "../only-read.ts";
import { isEmptyArray } from "../syntax.ts";
import { kindOfContents } from "./evidence.ts";
import { compoundKind } from "./expressions.ts";
import type { Facts } from "./facts.ts";
import { instanceOutside } from "./outside.ts";
import { kindOfParameterVariable, saysNothing } from "./parameters.ts";

type Node = types.Node;

/** The kind of a variable: what its definition and all that is written to it give. */
export function kindOfVariable(facts: Facts, binding: Binding): Kind {
  const { path, identifier } = binding;
  // What surrounds a marked function holds no active values, whatever its type.
  if (!facts.isInside(binding)) return keptKind(facts, binding);
  const annotated = facts.typeKinds.of((identifier as types.Identifier).typeAnnotation);
  if (annotated && !(binding.kind === "param" && saysNothing(identifier))) return annotated;
  const { node } = path;
  if (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration") return INERT;
  if (binding.kind === "param" && node.type !== "FunctionExpression" && !path.isCatchClause())
    return kindOfParameterVariable(facts, binding, (pattern, kind) =>
      written(facts, binding, within(facts, pattern, kind, identifier)),
    );
  if (node.type !== "VariableDeclarator") return INERT;
  if (isLookupTable(binding)) return INERT;
  const kind = written(facts, binding, initialKind(facts, binding, node));
  return kind.k === "array" && isMadeEmpty(binding, node)
    ? join(kind, { k: "array", of: kindOfContents(facts, binding) })
    : kind;
}

/** Whether a variable is given an array that tells nothing of what it will hold: what is put into it does. */
const isMadeEmpty = (binding: Binding, { init }: types.VariableDeclarator): boolean =>
  (!!init && isEmptyArray(unwrap(init))) ||
  binding.constantViolations.some(
    ({ node }) =>
      node.type === "AssignmentExpression" &&
      node.operator === "=" &&
      unwrap(node.left).type === "Identifier" &&
      isEmptyArray(unwrap(node.right)),
  );

/** What a function keeps outside has derivatives where it is made anew at each call. */
function keptKind(facts: Facts, binding: Binding): Kind {
  const scratch = facts.scratch.get(binding);
  if (scratch) return facts.typeKinds.classKind((scratch.callee as types.Identifier).name);
  const memo = madeAnew(facts.context).get(binding);
  if (memo === undefined) return INERT;
  const kind = facts.kindOf(memo.answer);
  return kind.k === "bottom" || numberFields(kind) ? kind : INERT;
}

function initialKind(facts: Facts, binding: Binding, node: types.VariableDeclarator): Kind {
  const { path, identifier } = binding;
  const loop = path.parentPath?.parentPath?.node;
  if (loop?.type === "ForInStatement" && loop.left === path.parent) return INERT;
  if (loop?.type === "ForOfStatement" && loop.left === path.parent)
    return within(facts, node.id, iteratedKind(facts, loop.right), identifier);
  // What nothing is ever written to is undefined.
  if (!node.init) return binding.constant ? INERT : BOTTOM;
  const declared = facts.typeKinds.of((node.id as types.Identifier).typeAnnotation);
  const kind = declared ?? beginning(facts, binding, node.init) ?? facts.kindOf(node.init);
  return within(facts, node.id, kind, identifier);
}

/** `let sum = ZERO`, which is set to what is made of it. */
function beginning(facts: Facts, binding: Binding, init: Node): Kind | undefined {
  const isMadeOf = binding.constantViolations.some(
    ({ node }) =>
      node.type === "AssignmentExpression" &&
      node.operator === "=" &&
      /^(Call|New)Expression$/.test(unwrap(node.right).type),
  );
  return isMadeOf ? instanceOutside(facts, init) : undefined;
}

/** The kind of a variable with all that is written to it later. */
const written = (facts: Facts, binding: Binding, kind: Kind): Kind =>
  binding.constantViolations.reduce<Kind>(
    (k, write) => join(k, writtenKind(facts, write, binding.identifier)),
    kind,
  );

function writtenKind(facts: Facts, { node }: NodePath, identifier: Node): Kind {
  switch (node.type) {
    case "AssignmentExpression": {
      const left = unwrap(node.left);
      if (left.type !== "Identifier")
        return within(facts, left, facts.kindOf(node.right), identifier);
      return node.operator === "=" ? facts.kindOf(node.right) : compoundKind(facts, node);
    }
    case "VariableDeclarator":
      return node.init ? facts.kindOf(node.init) : BOTTOM;
    case "UpdateExpression":
      return BOTTOM;
    case "ForOfStatement":
      return within(facts, node.left, iteratedKind(facts, node.right), identifier);
    default:
      return INERT;
  }
}

/** A literal array of numbers that is only ever read: its elements never become active. */
export function isLookupTable(binding: Binding): boolean {
  const { node } = binding.path;
  if (node.type !== "VariableDeclarator" || node.id !== binding.identifier) return false;
  const init = node.init ? unwrap(node.init) : undefined;
  if (init?.type !== "ArrayExpression" || !binding.constant) return false;
  if (!init.elements.every(isNumberOrNegative)) return false;
  return binding.referencePaths.every((use) => {
    const { parent } = use;
    if (parent.type !== "MemberExpression" || !isElementRead(use)) return false;
    return parent.computed || staticKey({ key: parent.property }) === "length";
  });
}

const isNumberOrNegative = (e: Node | null): boolean =>
  e?.type === "NumericLiteral" ||
  (e?.type === "UnaryExpression" && e.argument.type === "NumericLiteral");

/** The kind that an identifier has inside a destructuring pattern. */
function within(facts: Facts, pattern: Node, kind: Kind, identifier: Node): Kind {
  switch (pattern.type) {
    case "Identifier":
      return pattern.name === (identifier as types.Identifier).name ? kind : BOTTOM;
    case "AssignmentPattern":
      return within(facts, pattern.left, join(kind, facts.kindOf(pattern.right)), identifier);
    case "RestElement":
      return within(facts, pattern.argument, kind, identifier);
    case "VariableDeclaration": {
      const [declarator] = pattern.declarations as [types.VariableDeclarator];
      return within(facts, declarator.id, kind, identifier);
    }
    case "ArrayPattern":
      return pattern.elements.reduce<Kind>((found, e, i) => {
        if (e === null) return found;
        const part = e.type === "RestElement" ? kind : elementAt(kind, i);
        return join(found, within(facts, e, part, identifier));
      }, BOTTOM);
    case "ObjectPattern":
      return pattern.properties.reduce<Kind>((found, p) => {
        const [target, part] =
          p.type === "RestElement"
            ? [p.argument, unknown("the rest of an object")]
            : [p.value, fieldKind(kind, staticKey(p as never))];
        return join(found, within(facts, target, part, identifier));
      }, BOTTOM);
    default:
      return BOTTOM;
  }
}

/** What a `for…of` over an expression binds. */
function iteratedKind(facts: Facts, expression: Node): Kind {
  const node = unwrap(expression);
  if (node.type === "CallExpression" && node.callee.type === "MemberExpression") {
    const name = staticKey({ key: node.callee.property, computed: node.callee.computed });
    const of = facts.kindOf(node.callee.object);
    if (name === "entries" && (of.k === "array" || of.k === "floats"))
      return { k: "tuple", of: [INERT, elementKind(of)] };
    if (name === "keys") return INERT;
  }
  return elementKind(facts.kindOf(node));
}
