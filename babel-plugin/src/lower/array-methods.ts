import type { types } from "@babel/core";
import { hasNoHoles, takesAway } from "../analysis/holes.ts";
import { elementKind, INERT, isContainer, type Kind } from "../analysis/kind.ts";
import type { Callee } from "../analysis/kinds.ts";
import { isWholeLength } from "../analysis/syntax.ts";
import { isFunction, staticKey, unwrap } from "../ast.ts";
import { arrayMethod as knownMethod } from "../language/array-methods.ts";
import { callMarked, inPlace } from "./calls.ts";
import { learn } from "./empty-lists.ts";
import { expect } from "./expected.ts";
import {
  type Atom,
  isName,
  type LoweredIdentifier,
  literal,
  type Name,
  type Op,
  type Place,
  UNDEFINED,
} from "./form.ts";
import { callKnown } from "./known-functions.ts";
import {
  atomCode,
  bind,
  cell,
  condition,
  current,
  elementsOf,
  known,
  type Lowering,
  perform,
  plainCode,
  plainOp,
  set,
  statements,
  Unlowered,
  value,
} from "./lowering.ts";
import { counted, lengthOf } from "./statements.ts";

type Node = types.Node;
type ArrayCallee = Extract<Callee, { type: "array-method" }>;

/** Methods that are called as they are, for the array and for its shadow. */
const direct = new Set([
  ...["slice", "concat", "push", "pop", "fill", "set", "at"],
  ...["shift", "unshift", "reverse", "subarray"],
]);

export function arrayMethod(
  cx: Lowering,
  node: types.CallExpression,
  callee: ArrayCallee,
  kind: Kind,
): Atom {
  const { name } = callee;
  if (name === "map" || name === "forEach" || name === "filter")
    return each(cx, node, callee, kind);
  if (name === "reduce" || name === "reduceRight") return reduce(cx, node, callee, kind);
  if (name === "flat") return flat(cx, node, callee, kind);
  if (name === "sort") return sort(cx, node, callee, kind);
  if (knownMethod(name).looksUp)
    throw new Unlowered(node, `${name} with a function that changes active variables`);
  if (!direct.has(name)) throw new Unlowered(node, `the array method ${name}`);
  if (callee.kind.k === "tuple") throw new Unlowered(node, "an array method of a tuple");
  const object = value(cx, callee.object);
  const args = elementsOf(cx, node.arguments);
  const place =
    name === "at" && args.length === 1 ? placeAt(cx, object, args[0]?.value) : undefined;
  if (place !== undefined) return bind(cx, { op: "read", place }, kind, "v", node);
  if (name !== "push" && name !== "unshift" && args.some((a) => a.spread))
    throw new Unlowered(node, `${name} with a spread argument`);
  // What `new Array(n)` is filled with tells what it holds.
  if (name === "fill") learn(object, kind);
  if (name === "push" && isName(object))
    for (const a of args) if (!a.spread) learn(a.value, elementKind(object.kind));
  return bind(cx, { op: "method", name, object, args }, kind, "v", node);
}

/** The place that `list.at(i)` reads, where `i` is written as a whole number. */
function placeAt(cx: Lowering, object: Atom, i: Atom | undefined): Place | undefined {
  const at = i === undefined || isName(i) ? undefined : i.literal;
  if (typeof at !== "number" || !Number.isInteger(at)) return undefined;
  if (at >= 0) return { at: "element", object, index: literal(at) };
  const { t } = cx.context;
  const length = t.memberExpression(atomCode(cx, object), t.identifier("length"));
  const index = t.binaryExpression("-", length, t.numericLiteral(-at));
  return { at: "element", object, index: bind(cx, plainOp(index, false), INERT) };
}

