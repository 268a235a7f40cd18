import type { types } from "@babel/core";
import {
  elementKind,
  INERT,
  isContainer,
  type Kind,
  NUM,
  type ObjectKind,
  ownClassNames,
  partsOf,
} from "../analysis/kind.ts";
import { asksListForMore, isCertain } from "../analysis/kinds/expressions.ts";
import { calleeName } from "../analysis/kinds/names.ts";
import { kindOfBeginning } from "../analysis/kinds/outside.ts";
import { isLeftBehind } from "../analysis/left-behind.ts";
import { type MadeAnew, madeAnew } from "../analysis/made-anew.ts";
import { jsonCopied } from "../analysis/syntax.ts";
import {
  type Binding,
  bareCopy,
  type FunctionNode,
  isFunction,
  staticKey,
  unwrap,
  writtenBy,
} from "../ast.ts";
import { arrayFrom, arrayMethod } from "./array-methods.ts";
import { callMarked, callNamed, callValue, checkGiven, inPlace } from "./calls.ts";
import { closureValue } from "./closures.ts";
import { learn } from "./empty-lists.ts";
import { expectNothing, expectSame } from "./expected.ts";
import {
  type Arithmetic,
  type Atom,
  type Element,
  type Field,
  hasEffects,
  isName,
  kindOfAtom,
  literal,
  type Name,
  type Op,
  type Place,
  UNDEFINED,
} from "./form.ts";
import { construct, newArray } from "./instances.ts";
import { callKnown, handedOnTo, learnNamed, learnWritten } from "./known-functions.ts";
import {
  atomCode,
  bind,
  cell,
  choice,
  current,
  type ExpressionLowering,
  identifier,
  inert,
  isOneOfSeveral,
  kindOf,
  type Lowering,
  mayBeBigInt,
  namesIn,
  perform,
  plainCode,
  plainOp,
  set,
  statements,
  type Target,
  Unlowered,
} from "./lowering.ts";
import { assignTo, destructure, expectField, writtenOut } from "./patterns.ts";
import { step } from "./rewrite.ts";
import { hoisted } from "./statements.ts";
import { isWhole } from "./whole-numbers.ts";

type Node = types.Node;

type Handler<T extends Node["type"]> = (
  cx: Lowering,
  node: Extract<Node, { type: T }>,
  kind: Kind,
) => Atom;

/** Every expression that may be active, by its kind. */
const handlers: { readonly [T in Node["type"]]?: Handler<T> } = {
  Identifier: variable,
  ThisExpression: (cx, node) => {
    if (cx.self === undefined)
      throw new Unlowered(node, "it uses a `this` that is no instance of a class here");
    return cx.self;
  },
  BinaryExpression: binary,
  UnaryExpression: unary,
  UpdateExpression: (cx, node) => update(cx, node),
  AssignmentExpression: (cx, node) => assignment(cx, node),
  ConditionalExpression: (cx, node, kind) => {
    if (asksListForMore(cx.kinds, node.test)) {
      expectNothing(cx, node.test);
      return value(cx, node.alternate);
    }
    return choice(
      cx,
      kind,
      () => condition(cx, node.test),
      () => value(cx, node.consequent),
      () => value(cx, node.alternate),
    );
  },
  LogicalExpression: logical,
  SequenceExpression: (cx, node) => {
    for (const e of node.expressions.slice(0, -1)) discard(cx, e);
    return value(cx, node.expressions.at(-1) as Node);
  },
  MemberExpression: (cx, node, kind) => {
    const getter = getterOf(cx, node);
    if (getter) return callMarked(cx, node, getter, [value(cx, node.object)], kind);
    return bind(cx, { op: "read", place: place(cx, node) }, kind, "v", node);
  },
  ArrayExpression: (cx, node, kind) => {
    if (node.elements.some((e) => e === null)) throw new Unlowered(node, "an array with holes");
    const elements = elementsOf(cx, node.elements as Node[]);
    return bind(cx, { op: "array", elements }, kind, "v", node);
  },
  ObjectExpression: (cx, node, kind) => {
    const fields = node.properties.map((p, i): Field => {
      if (p.type === "ObjectMethod") throw new Unlowered(p, "an object with methods");
      if (p.type === "SpreadElement") {
        const found = value(cx, p.argument);
        const own = kindOf(cx, p.argument);
        const outside = own.k === "inert" && kindOfBeginning(cx.kinds, node, p);
        const given = outside ? asOutside(cx, found, outside, p) : found;
        const isFixed = !changesAfter(cx, node.properties, i);
        return { spread: isFixed ? given : fieldsTakenOut(cx, p, given, outside || own) };
      }
      const key = staticKey(p as never);
      if (key === undefined) throw new Unlowered(p, "an object with computed keys");
      return { key, value: value(cx, p.value) };
    });
    const made = bind(cx, { op: "object", fields }, kind, "v", node);
    if (fields.every((f) => "key" in f && f.key !== "__proto__")) writtenOut.add(made);
    return made;
  },
  FunctionExpression: written,
  ArrowFunctionExpression: written,
  NewExpression: construct,
  CallExpression: call,
};

