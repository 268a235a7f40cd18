import type { NodePath, types } from "@babel/core";
import { type Binding, type FunctionNode, isFunction, staticKey, unwrap } from "../../ast.ts";
import { arrayMethod } from "../../language/array-methods.ts";
import type { ModuleContext } from "../../module-context.ts";
import { defaultsOf } from "../defaults.ts";
import {
  asElement,
  BOTTOM,
  INERT,
  join as joinKinds,
  type Kind,
  NUM,
  NUMBERS,
  unknown,
} from "../kind.ts";
import { typesInComment } from "./comments.ts";
import type { Facts } from "./facts.ts";
import { putAt, wayIntoModule } from "./module-objects.ts";
import { calleeName, functionNamed, mathName } from "./names.ts";

type Node = types.Node;

/**
 * What the uses of a value say of it. That is evidence, not proof: whether an argument is what use
 * told is seen when the program runs.
 */
export interface Use {
  readonly number?: true;
  /** Compared with words, or asked for its truth. */
  readonly word?: true;
  /** Its elements, where it is used as a list. */
  readonly list?: Use;
  /** Asked for its length, which texts and functions have too. */
  readonly measured?: true;
  /** It has methods that only arrays have. */
  readonly array?: true;
  /** Its fields, where it is used as an object. */
  readonly fields?: ReadonlyMap<string, Use>;
  /** What its calls give, and these calls. */
  readonly called?: { readonly gives: Use; readonly calls: readonly types.CallExpression[] };
  /** What annotations say where it is handed on. */
  readonly kind?: Kind;
  /** It is used in a way that tangent code has no kind for. */
  readonly odd?: true;
}

const NOTHING: Use = {};
const AS_NUMBER: Use = { number: true };
const AS_WORD: Use = { word: true };
const ODD: Use = { odd: true };
/** What refers to its own like has no end. */
const DEEPEST = 5;

/** What all uses of a variable say. */
export const useOf = (facts: Facts, binding: Binding): Use =>
  facts.evidence.ask(binding, uses, () =>
    binding.referencePaths.reduce<Use>(
      (use, reference) => both(use, useAt(facts, reference)),
      NOTHING,
    ),
  );

const uses = {
  bottom: NOTHING,
  join: (a: Use, b: Use): Use => {
    const all = limited(both(a, b), DEEPEST);
    return isSame(all, a) ? a : all;
  },
};

function both(a: Use, b: Use): Use {
  if (a === b || b === NOTHING) return a;
  if (a === NOTHING) return b;
  const list = a.list && b.list ? both(a.list, b.list) : (a.list ?? b.list);
  const called =
    a.called && b.called
      ? {
          gives: both(a.called.gives, b.called.gives),
          calls: [...new Set([...a.called.calls, ...b.called.calls])],
        }
      : (a.called ?? b.called);
  const kind = a.kind && b.kind ? joinKinds(a.kind, b.kind) : (a.kind ?? b.kind);
  const fields = a.fields && b.fields ? new Map(a.fields) : (a.fields ?? b.fields);
  if (a.fields && b.fields)
    for (const [name, use] of b.fields)
      (fields as Map<string, Use>).set(name, both(a.fields.get(name) ?? NOTHING, use));
  return {
    ...((a.number ?? b.number) && { number: true }),
    ...((a.word ?? b.word) && { word: true }),
    ...((a.measured ?? b.measured) && { measured: true }),
    ...((a.array ?? b.array) && { array: true }),
    ...((a.odd ?? b.odd) && { odd: true }),
    ...(list && { list }),
    ...(fields && { fields }),
    ...(called && { called }),
    ...(kind && { kind }),
  };
}