/** Applies a callback to what it gets, written in place. */
function applied(cx: Lowering, callback: Node, given: readonly Atom[], node: Node): Atom {
  const f = unwrap(callback);
  const math = cx.kinds.mathName(f);
  if (math !== undefined) {
    const taken = ["max", "min", "hypot", "pow", "atan2"].includes(math)
      ? given
      : given.slice(0, 1);
    if (taken.length > 1) throw new Unlowered(node, `Math.${math} as a callback`);
    const args = taken.map((v) => ({ value: v, spread: false }));
    return bind(
      cx,
      { op: "math", name: math, args, callee: plainCode(cx, f) },
      { k: "num" },
      "v",
      node,
    );
  }
  const target = isFunction(f) ? f : cx.kinds.functionNamed(f);
  const held = !target && f.type === "Identifier" ? cx.context.bindings.get(f) : undefined;
  const atom = held?.constant ? cx.env.get(held) : undefined;
  const kindHeld = held && cx.kinds.bindingKind(held);
  if (atom && kindHeld?.k === "fn") {
    const made = callKnown(cx, node, atom, given, kindHeld.returns);
    if (made) return made;
  }
  if (!target) throw new Unlowered(node, "a callback that is not written here");
  if (target.type === "FunctionExpression" && target.id)
    throw new Unlowered(node, "a callback with a name of its own");
  const kind = known(cx.kinds.returnKind(target), target);
  const args = given.slice(0, target.params.length);
  if (isFunction(f) || cx.kinds.closureNamed(f)) {
    if (cx.open.has(target)) throw new Unlowered(node, "a callback that calls itself");
    return inPlace(
      cx,
      node,
      target,
      target.type === "ArrowFunctionExpression" ? cx.self : undefined,
      args,
      kind,
    );
  }
  return callMarked(cx, node, target, args, kind);
}

/** What is gone through: if nothing is known of it, it is looked at when the program runs. */
function receiver(cx: Lowering, { object, kind }: ArrayCallee): Atom {
  const xs = value(cx, object);
  if (!isCertain(cx, object)) expect(cx, xs, kind, object, cx.out);
  return xs;
}

/** Whether a value is written as an array. */
function isCertain(cx: Lowering, object: Node): boolean {
  const node = unwrap(object);
  if (node.type === "ArrayExpression") return true;
  const binding = node.type === "Identifier" ? cx.context.bindings.get(node) : undefined;
  const definition = binding?.constant ? binding.path.node : undefined;
  return (
    definition?.type === "VariableDeclarator" &&
    definition.id === binding?.identifier &&
    definition.init != null &&
    unwrap(definition.init).type === "ArrayExpression"
  );
}

function each(cx: Lowering, node: types.CallExpression, callee: ArrayCallee, kind: Kind): Atom {
  const { name } = callee;
  if (node.arguments.length !== 1) throw new Unlowered(node, `${name} with a second argument`);
  if (name === "filter" && callee.kind.k !== "array")
    throw new Unlowered(node, "filter of a typed array");
  const callback = node.arguments[0] as Node;
  const xs = receiver(cx, callee);
  const size = lengthOf(cx, xs);
  const made =
    name === "forEach"
      ? undefined
      : name === "filter"
        ? bind(cx, { op: "array", elements: [] }, kind, "chosen", node)
        : kind.k === "floats"
          ? bind(cx, { op: "floats", model: kind.model, from: size }, kind, "made", node)
          : bind(cx, { op: "sized", args: [size] }, kind, "made", node);
  walkThrough(cx, callee, xs, size, node, (i, element) => {
    const one = element();
    const result = applied(cx, callback, [one, i, xs], node);
    if (made === undefined) return;
    if (name === "filter") {
      const put = statements(cx, () =>
        cx.out.push({
          s: "do",
          value: {
            op: "method",
            name: "push",
            object: made,
            args: [{ value: one, spread: false }],
          },
        }),
      );
      cx.out.push({ s: "if", test: result, yes: put, otherwise: [] });
      return;
    }
    cx.out.push({
      s: "write",
      place: { at: "element", object: made, index: i },
      value: result,
      node,
    });
  });
  return made ?? UNDEFINED;
}

const readAt = (cx: Lowering, xs: Atom, index: Atom, of: Kind): Name =>
  bind(cx, { op: "read", place: { at: "element", object: xs, index } }, of);

/** Goes through the elements that are there when the walk begins. */
function walkThrough(
  cx: Lowering,
  callee: ArrayCallee,
  xs: Atom,
  size: Atom,
  node: types.CallExpression,
  body: (i: Atom, element: () => Atom) => void,
  start = 0,
  isBackwards = false,
): void {
  const of = elementKind(callee.kind);
  // Holes, and elements that the callback itself takes away, are not visited.
  const asks =
    callee.kind.k === "array" &&
    (cx.mayHaveHoles() || takesAway(cx.kinds, cx.effects, node.arguments[0]));
  if (callee.kind.k === "array" && !cx.mayHaveHoles() && !isDense(cx, callee, xs))
    lookForHoles(cx, xs, node);
  counted(
    cx,
    undefined,
    () => size,
    (counter) => {
      const { t } = cx.context;
      const round = current(cx, counter);
      const i = isBackwards ? fromEnd(cx, size, round) : round;
      const element = () => {
        if (!isInertList(callee)) return readAt(cx, xs, i, of);
        const code = t.memberExpression(atomCode(cx, xs), atomCode(cx, i), true);
        return bind(cx, plainOp(code, false), INERT, "v", callee.object);
      };
      const inner = () => body(i, element);
      if (!asks) {
        inner();
        return;
      }
      const there = t.binaryExpression("in", atomCode(cx, i), atomCode(cx, xs));
      const test = bind(cx, plainOp(there, false), INERT);
      cx.out.push({ s: "if", test, yes: statements(cx, inner), otherwise: [] });
    },
    start,
  );
}

