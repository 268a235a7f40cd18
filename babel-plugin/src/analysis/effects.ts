import type { types } from "@babel/core";
import { type Binding, type FunctionNode, isFunction, unwrap } from "../ast.ts";
import { arrayMethod } from "../language/array-methods.ts";
import type { ModuleContext } from "../module-context.ts";
import { isContainer, type Kind } from "./kind.ts";
import type { Kinds } from "./kinds.ts";
import { returnsOf } from "./syntax.ts";

type Node = types.Node;

/** Calls `visit` for a node and all nodes inside it, but not inside functions and classes. */
export function walk(node: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(node)) {
    for (const n of node) walk(n, visit);
    return;
  }
  if (node === null || typeof node !== "object" || !("type" in node)) return;
  const n = node as Node;
  visit(n);
  if (isFunction(n) || n.type === "ClassExpression" || n.type === "ClassDeclaration") return;
  for (const [key, child] of Object.entries(n)) {
    if (
      child !== null &&
      typeof child === "object" &&
      key !== "loc" &&
      key !== "typeAnnotation" &&
      !key.endsWith("Comments")
    )
      walk(child, visit);
  }
}

/** What code does besides computing a value, as far as derivatives are concerned. */
export class Effects {
  readonly #inProgress = new Set<Node>();
  readonly #known = new Map<Node, boolean>();
  readonly #changing = new WeakMap<Node, boolean>();

  constructor(
    private readonly context: ModuleContext,
    private readonly kinds: Kinds,
  ) {}

  /** Whether an expression changes an active variable or container, so that its tangents must be kept up with. */
  changesActive(node: Node): boolean {
    let found = this.#changing.get(node);
    if (found === undefined) {
      found = false;
      walk(node, (n) => {
        found ||= this.#changes(n);
      });
      // While functions that call each other are looked at, an answer may be provisional.
      if (this.#inProgress.size === 0) this.#changing.set(node, found);
    }
    return found;
  }

  /** Whether an expression does anything at all that another expression could notice. */
  changesAnything(node: Node): boolean {
    let found = false;
    walk(node, (n) => {
      if (
        n.type === "AssignmentExpression" ||
        n.type === "UpdateExpression" ||
        n.type === "AwaitExpression" ||
        n.type === "YieldExpression"
      )
        found = true;
      if (n.type === "UnaryExpression" && n.operator === "delete") found = true;
      if (n.type === "CallExpression")
        found ||= this.kinds.callee(n).type !== "math" || isRandom(n);
      if (n.type === "NewExpression") found = true;
    });
    return found;
  }

  #changes(n: Node): boolean {
    // An active value that goes into something inert is no plain matter either.
    if (n.type === "AssignmentExpression")
      return this.#isActiveTarget(n.left) || this.kinds.kindOf(n.right).k !== "inert";
    if (n.type === "UpdateExpression") return this.#isActiveTarget(n.argument);
    // Not looked into: what it calls may change anything.
    if (n.type === "OptionalCallExpression") return true;
    if (n.type !== "CallExpression") return false;
    const callee = this.kinds.callee(n);
    // Whatever is called may call back.
    if (n.arguments.some((a) => this.#changesWhenCalled(a))) return true;
    switch (callee.type) {
      case "closure":
      case "marked":
      case "method":
        return this.changesOutside(callee.node);
      // Functions that change active variables are not handed on, but one may change what it is given.
      case "value":
        return callee.kind.params.some(isContainer) || this.#changesWhenCalled(n.callee);
      case "imported":
        return n.arguments.some(
          (a) => a.type === "SpreadElement" || isContainer(this.kinds.kindOf(a)),
        );
      case "array-method":
        return arrayMethod(callee.name).changes === true;
      default:
        return false;
    }
  }

  #changesWhenCalled(argument: Node): boolean {
    const node = unwrap(argument);
    const f = isFunction(node) ? node : this.kinds.functionNamed(node);
    return f !== undefined && this.changesOutside(f);
  }

  #isActiveTarget(target: Node): boolean {
    const node = unwrap(target);
    if (node.type === "Identifier") {
      const binding = this.context.bindings.get(node);
      return binding !== undefined && this.kinds.bindingKind(binding).k !== "inert";
    }
    if (node.type === "MemberExpression")
      return node.object.type === "Super" || this.kinds.kindOf(node.object).k !== "inert";
    return true;
  }

