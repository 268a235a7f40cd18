import type { NodePath, types } from "@babel/core";
import { type Binding, isFunction, rootOf, unwrap } from "../ast.ts";
import type { ModuleContext } from "../module-context.ts";
import type { Activity } from "./activity.ts";
import { returnsOf, someIn } from "./syntax.ts";

type Node = types.Node;
/** An outer variable, or the name of a field of `this`. */
type Holder = Binding | string;

/** A test of whether something that an earlier call left in an outer variable can be used again. */
export interface Memo {
  /** The variable or field. */
  readonly name: string;
  /** Whether what is kept is compared with something of this call. */
  readonly isKeyed: boolean;
  /** Whether what is kept was made of this call's arguments. */
  readonly isOfArguments: boolean;
  /** Whether an expression reads what is kept. */
  readonly reads: (node: Node) => boolean;
  /** Whether an expression tells how far something of this call is from what is kept. */
  readonly measures: (node: Node) => boolean;
}

/** A part of such a test: a comparison, or what asks a map by a key. */
export interface MemoQuestion {
  readonly memo: Memo;
  /** What it gives where what is kept cannot be used. */
  readonly miss: boolean;
}

export interface Memos {
  /** By the statements and expressions that choose by a test. */
  readonly tests: ReadonlyMap<Node, Memo>;
  readonly questions: ReadonlyMap<Node, MemoQuestion>;
  /** What asks or fills a map, an object or a list by such a key: calls, members and `in`. */
  readonly accesses: ReadonlySet<Node>;
  /** Assignments to outer variables in a function that asks a memo whose it is. */
  readonly fills: ReadonlySet<Node>;
}

/** What chooses by a test, and what it chooses. */
interface Choice {
  readonly owner: Node;
  readonly test: Node;
  readonly consequent?: Node | null | undefined;
  readonly alternate?: Node | null | undefined;
  /** Whether a true test means that what is kept can be used, without a look at what is chosen. */
  readonly isSearch?: boolean;
}

/**
 * The tests of memos: `if (!memo || memo.key !== x) memo = { key: x, value: … }` and
 * `if (memo && memo.key === x) return memo.value`, where `memo` is declared outside the function or is a
 * field of `this`; `cache.has(x)`, `cache[x] === undefined`, `x in cache`, `keys.indexOf(x)`, and `memos.find((m) => m.key === x)`.
 */