function isSame(a: Use, b: Use): boolean {
  if (a === b) return true;
  return (
    a.number === b.number &&
    a.word === b.word &&
    a.measured === b.measured &&
    a.array === b.array &&
    a.odd === b.odd &&
    a.kind === b.kind &&
    (a.list === b.list || (!!a.list && !!b.list && isSame(a.list, b.list))) &&
    a.called?.calls.length === b.called?.calls.length &&
    (!a.called || !b.called || isSame(a.called.gives, b.called.gives)) &&
    a.fields?.size === b.fields?.size &&
    [...(a.fields ?? [])].every(([name, use]) => {
      const other = b.fields?.get(name);
      return other !== undefined && isSame(use, other);
    })
  );
}

function limited(use: Use, depth: number): Use {
  const { list, fields, called } = use;
  if (!list && !fields && !called) return use;
  if (depth === 0) return ODD;
  return {
    ...use,
    ...(list && { list: limited(list, depth - 1) }),
    ...(fields && { fields: new Map([...fields].map(([n, u]) => [n, limited(u, depth - 1)])) }),
    ...(called && { called: { ...called, gives: limited(called.gives, depth - 1) } }),
  };
}

const arithmetic = new Set(["+", "-", "*", "/", "%", "**", "<", ">", "<=", ">="]);
const equality = new Set(["==", "===", "!=", "!=="]);

/** What the place of an expression says of its value. */
export function useAt(facts: Facts, reference: NodePath): Use {
  let path = reference;
  while (path.parentPath && unwrap(path.parent) !== path.parent) path = path.parentPath;
  const { node, parent } = path;
  const outer = () => (path.parentPath ? useAt(facts, path.parentPath) : NOTHING);
  switch (parent.type) {
    case "BinaryExpression":
      if (equality.has(parent.operator))
        return isWord(parent.left) || isWord(parent.right) ? AS_WORD : NOTHING;
      if (!arithmetic.has(parent.operator)) return NOTHING;
      return parent.operator === "+" && (isWord(parent.left) || isWord(parent.right))
        ? NOTHING
        : AS_NUMBER;
    case "UnaryExpression":
      return parent.operator === "-" || parent.operator === "+" ? AS_NUMBER : NOTHING;
    case "UpdateExpression":
      return AS_NUMBER;
    case "AssignmentExpression":
      if (parent.right === node) {
        if (/^[-+*/%]/.test(parent.operator)) return AS_NUMBER;
        return parent.operator === "=" ? useOfTarget(facts, parent.left) : NOTHING;
      }
      if (node.type !== "MemberExpression") return NOTHING;
      return parent.operator === "=" ? asWritten(parent.right) : AS_NUMBER;
    case "VariableDeclarator":
      return parent.init === node ? useOfTarget(facts, parent.id) : NOTHING;
    case "MemberExpression":
    case "OptionalMemberExpression":
      return parent.object === node
        ? usedMember(facts, path.parentPath as NodePath, parent)
        : parent.computed
          ? AS_NUMBER
          : NOTHING;
    case "ConditionalExpression":
      return parent.test === node ? NOTHING : outer();
    case "LogicalExpression":
      return outer();
    case "ForOfStatement": {
      if (parent.right !== node) return NOTHING;
      const left =
        parent.left.type === "VariableDeclaration" ? parent.left.declarations[0]?.id : parent.left;
      return { list: left ? useOfTarget(facts, left) : NOTHING };
    }
    case "SpreadElement":
      return path.parentPath?.parent.type === "ObjectExpression"
        ? { fields: new Map() }
        : { list: isMathCall(facts, path.parentPath?.parent) ? AS_NUMBER : NOTHING };
    case "ObjectProperty":
      return parent.value === node && isLengthOfNewArray(facts.context, path.parentPath as NodePath)
        ? AS_NUMBER
        : NOTHING;
    case "CallExpression":
      return parent.callee === node
        ? { called: { gives: useAt(facts, path.parentPath as NodePath), calls: [parent] } }
        : usedArgument(facts, parent, node);
    case "NewExpression":
      return parent.callee === node ? NOTHING : usedArgument(facts, parent, node);
    default:
      return NOTHING;
  }
}

const isWord = (side: Node): boolean => {
  const node = unwrap(side);
  return node.type === "StringLiteral" || node.type === "TemplateLiteral";
};

