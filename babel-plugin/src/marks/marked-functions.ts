import type { NodePath, types } from "@babel/core";
import { type FunctionNode, isClass, isFunction, staticKey, unwrap } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import { findDirectives } from "./directives.ts";
import { findTransformCalls } from "./transform-calls.ts";

/** The functions of a file that get a twin. */
export interface Marks {
  readonly functions: Map<FunctionNode, NodePath<FunctionNode>>;
  /** Classes with a marked method, or constructed in a marked function. */
  readonly classes: Map<types.Class, NodePath<types.Class>>;
  readonly dualCalls: NodePath<types.CallExpression>[];
  /** Those that the user marked, as against those that are marked because a marked function calls them. */
  readonly direct: Set<FunctionNode>;
}

/**
 * Every way to mark: directive, module directive, `dual(...)`, a literal passed to a transform, and
 * being used by a marked function of the same module.
 */
export function findMarks(context: ModuleContext): Marks {
  const directives = findDirectives(context);
  const calls = findTransformCalls(context);
  const marks: Marks = { functions: new Map(), classes: new Map(), dualCalls: calls.dualCalls, direct: new Set() };
  const members = new Map<string, NodePath<FunctionNode>[]>();
  const pending: NodePath<FunctionNode>[] = [];

  const markClass = (path: NodePath<types.Class>): void => {
    if (marks.classes.has(path.node)) return;
    marks.classes.set(path.node, path);
    // What runs when an instance is made is part of what the marked function does.
    for (const member of path.get("body.body") as NodePath[]) {
      if (member.node.type === "ClassMethod" && member.node.kind === "constructor") {
        follow(member as NodePath<FunctionNode>);
      }
      if (member.node.type === "ClassProperty" || member.node.type === "ClassPrivateProperty") follow(member);
    }
    const parent = path.node.superClass && resolveClass(context, path.node.superClass);
    if (parent) markClass(parent);
  };
  const mark = (path: NodePath<FunctionNode>): void => {
    if (marks.functions.has(path.node) || path.node.body === null) return;
    marks.functions.set(path.node, path);
    const owner = path.parentPath?.parentPath;
    if (owner && isClass(owner.node)) markClass(owner as NodePath<types.Class>);
    pending.push(path);
  };
  const markMembers = (name: string): void => {
    for (const path of members.get(name) ?? []) mark(path);
  };
  const follow = (root: NodePath): void => {
    root.traverse({
      Identifier(path) {
        if (!path.isReferencedIdentifier()) return;
        const used = functionOf(context, path.node);
        if (used && !used.findParent((p) => p === root)) mark(used);
        const constructed = resolveClass(context, path.node);
        if (constructed && path.key === "callee") markClass(constructed);
      },
      MemberExpression(path) {
        const name = staticKey({ key: path.node.property, computed: path.node.computed });
        if (name !== undefined) markMembers(name);
      },
      OptionalMemberExpression(path) {
        const name = staticKey({ key: path.node.property, computed: path.node.computed });
        if (name !== undefined) markMembers(name);
      },
    });
  };

  context.program.traverse({
    Class(path) {
      for (const member of path.get("body.body") as NodePath[]) {
        const { node } = member;
        if (node.type !== "ClassMethod" && node.type !== "ClassPrivateMethod") continue;
        const name = staticKey(node as never);
        if (name === undefined || node.kind === "constructor") continue;
        members.set(name, [...(members.get(name) ?? []), member as NodePath<FunctionNode>]);
      }
    },
  });
  context.program.traverse({
    Function(path) {
      const f = path as NodePath<FunctionNode>;
      if (!isFunction(f.node)) return;
      const outermost = directives.module && !path.getFunctionParent();
      if (outermost || directives.functions.has(f.node) || calls.literals.has(f.node)) markOrClass(f);
    },
    Class(path) {
      if (directives.module && !path.getFunctionParent()) markClass(path);
    },
  });
  for (const id of calls.named) {
    const f = functionOf(context, id);
    if (f) markOrClass(f);
  }
  for (let path = pending.pop(); path; path = pending.pop()) follow(path);
  return marks;

  function markOrClass(path: NodePath<FunctionNode>): void {
    const { node } = path;
    marks.direct.add(node);
    // A constructor runs when its class is constructed, so marking it marks the class.
    if (node.type === "ClassMethod" && node.kind === "constructor") {
      markClass(path.parentPath.parentPath as NodePath<types.Class>);
      pending.push(path);
    } else mark(path);
  }
}

/** The function of this module that an identifier always refers to. */
export function functionOf(context: ModuleContext, id: types.Node): NodePath<FunctionNode> | undefined {
  const binding = context.bindings.get(id);
  if (!binding?.constant) return undefined;
  const { path } = binding;
  if (path.node.type === "FunctionDeclaration") return path as NodePath<FunctionNode>;
  if (path.node.type !== "VariableDeclarator" || path.node.id !== binding.identifier || !path.node.init) return undefined;
  return functionAt(path.get("init") as NodePath);
}

// The function literal at an expression, also inside `dual(...)` and TypeScript's wrappers.
function functionAt(path: NodePath): NodePath<FunctionNode> | undefined {
  if (isFunction(path.node)) return path as NodePath<FunctionNode>;
  if (unwrap(path.node) !== path.node) return functionAt(path.get("expression") as NodePath);
  return undefined;
}

/** The class of this module that an identifier always refers to. */
export function resolveClass(context: ModuleContext, id: types.Node): NodePath<types.Class> | undefined {
  const binding = context.bindings.get(id);
  if (!binding?.constant) return undefined;
  const { path } = binding;
  if (isClass(path.node)) return path as NodePath<types.Class>;
  const init = path.node.type === "VariableDeclarator" ? path.node.init : undefined;
  return init && isClass(init) ? (path.get("init") as NodePath<types.Class>) : undefined;
}