/** An object of outside whose fields go into a literal: of numbers alone, nothing of it is there afterwards. */
function asOutside(cx: Lowering, found: Atom, kind: Kind, node: Node): Atom {
  const op: Op = partsOf(kind).some(isContainer)
    ? { op: "copy", value: found }
    : plainOp(atomCode(cx, found), false);
  return bind(cx, op, kind, "v", node);
}

/** The value of an expression. */
function value(cx: Lowering, expression: Node): Atom {
  const node = unwrap(expression);
  const kind = kindOf(cx, node);
  if (kind.k === "inert" && !cx.effects.changesActive(node) && !changesOwn(cx, node)) {
    const v = inert(cx, node);
    learnNamed(cx, v, node);
    return v;
  }
  if (cx.effects.changesByConversion(node))
    throw new Unlowered(node, "a conversion that changes something");
  const handler = handlers[node.type] as Handler<typeof node.type> | undefined;
  if (handler === undefined)
    throw new Unlowered(node, `it uses a construct that lowered code does not have (${node.type})`);
  const made = handler(cx, node as never, kind);
  // `[] as number[]`
  if (node !== expression) learn(made, cx.kinds.kindOf(expression));
  return toldApart(cx, made, kindOf(cx, expression), node);
}

/** One of several, where a test or an assertion has told which. */
function toldApart(cx: Lowering, v: Atom, kind: Kind, node: Node): Atom {
  if (!isName(v) || kind.k === "union") return v;
  // What is given may be known better than the test tells: then this is never reached.
  const isOther = v.kind.k === "union" || (v.kind.k !== kind.k && isOneOfSeveral(cx, node));
  return isOther ? bind(cx, { op: "copy", value: v }, kind, "v", node) : v;
}

/** Whether an expression sets a variable of the form, which has to be a statement of it. */
function changesOwn(cx: Lowering, node: Node): boolean {
  let found = false;
  cx.context.t.traverseFast(node, (n) => {
    const target = writtenBy(n);
    const id = target && unwrap(target);
    const binding = id?.type === "Identifier" ? cx.context.bindings.get(id) : undefined;
    if (binding && cx.env.has(binding)) found = true;
    if (id?.type === "ArrayPattern" || id?.type === "ObjectPattern") found = true;
    if (n.type === "CallExpression") {
      const callee = cx.kinds.callee(n);
      if (callee.type === "closure") found = true;
      const named = callee.type === "value" ? cx.context.bindings.get(unwrap(n.callee)) : undefined;
      const called = named && cx.env.get(named);
      if (called && cx.unwritten.has(called)) found = true;
    }
  });
  return found;
}

/** An expression whose value nobody uses. */
function discard(cx: Lowering, expression: Node): void {
  const node = unwrap(expression);
  if (node.type === "AssignmentExpression" || node.type === "UpdateExpression") {
    if (node.type === "AssignmentExpression") assignment(cx, node, false);
    else update(cx, node, false);
    return;
  }
  if (cx.effects.changesActive(node) || changesOwn(cx, node)) {
    // `!out && (out = a)` is a condition: what it gives may be neither of one kind nor of another.
    if (node.type === "LogicalExpression" && node.operator !== "??") {
      const right = (): void => discard(cx, node.right);
      if (node.operator === "&&") either(cx, node.left, right, () => undefined);
      else either(cx, node.left, () => undefined, right);
    } else if (node.type === "ConditionalExpression") {
      const { consequent, alternate } = node;
      either(
        cx,
        node.test,
        () => discard(cx, consequent),
        () => discard(cx, alternate),
      );
    } else value(cx, node);
    return;
  }
  if (node.type === "CallExpression") checkDiscardedCall(cx, node);
  perform(cx, plainOp(plainCode(cx, node), true), node);
}

function either(cx: Lowering, test: Node, yes: () => void, otherwise: () => void): void {
  cx.out.push({
    s: "if",
    test: condition(cx, test),
    yes: statements(cx, yes),
    otherwise: statements(cx, otherwise),
  });
}