export function memosOf(context: ModuleContext, activity: Activity, root: Node): Memos {
  const { t } = context;
  const choices: Choice[] = [];
  const writes = new Map<Holder, Node[]>();
  const accesses = new Map<Node, Holder>();
  const aliases = new Map<Binding, Holder>();
  const filled = filledIn(context, root);
  // A list that is written to by an index is a memo where it is asked by that.
  const isFilledBy = ({ of, key, by }: Asked, value?: Node): boolean =>
    filled.some(
      (place) =>
        (value === undefined || t.isNodesEquivalent(place.value, value)) &&
        t.isNodesEquivalent(unwrap(place.object), unwrap(of)) &&
        (by === "place"
          ? place.key !== undefined && t.isNodesEquivalent(unwrap(place.key), unwrap(key))
          : place.key === undefined),
    );
  const outer = (node: Node): Holder | undefined => {
    const field = fieldOfThis(node);
    if (field !== undefined) return field;
    const binding = context.bindings.get(holderOf(node));
    if (binding === undefined) return undefined;
    return aliases.get(binding) ?? (activity.isInside(binding) ? undefined : binding);
  };
  /** The same for a map, which may be handed in. */
  const mapOf = (node: Node): Holder | undefined => {
    const bare = unwrap(node);
    const binding = bare.type === "Identifier" ? context.bindings.get(bare) : undefined;
    return outer(node) ?? (binding?.kind === "param" && binding.constant ? binding : undefined);
  };
  const alias = (target: Node, of: Holder): void => {
    t.traverseFast(target, (n) => {
      const binding = n.type === "Identifier" ? context.bindings.get(n) : undefined;
      if (binding && activity.isInside(binding)) aliases.set(binding, of);
    });
  };
  const write = (target: Node, node: Node, holder = outer(target)): void => {
    if (holder !== undefined) writes.set(holder, [...(writes.get(holder) ?? []), node]);
  };
  t.traverseFast(root, (node) => {
    switch (node.type) {
      case "IfStatement":
      case "ConditionalExpression":
        choices.push({ ...node, owner: node });
        break;
      case "WhileStatement":
        choices.push({ owner: node, test: node.test, consequent: node.body });
        break;
      case "LogicalExpression": {
        const chosen = node.operator === "&&" ? "consequent" : "alternate";
        choices.push({ owner: node, test: node.left, [chosen]: node.right });
        break;
      }
      case "VariableDeclarator": {
        // `const kept = memo;`
        const choice = defaultIn(context, node);
        const asked = node.init && askedBy(context, choice?.left ?? unwrap(node.init));
        // `const y = cache[k] ?? slow(x); cache[k] = y;`
        if (choice && asked && isFilledBy(asked, node.id))
          choices.push({ owner: choice.owner, test: choice.left, isSearch: true });
        const of =
          node.init && (outer(node.init) ?? (asked?.by === "map" ? mapOf(asked.of) : undefined));
        if (!of) break;
        // A variable that is filled when a map had nothing is still what the map was asked for.
        const isAsked = asked != null && isFilledBy(asked);
        const isFixed = node.id.type !== "Identifier" || context.bindings.get(node.id)?.constant;
        if (isAsked || isFixed) alias(node.id, of);
        break;
      }
      case "ForOfStatement": {
        const of = outer(node.right);
        if (of && node.left.type === "VariableDeclaration" && node.left.kind === "const")
          for (const { id } of node.left.declarations) alias(id, of);
        break;
      }
      case "MemberExpression":
      case "OptionalMemberExpression":
      case "BinaryExpression": {
        const asked = askedBy(context, node);
        const of = asked && outer(asked.of);
        if (of) accesses.set(node, of);
        break;
      }
      case "AssignmentExpression":
        if (!activity.isPrimitive(node.right)) write(node.left, node);
        if (node.operator === "??=" || node.operator === "||=")
          choices.push({ owner: node, test: node.left, alternate: node });
        break;
      case "CallExpression":
      case "OptionalCallExpression": {
        const callee = calleeOf(node);
        if (callee?.property.type !== "Identifier") break;
        const { name } = callee.property;
        const asked = askedBy(context, node);
        const table = asked && (asked.by === "map" ? mapOf(asked.of) : outer(asked.of));
        if (table) accesses.set(node, table);
        const isFilled = name === "set" && node.arguments.length === 2;
        const of = isFilled ? mapOf(callee.object) : outer(callee.object);
        if (of === undefined) break;
        if (isFilled) accesses.set(node, of);
        if (putting.has(name) && !node.arguments.every((a) => activity.isPrimitive(a)))
          write(callee.object, node, of);
        const [f] = node.arguments;
        if (!searching.has(name) || !isFunction(f) || f.params.length === 0) break;
        alias(f.params[0] as Node, of);
        const [only] = f.body.type === "BlockStatement" ? returnsOf(f.body) : [];
        const test = f.body.type === "BlockStatement" ? only?.argument : f.body;
        if (test) choices.push({ owner: node, test, isSearch: true });
      }
    }
  });
  const tests = new Map<Node, Memo>();
  const questions = new Map<Node, MemoQuestion>();
  const found: Memos = { tests, questions, accesses: new Set(), fills: new Set() };
  if (writes.size === 0) return found;
  // Each part is gone through once, however many holders and tests there are.
  const mentioned = new Map<Node, Set<Holder>>();
  const mentionedIn = (node: Node): ReadonlySet<Holder> => {
    let holders = mentioned.get(node);
    if (holders === undefined) {
      const all = new Set<Holder>();
      holders = all;
      mentioned.set(node, all);
      t.traverseFast(node, (n) => {
        if (n.type !== "Identifier" && n.type !== "MemberExpression") return;
        const holder = outer(n) ?? mapOf(n);
        if (holder !== undefined) all.add(holder);
        const decided = n.type === "Identifier" ? decisionOf(context, n) : undefined;
        if (decided) for (const of of mentionedIn(decided)) all.add(of);
      });
    }
    return holders;
  };
  const mentions = (node: Node | null | undefined, holder: Holder): boolean =>
    node != null && mentionedIn(node).has(holder);
  // What was kept may say in another variable or field whose it is.
  const isKept = (side: Node): boolean => [...mentionedIn(side)].some((b) => writes.has(b));
  const isKey = (side: Node): boolean => !isKept(side) && !activity.isPrimitive(side);
  const comparesKey = (n: Node): boolean => {
    const [left, right] = sidesOf(context, n) ?? [];
    if (left === undefined || right === undefined) return false;
    return (isKept(left) && isKey(right)) || (isKept(right) && isKey(left));
  };
  const isCompared = (n: Node): boolean => {
    if (comparesKey(n)) return true;
    const asked = askedBy(context, n);
    return asked !== undefined && isKept(asked.of) && isOfCall(asked.key) && isFilledBy(asked);
  };
  // Text is no active value, but may be made of one.
  const isOfCall = (key: Node): boolean =>
    isKey(key) ||
    someIn(t, decisionOf(context, unwrap(key)) ?? key, (n) => n.type === "Identifier" && isKey(n));
  const measures = (node: Node): boolean => {
    const differs = (side: Node): boolean =>
      someIn(t, side, (n) => n.type === "BinaryExpression" && n.operator === "-" && isCompared(n));
    return someIn(t, node, (n) => isDistance(n, differs));
  };
  const asked = new Set<Holder>();
  /** The parts of a test, with what each gives where the whole is `miss`. */
  const ask = (expression: Node, memo: Memo, miss: boolean, holder: Holder): void => {
    const node = unwrap(expression);
    if (node.type === "LogicalExpression" && node.operator !== "??") {
      ask(node.left, memo, miss, holder);
      ask(node.right, memo, miss, holder);
    } else if (node.type === "UnaryExpression" && node.operator === "!")
      ask(node.argument, memo, !miss, holder);
    else if (node.type === "Identifier") {
      const decided = decisionOf(context, node);
      if (decided) ask(decided, memo, miss, holder);
    } else if (sidesOf(context, node)) {
      questions.set(node, { memo, miss });
      const [left, right] = sidesOf(context, node) as readonly [Node, Node];
      askSide(left, right, node, memo, miss, holder);
      askSide(right, left, node, memo, miss, holder);
    } else if (isCompared(node)) {
      questions.set(node, { memo, miss: false });
      // Where something is there, it is what is used.
      if (!miss) asked.add(holder);
    }
  };
  /** One side of a comparison: whether it is nothing, or where in a list it is. */
  const askSide = (
    expression: Node,
    other: Node,
    comparison: Node,
    memo: Memo,
    miss: boolean,
    holder: Holder,
  ): void => {
    const side = unwrap(expression);
    const decided = side.type === "Identifier" ? decisionOf(context, side) : side;
    const what = decided && askedBy(context, decided);
    if (side.type === "UnaryExpression" && side.operator === "typeof") {
      // `typeof kept === "undefined"`, and `typeof kept === "number"` where it is there.
      const isAbsent = other.type === "StringLiteral" && other.value === "undefined";
      const isEqual =
        comparison.type === "BinaryExpression" && !comparison.operator.startsWith("!");
      ask(side.argument, memo, isEqual === isAbsent ? !miss : miss, holder);
    } else if (what?.by === "element") ask(side, memo, false, holder);
    else if (isNothing(context, other) && comparison.type === "BinaryExpression")
      ask(side, memo, comparison.operator.startsWith("!") ? miss : !miss, holder);
  };
  for (const choice of choices) {
    for (const [holder, places] of writes) {
      const { owner, test, consequent, alternate, isSearch } = choice;
      if (!mentions(test, holder) && !mentions(calledBy(context, test), holder)) continue;
      const writesIn = (branch: Node | null | undefined): Node | undefined =>
        places.find((a) => someIn(t, branch, (n) => n === a));
      const uses = (branch: Node | null | undefined): boolean =>
        !!branch &&
        isKept(branch) &&
        (owner.type !== "IfStatement" || someIn(t, branch, (n) => n.type === "ReturnStatement"));
      const miss =
        isSearch === true
          ? false
          : writesIn(consequent)
            ? true
            : writesIn(alternate) || uses(consequent)
              ? false
              : uses(alternate)
                ? true
                : undefined;
      if (miss === undefined) continue;
      const decided = (node: Node): Node =>
        (node.type === "Identifier" && decisionOf(context, node)) || node;
      const stored = writesIn(consequent) ?? writesIn(alternate) ?? places[0];
      const memo: { -readonly [K in keyof Memo]: Memo[K] } = {
        name: typeof holder === "string" ? `this.${holder}` : holder.identifier.name,
        reads: isKept,
        measures,
        isKeyed: false,
        // An instance may have been made in this call.
        isOfArguments:
          typeof holder !== "string" &&
          someIn(t, stored, (n) => {
            const read = n.type === "Identifier" ? context.bindings.get(n) : undefined;
            if (read?.kind !== "param" || !activity.isInside(read) || activity.isPrimitive(n))
              return false;
            return !someIn(t, stored, (own) => own === read.identifier);
          }),
      };
      tests.set(owner, memo);
      const some = (is: (n: Node) => boolean) => someIn(t, test, (n) => someIn(t, decided(n), is));
      if (some(isCompared)) ask(test, memo, miss, holder);
      memo.isKeyed = some(comparesKey) || asked.has(holder);
      break;
    }
  }
  const kept = [...accesses].filter(([, holder]) => asked.has(holder)).map(([node]) => node);
  const isAsked = [...tests.values()].some((memo) => memo.isKeyed);
  const fills = isAsked ? [...writes.values()].flat() : [];
  return { ...found, accesses: new Set(kept), fills: new Set(fills) };
}