const isMathCall = (facts: Facts, call: Node | undefined): boolean =>
  call?.type === "CallExpression" && mathName(facts.context, call.callee) !== undefined;

/** What is written into a part of something. */
function asWritten(value: Node): Use {
  const node = unwrap(value);
  switch (node.type) {
    case "BinaryExpression":
      return arithmetic.has(node.operator) && !isWord(node.left) && !isWord(node.right)
        ? AS_NUMBER
        : NOTHING;
    case "NumericLiteral":
    case "UpdateExpression":
      return AS_NUMBER;
    case "UnaryExpression":
      return node.operator === "-" || node.operator === "+" ? AS_NUMBER : NOTHING;
    case "StringLiteral":
    case "BooleanLiteral":
      return AS_WORD;
    case "ArrayExpression":
      return { list: NOTHING };
    case "ObjectExpression":
      return { fields: new Map() };
    default:
      return isFunction(node) ? ODD : NOTHING;
  }
}

/** What becomes of a value that a variable, or the variables of a pattern, take. */
export function useOfTarget(facts: Facts, target: Node): Use {
  switch (target.type) {
    case "Identifier": {
      const kind = facts.typeKinds.of(target.typeAnnotation);
      const binding = facts.context.bindings.get(target);
      const use = binding ? useOf(facts, binding) : NOTHING;
      return kind ? both(use, { kind }) : use;
    }
    case "AssignmentPattern":
      return both(useOfTarget(facts, target.left), asWritten(target.right));
    case "ArrayPattern":
      return {
        list: target.elements.reduce<Use>(
          (use, e) => (e && e.type !== "RestElement" ? both(use, useOfTarget(facts, e)) : use),
          NOTHING,
        ),
      };
    case "ObjectPattern": {
      const fields = new Map<string, Use>();
      for (const p of target.properties) {
        const key = p.type === "ObjectProperty" ? staticKey(p as never) : undefined;
        if (p.type !== "ObjectProperty" || key === undefined) return ODD;
        fields.set(key, both(fields.get(key) ?? NOTHING, useOfTarget(facts, p.value)));
      }
      return { fields };
    }
    default:
      return NOTHING;
  }
}

function usedMember(
  facts: Facts,
  path: NodePath,
  node: types.MemberExpression | types.OptionalMemberExpression,
): Use {
  const key = node.computed ? unwrap(node.property) : undefined;
  if (key && key.type !== "StringLiteral") return { list: useAt(facts, path) };
  const name = staticKey({ key: node.property, computed: node.computed });
  if (name === undefined) return ODD;
  if (name === "length" && !isTarget(path)) return { measured: true };
  const call = path.parent;
  const isCall = call.type === "CallExpression" && call.callee === node;
  if (!isCall || !isMethodOfArrays(name)) return { fields: new Map([[name, useAt(facts, path)]]) };
  return { list: usedElements(facts, call, name), ...(!ofLists.has(name) && { array: true }) };
}

const isTarget = ({ node, parent }: NodePath): boolean =>
  (parent.type === "AssignmentExpression" && parent.left === node) ||
  parent.type === "UpdateExpression";

/** Methods that lists of any make have. */
const ofLists = new Set([
  ...["at", "every", "fill", "findIndex", "forEach", "includes", "indexOf", "join", "lastIndexOf"],
  ...["reduce", "slice", "some"],
]);

function isMethodOfArrays(name: string): boolean {
  // `set`, `find` and the like are as often methods of other things.
  const { gives } = arrayMethod(name);
  return (
    (gives !== undefined && name !== "set" && name !== "keys" && name !== "toString") ||
    name === "sort"
  );
}

