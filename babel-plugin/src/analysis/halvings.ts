import type { types } from "@babel/core";
import { isFunction, unwrap } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import { someIn } from "./syntax.ts";

type Node = types.Node;
type T = ModuleContext["t"];
type Test = types.IfStatement | types.ConditionalExpression;

const loops = new Set(["ForStatement", "WhileStatement", "DoWhileStatement", "ForOfStatement"]);
const integer = new Set(["|", "&", "^", "<<", ">>", ">>>"]);

/**
 * The tests that halve an interval until it holds a root, `if (f(mid) > 0) hi = mid; else lo = mid`,
 * where `mid` is the middle of `lo` and `hi` and the function gives one of these. What is compared
 * decides the result, and passes on no tangent.
 */
export function halvingsOf(t: T, root: Node): ReadonlySet<Node> {
  const found = new Set<Node>();
  const given: Node[] = isFunction(root) && root.body.type !== "BlockStatement" ? [root.body] : [];
  const bodies: Node[] = [];
  t.traverseFast(root, (node) => {
    if (loops.has(node.type)) bodies.push((node as types.WhileStatement).body);
    if (node.type === "ReturnStatement" && node.argument) given.push(node.argument);
  });
  for (const body of bodies) {
    const middles = middlesIn(t, body);
    if (middles.size === 0) continue;
    t.traverseFast(body, (node) => {
      if (node.type !== "IfStatement" && node.type !== "ConditionalExpression") return;
      for (const [mid, ends] of middles) {
        const moved = ends.filter((end) => isMoved(t, node, end, mid));
        const isGiven = given.some((g) => [mid, ...ends].some((name) => computes(t, g, name)));
        if (moved.length > 0 && isGiven) found.add(node);
      }
    });
  }
  return found;
}

/** Variables that a loop makes the middle of two others, by name; places in lists are none. */
function middlesIn(t: T, body: Node): Map<string, string[]> {
  const middles = new Map<string, string[]>();
  t.traverseFast(body, (node) => {
    const [id, value] =
      node.type === "VariableDeclarator"
        ? [node.id, node.init]
        : node.type === "AssignmentExpression" && node.operator === "="
          ? [node.left, node.right]
          : [];
    if (id?.type !== "Identifier" || !value || !isMiddle(t, value)) return;
    const names = namesIn(t, value).filter((n) => n !== id.name);
    const isPlace = someIn(
      t,
      body,
      (n) => n.type === "MemberExpression" && n.computed && isName(n.property, id.name),
    );
    if (names.length === 2 && !isPlace) middles.set(id.name, names);
  });
  return middles;
}

/** `(lo + hi) / 2`, `0.5 * (lo + hi)`, `lo + (hi - lo) / 2`. */
function isMiddle(t: T, value: Node): boolean {
  const isHalf = (n: Node): boolean =>
    n.type === "BinaryExpression" &&
    ((n.operator === "/" && isNumber(n.right, 2)) ||
      (n.operator === "*" && (isNumber(n.right, 0.5) || isNumber(n.left, 0.5))));
  const isOther = (n: Node): boolean =>
    n.type === "CallExpression" || (n.type === "BinaryExpression" && integer.has(n.operator));
  return someIn(t, value, isHalf) && !someIn(t, value, isOther);
}

/** Whether one way of a test makes the middle an end. */
function isMoved(t: T, test: Test, end: string, mid: string): boolean {
  const isMove = (n: Node): boolean =>
    n.type === "AssignmentExpression" &&
    n.operator === "=" &&
    isName(n.left, end) &&
    isName(n.right, mid);
  return [test.consequent, test.alternate].some((way) => way && someIn(t, way, isMove));
}

/** Whether a result is a variable, or computed of it by arithmetic. */
function computes(t: T, result: Node, name: string): boolean {
  const node = unwrap(result);
  if (node.type === "BinaryExpression")
    return computes(t, node.left, name) || computes(t, node.right, name);
  return isName(node, name);
}

const isName = (node: Node, name: string): boolean => {
  const bare = unwrap(node);
  return bare.type === "Identifier" && bare.name === name;
};

const isNumber = (node: Node, value: number): boolean =>
  node.type === "NumericLiteral" && node.value === value;

function namesIn(t: T, node: Node): string[] {
  const names = new Set<string>();
  someIn(t, node, (n) => {
    if (n.type === "Identifier") names.add(n.name);
    return false;
  });
  return [...names];
}