/** What a variable is where a table has something, and else is computed. */
function defaultIn(
  context: ModuleContext,
  { id, init }: types.VariableDeclarator,
): { owner: Node; left: Node } | undefined {
  const owner = init && unwrap(init);
  if (owner?.type !== "LogicalExpression" || owner.operator === "&&") return undefined;
  const left = unwrap(owner.left);
  return id.type === "Identifier" && askedBy(context, left) ? { owner, left } : undefined;
}

interface Filled {
  readonly object: Node;
  /** Of what is assigned to; undefined where a method puts something in. */
  readonly key: Node | undefined;
  readonly value: Node;
}

/** What something is put into. */
function filledIn({ t }: ModuleContext, root: Node): Filled[] {
  const found: Filled[] = [];
  t.traverseFast(root, (node) => {
    const place = node.type === "AssignmentExpression" ? unwrap(node.left) : undefined;
    if (
      node.type === "AssignmentExpression" &&
      place?.type === "MemberExpression" &&
      place.computed
    )
      found.push({ object: place.object, key: place.property, value: node.right });
    const callee = calleeOf(node);
    if (callee?.property.type !== "Identifier") return;
    const value = (node as types.CallExpression).arguments.at(-1);
    if (value && putting.has(callee.property.name))
      found.push({ object: callee.object, key: undefined, value });
  });
  return found;
}