  /** Whether a function changes active values that it did not make itself: its arguments', `this`, or captured ones. */
  changesOutside(f: FunctionNode): boolean {
    const known = this.#known.get(f);
    if (known !== undefined) return known;
    if (this.#inProgress.has(f)) return false;
    this.#inProgress.add(f);
    let found = false;
    const visit = (n: Node): void => {
      if (isFunction(n) && n !== f) {
        // What an inner function changes, it changes when this one calls it.
        walk(n.body, visit);
        return;
      }
      found ||= this.#changesOutsideOf(f, n);
    };
    walk(f.body, visit);
    for (const p of f.params) walk(p, visit);
    this.#inProgress.delete(f);
    if (this.#inProgress.size === 0) this.#known.set(f, found);
    return found;
  }

  #changesOutsideOf(f: FunctionNode, n: Node): boolean {
    if (n.type === "AssignmentExpression")
      return targets(n.left).some((t) => this.#isForeignTarget(f, t));
    if (n.type === "UpdateExpression") return this.#isForeignTarget(f, unwrap(n.argument));
    if (n.type === "UnaryExpression" && n.operator === "delete") return true;
    if (n.type === "NewExpression") return false;
    if (n.type !== "CallExpression") return false;
    const callee = this.kinds.callee(n);
    const isOwn = (e: Node) =>
      !isContainer(this.kinds.kindOf(e)) || this.#freshDepth(f, e) === Number.POSITIVE_INFINITY;
    switch (callee.type) {
      case "closure":
        // A closure of this function is looked at with the function; an outer one is not its own.
        return !isInside(f, callee.node) && this.changesOutside(callee.node);
      case "marked":
      case "method":
        if (!this.changesOutside(callee.node)) return false;
        return (
          !n.arguments.every((a) => a.type !== "SpreadElement" && isOwn(a)) ||
          (callee.type === "method" && !isOwn(callee.object))
        );
      case "imported":
        return !n.arguments.every((a) => a.type !== "SpreadElement" && isOwn(a));
      // Functions that change active variables are not handed on, but one may change what it is given.
      case "value":
        return callee.kind.params.some(isContainer);
      case "array-method":
        return arrayMethod(callee.name).changes === true && this.#freshDepth(f, callee.object) < 1;
      case "math":
        return isRandom(n);
      case "other":
        // Printing, asking the time and the like would happen again.
        return true;
      default:
        return false;
    }
  }

  #isForeignTarget(f: FunctionNode, target: Node): boolean {
    if (target.type === "Identifier") {
      const binding = this.context.bindings.get(target);
      return binding === undefined || !isInside(f, binding.identifier);
    }
    let depth = 0;
    let root: Node = target;
    while (root.type === "MemberExpression") {
      root = unwrap(root.object);
      depth++;
    }
    return this.#freshDepth(f, root) < depth;
  }

  /** How many levels of a value were certainly made inside `f`; infinite where it shares nothing. */
  #freshDepth(f: FunctionNode, expression: Node): number {
    const node = unwrap(expression);
    const inside = (e: Node | null | undefined): number =>
      e ? this.#freshDepth(f, e) : Number.POSITIVE_INFINITY;
    const copied = (e: Node): number =>
      hasContainers(this.kinds.kindOf(e)) ? 1 : Number.POSITIVE_INFINITY;
    const kind = this.kinds.kindOf(node);
    if (!isContainer(kind) && kind.k !== "inert") return Number.POSITIVE_INFINITY;
    switch (node.type) {
      case "NumericLiteral":
      case "StringLiteral":
      case "NullLiteral":
      case "BooleanLiteral":
        return Number.POSITIVE_INFINITY;
      case "ArrayExpression":
        return (
          1 +
          Math.min(
            ...node.elements.map((e) =>
              e?.type === "SpreadElement" ? copied(e.argument) - 1 : inside(e),
            ),
            Number.POSITIVE_INFINITY,
          )
        );
      case "ObjectExpression":
        return (
          1 +
          Math.min(
            ...node.properties.map((p) =>
              p.type === "SpreadElement"
                ? copied(p.argument) - 1
                : p.type === "ObjectProperty"
                  ? inside(p.value)
                  : 0,
            ),
            Number.POSITIVE_INFINITY,
          )
        );
      case "NewExpression":
        return copied(node);
      case "MemberExpression":
        return inside(node.object) - 1;
      case "ConditionalExpression":
        return Math.min(inside(node.consequent), inside(node.alternate));
      case "Identifier": {
        const binding = this.context.bindings.get(node);
        return binding && isInside(f, binding.identifier) ? this.#freshVariable(f, binding) : 0;
      }
      case "CallExpression": {
        const callee = this.kinds.callee(node);
        const name = callee.type === "array-method" || callee.type === "other" ? callee.name : "";
        if (callee.type === "marked" || callee.type === "method" || callee.type === "closure") {
          return this.#freshResult(isInside(f, callee.node) ? f : callee.node, callee.node);
        }
        const given = node.arguments[name === "Array.from" ? 1 : 0];
        const callback = given && (isFunction(given) ? given : this.kinds.functionNamed(given));
        if ((name === "map" || name === "Array.from") && callback) {
          return 1 + this.#freshResult(isInside(f, callback) ? f : callback, callback);
        }
        if (["slice", "concat", "filter", "Array.from"].includes(name)) return copied(node);
        if (name === "fill" && callee.type === "array-method")
          return Math.min(inside(callee.object), 1 + inside(node.arguments[0]));
        return name === "Array" ? Number.POSITIVE_INFINITY : 0;
      }
      default:
        return 0;
    }
  }