// An unmarked function must not get active values, also when its result is not looked at.
function checkDiscardedCall(cx: Lowering, node: types.CallExpression): void {
  const callee = cx.kinds.callee(node);
  // What is printed are primals, as usual.
  if (callee.type !== "other" || isPrinted(cx, node)) return;
  if (isLeftBehind(cx.context, node.callee)) return;
  if (node.arguments.some((a) => a.type === "SpreadElement" || cx.kinds.kindOf(a).k !== "inert"))
    throw new Unlowered(node, `a call of ${callee.name} with an active argument`);
}

/** Whether a call prints values of which all is known. */
const isPrinted = (cx: Lowering, { callee, arguments: args }: types.CallExpression): boolean =>
  calleeName(cx.context, callee)?.startsWith("console.") === true &&
  args.every((a) => {
    const { k } = cx.kinds.kindOf(a.type === "SpreadElement" ? a.argument : a);
    return k !== "unknown" && k !== "fn" && k !== "union";
  });

/** The primal of a condition. */
function condition(cx: Lowering, expression: Node): Atom {
  const node = unwrap(expression);
  if (!cx.effects.changesActive(node) && !changesOwn(cx, node)) return inert(cx, node);
  if (node.type === "LogicalExpression" && node.operator !== "??") {
    const and = node.operator === "&&";
    const result = cell(cx, "test", INERT, condition(cx, node.left));
    const inner = statements(cx, () => set(cx, result, condition(cx, node.right)));
    cx.out.push({
      s: "if",
      test: current(cx, result),
      yes: and ? inner : [],
      otherwise: and ? [] : inner,
    });
    return current(cx, result);
  }
  return value(cx, node);
}

function written(cx: Lowering, f: FunctionNode, kind: Kind): Atom {
  const made = closureValue(cx, f, kind);
  learnWritten(cx, made, f);
  return made;
}

function variable(cx: Lowering, node: types.Identifier): Atom {
  const binding = cx.context.bindings.get(node);
  const atom = binding && cx.env.get(binding);
  if (atom === undefined) throw new Unlowered(node, `'${node.name}' is handed on`);
  const closure = binding && cx.closures.get(binding);
  if (closure) learnWritten(cx, atom, closure);
  return current(cx, atom);
}

function binary(cx: Lowering, node: types.BinaryExpression, kind: Kind): Atom {
  const left = value(cx, node.left);
  const after = cx.out.length;
  const second = value(cx, node.right);
  const right = node.operator === "*" ? known(cx, second, left, after) : second;
  if (kind.k === "inert" || !isArithmetic(node.operator)) {
    const { t } = cx.context;
    const code = t.binaryExpression(node.operator, atomCode(cx, left), atomCode(cx, right));
    return bind(cx, plainOp(code, false), INERT, "v", node);
  }
  return arithmetic(cx, node.operator, left, right, node);
}

/** A factor that the product has already: `p.x * p.x` reads once, and so is known to be a square. */
function known(cx: Lowering, b: Atom, a: Atom, after: number): Atom {
  const defs = new Map<Atom, Op>();
  // Behind anything that may change something, the same place may hold another value.
  for (const s of cx.out.slice(-24).toReversed()) {
    if (s.s !== "let" || hasEffects(s.value)) break;
    defs.set(s.name, s.value);
  }
  if (cx.out.slice(after).some((s) => s.s !== "let" || s.value.op !== "read")) return b;
  const same = (x: Atom, y: Atom): boolean => {
    if (x === y) return true;
    if (!isName(x) || !isName(y))
      return !isName(x) && !isName(y) && Object.is(x.literal, y.literal);
    const [p, q] = [defs.get(x), defs.get(y)];
    if (p?.op === "copy" && q?.op === "copy") return p.value === q.value;
    if (p?.op !== "read" || q?.op !== "read") return false;
    const [v, w] = [p.place, q.place];
    if (!same(v.object, w.object)) return false;
    return v.at === "field"
      ? w.at === "field" && v.key === w.key
      : w.at === "element" && same(v.index, w.index);
  };
  if (!isName(b) || defs.get(b)?.op !== "read") return b;
  for (let factor = a; ; ) {
    if (same(factor, b)) return factor;
    const def = defs.get(factor);
    if (def?.op !== "arith" || def.operator !== "*") return b;
    factor = def.args[1];
  }
}

