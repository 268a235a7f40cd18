import type { types } from "@babel/core";
import { type FunctionNode, isFunction, staticKey, unwrap } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import type { CallGraph } from "./call-graph.ts";
import { isOnlyRead } from "./only-read.ts";

type Node = types.Node;

/** Globals that give the same whenever they are asked. */
const timelessGlobals = new Set([
  ...["Math", "Number", "NaN", "Infinity", "undefined", "isNaN", "isFinite", "arguments"],
  ...["String", "Boolean", "JSON", "parseFloat", "parseInt", "Map", "Set"],
  ...["Array", "Object", "Float64Array", "Float32Array", "Int32Array", "Uint8Array"],
  ...["Error", "RangeError", "TypeError"],
]);

export const isTimelessGlobal = (name: string): boolean => timelessGlobals.has(name);

/**
 * The functions whose results depend on their arguments alone, whenever they are run: neither they nor
 * what they call reads or writes anything of the file that may change, nor of other files.
 */
export function closedFunctions(
  context: ModuleContext,
  calls: CallGraph,
  roots: Iterable<FunctionNode>,
): ReadonlySet<Node> {
  const users = new Map<Node, Node[]>();
  const open: Node[] = [];
  const found = new Set<Node>(roots);
  // The set grows while it is gone through.
  for (const f of found) {
    const used: Node[] = isFunction(f) ? [...calls.calleesOf(f as FunctionNode)] : [];
    if (!readsTimeless(context, f, used)) open.push(f);
    for (const g of used) {
      found.add(g);
      users.set(g, [...(users.get(g) ?? []), f]);
    }
  }
  const spoilt = new Set(open);
  for (const f of spoilt) for (const user of users.get(f) ?? []) spoilt.add(user);
  return new Set([...found].filter((f) => !spoilt.has(f)));
}

/** Whether all that code names stays as it is; the functions and classes among it are added to `used`. */
function readsTimeless(context: ModuleContext, root: Node, used: Node[]): boolean {
  const { t } = context;
  const visit = (node: Node, parent: Node): boolean => {
    if (node.type === "Identifier")
      return t.isReferenced(node, parent) ? isTimeless(node, parent) : !isOuterTarget(node);
    if (isRandom(node)) return false;
    const bare = unwrap(node);
    if (bare !== node) return visit(bare, parent);
    if (/^TS/.test(node.type) && node.type !== "TSParameterProperty") return true;
    return (t.VISITOR_KEYS[node.type] ?? []).every((key) => {
      const child = (node as unknown as Record<string, Node | (Node | null)[] | null>)[key];
      const parts = Array.isArray(child) ? child : [child];
      return parts.every((c) => !c || visit(c, node));
    });
  };
  const isOuterTarget = (id: types.Identifier): boolean => {
    const binding = context.bindings.get(id);
    return binding?.scope === context.program.scope && !binding.constant;
  };
  const isTimeless = (id: types.Identifier, parent: Node): boolean => {
    const binding = context.bindings.get(id);
    if (binding === undefined) return timelessGlobals.has(id.name);
    if (binding.scope !== context.program.scope) return true;
    if (!binding.constant) return false;
    const { node } = binding.path;
    const value = node.type === "VariableDeclarator" && node.init ? unwrap(node.init) : node;
    if (isFunction(value) || value.type === "ClassDeclaration") {
      used.push(value);
      // What it has for properties may change.
      return "callee" in parent && parent.callee === id;
    }
    if (node.type === "VariableDeclarator" && node.id.type !== "Identifier") return false;
    if (isTable(value)) return visit(value, node) && isOnlyRead(binding);
    return isPrimitive(value) && visit(value, node);
  };
  return visit(root, root);
}

/** A list or object of primitive values. */
export const isTable = (e: Node): boolean =>
  (e.type === "ArrayExpression" && e.elements.every((x) => x !== null && isPrimitive(x))) ||
  (e.type === "ObjectExpression" &&
    e.properties.every((p) => p.type === "ObjectProperty" && !p.computed && isPrimitive(p.value)));

const isPrimitive = (e: Node): boolean => {
  switch (e.type) {
    case "NumericLiteral":
    case "StringLiteral":
    case "BooleanLiteral":
    case "NullLiteral":
    case "Identifier":
      return true;
    case "UnaryExpression":
      return isPrimitive(e.argument);
    case "BinaryExpression":
      return isPrimitive(e.left) && isPrimitive(e.right);
    case "MemberExpression":
      return e.object.type === "Identifier" && e.object.name === "Math";
    case "CallExpression":
      return e.callee.type === "MemberExpression" && isPrimitive(e.callee);
    default:
      return false;
  }
};

/** Whether code asks for something that is another every time, or by a name that is not known. */
function isRandom(n: Node): boolean {
  if (n.type !== "MemberExpression") return false;
  const key = staticKey({ key: n.property, computed: n.computed });
  if (key === undefined) {
    const object = unwrap(n.object);
    return object.type === "Identifier" && timelessGlobals.has(object.name);
  }
  return key === "random" || key === "now";
}
