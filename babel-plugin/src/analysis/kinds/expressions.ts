import type { types } from "@babel/core";
import { staticKey, unwrap } from "../../ast.ts";
import { globalClass } from "../../language/globals.ts";
import {
  asElement,
  BOTTOM,
  elementAt,
  elementKind,
  fieldKind,
  INERT,
  isContainer,
  join,
  type Kind,
  NUM,
  type UnionKind,
  unknown,
} from "../kind.ts";
import { isNumeric, isWord } from "../syntax.ts";
import { arrayOfSize, callKind, inertCall } from "./calls.ts";
import type { Facts } from "./facts.ts";
import { closureNamed, memberOf, setterNamed } from "./names.ts";
import { asserted, narrowed } from "./narrowing.ts";
import { numberOf } from "./numbers.ts";
import { kindOfBeginning } from "./outside.ts";

type Node = types.Node;

/** The kind of an expression, made of those of its parts. */
export function kindOfExpression(facts: Facts, expression: Node): Kind {
  const node = unwrap(expression);
  const rule = (kinds as Readonly<Record<string, Rule<Node> | undefined>>)[node.type] ?? unusual;
  const kind = rule(facts, node);
  if (kind.k === "union" && node !== expression) return assertedKind(facts, expression, kind);
  // `[] as number[]`: the literal does not tell what it will hold.
  const isOpen =
    kind.k === "array" &&
    kind.of.k === "bottom" &&
    expression.type === "TSAsExpression" &&
    !isConst(expression.typeAnnotation);
  return (isOpen ? facts.typeKinds.of(expression.typeAnnotation) : undefined) ?? kind;
}

/** The type of `as const`, which says nothing of what is in there. */
const isConst = (type: Node): boolean =>
  type.type === "TSTypeReference" &&
  type.typeName.type === "Identifier" &&
  type.typeName.name === "const";

function assertedKind(facts: Facts, expression: Node, kind: UnionKind): Kind {
  const claim =
    expression.type === "TSAsExpression" || expression.type === "TSTypeAssertion"
      ? facts.typeKinds.of(expression.typeAnnotation)
      : undefined;
  return asserted(kind, claim);
}

type Rule<N extends Node> = (facts: Facts, node: N) => Kind;
type Rules = { readonly [T in Node["type"]]?: Rule<Extract<Node, { type: T }>> };

const inert = (): Kind => INERT;

const kinds = {
  Identifier: named,
  BinaryExpression: binary,
  UnaryExpression: (facts, node) =>
    node.operator === "-" || node.operator === "+" ? numberOf(facts, [node.argument]) : INERT,
  UpdateExpression: (facts, node) => numberOf(facts, [node.argument]),
  AssignmentExpression: (facts, node) =>
    node.operator === "=" ? facts.kindOf(node.right) : compoundKind(facts, node),
  ConditionalExpression: (facts, node) => {
    const { consequent, alternate } = node;
    if (asksListForMore(facts, node.test)) return facts.kindOf(alternate);
    return join(facts.kindOf(consequent), facts.kindOf(alternate));
  },
  LogicalExpression: (facts, node) => {
    const left = facts.kindOf(node.left);
    // An object or function is true; else there is nothing.
    if (node.operator === "&&" && isCertain(left)) return facts.kindOf(node.right);
    return join(left, facts.kindOf(node.right));
  },
  SequenceExpression: (facts, node) => facts.kindOf(node.expressions.at(-1) as Node),
  ThisExpression: (facts, node) => {
    const owner = facts.context.thisClasses.get(node);
    return owner?.id
      ? facts.typeKinds.classKind(owner.id.name)
      : unknown("`this` outside a named class");
  },
  MemberExpression: member,
  ArrayExpression: arrayLiteral,
  ObjectExpression: objectLiteral,
  FunctionExpression: (facts, node) => facts.functionKind(node),
  ArrowFunctionExpression: (facts, node) => facts.functionKind(node),
  NewExpression: constructed,
  CallExpression: callKind,
  NumericLiteral: inert,
  StringLiteral: inert,
  BooleanLiteral: inert,
  NullLiteral: inert,
  BigIntLiteral: inert,
  RegExpLiteral: inert,
  TemplateLiteral: inert,
  ClassExpression: inert,
  MetaProperty: inert,
} satisfies Rules;