/** With holes a list is for the dual form, which can't be gone over to once something has been changed. */
function lookForHoles(cx: Lowering, xs: Atom, node: Node): void {
  if (cx.mayHaveHoles() && cx.effects.changesOutside(cx.root))
    throw new Unlowered(node, "a list that may have holes, where something is changed");
  const { t } = cx.context;
  const helper: LoweredIdentifier = t.identifier("dense");
  helper.helper = "dense";
  const code = t.callExpression(helper, [atomCode(cx, xs), cx.context.site(node)]);
  perform(cx, { ...plainOp(code, false), checks: true } as Op, node);
}

/** What is made here has the holes that the file makes, and what a caller gives has none; of what is outside nothing is known. */
const isDense = (cx: Lowering, callee: ArrayCallee, xs: Atom): boolean =>
  (isName(xs) && xs.kind.k !== "inert" && !isInertList(callee)) ||
  hasNoHoles(cx.context, callee.object);

/** `size - 1 - i` */
function fromEnd(cx: Lowering, size: Atom, i: Atom): Name {
  const { t } = cx.context;
  const last = t.binaryExpression("-", atomCode(cx, size), t.numericLiteral(1));
  return bind(cx, plainOp(t.binaryExpression("-", last, atomCode(cx, i)), false), INERT);
}

const isInertList = ({ kind }: ArrayCallee): boolean => kind.k === "array" && kind.of.k === "inert";

function reduce(cx: Lowering, node: types.CallExpression, callee: ArrayCallee, kind: Kind): Atom {
  const [callback, init] = node.arguments as [Node, Node | undefined];
  const xs = receiver(cx, callee);
  const first = init && value(cx, init);
  const size = lengthOf(cx, xs);
  const of = elementKind(callee.kind);
  if (first === undefined) {
    const { t } = cx.context;
    const empty = bind(
      cx,
      plainOp(t.binaryExpression("===", atomCode(cx, size), t.numericLiteral(0)), false),
      INERT,
    );
    const yes = statements(cx, () => {
      const error = t.newExpression(t.identifier("TypeError"), [
        t.stringLiteral("Reduce of empty array with no initial value"),
      ]);
      cx.out.push({ s: "throw", value: bind(cx, plainOp(error, false), INERT) });
    });
    cx.out.push({ s: "if", test: empty, yes, otherwise: [] });
  }
  const isBackwards = callee.name === "reduceRight";
  // What is there first may stand behind holes.
  if (first === undefined && callee.kind.k === "array" && cx.mayHaveHoles())
    lookForHoles(cx, xs, node);
  const begin = isBackwards && first === undefined ? fromEnd(cx, size, literal(0)) : literal(0);
  const held = cell(cx, "sum", kind, first ?? readAt(cx, xs, begin, of));
  walkThrough(
    cx,
    callee,
    xs,
    size,
    node,
    (i, element) => {
      const before = current(cx, held);
      set(cx, held, applied(cx, callback, [before, element(), i, xs], node));
    },
    first === undefined ? 1 : 0,
    isBackwards,
  );
  return current(cx, held);
}

/** The elements of the lists in a list, one level down. */
function flat(cx: Lowering, node: types.CallExpression, callee: ArrayCallee, kind: Kind): Atom {
  if (node.arguments.length > 0) throw new Unlowered(node, "flat with a depth");
  const rows = receiver(cx, callee);
  const of = elementKind(callee.kind);
  const made = bind(cx, { op: "array", elements: [] }, known(kind, node), "flat", node);
  const each = { ...callee, kind: of };
  walkThrough(cx, callee, rows, lengthOf(cx, rows), node, (_, element) => {
    const row = element();
    walkThrough(cx, each, row, lengthOf(cx, row), node, (_, inner) => {
      const args = [{ value: inner(), spread: false }];
      cx.out.push({ s: "do", value: { op: "method", name: "push", object: made, args } });
    });
  });
  return made;
}

