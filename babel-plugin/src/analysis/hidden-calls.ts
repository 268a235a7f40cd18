import type { NodePath, types } from "@babel/core";
import { type FunctionNode, isFunction, staticKey, unwrap } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import { functionOf } from "../resolve.ts";
import { calleeName } from "./kinds/names.ts";
import { someIn } from "./syntax.ts";

type Node = types.Node;
type Member = types.ObjectMethod | types.ClassMethod | types.ClassPrivateMethod;
type Field = types.ObjectProperty | types.ClassProperty;

/** What a file has that runs code where nothing is called. */
export interface HiddenCalls {
  /** Getters that may run where something is read under a name, or under one that is not known. */
  readonly gettersOf: (name: string | undefined) => readonly FunctionNode[];
  /** What runs where an object is made a number or a text. */
  readonly conversions: readonly FunctionNode[];
  /** The names of what the file itself defines on objects. */
  readonly members: ReadonlySet<string>;
  /** Whether objects are made that may run anything, wherever they are looked at. */
  readonly areAnywhere: boolean;
  /** Whether iterators are made, which can be gone through once. */
  readonly hasIterators: boolean;
  /** Whether the memory of arrays is got hold of, so that several may look at it. */
  readonly hasBuffers: boolean;
}

const converting = new Set(["valueOf", "toString", "toLocaleString", "toPrimitive"]);
const iterating = new Set(["values", "keys", "entries", "matchAll", "iterator"]);

/** Finds them, once for a file. */
export function hiddenCallsIn(context: ModuleContext): HiddenCalls {
  const getters: { name: string | undefined; f: FunctionNode }[] = [];
  const conversions: FunctionNode[] = [];
  const members = new Set<string>();
  let areAnywhere = "Proxy" in (context.program.scope as unknown as { globals: object }).globals;
  let hasIterators = false;

  const convertsBy = (key: string | undefined, value: Node | null | undefined) => {
    if (key !== undefined && value) members.add(key);
    if (key === undefined || !converting.has(key) || !value) return;
    const node = unwrap(value);
    const f = isFunction(node) ? node : functionOf(context, node)?.node;
    if (f) conversions.push(f);
    else areAnywhere = true;
  };
  const method = ({ node }: { node: Member }) => {
    if (node.generator) hasIterators = true;
    if (keyOf(node) === "iterator") hasIterators = true;
    if (node.kind === "get") getters.push({ name: staticKey(node), f: node });
    else convertsBy(keyOf(node), node);
  };
  const field = ({ node, parent }: { node: Field; parent: Node }) => {
    if (parent.type !== "ObjectPattern") convertsBy(keyOf(node), node.value);
  };
  const generator = ({ node }: { node: FunctionNode }) => {
    if (node.generator) hasIterators = true;
  };
  context.each({
    ObjectMethod: method,
    ClassMethod: method,
    ClassPrivateMethod: method,
    ObjectProperty: field,
    ClassProperty: field,
    FunctionDeclaration: generator,
    FunctionExpression: generator,
    ExpressionStatement: ({ node: { expression } }) => {
      if (expression.type === "AssignmentExpression" && expression.left.type === "MemberExpression")
        convertsBy(keyOf({ ...expression.left, key: expression.left.property }), expression.right);
    },
    CallExpression: (path) => {
      const { node } = path;
      const callee = unwrap(node.callee);
      const name = calleeName(context, callee) ?? "";
      const key =
        callee.type === "MemberExpression" ? keyOf({ ...callee, key: callee.property }) : "";
      if (iterating.has(key ?? "") && !name.startsWith("Object.") && !isUsedUp(path))
        hasIterators = true;
      if (name === "Object.defineProperty" || name === "Reflect.defineProperty") {
        const [, property, descriptor] = node.arguments;
        const get = getterIn(descriptor);
        const found = property?.type === "StringLiteral" ? property.value : undefined;
        if (get === "unknown") areAnywhere ||= !isHelper(path);
        else if (get) getters.push({ name: found, f: get });
      }
      if (name === "Object.defineProperties" || /^__define[GS]etter__$/.test(key ?? ""))
        areAnywhere = true;
    },
  });
  return {
    gettersOf: (name) =>
      getters
        .filter((g) => name === undefined || g.name === undefined || g.name === name)
        .map((g) => g.f),
    conversions,
    members,
    areAnywhere,
    hasIterators,
    get hasBuffers() {
      return someIn(
        context.t,
        context.program.node,
        (n) => n.type === "Identifier" && /^buffer$|Buffer$/.test(n.name),
      );
    },
  };
}

/** Whether an iterator is gone through right where it is made. */
const isUsedUp = ({ node, parent }: NodePath): boolean =>
  (parent.type === "ForOfStatement" && parent.right === node) ||
  parent.type === "SpreadElement" ||
  (parent.type === "VariableDeclarator" && parent.id.type === "ArrayPattern");

/** Whether code stands in what TypeScript writes to load modules. */
const isHelper = (path: NodePath): boolean =>
  path.findParent(
    ({ node }) =>
      node.type === "VariableDeclarator" &&
      node.id.type === "Identifier" &&
      node.id.name.startsWith("__"),
  ) !== null;

/** A key as written, and what `[Symbol.toPrimitive]` ends in. */
function keyOf(node: { key: Node; computed?: boolean | null }): string | undefined {
  const { key } = node;
  if (key.type === "MemberExpression")
    return staticKey({ key: key.property, computed: key.computed });
  return staticKey(node);
}

/** The getter of a property that is defined while the program runs. */
function getterIn(descriptor: Node | undefined): FunctionNode | "unknown" | undefined {
  if (descriptor?.type !== "ObjectExpression") return "unknown";
  for (const p of descriptor.properties) {
    const key = p.type === "SpreadElement" ? undefined : staticKey(p);
    if (key === undefined) return "unknown";
    if (key !== "get") continue;
    const value = p.type === "ObjectProperty" ? unwrap(p.value) : p;
    return isFunction(value) ? value : "unknown";
  }
  return undefined;
}