/** What a callback, or what is put in, says of the elements of an array. */
function usedElements(facts: Facts, call: types.CallExpression, name: string): Use {
  const { callsBack } = arrayMethod(name);
  const first = call.arguments[0] && unwrap(call.arguments[0]);
  if (callsBack && first && isFunction(first)) {
    const element = first.params[callsBack === "accumulated" ? 1 : 0];
    return element ? useOfTarget(facts, element) : NOTHING;
  }
  return name === "push" || name === "unshift" || name === "fill"
    ? first
      ? asWritten(first)
      : NOTHING
    : NOTHING;
}

// `Array.from({ length: n }, f)`
function isLengthOfNewArray(context: ModuleContext, property: NodePath): boolean {
  const call = property.parentPath?.parent;
  return (
    staticKey(property.node as never) === "length" &&
    call?.type === "CallExpression" &&
    calleeName(context, call.callee) === "Array.from"
  );
}

/** What a function that a value is handed to does with it, or says of it. */
function usedArgument(
  facts: Facts,
  call: types.CallExpression | types.NewExpression,
  argument: Node,
): Use {
  if (mathName(facts.context, call.callee) !== undefined) return AS_NUMBER;
  const f = calledFunction(facts, call) ?? putFunction(facts, call);
  const index = call.arguments.indexOf(argument as types.Expression);
  const given = f?.params[index];
  const param = given?.type === "TSParameterProperty" ? given.parameter : given;
  if (f === undefined || param === undefined) return NOTHING;
  const inner = param.type === "AssignmentPattern" ? param.left : param;
  const name = inner.type === "Identifier" ? inner.name : undefined;
  const missing = name === undefined ? undefined : defaultsOf(f).get(name);
  const isNumber = missing !== undefined && asWritten(missing).number === true;
  const use = both(useOfTarget(facts, param), isNumber ? AS_NUMBER : NOTHING);
  const text =
    name === undefined ? undefined : typesInComment(facts.context.functionPaths.get(f)).get(name);
  const kind =
    text === undefined
      ? facts.typeKinds.ofDeclaredParameter(f, index)
      : facts.typeKinds.ofComment(text, f);
  return kind ? both(use, { kind }) : use;
}

function calledFunction(
  facts: Facts,
  { type, callee }: types.CallExpression | types.NewExpression,
): FunctionNode | undefined {
  const { context, typeKinds } = facts;
  const id = unwrap(callee);
  if (type === "NewExpression") {
    const definition = id.type === "Identifier" && typeKinds.classes.get(id.name);
    if (!definition || context.bindings.get(id)?.path.node !== definition) return undefined;
    return definition.body.body.find(
      (m): m is types.ClassMethod => m.type === "ClassMethod" && m.kind === "constructor",
    );
  }
  if (id.type !== "MemberExpression") return functionNamed(context, id);
  const isThis = id.object.type === "ThisExpression";
  const owner = isThis
    ? context.thisClasses.get(id.object)
    : id.object.type === "Identifier" && typeKinds.classes.get(id.object.name);
  const name = staticKey({ key: id.property, computed: id.computed });
  if (!owner || name === undefined) return undefined;
  return owner.body.body.find(
    (m): m is types.ClassMethod =>
      m.type === "ClassMethod" &&
      m.kind === "method" &&
      m.static === !isThis &&
      staticKey(m as never) === name,
  );
}

/** What the file puts into an object of the module by the name that is called, where that is one function. */
function putFunction(
  facts: Facts,
  { callee }: types.CallExpression | types.NewExpression,
): FunctionNode | undefined {
  const way = wayIntoModule(facts, callee);
  const put = way === undefined ? [] : putAt(facts.context, way);
  return put.length === 1 ? put[0] : undefined;
}

/** Whether a value is only asked whether it is there, true, or the same as another one: then nothing comes of it. */
export const isOnlyTested = ({ referencePaths, constant }: Binding): boolean =>
  constant && referencePaths.length > 0 && referencePaths.every(isTested);