/** The places of the elements are sorted by their primals; then elements and tangents are put there. */
function sort(cx: Lowering, node: types.CallExpression, callee: ArrayCallee, kind: Kind): Atom {
  known(kind, node);
  const [compare] = node.arguments;
  const f = compare && unwrap(compare);
  const target = isFunction(f) ? f : f && cx.kinds.functionNamed(f);
  if (target && (cx.effects.changesOutside(target) || target.async || target.generator))
    throw new Unlowered(node, "a comparison that changes something");
  const { t } = cx.context;
  const xs = receiver(cx, callee);
  // Holes come last, and stay holes.
  if (callee.kind.k === "array" && (cx.mayHaveHoles() || !isDense(cx, callee, xs)))
    lookForHoles(cx, xs, node);
  const asked: LoweredIdentifier = t.identifier("order");
  asked.helper = "order";
  const by = compare ? [plainCode(cx, compare)] : [];
  const order = bind(
    cx,
    plainOp(t.callExpression(asked, [atomCode(cx, xs), ...by]), false),
    INERT,
    "order",
    node,
  );
  const copy = bind(
    cx,
    { op: "array", elements: [{ value: xs, spread: true }] },
    { k: "array", of: elementKind(callee.kind) },
    "copy",
    node,
  );
  counted(
    cx,
    undefined,
    () => lengthOf(cx, order),
    (counter) => {
      const i = current(cx, counter);
      const place = t.memberExpression(atomCode(cx, order), atomCode(cx, i), true);
      const from = bind(cx, plainOp(place, false), INERT, "from", node);
      const element = readAt(cx, copy, from, elementKind(callee.kind));
      cx.out.push({
        s: "write",
        place: { at: "element", object: xs, index: i },
        value: element,
        node,
      });
    },
  );
  return xs;
}

/** `Array.from({ length }, f)` and `Array.from(xs, f)`. */
export function arrayFrom(cx: Lowering, node: types.CallExpression, kind: Kind): Atom {
  const [source, callback] = node.arguments as [Node, Node | undefined];
  const list = unwrap(source);
  const only =
    list.type === "ObjectExpression" && list.properties.length === 1
      ? list.properties[0]
      : undefined;
  const length =
    only?.type === "ObjectProperty" && staticKey(only as never) === "length"
      ? only.value
      : undefined;
  const xs = length ? undefined : value(cx, source);
  const of = length ? INERT : known(cx.kinds.kindOf(source), source);
  if (xs !== undefined && (!isContainer(of) || of.k === "object" || of.k === "fn"))
    throw new Unlowered(node, "Array.from of something else than an array");
  if (callback === undefined) {
    if (xs === undefined) throw new Unlowered(node, "Array.from without a function");
    return bind(cx, { op: "array", elements: [{ value: xs, spread: true }] }, kind, "v", node);
  }
  let size: Atom;
  if (length) {
    // What is given as a length is made a whole number.
    const { t } = cx.context;
    const asked = condition(cx, length);
    const math = (of: string) => t.memberExpression(cx.context.global("Math"), t.identifier(of));
    const whole = t.callExpression(math("max"), [
      t.callExpression(math("trunc"), [
        t.logicalExpression("||", atomCode(cx, asked), t.numericLiteral(0)),
      ]),
      t.numericLiteral(0),
    ]);
    size = isWholeLength(length) ? asked : bind(cx, plainOp(whole, false), INERT, "n");
  } else size = lengthOf(cx, xs as Atom);
  // A list is gone through to the end that it has by then.
  const grows = xs !== undefined && takesAway(cx.kinds, cx.effects, callback);
  const made = grows
    ? bind(cx, { op: "array", elements: [] }, kind, "made", node)
    : bind(cx, { op: "sized", args: [size] }, kind, "made", node);
  counted(
    cx,
    undefined,
    () => (grows ? lengthOf(cx, xs) : size),
    (counter) => {
      const i = current(cx, counter);
      const element = xs === undefined ? UNDEFINED : readAt(cx, xs, i, elementKind(of));
      const result = applied(cx, callback, [element, i], node);
      if (grows) {
        const args = [{ value: result, spread: false }];
        cx.out.push({ s: "do", value: { op: "method", name: "push", object: made, args } });
        return;
      }
      cx.out.push({
        s: "write",
        place: { at: "element", object: made, index: i },
        value: result,
        node,
      });
    },
  );
  return made;
}
