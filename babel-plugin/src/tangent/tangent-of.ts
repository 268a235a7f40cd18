import type { types } from "@babel/core";
import { extremumOf, shares } from "../adjoint/partials.ts";
import { type Kind, NUM } from "../analysis/kind.ts";
import type { FunctionNode } from "../ast.ts";
import {
  type Atom,
  type Element,
  type Field,
  isName,
  type Loop,
  literal,
  type Name,
  name,
  type Op,
  type Place,
  type Program,
  type Stmt,
} from "../lower/form.ts";
import { Unlowered } from "../lower/lowering.ts";
import { type Active, activityOf, isShadowed } from "./activity.ts";

/** How a program is differentiated. */
export interface Request {
  readonly node: types.Node;
  /** The parameters that have a tangent. */
  readonly active: ReadonlySet<Name>;
  /** Whether the value comes out too, as `{ p, t }`, or the tangent alone. */
  readonly gives: "pair" | "tangent";
  /** Whether it is differentiated again. */
  readonly isInner?: boolean;
  /** What computes value and tangent of a function of this file, of which all parameters are active. */
  readonly tangentOf: (f: FunctionNode) => {
    readonly key: FunctionNode;
    readonly program: Program;
  };
}

interface Tangents {
  readonly request: Request;
  readonly active: Active;
  readonly shadows: Map<Name, Name>;
  readonly strong: boolean;
  readonly refusesKinks: boolean;
  out: Stmt[];
}

/**
 * The tangent of a program, as a program: every operation is followed by that on the tangents, in
 * names of their own (Griewank and Walther, Evaluating Derivatives, 2008, section 3.1). The shadow of
 * a parameter follows it. The rules are those of reverse mode: what an operand's share is of a
 * cotangent, partial · g, is what its tangent g adds to the tangent of the result.
 */
export function tangentOf(program: Program, request: Request): Program {
  const cx: Tangents = {
    request,
    active: activityOf(program, request.active),
    shadows: new Map(),
    strong: false,
    refusesKinks: request.isInner ?? false,
    out: [],
  };
  const params = program.params.flatMap((p) => (cx.active(p) ? [p, shadowOf(cx, p)] : [p]));
  const body = block(cx, program.body);
  const returns = request.gives === "pair" ? pairKind(program.returns) : NUM;
  return { params, body, returns };
}

/** The kind of what `gives: "pair"` returns. */
export const pairKind = (kind: Kind): Kind => ({
  k: "object",
  fields: new Map([
    ["p", kind],
    ["t", shadowKind(kind)],
  ]),
});

/** The kind of the shadow of values of a kind: without what has no tangent, and with all digits. */
export function shadowKind(kind: Kind): Kind {
  switch (kind.k) {
    case "array":
      return { ...kind, of: shadowKind(kind.of) };
    case "tuple":
      return { k: "tuple", of: kind.of.map(shadowKind) };
    case "floats":
      return { k: "floats", model: "Float64Array" };
    case "object":
      return {
        k: "object",
        fields: new Map([...kind.fields].map(([key, of]) => [key, shadowKind(of)])),
      };
    default:
      return kind;
  }
}

function shadowOf(cx: Tangents, n: Name): Name {
  let shadow = cx.shadows.get(n);
  if (shadow === undefined) {
    const kind = shadowKind(n.kind);
    const hint = n.hint === "v" ? "v" : `${n.hint}$t`;
    const isTemporary = n.temporary || n.hint === "v" ? { temporary: true } : {};
    shadow = { ...name(hint, kind, n.mutable), ...isTemporary };
    cx.shadows.set(n, shadow);
  }
  return shadow;
}

/** The tangent of an atom, where one of its kind is expected; zero where it has none. */
function tangent(cx: Tangents, a: Atom): Atom {
  if (cx.active(a)) return shadowOf(cx, a);
  if (!isName(a) || !isShadowed(a.kind)) return literal(0);
  return bound(cx, a.hint, shadowKind(a.kind), { op: "help", name: "zeros", args: [a] });
}

function bound(cx: Tangents, hint: string, kind: Kind, value: Op): Name {
  const made = { ...name(hint, kind), temporary: true };
  cx.out.push({ s: "let", name: made, value });
  return made;
}

function block(cx: Tangents, stmts: readonly Stmt[]): Stmt[] {
  const outer = cx.out;
  const out: Stmt[] = [];
  cx.out = out;
  for (const s of stmts) statement(cx, s);
  cx.out = outer;
  return out;
}

