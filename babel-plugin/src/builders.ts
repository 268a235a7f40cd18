import type { types } from "@babel/core";
import type { T } from "./ast.ts";

const made = new WeakMap<T, T>();

type Builder = (...args: never[]) => types.Node;

/**
 * Babel's builders, those that are called most without the checks of what they are given: TypeScript has
 * made them. Where Babel's version gives nodes other fields, its own builder stays.
 */
export function withoutChecks(t: T): T {
  let quick = made.get(t);
  if (quick === undefined) {
    const own = t as unknown as Record<string, Builder>;
    const given = examples(t);
    const same = Object.entries(quickBuilders).filter(([name, build]) => {
      const args = given[name] as never[];
      return JSON.stringify(build(...args)) === JSON.stringify(own[name]?.(...args));
    });
    quick = { ...t, ...Object.fromEntries(same) };
    made.set(t, quick);
  }
  return quick;
}

/** Arguments for each of them. */
export function examples(t: T): Record<string, unknown[]> {
  const x = t.identifier("x");
  const block = t.blockStatement([]);
  return {
    identifier: ["x"],
    numericLiteral: [1],
    stringLiteral: ["text"],
    binaryExpression: ["+", x, x],
    unaryExpression: ["-", x],
    assignmentExpression: ["=", x, x],
    callExpression: [x, [x]],
    memberExpression: [x, x],
    expressionStatement: [x],
    blockStatement: [[]],
    objectProperty: [x, x],
    conditionalExpression: [x, x, x],
    variableDeclarator: [x],
    variableDeclaration: ["const", []],
    ifStatement: [x, block],
  };
}

const quickBuilders: Readonly<Record<string, Builder>> = {
  identifier: (name) => ({ type: "Identifier", name }) as types.Identifier,
  numericLiteral: (value) => ({ type: "NumericLiteral", value }) as types.NumericLiteral,
  stringLiteral: (value) => ({ type: "StringLiteral", value }) as types.StringLiteral,
  binaryExpression: (operator, left, right) =>
    ({ type: "BinaryExpression", operator, left, right }) as types.BinaryExpression,
  unaryExpression: (operator, argument, prefix: boolean = true) =>
    ({ type: "UnaryExpression", operator, argument, prefix }) as types.UnaryExpression,
  assignmentExpression: (operator, left, right) =>
    ({ type: "AssignmentExpression", operator, left, right }) as types.AssignmentExpression,
  callExpression: (callee, args) =>
    ({ type: "CallExpression", callee, arguments: args }) as types.CallExpression,
  memberExpression: (object, property, computed: boolean = false, optional: null = null) =>
    ({
      type: "MemberExpression",
      object,
      property,
      computed,
      optional,
    }) as unknown as types.MemberExpression,
  expressionStatement: (expression) =>
    ({ type: "ExpressionStatement", expression }) as types.ExpressionStatement,
  blockStatement: (body, directives: types.Directive[] = []) =>
    ({ type: "BlockStatement", body, directives }) as types.BlockStatement,
  objectProperty: (
    key,
    value,
    computed: boolean = false,
    shorthand: boolean = false,
    decorators: null = null,
  ) =>
    ({
      type: "ObjectProperty",
      key,
      value,
      computed,
      shorthand,
      decorators,
    }) as types.ObjectProperty,
  conditionalExpression: (test, consequent, alternate) =>
    ({ type: "ConditionalExpression", test, consequent, alternate }) as types.ConditionalExpression,
  variableDeclarator: (id, init: types.Expression | null = null) =>
    ({ type: "VariableDeclarator", id, init }) as types.VariableDeclarator,
  variableDeclaration: (kind, declarations) =>
    ({ type: "VariableDeclaration", kind, declarations }) as types.VariableDeclaration,
  ifStatement: (test, consequent, alternate: types.Statement | null = null) =>
    ({ type: "IfStatement", test, consequent, alternate }) as types.IfStatement,
};