function arithmetic(cx: Lowering, operator: Arithmetic, a: Atom, b: Atom, node: Node): Atom {
  const left = asNumber(cx, operator, a, b, node);
  const right = asNumber(cx, operator, b, a, node);
  return bind(cx, { op: "arith", operator, args: [left, right] }, NUM, "v", node);
}

/**
 * What comes from outside may be an object that is made a number, which may count. Derivatives of a product use a
 * factor again, so it is made one before.
 */
function asNumber(cx: Lowering, operator: Arithmetic, v: Atom, other: Atom, node: Node): Atom {
  const isUsedAgain = operator !== "+" && operator !== "-" && kindOfAtom(other).k !== "inert";
  if (!isUsedAgain || !isName(v) || v.kind.k !== "inert") return v;
  const parts =
    node.type === "BinaryExpression" || node.type === "AssignmentExpression"
      ? [node.left, node.right]
      : [];
  const isKnown = parts.every((p) => kindOf(cx, p).k !== "inert" || cx.effects.isPrimitive(p));
  return isKnown ? v : bind(cx, { op: "sign", operator: "+", value: v }, INERT, "v", node);
}

const isArithmetic = (operator: string): operator is Arithmetic =>
  ["+", "-", "*", "/", "%", "**"].includes(operator);

function unary(cx: Lowering, node: types.UnaryExpression, kind: Kind): Atom {
  if (node.operator === "delete") throw new Unlowered(node, "a field or element that is deleted");
  const v = value(cx, node.argument);
  if (kind.k !== "inert" && (node.operator === "-" || node.operator === "+"))
    return bind(cx, { op: "sign", operator: node.operator, value: v }, NUM, "v", node);
  const { t } = cx.context;
  return bind(
    cx,
    plainOp(t.unaryExpression(node.operator as "!", atomCode(cx, v)), false),
    INERT,
    "v",
    node,
  );
}

function logical(cx: Lowering, node: types.LogicalExpression, kind: Kind): Atom {
  const { t } = cx.context;
  if (node.operator === "&&" && isCertain(cx.kinds.kindOf(node.left))) {
    const left = value(cx, node.left);
    return choice(
      cx,
      kind,
      () =>
        bind(
          cx,
          plainOp(t.unaryExpression("!", t.unaryExpression("!", atomCode(cx, left))), false),
          INERT,
        ),
      () => value(cx, node.right),
      () => bind(cx, plainOp(atomCode(cx, left), false), INERT),
    );
  }
  const result = cell(cx, "v", kind, value(cx, node.left));
  const now = atomCode(cx, current(cx, result));
  const test =
    node.operator === "??"
      ? t.binaryExpression("==", now, t.nullLiteral())
      : node.operator === "||"
        ? t.unaryExpression("!", now)
        : now;
  const tested = bind(cx, plainOp(test, false), INERT);
  cx.out.push({
    s: "if",
    test: tested,
    yes: statements(cx, () => set(cx, result, value(cx, node.right))),
    otherwise: [],
  });
  return current(cx, result);
}

function elementsOf(cx: Lowering, nodes: readonly Node[]): Element[] {
  return nodes.map((e, i) => {
    if (e.type !== "SpreadElement") return { value: value(cx, e), spread: false };
    const list = value(cx, e.argument);
    return { value: changesAfter(cx, nodes, i) ? takenOut(cx, e, list) : list, spread: true };
  });
}

const changesAfter = (cx: Lowering, nodes: readonly Node[], i: number): boolean =>
  nodes.slice(i + 1).some((later) => cx.effects.changesAnything(later));

/** What a spread takes out of a list before anything after it runs. */
function takenOut(cx: Lowering, e: types.SpreadElement, list: Atom): Atom {
  const kind = kindOf(cx, e.argument);
  const { t } = cx.context;
  const op: Op =
    kind.k === "inert"
      ? plainOp(t.arrayExpression([t.spreadElement(atomCode(cx, list))]), true)
      : { op: "array", elements: [{ value: list, spread: true }] };
  return bind(cx, op, kind, "taken", e);
}

/** The same of the fields of an object. */
function fieldsTakenOut(cx: Lowering, e: types.SpreadElement, of: Atom, kind: Kind): Atom {
  const { t } = cx.context;
  const op: Op =
    kind.k === "inert"
      ? plainOp(t.objectExpression([t.spreadElement(atomCode(cx, of))]), true)
      : { op: "object", fields: [{ spread: of }] };
  return bind(cx, op, kind, "taken", e);
}

// ---- places