function statement(cx: Tangents, s: Stmt): void {
  const { out } = cx;
  switch (s.s) {
    case "let":
      define(cx, s);
      return;
    case "set": {
      if (!cx.active(s.name)) {
        out.push(s);
        return;
      }
      // What it is made of may be what it was.
      let to: Atom;
      if (s.value.op === "copy") to = s.value.value;
      else {
        const made = { ...name(s.name.hint, s.name.kind), temporary: true };
        define(cx, { s: "let", name: made, value: s.value, node: s.node }, true);
        to = made;
      }
      const moved = isName(to) && to.kind.k !== "inert" ? tangentOfName(cx, to) : tangent(cx, to);
      out.push({ s: "set", name: shadowOf(cx, s.name), value: { op: "copy", value: moved } });
      out.push({ ...s, value: { op: "copy", value: to } });
      return;
    }
    case "write": {
      const { object } = s.place;
      if (cx.active(object) && hasShadowAt(object.kind, s.place))
        out.push({ s: "write", place: beside(cx, s.place), value: tangent(cx, s.value) });
      out.push(s);
      return;
    }
    case "do": {
      const shadow = methodTangent(cx, s.value);
      out.push(s);
      if (shadow) out.push({ s: "do", value: shadow });
      return;
    }
    case "if":
      out.push({ ...s, yes: block(cx, s.yes), otherwise: block(cx, s.otherwise) });
      return;
    case "loop":
      out.push(loop(cx, s));
      return;
    case "block":
      out.push({ ...s, body: block(cx, s.body) });
      return;
    case "return":
      out.push(returned(cx, s));
      return;
    default:
      out.push(s);
  }
}

const tangentOfName = (cx: Tangents, n: Name): Atom => cx.shadows.get(n) ?? tangent(cx, n);

function loop(cx: Tangents, s: Loop): Loop {
  if (s.declares.length > 0)
    throw new Unlowered(cx.request.node, "a loop whose head declares what its rounds keep");
  return {
    ...s,
    test: s.test && { before: block(cx, s.test.before), value: s.test.value },
    body: block(cx, s.body),
    update: block(cx, s.update),
  };
}

function returned(cx: Tangents, s: Extract<Stmt, { s: "return" }>): Stmt {
  if (s.value === undefined) return s;
  const t = tangent(cx, s.value);
  if (cx.request.gives === "tangent") return { ...s, value: t };
  const fields = [
    { key: "p", value: s.value },
    { key: "t", value: t },
  ];
  const kind = pairKind(isName(s.value) ? s.value.kind : NUM);
  return { ...s, value: bound(cx, "pair", kind, { op: "object", fields }) };
}

const beside = (cx: Tangents, place: Place): Place => ({
  ...place,
  object: shadowOf(cx, place.object as Name),
});

/** Whether shadows of a kind have something at a place. */
const hasShadowAt = (kind: Kind, place: Place): boolean => {
  if (kind.k !== "object" || place.at !== "field") return true;
  const of = kind.fields.get(place.key);
  return of?.k === "num" || (of !== undefined && isShadowed(of));
};

/** An operation, and that on the tangents after it. */
function define(cx: Tangents, s: Extract<Stmt, { s: "let" }>, isActive = cx.active(s.name)): void {
  const { out } = cx;
  const { value } = s;
  if (value.op === "call") {
    called(cx, s, value, isActive);
    return;
  }
  out.push(s);
  if (!isActive) {
    const shadow = methodTangent(cx, value);
    if (shadow) out.push({ s: "do", value: shadow });
    return;
  }
  const shadow = shadowOf(cx, s.name);
  const op = s.name.kind.k === "num" ? numberTangent(cx, s.name, value) : containerTangent(cx, s);
  out.push({ s: "let", name: shadow, value: op });
}

function numberTangent(cx: Tangents, made: Name, value: Op): Op {
  switch (value.op) {
    case "copy":
      return { op: "copy", value: tangent(cx, value.value) };
    case "read":
      return cx.active(value.place.object)
        ? { op: "read", place: beside(cx, value.place) }
        : { op: "copy", value: literal(0) };
    case "method":
      return methodTangent(cx, value) ?? { op: "copy", value: literal(0) };
    case "math":
      if (value.args.some((a) => a.spread)) return listTangent(cx, made, value);
      return { op: "copy", value: sumOfShares(cx, made, value) };
    case "arith":
    case "sign":
      return { op: "copy", value: sumOfShares(cx, made, value) };
    case "plain":
      return { op: "copy", value: literal(0) };
    default:
      throw new Unlowered(cx.request.node, `a number made by ${value.op}`);
  }
}

