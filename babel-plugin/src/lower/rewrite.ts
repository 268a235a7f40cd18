import type { types } from "@babel/core";
import { bareCopy } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import { type Atom, isName, type LoweredIdentifier, type Name } from "./form.ts";

type Expression = types.Expression;
type T = ModuleContext["t"];

/** Plain code with other atoms for the names of the form in it, and for parts of what they hold. */
export function rewrite(
  t: T,
  code: Expression,
  map: (n: Name) => Atom,
  part: (n: Name, key: string) => Atom | undefined = () => undefined,
): Expression {
  const codeOf = (id: types.Node, to: Atom): types.Node =>
    isName(to)
      ? ({ ...t.identifier("_"), loc: id.loc, lowered: to } as unknown as types.Node)
      : literalCode(t, to.literal);
  const visit = (node: types.Node): types.Node => {
    const { lowered } = node as LoweredIdentifier;
    if (lowered) {
      const to = map(lowered);
      if (!isName(to)) return literalCode(t, to.literal);
      return { ...node, lowered: to } as unknown as types.Node;
    }
    const member = partRead(node);
    const of = member && part(member.of, member.key);
    if (of) return codeOf(node, of);
    const made = bareCopy(node) as unknown as Record<string, unknown>;
    for (const key of t.VISITOR_KEYS[node.type] ?? []) {
      const child = made[key] as types.Node | (types.Node | null)[] | null | undefined;
      if (Array.isArray(child)) made[key] = child.map((c) => c && visit(c));
      else if (child) made[key] = visit(child);
    }
    return made as unknown as types.Node;
  };
  return visit(code) as Expression;
}

interface PartRead {
  readonly of: Name;
  readonly key: string;
}

/** The name and key of `name.key`, where the key is known. */
function partRead(node: types.Node): PartRead | undefined {
  if (node.type !== "MemberExpression") return undefined;
  const of = (node.object as LoweredIdentifier).lowered;
  if (of === undefined) return undefined;
  const { property, computed } = node;
  if (!computed) return property.type === "Identifier" ? { of, key: property.name } : undefined;
  const isKey =
    property.type === "StringLiteral" ||
    (property.type === "NumericLiteral" && Number.isInteger(property.value));
  return isKey ? { of, key: String(property.value) } : undefined;
}

/** The parts that plain code reads of names of the form, and the names that it uses otherwise, as in functions that run later. */
export function partsRead(
  t: T,
  code: Expression,
): { readonly parts: readonly PartRead[]; readonly whole: readonly Name[] } {
  const parts: PartRead[] = [];
  const whole: Name[] = [];
  const visit = (node: types.Node, isOnlyRead: boolean, isLater: boolean): void => {
    const { lowered } = node as LoweredIdentifier;
    if (lowered) {
      whole.push(lowered);
      return;
    }
    const part = isOnlyRead && !isLater ? partRead(node) : undefined;
    if (part) {
      parts.push(part);
      return;
    }
    const later = isLater || t.isFunction(node) || t.isClass(node);
    for (const key of t.VISITOR_KEYS[node.type] ?? []) {
      const child = (node as unknown as Record<string, unknown>)[key];
      for (const c of Array.isArray(child) ? child : [child])
        if (c) visit(c as types.Node, !takesPlace(node, key), later);
    }
  };
  visit(code, true, false);
  return { parts, whole };
}

/** Whether a node does more with a child than to read it: calls it as a method, writes or deletes it. */
function takesPlace(node: types.Node, key: string): boolean {
  switch (node.type) {
    case "CallExpression":
    case "OptionalCallExpression":
    case "NewExpression":
      return key === "callee";
    case "TaggedTemplateExpression":
      return key === "tag";
    case "AssignmentExpression":
    case "ForInStatement":
    case "ForOfStatement":
      return key === "left";
    case "UpdateExpression":
      return true;
    case "UnaryExpression":
      return node.operator === "delete";
    default:
      return /Pattern$|^RestElement$|^SpreadElement$|^Parenthesized|^TS/.test(node.type);
  }
}

/** A step of what is certainly a number: of text `+` would make a longer one, where `++` does not. */
export function step(t: T, operator: "+" | "-", of: Expression, by = 1): types.BinaryExpression {
  const literal: StepLiteral = t.numericLiteral(by);
  literal.steps = true;
  return t.binaryExpression(operator, of, literal);
}

/** A number of which it is known that it is added to a number, or taken from one. */
export interface StepLiteral extends types.NumericLiteral {
  steps?: true;
}

export function literalCode(t: T, value: number | string | boolean | null | undefined): Expression {
  switch (typeof value) {
    case "number":
      // It has no name that a file could not have for something else.
      if (Number.isNaN(value))
        return t.binaryExpression("/", t.numericLiteral(0), t.numericLiteral(0));
      return value < 0 || Object.is(value, -0)
        ? t.unaryExpression("-", t.numericLiteral(-value))
        : t.numericLiteral(value);
    case "string":
      return t.stringLiteral(value);
    case "boolean":
      return t.booleanLiteral(value);
    default:
      return value === null ? t.nullLiteral() : t.unaryExpression("void", t.numericLiteral(0));
  }
}