const isNothing = (context: ModuleContext, node: Node): boolean => {
  const bare = unwrap(node);
  return (
    bare.type === "NullLiteral" ||
    context.isGlobal(bare, "undefined") ||
    (bare.type === "UnaryExpression" && bare.operator === "void")
  );
};

/** Methods that put something into a list, map or set. */
const putting = new Set(["push", "unshift", "set", "add"]);
/** Methods that look for an element. */
const searching = new Set(["find", "findIndex", "findLast", "findLastIndex", "some", "every"]);
/** Methods that give something of what they are called on. */
const giving = new Set(["get", "at", "find", "findLast", "values", "entries", "pop"]);

/** What an expression that reads something kept is rooted in. */
function holderOf(node: Node): Node {
  const root = rootOf(node);
  const callee = calleeOf(root);
  if (callee === undefined) return root;
  const { object, property } = callee;
  return property.type === "Identifier" && giving.has(property.name) ? holderOf(object) : root;
}

type Member = types.MemberExpression | types.OptionalMemberExpression;

/** The method that is called, `object.method` or `object?.method`. */
function calleeOf(node: Node): Member | undefined {
  if (node.type !== "CallExpression" && node.type !== "OptionalCallExpression") return undefined;
  const callee = unwrap(node.callee);
  return callee.type === "MemberExpression" || callee.type === "OptionalMemberExpression"
    ? callee
    : undefined;
}

