import type { types } from "@babel/core";
import { unwrap } from "../ast.ts";
import { isMark } from "../marks/mark.ts";

type Node = types.Node;

/** Fields that say where a node stood, how it was written, or something about types. */
const silent = new Set([
  ...["type", "start", "end", "loc", "range", "extra", "shorthand", "declare", "definite"],
  ...["leadingComments", "trailingComments", "innerComments", "accessibility", "override"],
  ...["readonly", "abstract", "implements", "typeAnnotation", "returnType", "typeParameters"],
  ...["typeArguments", "superTypeParameters", "superTypeArguments", "predicate", "variance"],
]);

/** What code says, whatever it looks like and whether it has types: the same for code that means the same. */
export function textOf(node: Node | null | undefined): string {
  if (node == null || isOfTypes(node)) return "";
  const bare = unwrap(node);
  if (bare.type === "TSParameterProperty") return `parameter ${textOf(bare.parameter)}`;
  if (bare.type === "Directive" && isMark(bare)) return "";
  const parts: string[] = [bare.type];
  for (const [key, value] of Object.entries(bare)) {
    if (silent.has(key) || value === null || value === undefined || value === false) continue;
    if (key === "optional" && !bare.type.startsWith("Optional")) continue;
    parts.push(`${key}:${Array.isArray(value) ? value.map(partOf).join(";") : partOf(value)}`);
  }
  return `(${parts.join(" ")})`;
}

const partOf = (value: unknown): string =>
  typeof value === "object" && value !== null
    ? "type" in value
      ? textOf(value as Node)
      : JSON.stringify(value)
    : String(value);

const isOfTypes = (node: Node): boolean =>
  node.type === "TSDeclareMethod" ||
  node.type === "TSIndexSignature" ||
  node.type === "Noop" ||
  ((node.type === "ClassProperty" || node.type === "ClassMethod") &&
    ((node as types.ClassProperty).declare === true || node.abstract === true));

/** A short name for a text: other texts have others. 53 bits of it (cyrb53). */
export function digest(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    a = Math.imul(a ^ c, 2654435761);
    b = Math.imul(b ^ c, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
}

/** The value of a literal, with a sign. */
export const isLiteral = (node: Node | null | undefined): boolean =>
  node?.type === "NumericLiteral" ||
  node?.type === "StringLiteral" ||
  node?.type === "BooleanLiteral" ||
  (node?.type === "UnaryExpression" &&
    node.operator === "-" &&
    node.argument.type === "NumericLiteral");
