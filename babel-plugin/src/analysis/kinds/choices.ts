import type { types } from "@babel/core";
import { type Binding, type FunctionNode, isFunction, staticKey, unwrap } from "../../ast.ts";
import {
  BOTTOM,
  elementAt,
  elementKind,
  fieldKind,
  join,
  type Kind,
  NUM,
  whyUnknown,
} from "../kind.ts";
import { returnsOf } from "../syntax.ts";
import { importedKind } from "./evidence.ts";
import type { Facts } from "./facts.ts";
import { putAt, wayIntoModule } from "./module-objects.ts";
import { functionNamed, mathName } from "./names.ts";

type Node = types.Node;

/** Functions of which one is called that is chosen while the program runs. */
export interface Choice {
  /** What they give. */
  readonly returns: Kind;
  /** Those of the file, where all that can be chosen is named in it. */
  readonly functions: readonly FunctionNode[] | undefined;
}

/**
 * The functions that an expression may give which holds nothing active: those of a table or a list of the file, or of
 * a choice. Undefined where the file names none, nor a type says that it is one.
 */
export function choiceAt(facts: Facts, call: types.CallExpression): Choice | undefined {
  const callee = unwrap(call.callee);
  const values = valuesOf(facts, callee, new Set());
  return (
    (values && choiceAmong(facts, values, () => importedKind(facts, call))) ??
    declaredChoice(facts, callee)
  );
}

/** `told` is what is told by what is done with the result. */
function choiceAmong(facts: Facts, values: readonly Node[], told: () => Kind): Choice | undefined {
  const functions: FunctionNode[] = [];
  let isWhole = true;
  let isPending = false;
  let returns: Kind = BOTTOM;
  for (const value of values) {
    if (isNothing(value)) continue;
    const f = functionOf(facts, value);
    if (mathName(facts.context, value) !== undefined) returns = join(returns, NUM);
    else if (f !== undefined) {
      functions.push(f);
      returns = join(returns, facts.returnKind(f));
    } else if (isImported(facts, value)) {
      isWhole = false;
      returns = join(returns, facts.typeKinds.resultOf(value) ?? NUM);
    } else {
      const way = wayIntoModule(facts, value);
      if (way === undefined) return undefined;
      isWhole = false;
      const given = givenAt(facts, way);
      isPending ||= given?.k === "bottom";
      returns = join(returns, given ?? told());
    }
  }
  if (returns.k === "bottom" && functions.length === 0 && !isPending) return undefined;
  return { returns, functions: isWhole ? functions : undefined };
}

/** What the functions give that the file puts at a way into an object of the module. */
function givenAt(facts: Facts, way: string): Kind | undefined {
  const put = putAt(facts.context, way);
  const kind = put.reduce<Kind>((all, f) => join(all, facts.returnKind(f)), BOTTOM);
  return put.length === 0 || whyUnknown(kind) !== undefined ? undefined : kind;
}

function functionOf(facts: Facts, value: Node): FunctionNode | undefined {
  const f = isFunction(value) ? value : functionNamed(facts.context, value);
  // What has no twin is no function that derivatives know.
  return f && f.type !== "ObjectMethod" && facts.marks.functions.has(f) ? f : undefined;
}

const isImported = (facts: Facts, value: Node): boolean =>
  facts.context.bindings.get(value)?.kind === "module";

const isNothing = (value: Node): boolean =>
  value.type === "NullLiteral" || (value.type === "Identifier" && value.name === "undefined");

/** The expressions that say what a value may be; undefined where some are not known. `seen` are those around. */
function valuesOf(facts: Facts, expression: Node, seen: Set<Node>): Node[] | undefined {
  const node = unwrap(expression);
  if (seen.has(node)) return [];
  seen.add(node);
  const found = valuesNow(facts, node, seen);
  seen.delete(node);
  return found;
}

function valuesNow(facts: Facts, node: Node, seen: Set<Node>): Node[] | undefined {
  const all = (nodes: readonly Node[]): Node[] | undefined => {
    const found = nodes.map((n) => valuesOf(facts, n, seen));
    return found.every((v) => v !== undefined) ? found.flat() : undefined;
  };
  if (isFunction(node) || functionNamed(facts.context, node)) return [node];
  if (mathName(facts.context, node) !== undefined || isNothing(node)) return [node];
  switch (node.type) {
    case "ObjectExpression":
    case "ArrayExpression":
      return [node];
    case "ConditionalExpression":
      return all([node.consequent, node.alternate]);
    case "LogicalExpression":
      return all(node.operator === "&&" ? [node.right] : [node.left, node.right]);
    case "Identifier": {
      const binding = facts.context.bindings.get(node);
      if (binding?.kind === "module") return [node];
      const given = binding && givenTo(facts, binding, seen);
      return given && all(given);
    }
    case "MemberExpression": {
      const held = partsOf(facts, node.object, seen, staticKey(keyOf(node)));
      // What an object has that begins empty is put there later.
      if (held !== undefined && held.length > 0) return all(held);
      return wayIntoModule(facts, node) === undefined ? undefined : [node];
    }
    case "NewExpression":
      return [node];
    case "CallExpression": {
      const given = givenBy(facts, node, seen);
      return given && all(given);
    }
    default:
      return undefined;
  }
}