/** A map, object or list, and the key that it is asked by. */
export interface Asked {
  readonly of: Node;
  readonly key: Node;
  /** A map by its methods, an object or list by its places, a list by what it holds. */
  readonly by: "map" | "place" | "element";
}

const asking: Readonly<Record<string, "map" | "element" | undefined>> = Object.assign(
  Object.create(null),
  { has: "map", get: "map", indexOf: "element", includes: "element" },
);

/** `Object.hasOwn(object, key)`, `Reflect.has(object, key)`, `Object.prototype.hasOwnProperty.call(object, key)`. */
function asksObject(context: ModuleContext, owner: Node, name: string): boolean {
  if (name === "hasOwn") return context.isGlobal(owner, "Object");
  if (name === "has") return context.isGlobal(owner, "Reflect");
  return (
    name === "call" &&
    owner.type === "MemberExpression" &&
    owner.property.type === "Identifier" &&
    owner.property.name === "hasOwnProperty"
  );
}

/** What `map.has(key)`, `map.get(key)`, `object[key]`, `key in object`, `Object.hasOwn(object, key)` and `list.indexOf(key)` ask. */
export function askedBy(context: ModuleContext, node: Node): Asked | undefined {
  switch (node.type) {
    case "MemberExpression":
    case "OptionalMemberExpression": {
      const { object, property, computed } = node;
      if (!computed || /^(Numeric|String)Literal$/.test(property.type) || object.type === "Super")
        return undefined;
      return { of: object, key: property, by: "place" };
    }
    case "BinaryExpression":
      return node.operator === "in" && node.left.type !== "PrivateName"
        ? { of: node.right, key: node.left, by: "place" }
        : undefined;
    case "CallExpression":
    case "OptionalCallExpression": {
      const callee = calleeOf(node);
      if (callee?.property.type !== "Identifier") return undefined;
      const [first, second] = node.arguments;
      const { name } = callee.property;
      if (asksObject(context, callee.object, name))
        return first && second ? { of: first, key: second, by: "place" } : undefined;
      if (first === undefined || node.arguments.length !== 1) return undefined;
      if (name === "hasOwnProperty") return { of: callee.object, key: first, by: "place" };
      const by = asking[name];
      return by && { of: callee.object, key: first, by };
    }
    default:
      return undefined;
  }
}