/** `xs.clone` of a list: lists of the language have nothing of that name, which is looked at when the program runs. */
export function asksListForMore(facts: Facts, test: Node): boolean {
  const node = unwrap(test);
  if (node.type !== "MemberExpression" || node.computed) return false;
  const name = staticKey({ key: node.property, computed: false });
  if (name === undefined || name in Array.prototype || name in Float64Array.prototype) return false;
  const { k } = facts.kindOf(node.object);
  return k === "array" || k === "floats";
}

/** Whether a value is an object or function, if it is anything. */
export const isCertain = (kind: Kind): boolean => isContainer(kind) && kind.k !== "union";

function named(facts: Facts, id: types.Identifier): Kind {
  const binding = facts.context.bindings.get(id);
  if (binding === undefined)
    return id.name === "arguments" ? unknown("it uses `arguments`") : INERT;
  const f = closureNamed(facts, id);
  if (f && !facts.marks.functions.has(f)) return facts.functionKind(f);
  const kind = facts.bindingKind(binding);
  return kind.k === "union" ? narrowed(facts, id, kind) : kind;
}

/** What tangent code does not have is inert where all that it is made of is. */
function unusual(facts: Facts, node: Node): Kind {
  let kind: Kind = INERT;
  facts.context.t.traverseFast(node, (n) => {
    const isOwnName =
      n.type === "Identifier" && (facts.context.bindings.has(n) || n.name === "arguments");
    if (!isOwnName && n.type !== "ThisExpression" && n.type !== "Super") return;
    if (kind.k !== "inert") return;
    const part = n.type === "Super" ? unknown("super") : facts.kindOf(n);
    if (part.k === "inert") return;
    kind =
      part.k === "bottom"
        ? part
        : unknown(`it uses a construct that tangent code does not have (${node.type})`);
  });
  return kind;
}

const arithmetic = new Set(["+", "-", "*", "/", "%", "**"]);

function binary(facts: Facts, node: types.BinaryExpression): Kind {
  const { operator, left, right } = node;
  if (!arithmetic.has(operator)) return INERT;
  return operator === "+" && (isText(left) || isText(right))
    ? INERT
    : numberOf(facts, [left, right]);
}

function isText(side: Node): boolean {
  const node = unwrap(side);
  return (
    node.type === "StringLiteral" ||
    node.type === "TemplateLiteral" ||
    (node.type === "BinaryExpression" &&
      node.operator === "+" &&
      (isText(node.left) || isText(node.right)))
  );
}

/** What `a += b` and its like give. */
export function compoundKind(
  facts: Facts,
  { operator, left, right }: types.AssignmentExpression,
): Kind {
  if (operator === "&&=" || operator === "||=" || operator === "??=")
    return join(facts.kindOf(left), facts.kindOf(right));
  return /^[-+*/%]/.test(operator) ? numberOf(facts, [left, right]) : INERT;
}

function member(facts: Facts, node: types.MemberExpression): Kind {
  if (node.object.type === "Super") return unknown("super");
  if (isCount(facts, node)) return INERT;
  const object = facts.kindOf(node.object);
  if (object.k === "inert" || object.k === "bottom" || object.k === "unknown") return object;
  if (node.computed) {
    const key = unwrap(node.property);
    if (key.type === "NumericLiteral") return elementAt(object, key.value);
    if (key.type === "StringLiteral") return fieldKind(object, key.value);
    if (object.k !== "object") return elementKind(object);
    return object.fields.size > 0 && [...object.fields.values()].every((k) => k.k === "num")
      ? NUM
      : unknown("a computed key of an object");
  }
  const getter = getterOf(facts, node);
  return getter
    ? facts.returnKind(getter)
    : fieldKind(object, staticKey({ key: node.property, computed: false }));
}

/** `arguments.length` */
const isCount = ({ context }: Facts, node: types.MemberExpression): boolean =>
  context.isGlobal(node.object, "arguments") &&
  staticKey({ key: node.property, computed: node.computed }) === "length";