function getterOf(cx: Lowering, node: types.MemberExpression) {
  const object = cx.kinds.kindOf(node.object);
  const name = staticKey({ key: node.property, computed: node.computed });
  if (object.k !== "object" || object.className === undefined || name === undefined)
    return undefined;
  if (object.fields.has(name)) return undefined;
  const member = cx.kinds.memberOf(object.className, name);
  return member?.kind === "get" ? member : undefined;
}

/** The way to an element or field, walked once. */
function place(cx: Lowering, node: types.MemberExpression): Place {
  // Code that stands outside the class does not see them.
  if (node.property.type === "PrivateName")
    throw new Unlowered(node, "it uses super or private members");
  const object = value(cx, node.object);
  const key = staticKey({ key: node.property, computed: node.computed });
  if (key !== undefined && (!node.computed || node.property.type === "StringLiteral")) {
    expectField(object, key, node);
    if (isName(object) && cx.effects.mayBeGetter(object.kind, key))
      throw new Unlowered(node, "a field that may be a getter");
    return { at: "field", object, key };
  }
  if (hasAccessors(cx, kindOf(cx, node.object)))
    throw new Unlowered(node, "a computed key of an instance that has accessors");
  // The tangent beside it would make the key once more.
  if (cx.effects.changesWhenConverted(node.property))
    throw new Unlowered(node, "a key whose conversion changes something");
  return { at: "element", object, index: value(cx, node.property) };
}

/** Whether something may run where a field of an instance is read or written. */
const hasAccessors = (cx: Lowering, kind: Kind): boolean =>
  kind.k === "object" &&
  kind.className !== undefined &&
  cx.kinds.typeKinds
    .ancestry(kind.className)
    .some((c) => c.body.body.some((m) => m.type === "ClassMethod" && /^[gs]et$/.test(m.kind)));

/** Whether what is written under a computed key may stand in the place of a method from then on. */
function mayBeMethod(cx: Lowering, left: Node, right: Node): boolean {
  const target = unwrap(left);
  const given = unwrap(right);
  if (target.type !== "MemberExpression" || !target.computed) return false;
  const container = kindOf(cx, target.object);
  if (kindOf(cx, target).k === "fn") return false;
  if (isFunction(given) || kindOf(cx, right).k === "fn") return true;
  const isInstance = container.k === "object" && container.className !== undefined;
  return (
    isInstance &&
    kindOf(cx, right).k === "inert" &&
    !/Literal$|^(Unary|Binary|Update)Expression$/.test(given.type)
  );
}

function hasSetter(cx: Lowering, node: types.MemberExpression): boolean {
  const object = cx.kinds.kindOf(node.object);
  const name = staticKey({ key: node.property, computed: node.computed });
  if (object.k !== "object" || object.className === undefined || name === undefined) return false;
  return !object.fields.has(name);
}

function target(cx: Lowering, left: Node): Target {
  const node = unwrap(left);
  if (node.type === "Identifier") {
    const binding = cx.context.bindings.get(node);
    if (binding?.kind === "const") throw new Unlowered(node, "an assignment to a constant");
    const atom = binding && cx.env.get(binding);
    if (binding && isKept(cx, binding)) return keptOutside(cx, node, binding);
    if (atom === undefined && isInertOutside(cx, node)) return outside(cx, node);
    if (atom === undefined || !isName(atom) || !atom.mutable)
      throw new Unlowered(node, `an assignment to '${node.name}' of outside`);
    return {
      kind: atom.kind,
      read: () => current(cx, atom),
      write: (v, where) => {
        expectFit(v, atom.kind, where);
        set(cx, atom, v, where);
      },
    };
  }
  if (node.type !== "MemberExpression")
    throw new Unlowered(node, "an assignment to something unusual");
  if (hasSetter(cx, node)) return accessor(cx, node);
  const container = kindOf(cx, node.object);
  if (container.k === "inert" && isLeftBehind(cx.context, node)) return outside(cx, node);
  const way = place(cx, node);
  const kind = kindOf(cx, node);
  const isLength = way.at === "field" && way.key === "length" && container.k !== "object";
  if (isLength && container.k === "floats") throw new Unlowered(node, "an assignment to a length");
  return {
    kind,
    read: () => bind(cx, { op: "read", place: way }, kind, "v", node),
    write: (v, where) => {
      // Of what holds several sorts of things, a place may have no tangent that others have.
      const isByPlace = container.k === "object" || kind.k === "inert";
      if (container.k === "inert" || !isLength)
        expectFit(v, isByPlace ? kind : elementKind(container), where);
      expectFit(v, heldAt(way), where);
      learn(v, container.k === "object" ? kind : elementKind(container));
      cx.out.push({ s: "write", place: way, value: v, node: where });
    },
  };
}