const keyOf = ({ property, computed }: types.MemberExpression) => ({ key: property, computed });

/** What is written to a variable; undefined where that is not known. */
function givenTo(facts: Facts, binding: Binding, seen: Set<Node>): Node[] | undefined {
  const { path, identifier, constantViolations } = binding;
  const { node } = path;
  if (node.type !== "VariableDeclarator") return undefined;
  const later: Node[] = [];
  for (const { node: write } of constantViolations) {
    if (write.type !== "AssignmentExpression" || write.operator !== "=") return undefined;
    if (unwrap(write.left).type !== "Identifier") return undefined;
    later.push(write.right);
  }
  const loop = path.parentPath?.parentPath?.node;
  if (loop?.type === "ForOfStatement" && loop.left === path.parent) {
    const parts = node.id === identifier ? partsOf(facts, loop.right, seen, undefined) : undefined;
    return parts && [...parts, ...later];
  }
  if (node.id === identifier) return node.init ? [node.init, ...later] : later;
  // `const { act } = acts`
  if (node.id.type !== "ObjectPattern" || !node.init) return undefined;
  const property = node.id.properties.find(
    (p) => p.type === "ObjectProperty" && p.value === identifier,
  );
  const key = property && staticKey(property as never);
  const parts = key === undefined ? undefined : partsOf(facts, node.init, seen, key);
  return parts && [...parts, ...later];
}

/** What an object or list holds by a key, or all that it holds. */
function partsOf(
  facts: Facts,
  object: Node,
  seen: Set<Node>,
  key: string | undefined,
): Node[] | undefined {
  const tables = valuesOf(facts, object, seen);
  if (tables === undefined) return undefined;
  const found: Node[] = [];
  for (const table of tables) {
    if (table.type === "ArrayExpression") {
      for (const [i, e] of table.elements.entries()) {
        if (e === null || e.type === "SpreadElement") return undefined;
        if (key === undefined || key === String(i)) found.push(e);
      }
    } else if (table.type === "ObjectExpression") {
      for (const p of table.properties) {
        if (p.type !== "ObjectProperty") return undefined;
        const own = staticKey(p as never);
        if (key === undefined || own === undefined || key === own) found.push(p.value);
      }
    } else return undefined;
  }
  return found;
}

/** What a call gives: `table.get(key)`, `Object.freeze(table)`, `pick(kind)`. */
function givenBy(
  facts: Facts,
  call: types.CallExpression,
  seen: Set<Node>,
): readonly Node[] | undefined {
  const callee = unwrap(call.callee);
  const f = functionNamed(facts.context, callee);
  if (f) {
    if (f.async || f.generator) return undefined;
    if (f.body.type !== "BlockStatement") return [f.body];
    return returnsOf(f.body).flatMap((r) => (r.argument ? [r.argument] : []));
  }
  if (callee.type !== "MemberExpression") return undefined;
  const name = staticKey(keyOf(callee));
  const [first] = call.arguments;
  if (name === "freeze" && facts.context.isGlobal(callee.object, "Object") && first) return [first];
  return name === "get" ? heldByMap(facts, callee.object, seen) : undefined;
}

/** The values that a map is made with. */
function heldByMap(facts: Facts, map: Node, seen: Set<Node>): Node[] | undefined {
  const found: Node[] = [];
  for (const made of valuesOf(facts, map, seen) ?? [map]) {
    const isMap = made.type === "NewExpression" && facts.context.isGlobal(made.callee, "Map");
    const entries = isMap && made.arguments[0] ? unwrap(made.arguments[0]) : undefined;
    if (entries?.type !== "ArrayExpression") return undefined;
    for (const e of entries.elements) {
      const entry = e && unwrap(e);
      const value = entry?.type === "ArrayExpression" ? entry.elements[1] : undefined;
      if (!value || value.type === "SpreadElement") return undefined;
      found.push(value);
    }
  }
  return found;
}

/** What a type says of it. */
function declaredChoice(facts: Facts, callee: Node): Choice | undefined {
  const kind = declaredAt(facts, callee);
  return kind?.k === "fn" ? { returns: kind.returns, functions: undefined } : undefined;
}

function declaredAt(facts: Facts, expression: Node): Kind | undefined {
  const node = unwrap(expression);
  if (node.type === "Identifier") {
    const { identifier } = facts.context.bindings.get(node) ?? {};
    return facts.typeKinds.of((identifier as types.Identifier | undefined)?.typeAnnotation);
  }
  if (node.type !== "MemberExpression") return undefined;
  const object = declaredAt(facts, node.object);
  if (object === undefined) return undefined;
  const key = staticKey(keyOf(node));
  if (object.k === "object") return fieldKind(object, key);
  if (key === undefined) return elementKind(object);
  // By a name stand the methods of lists.
  return /^\d+$/.test(key) ? elementAt(object, Number(key)) : undefined;
}
