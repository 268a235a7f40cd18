import type { types } from "@babel/core";
import type { T } from "../ast.ts";

type Node = types.Node;

/** A name of a value, where it is written, and what puts another node in its place. */
export interface Use {
  readonly id: types.Identifier;
  replace(by: Node): void;
}

/** Calls `visit` with the names of values in a piece of code: no keys, labels or types. */
export function eachUse(t: T, root: Node, visit: (use: Use) => void): void {
  const go = (node: Node): void => {
    for (const key of fieldsOf(t, node)) {
      const holder = node as unknown as Record<string, Node | (Node | null)[] | null>;
      const found = holder[key];
      const list = (Array.isArray(found) ? found : holder) as unknown as Record<string, Node>;
      const keys = Array.isArray(found) ? found.map((_, i) => String(i)) : [key];
      for (const at of keys) {
        const child = list[at];
        if (!child) continue;
        if (child.type !== "Identifier") go(child);
        else
          visit({
            id: child,
            replace: (by) => {
              list[at] = by;
              if (node.type === "ObjectProperty") node.shorthand = false;
            },
          });
      }
    }
  };
  if (root.type === "Identifier") visit({ id: root, replace: () => undefined });
  else go(root);
}

/** The fields of a node that hold code. */
function fieldsOf(t: T, node: Node): readonly string[] {
  switch (node.type) {
    case "MemberExpression":
    case "OptionalMemberExpression":
      return node.computed ? ["object", "property"] : ["object"];
    case "ObjectProperty":
    case "ClassProperty":
    case "ClassAccessorProperty":
      return node.computed ? ["key", "value"] : ["value"];
    case "ClassPrivateProperty":
      return ["value"];
    case "ObjectMethod":
    case "ClassMethod":
      return node.computed ? ["key", "params", "body"] : ["params", "body"];
    case "ClassPrivateMethod":
      return ["params", "body"];
    case "LabeledStatement":
      return ["body"];
    case "BreakStatement":
    case "ContinueStatement":
    case "MetaProperty":
    case "PrivateName":
      return [];
    case "TSParameterProperty":
      return ["parameter"];
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
    case "TSTypeAssertion":
    case "TSInstantiationExpression":
      return ["expression"];
    default:
      return node.type.startsWith("TS")
        ? []
        : (t.VISITOR_KEYS[node.type] ?? []).filter(
            (key) => !silent.has(key) && !isOwnName(node, key),
          );
  }
}

/** Functions and classes are called by names that say nothing of what they use. */
const isOwnName = ({ type }: Node, key: string): boolean =>
  key === "id" && /^(Function|Class)/.test(type);

const silent = new Set([
  ...["typeAnnotation", "returnType", "typeParameters", "typeArguments", "implements"],
  ...["superTypeParameters", "superTypeArguments", "predicate"],
]);

/** The names of values that a piece of code mentions. */
export function namesIn(t: T, root: Node): Set<string> {
  const found = new Set<string>();
  eachUse(t, root, ({ id }) => found.add(id.name));
  return found;
}

/** The names that are declared inside of a piece of code. */
export function declaredIn(t: T, root: Node): Set<string> {
  const found = new Set<string>();
  const take = (pattern: Node | null | undefined): void => {
    switch (pattern?.type) {
      case "Identifier":
        found.add(pattern.name);
        break;
      case "AssignmentPattern":
        take(pattern.left);
        break;
      case "RestElement":
        take(pattern.argument);
        break;
      case "ArrayPattern":
        pattern.elements.forEach(take);
        break;
      case "ObjectPattern":
        for (const p of pattern.properties) take(p.type === "ObjectProperty" ? p.value : p);
        break;
      case "TSParameterProperty":
        take(pattern.parameter);
    }
  };
  t.traverseFast(root, (node) => {
    if (node.type === "VariableDeclarator") take(node.id);
    if (node.type === "CatchClause") take(node.param);
    if ("params" in node && Array.isArray(node.params)) (node.params as Node[]).forEach(take);
    const isDeclaration = /^(Function|Class)(Declaration|Expression)$/.test(node.type);
    if (node !== root && isDeclaration) take((node as types.FunctionExpression).id);
  });
  return found;
}

/** The names that the statements of a module declare for all of it. */
export function topNames(t: T, body: readonly types.Statement[]): Set<string> {
  const found = new Set<string>();
  for (const statement of body) {
    const declaration: Node =
      "declaration" in statement && statement.declaration ? statement.declaration : statement;
    const { id } = declaration as { id?: Node | null };
    if (declaration.type === "ImportDeclaration")
      for (const s of declaration.specifiers) found.add(s.local.name);
    else if (id?.type === "Identifier") found.add(id.name);
    else if (declaration.type === "VariableDeclaration")
      for (const d of declaration.declarations)
        for (const name of declaredIn(t, t.variableDeclarator(d.id))) found.add(name);
    // A `var` in a block belongs to the module too.
    else for (const name of declaredIn(t, declaration)) found.add(name);
  }
  return found;
}