/** What an object is made to hold at a place, whatever it is taken for. */
function heldAt(place: Place): Kind {
  const { k, fields } = kindOfAtom(place.object) as Partial<ObjectKind>;
  return (k === "object" && place.at === "field" && fields?.get(place.key)) || NUM;
}

/** What is read and written by functions of a class. */
function accessor(cx: Lowering, node: types.MemberExpression): Target {
  const setter = cx.kinds.setterOf(node);
  if (setter === undefined) throw new Unlowered(node, "a setter");
  const object = value(cx, node.object);
  const kind = cx.kinds.kindOf(node);
  return {
    kind,
    read: () => {
      const getter = getterOf(cx, node);
      if (getter === undefined) throw new Unlowered(node, "a setter without a getter");
      return callMarked(cx, node, getter, [object], kindOf(cx, node));
    },
    write: (v, where) => {
      callMarked(cx, where, setter, [object, v], INERT);
    },
  };
}

function expectFit(v: Atom, kind: Kind, node: Node): void {
  if (kind.k === "inert" && isName(v) && v.kind.k !== "inert")
    throw new Unlowered(node, "an active value is written into an object that is not active");
}

const isInertOutside = (cx: Lowering, node: types.Identifier): boolean => {
  const binding = cx.context.bindings.get(node);
  return (
    (binding === undefined || !cx.closures.has(binding)) &&
    (binding === undefined || cx.kinds.bindingKind(binding).k === "inert")
  );
};

const isKept = (cx: Lowering, binding: Binding): boolean =>
  madeAnew(cx.context).has(binding) && cx.kinds.bindingKind(binding).k !== "inert";

/** A variable of the module that is filled anew in each call: its primal is left there. */
function keptOutside(cx: Lowering, node: types.Identifier, binding: Binding): Target {
  const { t } = cx.context;
  return {
    kind: cx.kinds.bindingKind(binding),
    read: () => value(cx, node),
    write: (v, where) => {
      cx.env.set(binding, v);
      expectSame(cx, madeAnew(cx.context).get(binding) as MadeAnew, bareCopy(node), v);
      const code = t.assignmentExpression("=", bareCopy(node), atomCode(cx, v));
      perform(cx, plainOp(code, true), where);
    },
  };
}

/** A variable of the module, or of a function around this one, or a place where something is only left. */
function outside(cx: Lowering, node: types.Identifier | types.MemberExpression): Target {
  const { t } = cx.context;
  return {
    kind: INERT,
    read: () => inert(cx, node),
    write: (v, where) => {
      if (!isLeftBehind(cx.context, node)) expectFit(v, INERT, where);
      const code = t.assignmentExpression("=", plainCode(cx, node) as never, atomCode(cx, v));
      perform(cx, plainOp(code, true), where);
    },
  };
}

function update(cx: Lowering, node: types.UpdateExpression, isUsed = true): Atom {
  const to = target(cx, node.argument);
  const read = to.read();
  const isInert = to.kind.k === "inert";
  const isAsked = isUsed && !node.prefix;
  // What was there is made a number first; beyond the end of an array it is none.
  const old = isInert
    ? counter(cx, node, read, isAsked)
    : isAsked
      ? bind(cx, { op: "sign", operator: "+", value: read }, to.kind)
      : read;
  const now = isInert
    ? bind(cx, plainOp(stepped(cx, node, old), false), INERT)
    : arithmetic(cx, node.operator === "++" ? "+" : "-", old, literal(1), node);
  to.write(now, node);
  return node.prefix ? now : old;
}

/** What is counted on or down, as the number or bigint that it is made first. */
function counter(
  cx: Lowering,
  { operator, argument }: types.UpdateExpression,
  read: Atom,
  isAsked: boolean,
): Atom {
  const { t } = cx.context;
  if (isWhole(cx, argument)) return read;
  if (!mayBeBigInt(cx, argument))
    return bind(cx, plainOp(t.unaryExpression("+", atomCode(cx, read)), false), INERT);
  return isAsked ? bind(cx, plainOp(updated(cx, operator, false, read), false), INERT) : read;
}

/** One more or less than what is no active number, but may be a bigint. */
function stepped(cx: Lowering, { operator, argument }: types.UpdateExpression, old: Atom) {
  if (!isWhole(cx, argument) && mayBeBigInt(cx, argument)) return updated(cx, operator, true, old);
  return step(cx.context.t, operator === "++" ? "+" : "-", atomCode(cx, old));
}

