import type { types } from "@babel/core";
import { type FunctionNode, unwrap } from "../ast.ts";

type Node = types.Node;

const found = new WeakMap<FunctionNode, ReadonlyMap<string, Node>>();
const statements = new WeakMap<FunctionNode, ReadonlyMap<string, types.Statement>>();

/** The statements at the head of a function that give parameters their defaults, which objects do not need. */
export function defaultStatements(f: FunctionNode): ReadonlyMap<string, types.Statement> {
  let known = statements.get(f);
  if (known === undefined) {
    known = new Map([...writtenDefaults(f)].map(([name, , statement]) => [name, statement]));
    statements.set(f, known);
  }
  return known;
}

/**
 * What parameters are given where they are missing: by a default, or as compilers write one for older
 * engines, at the head of the body: `if (y === void 0) y = 1`, `y = y === undefined ? 1 : y`.
 */
export function defaultsOf(f: FunctionNode): ReadonlyMap<string, Node> {
  let defaults = found.get(f);
  if (defaults === undefined) {
    const written = [...writtenDefaults(f)].map(([name, value]) => [name, value] as const);
    defaults = new Map([...declaredDefaults(f), ...written]);
    found.set(f, defaults);
  }
  return defaults;
}

/** Whether a parameter may be missing: it has a default, in whichever way, or a question mark. */
export const mayBeMissing = (f: FunctionNode, param: Node): boolean => {
  const p = param.type === "TSParameterProperty" ? param.parameter : param;
  return (
    p.type === "AssignmentPattern" ||
    (p.type === "Identifier" && (p.optional === true || defaultsOf(f).has(p.name)))
  );
};

const declaredDefaults = (f: FunctionNode): [string, Node][] =>
  f.params.flatMap((param) => {
    const p = param.type === "TSParameterProperty" ? param.parameter : param;
    return p.type === "AssignmentPattern" && p.left.type === "Identifier"
      ? [[p.left.name, p.right] as [string, Node]]
      : [];
  });

function* writtenDefaults(f: FunctionNode): Generator<[string, Node, types.Statement]> {
  if (f.body.type !== "BlockStatement") return;
  const names = new Set(f.params.map((p) => (p.type === "Identifier" ? p.name : undefined)));
  for (const statement of f.body.body) {
    const given = writtenDefault(statement);
    // What stands behind anything else may be too late: by then the parameter was used.
    if (given === undefined || !names.has(given[0])) return;
    yield [...given, statement];
  }
}

function writtenDefault(s: Node): [string, Node] | undefined {
  if (s.type === "IfStatement") {
    if (s.alternate) return undefined;
    const inner = s.consequent;
    const only = inner.type === "BlockStatement" && inner.body.length === 1 ? inner.body[0] : inner;
    const store = assigned(only);
    return store && isMissingTest(s.test, store[0], "===") ? store : undefined;
  }
  const store = assigned(s);
  if (store === undefined) return undefined;
  const [name, value] = store;
  if (value.type === "ConditionalExpression") {
    if (isMissingTest(value.test, name, "===") && isName(value.alternate, name))
      return [name, unwrap(value.consequent)];
    return isMissingTest(value.test, name, "!==") && isName(value.consequent, name)
      ? [name, unwrap(value.alternate)]
      : undefined;
  }
  return value.type === "LogicalExpression" && value.operator !== "&&" && isName(value.left, name)
    ? [name, unwrap(value.right)]
    : undefined;
}

function assigned(s: Node | undefined): [string, Node] | undefined {
  const e = s?.type === "ExpressionStatement" ? s.expression : undefined;
  return e?.type === "AssignmentExpression" && e.operator === "=" && e.left.type === "Identifier"
    ? [e.left.name, unwrap(e.right)]
    : undefined;
}

/** `y === undefined`, `y === void 0`, `y == null`, `typeof y === "undefined"`, `!y`, or with `!==` the opposite. */
function isMissingTest(test: Node, name: string, operator: "===" | "!=="): boolean {
  const e = unwrap(test);
  if (e.type === "UnaryExpression")
    return operator === "===" && e.operator === "!" && isName(e.argument, name);
  if (e.type !== "BinaryExpression") return false;
  const isLoose = e.operator === operator.slice(0, -1);
  if (!isLoose && e.operator !== operator) return false;
  return isMissing(e.left, e.right, name, isLoose) || isMissing(e.right, e.left, name, isLoose);
}

function isMissing(tested: Node, against: Node, name: string, isLoose: boolean): boolean {
  const a = unwrap(against);
  if (tested.type === "UnaryExpression" && tested.operator === "typeof")
    return isName(tested.argument, name) && a.type === "StringLiteral" && a.value === "undefined";
  if (!isName(tested, name)) return false;
  return (
    (a.type === "NullLiteral" && isLoose) ||
    (a.type === "Identifier" && a.name === "undefined") ||
    (a.type === "UnaryExpression" && a.operator === "void")
  );
}

const isName = (node: Node, name: string): boolean => {
  const e = unwrap(node);
  return e.type === "Identifier" && e.name === name;
};