/** The getter of a class of this file that a member expression calls. */
export function getterOf(
  facts: Facts,
  node: types.MemberExpression,
): types.ClassMethod | undefined {
  const member = memberBesideFields(facts, node);
  const found = member && memberOf(facts, member.className, member.name);
  return found?.kind === "get" ? found : undefined;
}

/** The setter of a class of this file that an assignment to a member expression calls. */
export function setterOf(
  facts: Facts,
  node: types.MemberExpression,
): types.ClassMethod | undefined {
  const member = memberBesideFields(facts, node);
  const found = member && setterNamed(facts, member.className, member.name);
  return found && facts.marks.functions.has(found) ? found : undefined;
}

/** The class of an object, and what a member expression names of it that is no field. */
function memberBesideFields(
  facts: Facts,
  node: types.MemberExpression,
): { className: string; name: string } | undefined {
  const name = staticKey({ key: node.property, computed: node.computed });
  if (name === undefined || node.object.type === "Super") return undefined;
  const object = facts.kindOf(node.object);
  if (object.k !== "object" || object.className === undefined || object.fields.has(name))
    return undefined;
  return { className: object.className, name };
}

function arrayLiteral(facts: Facts, { elements }: types.ArrayExpression): Kind {
  if (elements.length === 0) return { k: "array", of: BOTTOM };
  if (elements.every((e) => e !== null && isWord(e))) return INERT;
  const kinds = elements.map((e): Kind => {
    if (e === null) return INERT;
    return e.type === "SpreadElement" ? elementKind(facts.kindOf(e.argument)) : facts.kindOf(e);
  });
  const parts = kinds.map(asElement);
  // Beside arrays and objects, what is not known yet may turn out to be another kind of thing.
  if (parts.some((k) => k.k === "bottom") && parts.some(isContainer)) return BOTTOM;
  const of = parts.reduce(join, BOTTOM);
  if (of.k !== "unknown") return { k: "array", of };
  const isTuple =
    elements.every((e) => e?.type !== "SpreadElement") && parts.every((k) => k.k !== "unknown");
  return isTuple ? { k: "tuple", of: kinds } : of;
}

function objectLiteral(facts: Facts, node: types.ObjectExpression): Kind {
  const fields = new Map<string, Kind>();
  for (const p of node.properties) {
    if (p.type === "SpreadElement") {
      const found = facts.kindOf(p.argument);
      const kind = (found.k === "inert" && kindOfBeginning(facts, node, p)) || found;
      if (kind.k === "bottom") return kind;
      if (kind.k !== "object")
        return unknown("spreading a value that is not known to be an object");
      for (const [name, k] of kind.fields) fields.set(name, k);
      continue;
    }
    const key = staticKey(p as never);
    if (key === undefined || p.type === "ObjectMethod")
      return unknown("an object with computed keys or methods");
    const kind = facts.kindOf(p.value);
    fields.set(key, isNumeric(p.value) ? asElement(kind) : kind);
  }
  return { k: "object", fields };
}

const isNumberOrNone = (facts: Facts, a: Node): boolean =>
  a.type !== "SpreadElement" && ["num", "inert"].includes(facts.kindOf(a).k);

function constructed(facts: Facts, node: types.NewExpression): Kind {
  const callee = unwrap(node.callee);
  if (callee.type !== "Identifier") return unknown("constructing a class that is computed");
  const { name } = callee;
  const binding = facts.context.bindings.get(callee);
  if (binding) {
    const definition = facts.typeKinds.classes.get(name);
    const isThat =
      binding.scope === facts.context.program.scope || binding.path.node === definition;
    return definition && isThat ? facts.typeKinds.classKind(name) : unknown(`the class ${name}`);
  }
  if (globalClass(name) === "floats") return { k: "floats", model: name };
  // Whole milliseconds have no tangent.
  if (name === "Date" && node.arguments.every((a) => isNumberOrNone(facts, a))) return INERT;
  return name === "Array"
    ? arrayOfSize(node.arguments)
    : inertCall(facts, node.arguments, `new ${name}`);
}