function isTested(reference: NodePath): boolean {
  const { node, parent, parentPath } = reference;
  if (parent !== unwrap(parent)) return parentPath !== null && isTested(parentPath);
  switch (parent.type) {
    case "IfStatement":
    case "ConditionalExpression":
    case "WhileStatement":
    case "DoWhileStatement":
    case "ForStatement":
      return parent.test === node;
    case "LogicalExpression":
      return parentPath !== null && isTested(parentPath);
    case "UnaryExpression":
      return parent.operator === "!" || parent.operator === "typeof";
    case "BinaryExpression":
      return equality.has(parent.operator);
    case "SwitchStatement":
      return parent.discriminant === node;
    default:
      return false;
  }
}

/** Whether a value is given back, put somewhere or handed to what it is not made by, and no function beside it. */
export const isHandedOn = ({ referencePaths }: Binding): boolean =>
  referencePaths.some(isGivenAway) && !referencePaths.some(isBesideFunction);

function isGivenAway(reference: NodePath): boolean {
  const { node, parent, parentPath } = reference;
  if (parent !== unwrap(parent)) return parentPath !== null && isGivenAway(parentPath);
  switch (parent.type) {
    case "ReturnStatement":
    case "ArrayExpression":
    case "ObjectProperty":
      return true;
    case "ArrowFunctionExpression":
      return parent.body === node;
    case "AssignmentExpression":
    case "LogicalExpression":
      return parent.right === node;
    case "ConditionalExpression":
      return parent.test !== node;
    case "CallExpression":
      return parent.callee !== node;
    default:
      return false;
  }
}

// What is gone through by a function is a list.
const isBesideFunction = ({ node, parent }: NodePath): boolean =>
  parent.type === "NewExpression" ||
  parent.type === "SpreadElement" ||
  (parent.type === "CallExpression" &&
    parent.callee !== node &&
    parent.arguments.some((a) => isFunction(unwrap(a))));

/** The kind that uses tell of: unknown where they say nothing, or contradict each other. */
export function kindOfUse(facts: Facts, use: Use, why: string): Kind {
  const { number, word, list, measured, fields, called, kind } = use;
  const given = kind && kind.k !== "unknown" ? kind : undefined;
  const told = [number, list, fields, called].filter((part) => part !== undefined);
  if (use.odd || told.length > 1) return unknown(why);
  if (number) return NUM;
  if (given && !fields) return given;
  if (list) return kindOfList(facts, use, list, why);
  if (fields) {
    // An instance has what its class has; use tells of some of it only.
    const isInstance = given?.k === "object" && given.className !== undefined;
    if (isInstance && [...fields.keys()].every((name) => given.fields.has(name))) return given;
    const all = new Map(
      [...fields].map(([name, of]) => [name, kindOfPart(facts, of, why)] as const),
    );
    if (measured) all.set("length", NUM);
    const own = [...all.values()].every((k) => k.k !== "unknown")
      ? ({ k: "object", fields: all } as const)
      : unknown(why);
    return given ? joinKinds(given, own) : own;
  }
  if (called) {
    const params = called.calls.map((c) =>
      c.arguments.map((a) =>
        a.type === "SpreadElement" ? unknown(why) : asElement(facts.kindOf(a)),
      ),
    );
    const arity = params[0]?.length ?? 0;
    if (params.some((p) => p.length !== arity)) return unknown(why);
    return {
      k: "fn",
      params: Array.from({ length: arity }, (_, i) =>
        params.reduce<Kind>((k, p) => joinKinds(k, p[i] as Kind), BOTTOM),
      ),
      returns: kindOfPart(facts, called.gives, why),
    };
  }
  if (measured) return NUMBERS;
  return word ? INERT : unknown(why);
}

/** The kind of a part of something: a number, where nothing is said of it. */
const kindOfPart = (facts: Facts, use: Use, why: string): Kind =>
  Object.keys(use).length === 0 ? NUM : kindOfUse(facts, use, why);

function kindOfList(facts: Facts, { array }: Use, elements: Use, why: string): Kind {
  const of = kindOfPart(facts, elements, why);
  if (of.k === "unknown") return of;
  return of.k === "num" && !array ? NUMBERS : { k: "array", of };
}