function updated(cx: Lowering, operator: "++" | "--", prefix: boolean, old: Atom) {
  const { t } = cx.context;
  const n = t.identifier("n");
  const made = t.arrowFunctionExpression([n], t.updateExpression(operator, n, prefix));
  return t.callExpression(made, [atomCode(cx, old)]);
}

function assignment(cx: Lowering, node: types.AssignmentExpression, isUsed = true): Atom {
  const left = unwrap(node.left);
  const { operator } = node;
  if (left.type === "ArrayPattern" || left.type === "ObjectPattern") {
    if (!isUsed && swapped(cx, left, node.right)) return UNDEFINED;
    const v = value(cx, node.right);
    destructure(cx, left, v, kindOf(cx, node.right), assignTo(cx));
    return v;
  }
  if (mayBeMethod(cx, left, node.right))
    throw new Unlowered(node, "a function under a computed key");
  const to = target(cx, left);
  if (operator === "=") {
    const v = value(cx, node.right);
    to.write(v, node);
    return v;
  }
  if (operator === "&&=" || operator === "||=" || operator === "??=") {
    const { t } = cx.context;
    const result = cell(cx, "v", to.kind, to.read());
    const now = atomCode(cx, current(cx, result));
    const test =
      operator === "??="
        ? t.binaryExpression("==", now, t.nullLiteral())
        : operator === "||="
          ? t.unaryExpression("!", now)
          : now;
    const tested = bind(cx, plainOp(test, false), INERT);
    const yes = statements(cx, () => {
      const given = value(cx, node.right);
      set(cx, result, given);
      to.write(given, node);
    });
    cx.out.push({ s: "if", test: tested, yes, otherwise: [] });
    return current(cx, result);
  }
  const old = to.read();
  const right = value(cx, node.right);
  const binaryOperator = operator.slice(0, -1);
  const isInert = to.kind.k === "inert" && cx.kinds.kindOf(node.right).k === "inert";
  const { t } = cx.context;
  const now =
    isArithmetic(binaryOperator) && !isInert
      ? arithmetic(cx, binaryOperator, old, right, node)
      : bind(
          cx,
          plainOp(
            t.binaryExpression(binaryOperator as "|", atomCode(cx, old), atomCode(cx, right)),
            false,
          ),
          INERT,
          "v",
          node,
        );
  to.write(now, node);
  return now;
}

/** `[a, b] = [b, a]`: all is read before anything is written. */
function swapped(cx: Lowering, left: Node, right: Node): boolean {
  const source = unwrap(right);
  if (left.type !== "ArrayPattern" || source.type !== "ArrayExpression") return false;
  if (left.elements.length !== source.elements.length) return false;
  const simple =
    source.elements.every((e) => e !== null && e.type !== "SpreadElement") &&
    left.elements.every(
      (e) => e !== null && e.type !== "RestElement" && e.type !== "AssignmentPattern",
    );
  if (!simple) return false;
  // Targets are reached one after the other, so only variables are told apart from what is read.
  if (!left.elements.every((e) => e && ["Identifier", "MemberExpression"].includes(unwrap(e).type)))
    return false;
  const values = source.elements.map((e) => value(cx, e as Node));
  left.elements.forEach((e, i) => {
    if (mayBeMethod(cx, e as Node, source.elements[i] as Node))
      throw new Unlowered(left, "a function under a computed key");
    target(cx, e as Node).write(values[i] as Atom, left);
  });
  return true;
}

// ---- calls

