import type { types } from "@babel/core";

/**
 * Syntax that does nothing by itself, besides computing a value: what it does is what its parts do, or what runs unseen
 * in it (accessors, conversions, iterators), which is looked for apart. Whatever is not here, as syntax that the language may get
 * one day, is taken to do anything.
 */
const quiet: ReadonlySet<string> = new Set<types.Node["type"]>([
  // Literals and names.
  ...(["Identifier", "PrivateName", "ThisExpression", "Super", "MetaProperty"] as const),
  ...(["NumericLiteral", "StringLiteral", "BooleanLiteral", "NullLiteral"] as const),
  ...(["BigIntLiteral", "RegExpLiteral", "TemplateLiteral", "TemplateElement"] as const),
  // Expressions.
  ...(["ArrayExpression", "ObjectExpression", "ObjectProperty", "SpreadElement"] as const),
  ...(["UnaryExpression", "BinaryExpression", "LogicalExpression"] as const),
  ...(["ConditionalExpression", "SequenceExpression", "ParenthesizedExpression"] as const),
  ...(["MemberExpression", "OptionalMemberExpression"] as const),
  // Functions and classes do something where they are called or made.
  ...(["FunctionExpression", "ArrowFunctionExpression", "FunctionDeclaration"] as const),
  ...(["ObjectMethod", "ClassMethod", "ClassPrivateMethod"] as const),
  ...(["ClassExpression", "ClassDeclaration", "ClassBody"] as const),
  ...(["ClassProperty", "ClassPrivateProperty", "ClassAccessorProperty"] as const),
  ...(["StaticBlock", "ClassImplements"] as const),
  // Places that values go to.
  ...(["VariableDeclarator", "RestElement"] as const),
  ...(["AssignmentPattern", "ArrayPattern", "ObjectPattern"] as const),
  // Statements.
  ...(["BlockStatement", "EmptyStatement", "ExpressionStatement", "LabeledStatement"] as const),
  ...(["Directive", "DirectiveLiteral"] as const),
  ...(["IfStatement", "SwitchStatement", "SwitchCase"] as const),
  ...(["ForStatement", "ForInStatement", "WhileStatement", "DoWhileStatement"] as const),
  ...(["BreakStatement", "ContinueStatement", "ReturnStatement", "ThrowStatement"] as const),
  ...(["TryStatement", "CatchClause"] as const),
]);

/** Whether a node does nothing by itself. Types are gone when the program runs. */
export const isQuietSyntax = (n: types.Node): boolean =>
  n.type === "VariableDeclaration"
    ? !n.kind.endsWith("using")
    : quiet.has(n.type) ||
      (n.type.startsWith("TS") && !/^TS(Enum|Module|ImportEquals|Export)/.test(n.type));
