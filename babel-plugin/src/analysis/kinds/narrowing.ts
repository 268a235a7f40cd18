import type { NodePath, types } from "@babel/core";
import { unwrap } from "../../ast.ts";
import { globalClass } from "../../language/globals.ts";
import { alternatives, INERT, type Kind, OTHERS, oneOf, type UnionKind } from "../kind.ts";
import type { Facts } from "./facts.ts";
import { calleeName } from "./names.ts";

type Node = types.Node;
type Tells = (part: Kind) => boolean;

/**
 * What a variable that is one of several is where a test around it, or before it, has told: `typeof`,
 * `instanceof`, `Array.isArray` and their like. Only variables that are never written to again are told.
 */
export function narrowed(facts: Facts, id: types.Identifier, kind: UnionKind): Kind {
  const binding = facts.context.bindings.get(id);
  const reference = binding?.referencePaths.find((p) => p.node === id);
  if (!binding?.constant || !reference) return kind;
  let parts: readonly Kind[] = kind.of;
  const apply = (test: Node, holds: boolean): void => {
    const left = keptBy(facts, test, holds, binding.identifier.name, parts);
    if (left.length > 0) parts = left;
  };
  const { path: scope } = binding.scope;
  for (let p: NodePath | null = reference; p && p !== scope; p = p.parentPath) {
    const { node, parent } = p;
    // It may be called before what stands before it.
    if (node.type === "FunctionDeclaration") break;
    if (parent.type === "IfStatement" || parent.type === "ConditionalExpression") {
      if (node !== parent.test) apply(parent.test, node === parent.consequent);
    } else if (parent.type === "LogicalExpression" && node === parent.right) {
      if (parent.operator !== "??") apply(parent.left, parent.operator === "&&");
    }
    const before = p.listKey === "body" ? (p.container as Node[]).slice(0, p.key as number) : [];
    for (const s of before)
      if (s.type === "IfStatement" && leaves(s.consequent) && !s.alternate) apply(s.test, false);
  }
  return parts.length === kind.of.length ? kind : oneOf(parts);
}

/** What an assertion says a value is of what it may be: `x as number`. */
export function asserted(kind: UnionKind, claim: Kind | undefined): Kind {
  if (claim === undefined || claim.k === "unknown" || claim.k === "bottom") return kind;
  const fits = (part: Kind) => alternatives(claim).some((c) => isAlike(part, c));
  const parts = kind.of.filter(fits);
  return parts.length > 0 && parts.length < kind.of.length ? oneOf(parts) : kind;
}

function isAlike(a: Kind, b: Kind): boolean {
  if (isList(a) && isList(b)) return true;
  return a.k === b.k && (a.k !== "object" || b.k !== "object" || a.className === b.className);
}

const isList = ({ k }: Kind): boolean => k === "array" || k === "floats" || k === "tuple";

/** Whether what comes behind a statement is reached only where its test fails. */
function leaves(s: Node): boolean {
  switch (s.type) {
    case "ReturnStatement":
    case "ThrowStatement":
    case "ContinueStatement":
    case "BreakStatement":
      return true;
    case "BlockStatement":
      return s.body.length > 0 && leaves(s.body.at(-1) as Node);
    default:
      return false;
  }
}

/** The parts that are left where a test holds, or fails. */
function keptBy(
  facts: Facts,
  written: Node,
  holds: boolean,
  variable: string,
  parts: readonly Kind[],
): readonly Kind[] {
  const test = unwrap(written);
  const keep = (node: Node, truth: boolean, of = parts) => keptBy(facts, node, truth, variable, of);
  if (test.type === "UnaryExpression" && test.operator === "!") return keep(test.argument, !holds);
  if (test.type === "LogicalExpression" && test.operator !== "??") {
    // Both hold, or both fail: one after the other.
    if ((test.operator === "&&") === holds) return keep(test.right, holds, keep(test.left, holds));
    const left = keep(test.left, holds);
    const right = keep(test.right, holds, keep(test.left, !holds));
    return parts.filter((p) => left.includes(p) || right.includes(p));
  }
  const told = toldBy(facts, test, variable);
  return told ? parts.filter(holds ? told.yes : told.no) : parts;
}

/** Which parts a variable may be where a test holds, and where it fails. */
function toldBy(facts: Facts, test: Node, variable: string): { yes: Tells; no: Tells } | undefined {
  const isIt = (node: Node): boolean => {
    const id = unwrap(node);
    return id.type === "Identifier" && id.name === variable;
  };
  if (test.type === "BinaryExpression") {
    if (test.operator === "instanceof" && isIt(test.left)) return instances(facts, test.right);
    const [asked, word] =
      test.left.type === "UnaryExpression"
        ? [test.left, test.right]
        : [test.right as Node, test.left as Node];
    if (asked.type !== "UnaryExpression" || asked.operator !== "typeof" || !isIt(asked.argument))
      return undefined;
    if (word.type !== "StringLiteral" || !/^[!=]==?$/.test(test.operator)) return undefined;
    const told = ofType(word.value);
    return test.operator.startsWith("!") ? { yes: told.no, no: told.yes } : told;
  }
  if (test.type !== "CallExpression" || test.arguments.length !== 1) return undefined;
  if (!isIt(test.arguments[0] as Node)) return undefined;
  switch (calleeName(facts.context, test.callee)) {
    case "Array.isArray":
      return { yes: ({ k }) => k !== "num", no: (p) => p.k !== "array" || p.loose === true };
    case "Number.isFinite":
    case "Number.isInteger":
      return { yes: ({ k }) => k === "num" || k === "inert", no: () => true };
    default:
      return undefined;
  }
}

/** What `typeof` tells. */
function ofType(word: string): { yes: Tells; no: Tells } {
  const isObject: Tells = ({ k }) => k !== "num" && k !== "fn" && k !== "inert";
  switch (word) {
    case "number":
      return { yes: ({ k }) => k === "num", no: ({ k }) => k !== "num" };
    case "function":
      return { yes: ({ k }) => k === "fn" || k === "inert", no: ({ k }) => k !== "fn" };
    case "object":
      return { yes: (p) => isObject(p) || p.k === "inert", no: (p) => !isObject(p) };
    default:
      return { yes: ({ k }) => k === "inert", no: () => true };
  }
}

function instances(facts: Facts, of: Node): { yes: Tells; no: Tells } | undefined {
  const id = unwrap(of);
  if (id.type !== "Identifier") return undefined;
  const { context, typeKinds } = facts;
  const { name } = id;
  const binding = context.bindings.get(id);
  if (binding === undefined) {
    const held = globalClass(name);
    if (held === "array") return { yes: isList, no: (p) => p.k !== "array" || p.loose === true };
    if (held === "opaque") return { yes: (p) => p === INERT || p.k === "inert", no: () => true };
    return undefined;
  }
  if (binding.path.node !== typeKinds.classes.get(name)) return undefined;
  const isSuch: Tells = (p) =>
    p.k === "object" &&
    p.className !== undefined &&
    typeKinds.ancestry(p.className).some((c) => c === binding.path.node);
  return {
    yes: (p) => isSuch(p) || (p.k === "object" && p.className === OTHERS),
    no: (p) => !isSuch(p),
  };
}