/** Σ ∂r/∂xᵢ · dxᵢ. */
function sumOfShares(cx: Tangents, made: Name, value: Op): Atom {
  let sum: Atom | undefined;
  for (const x of new Set(operands(value))) {
    if (!cx.active(x)) continue;
    const found = shares(cx, value, made, shadowOf(cx, x), (a) => a === x);
    for (const [to, share, negated] of found) {
      if (to !== x) continue;
      if (sum === undefined)
        sum = negated ? bound(cx, "v", NUM, { op: "sign", operator: "-", value: share }) : share;
      else
        sum = bound(cx, "v", NUM, {
          op: "arith",
          operator: negated ? "-" : "+",
          args: [sum, share],
        });
    }
  }
  return sum ?? literal(0);
}

const operands = (value: Op): readonly Atom[] => {
  switch (value.op) {
    case "arith":
      return value.args;
    case "sign":
      return [value.value];
    case "math":
      return value.args.map((a) => a.value);
    default:
      return [];
  }
};

/** `Math.max(...xs)` and its like. */
function listTangent(cx: Tangents, made: Name, value: Extract<Op, { op: "math" }>): Op {
  const [only, ...others] = value.args;
  if (only === undefined || others.length > 0)
    throw new Unlowered(cx.request.node, "Math of several lists");
  const list = only.value;
  const shadow = tangent(cx, list);
  if (value.name === "hypot") return { op: "help", name: "lengthTangent", args: [list, shadow] };
  if (value.name === "max" || value.name === "min")
    return { op: "help", name: extremumOf(cx, "Tangent"), args: [made, list, shadow] };
  throw new Unlowered(cx.request.node, `Math.${value.name} of a list`);
}

const elements = (cx: Tangents, list: readonly Element[]): Element[] =>
  list.map((e) => ({ ...e, value: tangent(cx, e.value) }));

function containerTangent(cx: Tangents, { name: made, value }: Extract<Stmt, { s: "let" }>): Op {
  switch (value.op) {
    case "copy":
      return isName(value.value)
        ? { op: "copy", value: tangent(cx, value.value) }
        : { op: "copy", value: value.value };
    case "read":
      return { op: "read", place: beside(cx, value.place) };
    case "array":
      return { op: "array", elements: elements(cx, value.elements) };
    case "object":
      return {
        op: "object",
        fields: value.fields.flatMap((f): Field[] => {
          if ("spread" in f) return [{ spread: tangent(cx, f.spread) }];
          const of = made.kind.k === "object" ? made.kind.fields.get(f.key) : undefined;
          const isKept = of === undefined || of.k === "num" || isShadowed(of);
          return isKept ? [{ key: f.key, value: tangent(cx, f.value) }] : [];
        }),
      };
    case "instance":
      return {
        op: "object",
        fields: [...value.fields].map(([key, v]) => ({ key, value: tangent(cx, v) })),
      };
    case "floats": {
      const { from } = value;
      // A size, inert values or a buffer: the shadow is as long as what was made of it.
      return from !== undefined && isName(from) && isShadowed(from.kind)
        ? { ...value, model: "Float64Array", from: tangent(cx, from) }
        : { op: "help", name: "zeros", args: [made] };
    }
    case "sized":
      return value;
    case "method": {
      const shadow = methodTangent(cx, value);
      if (shadow) return shadow;
      break;
    }
    case "plain":
      return { op: "help", name: "zeros", args: [made] };
  }
  throw new Unlowered(cx.request.node, `an array or object made by ${value.op}`);
}

/** The same method of the shadow. */
function methodTangent(cx: Tangents, value: Op): Op | undefined {
  if (value.op !== "method" || !cx.active(value.object)) return undefined;
  const object = shadowOf(cx, value.object);
  const [first, ...rest] = value.args;
  switch (value.name) {
    case "push":
    case "concat":
      return { ...value, object, args: elements(cx, value.args) };
    case "fill":
    case "set":
      return first && { ...value, object, args: [...elements(cx, [first]), ...rest] };
    default:
      return { ...value, object };
  }
}

/** A call of a function of this file: the function that gives both, and its parts. */
function called(
  cx: Tangents,
  s: Extract<Stmt, { s: "let" }>,
  value: Extract<Op, { op: "call" }>,
  isActive: boolean,
): void {
  const { key, program } = cx.request.tangentOf(value.f);
  const args = value.args.flatMap((a, i): (Atom | undefined)[] => {
    const kind = program.params[i]?.kind;
    const isPaired = kind !== undefined && (kind.k === "num" || isShadowed(kind));
    if (!isPaired) return [a];
    return a === undefined ? [a, literal(0)] : [a, tangent(cx, a)];
  });
  const pair = bound(cx, "pair", pairKind(s.name.kind), { ...value, f: key, args });
  const part = (key: string): Op => ({ op: "read", place: { at: "field", object: pair, key } });
  cx.out.push({ ...s, value: part("p") });
  if (isActive) cx.out.push({ s: "let", name: shadowOf(cx, s.name), value: part("t") });
}