/** What is compared: `a === b`, `a - b`, `Object.is(a, b)`. */
export function sidesOf(
  context: ModuleContext,
  node: Node,
): readonly [types.Expression, types.Expression] | undefined {
  if (node.type === "BinaryExpression") {
    const { left, operator, right } = node;
    const asksKind = left.type === "PrivateName" || operator === "in" || operator === "instanceof";
    return asksKind ? undefined : [left, right];
  }
  if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") return undefined;
  const { object, property } = node.callee;
  const isSame =
    property.type === "Identifier" && property.name === "is" && context.isGlobal(object, "Object");
  return isSame && node.arguments.length === 2 ? (node.arguments as never) : undefined;
}

/** The body of a function of the file that a test calls: `isStale(x)`. */
function calledBy(context: ModuleContext, test: Node): Node | undefined {
  const bare = unwrap(test);
  if (bare.type === "UnaryExpression") return calledBy(context, bare.argument);
  if (bare.type !== "CallExpression" || bare.callee.type !== "Identifier") return undefined;
  const { node } = context.bindings.get(bare.callee)?.path ?? {};
  const f = node?.type === "VariableDeclarator" ? node.init && unwrap(node.init) : node;
  return isFunction(f) ? f.body : undefined;
}

/** The comparison that a constant keeps: `const hit = memo.key === x`. */
function decisionOf(context: ModuleContext, id: Node): Node | undefined {
  const binding = context.bindings.get(id);
  const { node } = binding?.path ?? {};
  if (node?.type !== "VariableDeclarator" || node.id !== binding?.identifier) return undefined;
  const init = node.init && unwrap(node.init);
  const isAsked = init && askedBy(context, init) !== undefined;
  if (!binding.constant && !isAsked) return undefined;
  const decides =
    isAsked ||
    init?.type === "LogicalExpression" ||
    init?.type === "UnaryExpression" ||
    init?.type === "BinaryExpression" ||
    init?.type === "CallExpression" ||
    init?.type === "TemplateLiteral";
  return decides ? init : undefined;
}

/** The variables and fields that an expression is computed of; undefined where something else is done. */
export function operandsOf(node: Node): readonly Node[] | undefined {
  const bare = unwrap(node);
  switch (bare.type) {
    case "Identifier":
      return [bare];
    case "MemberExpression":
      return !bare.computed && operandsOf(bare.object) ? [bare] : undefined;
    case "UnaryExpression":
      return operandsOf(bare.argument);
    case "BinaryExpression":
      return all([bare.left, bare.right]);
    case "CallExpression": {
      const { callee } = bare;
      const isMath =
        callee.type === "MemberExpression" &&
        callee.object.type === "Identifier" &&
        callee.object.name === "Math";
      return isMath ? all(bare.arguments) : undefined;
    }
    default:
      return bare.type.endsWith("Literal") ? [] : undefined;
  }
}

function all(nodes: readonly Node[]): readonly Node[] | undefined {
  const parts = nodes.map(operandsOf);
  return parts.every((p) => p !== undefined) ? parts.flat() : undefined;
}

/** `Math.abs(a - b)`, `(a - b) ** 2` and their like: which of the two is greater does not matter. */
function isDistance(node: Node, differs: (side: Node) => boolean): boolean {
  if (node.type === "BinaryExpression") {
    const { operator, left, right } = node;
    const isEven = right.type === "NumericLiteral" && right.value % 2 === 0;
    return differs(left) && (operator === "**" ? isEven : operator === "*" && differs(right));
  }
  if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") return false;
  const { object, property } = node.callee;
  return (
    object.type === "Identifier" &&
    object.name === "Math" &&
    property.type === "Identifier" &&
    (property.name === "abs" || property.name === "hypot") &&
    node.arguments.some(differs)
  );
}

/** `key` of `this.key.x`. */
function fieldOfThis(node: Node): string | undefined {
  const bare = unwrap(node);
  if (bare.type !== "MemberExpression" && bare.type !== "OptionalMemberExpression")
    return undefined;
  const { object, property, computed } = bare;
  if (unwrap(object).type !== "ThisExpression") return fieldOfThis(object);
  if (property.type === "PrivateName") return `#${property.id.name}`;
  return property.type === "Identifier" && !computed ? property.name : undefined;
}

