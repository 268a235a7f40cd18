import type { types } from "@babel/core";
import { walk } from "../../analysis/effects.ts";
import { staticKey, unwrap } from "../../ast.ts";
import type { ModuleContext } from "../../module-context.ts";

type Expression = types.Expression;
type Node = types.Node;

/** Reading it twice costs nothing and gives the same. */
export const isCheap = (e: Expression): boolean =>
  e.type === "Identifier" ||
  e.type === "NumericLiteral" ||
  e.type === "StringLiteral" ||
  e.type === "ThisExpression" ||
  e.type === "NullLiteral" ||
  (e.type === "UnaryExpression" && e.operator === "-" && e.argument.type === "NumericLiteral");

export const isSimpleIndex = (e: Expression): boolean =>
  isCheap(e) ||
  (e.type === "BinaryExpression" &&
    (e.operator === "+" || e.operator === "-") &&
    e.left.type !== "PrivateName" &&
    isCheap(e.left) &&
    isCheap(e.right));

/** `a`, `a.b`, `a[i]`, `a[i + 1].b`: a way that can be walked twice. */
export const isPath = (e: Expression): boolean => {
  if (e.type === "Identifier" || e.type === "ThisExpression") return true;
  if (e.type !== "MemberExpression" || e.object.type === "Super") return false;
  return isPath(e.object) && (!e.computed || isSimpleIndex(e.property as Expression));
};

/** A way as text, the same for two ways to the same thing; undefined for anything else. */
export function wayTo(e: Expression | null): string | undefined {
  if (e === null || !isPath(e)) return undefined;
  if (e.type !== "MemberExpression") return e.type === "Identifier" ? e.name : "this";
  const { property } = e;
  const object = wayTo(e.object as Expression);
  return e.computed
    ? `${object}[${indexText(property as Expression)}]`
    : `${object}.${(property as types.Identifier).name}`;
}

const indexText = (e: Expression): string => {
  switch (e.type) {
    case "Identifier":
      return e.name;
    case "BinaryExpression":
      return `${indexText(e.left as Expression)} ${e.operator} ${indexText(e.right)}`;
    case "UnaryExpression":
      return `${e.operator}${indexText(e.argument)}`;
    default:
      return JSON.stringify("value" in e ? e.value : e.type);
  }
};

export const isTypeOnly = (node: Node): boolean =>
  node.type === "TSTypeAliasDeclaration" ||
  node.type === "TSInterfaceDeclaration" ||
  node.type === "TSDeclareFunction" ||
  (node.type === "Identifier" && node.name === "this");

export function mentions(node: Node, name: string): boolean {
  let found = false;
  walk(node, (n) => {
    if (n.type === "Identifier" && n.name === name) found = true;
  });
  return found;
}

/** An expression with one name for another. */
export function renamed(t: ModuleContext["t"], node: Node, from: string, to: string): Node {
  const copy = t.cloneNode(node, true);
  t.traverseFast(copy, (n) => {
    if (n.type === "Identifier" && n.name === from) n.name = to;
  });
  return copy;
}

export function literalValue(e: Expression): number | undefined {
  if (e.type === "NumericLiteral") return e.value;
  return e.type === "UnaryExpression" && e.operator === "-" && e.argument.type === "NumericLiteral"
    ? -e.argument.value
    : undefined;
}

export const number = (t: ModuleContext["t"], x: number): Expression =>
  x < 0 ? t.unaryExpression("-", t.numericLiteral(-x)) : t.numericLiteral(x);

export const propertyKey = (
  t: ModuleContext["t"],
  key: string,
): types.Identifier | types.StringLiteral =>
  /^[A-Za-z_$][\w$]*$/.test(key) && key !== "__proto__" ? t.identifier(key) : t.stringLiteral(key);

export const calleeText = (node: types.CallExpression): string =>
  node.callee.type === "Identifier" ? `'${node.callee.name}'` : "a function";