  /** How fresh the results of a function are, as seen from `f`. */
  #freshResult(f: FunctionNode, callback: FunctionNode): number {
    if (this.#inProgress.has(callback.body)) return Number.POSITIVE_INFINITY;
    this.#inProgress.add(callback.body);
    const depth = this.#freshReturns(f, callback);
    this.#inProgress.delete(callback.body);
    return depth;
  }

  #freshReturns(f: FunctionNode, callback: FunctionNode): number {
    if (callback.body.type !== "BlockStatement") return this.#freshDepth(f, callback.body);
    return Math.min(
      ...returnsOf(callback.body).map((r) => (r.argument ? this.#freshDepth(f, r.argument) : 0)),
      Number.POSITIVE_INFINITY,
    );
  }

  #freshVariable(f: FunctionNode, binding: Binding): number {
    const { identifier, path } = binding;
    if (this.#inProgress.has(identifier)) return Number.POSITIVE_INFINITY;
    this.#inProgress.add(identifier);
    const { node } = path;
    let depth = 0;
    if (node.type === "VariableDeclarator" && node.id === identifier) {
      const loop = path.parentPath?.parentPath?.node;
      const iterated =
        (loop?.type === "ForOfStatement" || loop?.type === "ForInStatement") &&
        loop.left === path.parent;
      depth = iterated
        ? this.#freshDepth(f, loop.right) - 1
        : node.init
          ? this.#freshDepth(f, node.init)
          : Number.POSITIVE_INFINITY;
      for (const v of binding.constantViolations) {
        const write =
          v.node.type === "AssignmentExpression" && v.node.left === identifier
            ? v.node.right
            : undefined;
        depth = Math.min(
          depth,
          write
            ? this.#freshDepth(f, write)
            : v.node.type === "AssignmentExpression" &&
                v.node.operator === "=" &&
                unwrap(v.node.left).type === "Identifier"
              ? this.#freshDepth(f, v.node.right)
              : 0,
        );
      }
      for (const { parent, parentPath, node: id } of binding.referencePaths) {
        // What is put into it may be shared.
        const outer = parentPath?.parent;
        if (parent.type !== "MemberExpression" || parent.object !== id || !outer) continue;
        if (outer.type === "AssignmentExpression" && outer.left === parent)
          depth = Math.min(depth, 1 + this.#freshDepth(f, outer.right));
        if (outer.type === "CallExpression" && outer.callee === parent) {
          for (const a of outer.arguments) {
            if (!isFunction(a))
              depth = Math.min(
                depth,
                1 + this.#freshDepth(f, a.type === "SpreadElement" ? a.argument : a),
              );
          }
        }
      }
    }
    this.#inProgress.delete(identifier);
    return depth;
  }
}

const isRandom = (n: types.CallExpression): boolean =>
  n.callee.type === "MemberExpression" &&
  n.callee.property.type === "Identifier" &&
  n.callee.property.name === "random";

const isInside = (f: FunctionNode, node: Node): boolean =>
  node.start != null &&
  f.start != null &&
  f.end != null &&
  node.start >= f.start &&
  node.start < f.end;

function hasContainers(kind: Kind): boolean {
  switch (kind.k) {
    case "array":
      return isContainer(kind.of);
    case "tuple":
      return kind.of.some(isContainer);
    case "object":
      return [...kind.fields.values()].some((k) => isContainer(k) || k.k === "inert");
    default:
      return false;
  }
}

/** The places that an assignment writes to. */
function targets(left: Node): Node[] {
  const node = unwrap(left);
  switch (node.type) {
    case "ArrayPattern":
      return node.elements.flatMap((e) => (e ? targets(e) : []));
    case "ObjectPattern":
      return node.properties.flatMap((p) =>
        targets(p.type === "RestElement" ? p.argument : p.value),
      );
    case "AssignmentPattern":
      return targets(node.left);
    case "RestElement":
      return targets(node.argument);
    default:
      return [node];
  }
}