function call(cx: Lowering, node: types.CallExpression, kind: Kind): Atom {
  const callee = cx.kinds.callee(node);
  const args = () => {
    if (node.arguments.some((a) => a.type === "SpreadElement"))
      throw new Unlowered(node, "a call with a spread argument");
    return node.arguments.map((a) => value(cx, a));
  };
  switch (callee.type) {
    case "math": {
      const elements = elementsOf(cx, node.arguments);
      if (elements.some((e) => isName(e.value) && e.value.kind.k === "inert" && e.spread))
        throw new Unlowered(node, "a spread of something inactive");
      const code = plainCode(cx, node.callee);
      const own = namesIn(code).length > 0 ? undefined : code;
      return bind(
        cx,
        { op: "math", name: callee.name, args: elements, callee: own },
        kind,
        "v",
        node,
      );
    }
    case "closure":
      return callNamed(cx, node, callee.node, args(), kind);
    case "marked":
      return callMarked(cx, node, callee.node, args(), kind);
    case "method":
      return callMarked(cx, node, callee.node, [value(cx, callee.object), ...args()], kind);
    case "value": {
      const written = unwrap(node.callee);
      if (
        written.type === "ArrowFunctionExpression" &&
        node.arguments.length <= written.params.length
      )
        return inPlace(cx, node, written, cx.self, args(), kind);
      const f = value(cx, node.callee);
      const given = args();
      if (cx.linkedParams?.has(f)) {
        checkGiven(given, callee.kind.params, node);
        const own = identifier(cx, f as Name);
        return bind(cx, { op: "link", callee: own, args: given, site: node }, kind, "v", node);
      }
      return (
        callKnown(cx, node, f, given, kind) ??
        callValue(cx, node, f, given, callee.kind.params, kind)
      );
    }
    case "chosen": {
      const f = value(cx, node.callee);
      const given = args();
      if (!isName(f)) throw new Unlowered(node, "a call of what is no function");
      const known = callKnown(cx, node, f, given, kind);
      if (known) return known;
      const classNames = ownClassNames([...given.map(kindOfAtom), kind]);
      cx.context.borrowed?.expectIn(cx.root, classNames);
      const callee = identifier(cx, f);
      return bind(cx, { op: "link", callee, args: given, site: node }, kind, "v", node);
    }
    case "imported": {
      const given = args();
      given.forEach((a, i) => {
        const declared = cx.kinds.typeKinds.parameterOf(node.callee, i);
        if (declared) learn(a, declared);
      });
      const code = plainCode(cx, node.callee);
      if (namesIn(code).length > 0)
        throw new Unlowered(node, "a call of a function that is made while the program runs");
      // The link names the classes of what goes over it.
      const classNames = ownClassNames([...given.map(kindOfAtom), kind]);
      cx.context.borrowed?.expectIn(cx.root, classNames);
      return bind(cx, { op: "link", callee: code, args: given, site: node }, kind, "v", node);
    }
    case "array-method":
      return arrayMethod(cx, node, callee, kind);
    case "other":
      return other(cx, node, callee.name, kind);
    default:
      throw new Unlowered(node, "a call that is never reached");
  }
}

function other(cx: Lowering, node: types.CallExpression, name: string, kind: Kind): Atom {
  const { t } = cx.context;
  if (jsonCopied(node)) throw new Unlowered(node, "a copy by way of JSON");
  if (name === "Number" || name === "Number.parseFloat") {
    const [given, ...more] = node.arguments;
    if (given === undefined || more.length > 0)
      throw new Unlowered(node, `a call of ${name} with other than one argument`);
    const v = value(cx, given);
    if (isName(v) && v.kind.k !== "inert") {
      // The text of -0 is that of 0.
      if (name === "Number.parseFloat") return arithmetic(cx, "+", v, literal(0), node);
      return bind(cx, { op: "sign", operator: "+", value: v }, kind, "v", node);
    }
    // A bigint has no sign that could be asked for.
    const code = t.callExpression(plainCode(cx, node.callee), [atomCode(cx, v)]);
    return bind(cx, plainOp(code, false), kind, "v", node);
  }
  if (kind.k === "inert") {
    if (cx.effects.changesActive(node.callee))
      throw new Unlowered(node, "a function that is found by changing active values");
    const elements = elementsOf(cx, node.arguments);
    const code = t.callExpression(
      plainCode(cx, node.callee),
      elements.map((e) =>
        e.spread ? t.spreadElement(atomCode(cx, e.value)) : atomCode(cx, e.value),
      ),
    );
    return bind(cx, plainOp(code, true), kind, "v", node);
  }
  if (name === "Array.from") return arrayFrom(cx, node, kind);
  if (kind.k === "floats") return floatsFrom(cx, node, kind);
  if (name === "Array") return newArray(cx, node, node.arguments, kind);
  throw new Unlowered(node, `a call of ${name}, which is not known to be marked`);
}

/** A copy of a list; where there is none, that is an error as it was. */
function floatsFrom(
  cx: Lowering,
  node: types.CallExpression,
  kind: Extract<Kind, { k: "floats" }>,
): Atom {
  const { t } = cx.context;
  const from = value(cx, node.arguments[0] as Node);
  const length = t.memberExpression(atomCode(cx, from), t.identifier("length"));
  perform(cx, { ...plainOp(length, false), checks: true } as Op, node);
  return bind(cx, { op: "floats", model: kind.model, from }, kind, "v", node);
}

export const expressionLowering: ExpressionLowering = {
  value,
  condition,
  discard,
  elementsOf,
  target,
  block: hoisted,
  handedOn: handedOnTo,
};