export function countReturns(body: Node): number {
  let count = 0;
  walk(body, (n) => {
    if (n.type === "ReturnStatement") count++;
  });
  return count;
}

const isLiteral = (e: Node): boolean =>
  e.type === "NumericLiteral" ||
  e.type === "StringLiteral" ||
  e.type === "BooleanLiteral" ||
  e.type === "NullLiteral";

/** Which argument each field is given, where the constructor does nothing but `this.field = argument`. */
export function constructorStores(node: types.Class): Map<string, number> | undefined {
  const stores = new Map<string, number>();
  const definition = node.body.body.find(
    (m): m is types.ClassMethod => m.type === "ClassMethod" && m.kind === "constructor",
  );
  for (const m of node.body.body) {
    if (
      m.type === "ClassProperty" &&
      !m.static &&
      m.value &&
      m.value.type !== "NumericLiteral" &&
      m.value.type !== "StringLiteral"
    )
      return undefined;
  }
  if (!definition) return stores;
  const positions = new Map<string, number>();
  for (const [i, p] of definition.params.entries()) {
    const given = p.type === "TSParameterProperty" ? p.parameter : p;
    const hasLiteral = given.type === "AssignmentPattern" && isLiteral(given.right);
    const id = hasLiteral ? given.left : given;
    if (id.type !== "Identifier") return undefined;
    positions.set(id.name, i);
    if (p.type === "TSParameterProperty") stores.set(id.name, i);
  }
  for (const s of definition.body.body) {
    const e = s.type === "ExpressionStatement" ? s.expression : undefined;
    if (
      e?.type !== "AssignmentExpression" ||
      e.operator !== "=" ||
      e.left.type !== "MemberExpression" ||
      e.left.object.type !== "ThisExpression"
    )
      return undefined;
    const field = staticKey({ key: e.left.property, computed: e.left.computed });
    const value = unwrap(e.right);
    const position = value.type === "Identifier" ? positions.get(value.name) : undefined;
    if (field === undefined || position === undefined) return undefined;
    stores.set(field, position);
  }
  return stores;
}

/** Whether working out an expression of the form may throw, as far as can be seen without types. */
export function mayThrow(e: Node): boolean {
  switch (e.type) {
    case "MemberExpression":
      return !e.computed || e.object.type !== "Identifier" || mayThrow(e.property);
    case "CallExpression":
      return !isMath(e) || e.arguments.some(mayThrow);
    default:
      return partsOf(e)?.some(mayThrow) ?? true;
  }
}

/** The same where only what is at hand is looked into: fields of fields, which may be missing. */
export function mayThrowInside(e: Node): boolean {
  switch (e.type) {
    case "MemberExpression":
      return (
        (!e.computed && e.object.type === "MemberExpression") ||
        mayThrowInside(e.object) ||
        (e.computed && mayThrowInside(e.property))
      );
    case "CallExpression":
      return !isMath(e) || e.arguments.some(mayThrowInside);
    default:
      return partsOf(e)?.some(mayThrowInside) ?? true;
  }
}

const isMath = ({ callee }: types.CallExpression): boolean =>
  callee.type === "MemberExpression" &&
  callee.object.type === "Identifier" &&
  callee.object.name === "Math";

/** The operands of what throws only where one of them does; undefined for anything else. */
function partsOf(e: Node): readonly Node[] | undefined {
  switch (e.type) {
    case "Identifier":
    case "NumericLiteral":
    case "StringLiteral":
    case "BooleanLiteral":
    case "NullLiteral":
    case "ThisExpression":
      return [];
    case "UnaryExpression":
    case "ParenthesizedExpression":
      return ["argument" in e ? e.argument : e.expression];
    case "BinaryExpression":
    case "LogicalExpression":
      return [e.left, e.right];
    case "ConditionalExpression":
      return [e.test, e.consequent, e.alternate];
    case "ArrayExpression":
      return e.elements.map((x) => x ?? e).filter((x) => x !== e);
    default:
      return undefined;
  }
}
