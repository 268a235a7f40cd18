import type { NodePath, types } from "@babel/core";

type Node = types.Node;

/** Around a function, where the comment that documents it may stand. */
const around = new Set([
  ...["VariableDeclarator", "VariableDeclaration", "ExportNamedDeclaration", "ObjectProperty"],
  ...["ExportDefaultDeclaration", "AssignmentExpression", "ExpressionStatement", "ClassProperty"],
]);

/** The comments before code of another file, which the copy that stands here is without. */
const before = new WeakMap<Node, readonly types.Comment[]>();

/** Says what documents a copy. */
export function documentAs(copy: Node, comments: readonly types.Comment[]): void {
  before.set(copy, comments);
}

/** The comments before a piece of code, where it is written. */
export const commentsBefore = (node: Node): readonly types.Comment[] =>
  node.leadingComments ?? before.get(node) ?? [];

const known = new WeakMap<object, ReadonlyMap<string, string>>();
const NONE: ReadonlyMap<string, string> = new Map();

/** The types that the documentation comment of a function gives its parameters, by their names. */
export function typesInComment(path: NodePath | undefined): ReadonlyMap<string, string> {
  if (path === undefined) return NONE;
  let types = known.get(path.node);
  if (types === undefined) {
    types = read(commentOf(path));
    known.set(path.node, types);
  }
  return types;
}

function commentOf(path: NodePath): string | undefined {
  for (let p: NodePath | null = path; p; p = p.parentPath) {
    if (p !== path && !around.has(p.node.type)) return undefined;
    const comment = commentsBefore(p.node).findLast((c) => c.type === "CommentBlock");
    if (comment?.value.startsWith("*")) return comment.value;
  }
  return undefined;
}

function read(comment: string | undefined): ReadonlyMap<string, string> {
  if (comment === undefined) return NONE;
  const types = new Map<string, string>();
  // `@param {number} x`, `@param {number} [x=1]`; what is in braces may have braces inside.
  for (const [, type, name] of comment.matchAll(
    /@(?:param|arg|argument)\s*\{((?:[^{}]|\{[^{}]*\})*)\}\s*\[?\s*([\w$]+)(?![\w$.[])/g,
  ))
    if (type !== undefined && name !== undefined) types.set(name, type.trim());
  return types;
}

/** The type that a comment gives what stands behind it: `@type {number}`. */
export const typeInComment = (comment: string): string | undefined =>
  /^\*[\s\S]*?@type\s*\{((?:[^{}]|\{[^{}]*\})*)\}/.exec(comment)?.[1]?.trim();