/** Where a function asks or fills a table by what it is given. */
interface Access {
  readonly node: Node;
  readonly f: Binding;
  /** Which parameter is the key. */
  readonly at: number;
  readonly isFill: boolean;
}

const split = new WeakMap<ModuleContext, ReadonlySet<Node>>();

/**
 * What asks and fills tables of the module in functions for that, `look(key)` and `put(key, value)`: memos where one
 * function calls both by the same key.
 */
export function splitAccesses(context: ModuleContext): ReadonlySet<Node> {
  let found = split.get(context);
  if (found === undefined) {
    found = new Set(
      Object.values(context.program.scope.bindings).flatMap((b) => splitIn(context, b)),
    );
    split.set(context, found);
  }
  return found;
}

function splitIn(context: ModuleContext, table: Binding): Node[] {
  const { node } = table.path;
  if (node.type !== "VariableDeclarator" || node.id !== table.identifier || !node.init) return [];
  if (!/^(New|Object|Array|Call)Expression$/.test(unwrap(node.init).type)) return [];
  const all = table.referencePaths.flatMap((use) => accessAt(context, use) ?? []);
  const fills = all.filter((a) => a.isFill);
  const asks = all.filter((a) => !a.isFill);
  const isMemo = asks.some((ask) =>
    fills.some((fill) => ask.f !== fill.f && areCalledTogether(context, ask, fill)),
  );
  return isMemo ? all.map((a) => a.node) : [];
}

/** `table.get(key)`, `table[key] = value`, where `key` is a parameter of a function that has a name. */
function accessAt(context: ModuleContext, use: NodePath): Access | undefined {
  const f = use.getFunctionParent();
  const declared = f?.isFunctionDeclaration() ? f.node.id : declaratorOf(f);
  const own = declared && context.bindings.get(declared);
  if (!f || !own?.constant) return undefined;
  for (
    let path: NodePath | null = use;
    path && path.parentPath !== f.parentPath;
    path = path.parentPath
  ) {
    const { node } = path;
    const isSet = isSetOf(node, use.node);
    const asked = isSet ? undefined : askedBy(context, node);
    const key = isSet ? (node as types.CallExpression).arguments[0] : asked?.key;
    if (key === undefined || (asked && unwrap(asked.of) !== use.node)) continue;
    const at = f.node.params.findIndex(
      (p) =>
        p.type === "Identifier" && context.bindings.get(p) === context.bindings.get(unwrap(key)),
    );
    if (at < 0) return undefined;
    const isFill =
      isSet || (path.parent.type === "AssignmentExpression" && path.parent.left === node);
    return { node, f: own, at, isFill };
  }
  return undefined;
}

/** `map.set(key, value)` */
function isSetOf(node: Node, map: Node): boolean {
  const callee = calleeOf(node);
  return (
    callee?.property.type === "Identifier" &&
    callee.property.name === "set" &&
    unwrap(callee.object) === map &&
    (node as types.CallExpression).arguments.length === 2
  );
}

/** `const look = (key) => …` */
const declaratorOf = (f: NodePath | null | undefined): Node | undefined =>
  f?.parent.type === "VariableDeclarator" ? f.parent.id : undefined;

function areCalledTogether({ t }: ModuleContext, ask: Access, fill: Access): boolean {
  const calls = ({ f, at }: Access) =>
    f.referencePaths.flatMap((use) => {
      const { parent } = use;
      const key =
        parent.type === "CallExpression" && parent.callee === use.node && parent.arguments[at];
      return key ? [{ key: unwrap(key), around: use.getFunctionParent()?.node }] : [];
    });
  const filling = calls(fill);
  return calls(ask).some(({ key, around }) =>
    filling.some((c) => c.around === around && t.isNodesEquivalent(c.key, key)),
  );
}
