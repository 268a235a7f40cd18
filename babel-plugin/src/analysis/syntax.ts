import type { types } from "@babel/core";
import { isFunction, staticKey, unwrap } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";

type Node = types.Node;
type T = ModuleContext["t"];

/** Whether an expression or statement is, or has anywhere inside it, what passes. */
export function someIn(
  t: T,
  node: Node | null | undefined,
  passes: (node: Node) => boolean,
): boolean {
  let found = false;
  if (node)
    t.traverseFast(node, (n) => {
      found ||= passes(n);
    });
  return found;
}

/** The `return` statements of a body, not those of functions inside it. */
export function returnsOf(body: Node): types.ReturnStatement[] {
  const found: types.ReturnStatement[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) for (const n of node) visit(n);
    else if (node !== null && typeof node === "object" && "type" in node) {
      const n = node as Node;
      if (isFunction(n) || n.type === "ClassDeclaration" || n.type === "ClassExpression") return;
      if (n.type === "ReturnStatement") found.push(n);
      for (const key of childKeys[n.type] ?? [])
        visit((n as unknown as Record<string, unknown>)[key]);
    }
  };
  visit(body);
  return found;
}

// Where statements can be inside statements.
const childKeys: Readonly<Record<string, readonly string[]>> = {
  BlockStatement: ["body"],
  IfStatement: ["consequent", "alternate"],
  ForStatement: ["body"],
  ForInStatement: ["body"],
  ForOfStatement: ["body"],
  WhileStatement: ["body"],
  DoWhileStatement: ["body"],
  LabeledStatement: ["body"],
  SwitchStatement: ["cases"],
  SwitchCase: ["consequent"],
  TryStatement: ["block", "handler", "finalizer"],
  CatchClause: ["body"],
};

/** `[]`, `Array(n)`, `new Array(n)`: arrays that tell nothing of what they will hold. */
export const isEmptyArray = (node: Node): boolean =>
  (node.type === "ArrayExpression" && node.elements.length === 0) ||
  ((node.type === "NewExpression" || node.type === "CallExpression") &&
    node.callee.type === "Identifier" &&
    node.callee.name === "Array");

/** Whether an inert expression may be a number, so that an active one may take its place later. */
export function isNumeric(expression: Node): boolean {
  const node = unwrap(expression);
  switch (node.type) {
    case "NumericLiteral":
    case "UnaryExpression":
    case "BinaryExpression":
    case "UpdateExpression":
    case "Identifier":
    case "MemberExpression":
    case "CallExpression":
      return true;
    case "ConditionalExpression":
      return isNumeric(node.consequent) || isNumeric(node.alternate);
    case "LogicalExpression":
      return isNumeric(node.left) || isNumeric(node.right);
    case "AssignmentExpression":
      return isNumeric(node.right);
    case "SequenceExpression":
      return isNumeric(node.expressions.at(-1) as Node);
    default:
      return false;
  }
}

/** Whether a pattern binds a name, by the identifier that declares it. */
export function containsName(pattern: Node, identifier: Node): boolean {
  if (pattern === identifier) return true;
  switch (pattern.type) {
    case "AssignmentPattern":
      return containsName(pattern.left, identifier);
    case "RestElement":
      return containsName(pattern.argument, identifier);
    case "ArrayPattern":
      return pattern.elements.some((e) => e !== null && containsName(e, identifier));
    case "ObjectPattern":
      return pattern.properties.some((p) =>
        containsName(p.type === "RestElement" ? p.argument : p.value, identifier),
      );
    default:
      return false;
  }
}

/** Whether what is asked for as a length is certainly one: a whole number, or the length of something. */
export function isWholeLength(node: Node): boolean {
  const bare = unwrap(node);
  return bare.type === "NumericLiteral"
    ? Number.isInteger(bare.value)
    : bare.type === "MemberExpression" &&
        staticKey({ key: bare.property, computed: bare.computed }) === "length";
}

/** What `JSON.parse(JSON.stringify(value))` copies, also where the text has line breaks: `JSON.stringify(value, null, 2)`. */
export function jsonCopied(node: types.CallExpression): Node | undefined {
  const [text, ...reviver] = argumentsOf(node, "parse") ?? [];
  if (text?.type !== "CallExpression" || reviver.length > 0) return undefined;
  const [value, replacer, space] = argumentsOf(text, "stringify") ?? [];
  return isNothing(replacer) && (space === undefined || isSpace(space)) ? value : undefined;
}

const isNothing = (node: Node | undefined): boolean =>
  node === undefined ||
  node.type === "NullLiteral" ||
  (node.type === "Identifier" && node.name === "undefined");

const isSpace = (node: Node): boolean =>
  node.type === "NumericLiteral" ||
  (node.type === "StringLiteral" && /^[ \t\n\r]*$/.test(node.value));

/** The arguments of a call of a function of `JSON`. */
function argumentsOf({ callee, arguments: args }: types.CallExpression, name: string) {
  const isIt =
    callee.type === "MemberExpression" &&
    callee.object.type === "Identifier" &&
    callee.object.name === "JSON" &&
    staticKey({ key: callee.property, computed: callee.computed }) === name;
  return isIt && args.every((a) => a.type !== "SpreadElement")
    ? args.map((a) => unwrap(a as Node))
    : undefined;
}

/** Text, or yes or no, written out. */
export const isWord = (node: Node): boolean =>
  node.type === "StringLiteral" ||
  node.type === "TemplateLiteral" ||
  node.type === "BooleanLiteral";
