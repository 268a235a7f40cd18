import type { types } from "@babel/core";
import { type Binding, type FunctionNode, staticKey, unwrap } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";

type Node = types.Node;

/** A value that code puts into an object that is there already. */
export interface Store {
  /** What is written before the first dot: `b` of `b.q.r = v`. */
  readonly root: Node;
  /** How many dots and brackets there are: where it is put, as seen from the root. */
  readonly level: number;
  /** Undefined where it is taken out of something by a pattern. */
  readonly value: Node | undefined;
}

/** What a function, and those inside it, put into objects, and the calls that may do so for them. */
export interface Stores {
  readonly own: readonly Store[];
  readonly calls: readonly types.CallExpression[];
}

export function storesIn(context: ModuleContext, f: FunctionNode): Stores {
  const own: Store[] = [];
  const calls: types.CallExpression[] = [];
  context.t.traverseFast(f, (n) => {
    if (n.type === "AssignmentExpression" && /^(=|\?\?=|\|\|=|&&=)$/.test(n.operator))
      assigned(own, unwrap(n.left), unwrap(n.right));
    if (n.type !== "CallExpression") return;
    calls.push(n);
    const callee = unwrap(n.callee);
    if (callee.type !== "MemberExpression") return;
    const { root, level } = placeOf(callee.object);
    for (const value of put(callee, n.arguments)) own.push({ root, level: level + 1, value });
  });
  return { own, calls };
}

/** The arguments that a method of an array puts into it. */
function put(callee: types.MemberExpression, args: readonly Node[]): readonly Node[] {
  switch (staticKey({ key: callee.property, computed: callee.computed })) {
    case "push":
    case "unshift":
      return args;
    case "fill":
      return args.slice(0, 1);
    case "splice":
      return args.slice(2);
    default:
      return [];
  }
}

function assigned(own: Store[], left: Node, right: Node | undefined): void {
  switch (left.type) {
    case "MemberExpression":
      own.push({ ...placeOf(left), value: right });
      return;
    case "ArrayPattern":
      left.elements.forEach((e, i) => {
        const from = right?.type === "ArrayExpression" ? right.elements[i] : undefined;
        const value = from && from.type !== "SpreadElement" ? unwrap(from) : undefined;
        if (e) assigned(own, unwrap(e), value);
      });
      return;
    case "ObjectPattern":
      for (const p of left.properties)
        assigned(own, unwrap(p.type === "RestElement" ? p.argument : p.value), undefined);
      return;
    case "AssignmentPattern":
      assigned(own, unwrap(left.left), undefined);
      return;
    case "RestElement":
      assigned(own, unwrap(left.argument), undefined);
  }
}

/** Where an expression is, as seen from the variable that it begins with. */
export function placeOf(expression: Node): { root: Node; level: number } {
  let root = unwrap(expression);
  let level = 0;
  while (root.type === "MemberExpression") {
    root = unwrap(root.object);
    level++;
  }
  return { root, level };
}

/**
 * How many levels of what a variable holds are its own: made where it is declared, without parts that
 * go by another name.
 */
export function ownLevels({ path, identifier, constant }: Binding): number {
  const { node } = path;
  if (!constant || node.type !== "VariableDeclarator" || node.id !== identifier || !node.init)
    return 0;
  return levelsOf(unwrap(node.init));
}

function levelsOf(e: Node): number {
  switch (e.type) {
    case "ArrayExpression":
      return (
        1 + Math.min(...e.elements.map((x) => (x ? levelsOf(unwrap(x)) : NO_OBJECT)), NO_OBJECT)
      );
    case "ObjectExpression":
      return (
        1 +
        Math.min(
          ...e.properties.map((p) => (p.type === "ObjectProperty" ? levelsOf(unwrap(p.value)) : 0)),
          NO_OBJECT,
        )
      );
    case "NumericLiteral":
    case "StringLiteral":
    case "BooleanLiteral":
    case "NullLiteral":
    case "BinaryExpression":
    case "UnaryExpression":
      return NO_OBJECT;
    case "NewExpression":
      return 1;
    case "CallExpression": {
      const callee = unwrap(e.callee);
      const key =
        callee.type === "MemberExpression"
          ? staticKey({ key: callee.property, computed: callee.computed })
          : undefined;
      return key !== undefined && /^(map|slice|filter|concat|from|of)$/.test(key) ? 1 : 0;
    }
    default:
      return 0;
  }
}

const NO_OBJECT = Number.POSITIVE_INFINITY;
