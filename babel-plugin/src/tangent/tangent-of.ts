import type { types } from "@babel/core";
import { arith, compare, negative, op, scaled, shares } from "../adjoint/partials.ts";
import {
  asElement,
  containersIn,
  elementAt,
  elementKind,
  INERT,
  isContainer,
  isShadowed,
  type Kind,
  NUM,
  partsOf,
  someLeaf,
  tellsShadow,
} from "../analysis/kind.ts";
import { bareCopy, type FunctionNode, staticKey } from "../ast.ts";
import {
  type Atom,
  atomsOf,
  atomsRead,
  type Closure,
  type Element,
  eachStmt,
  type Field,
  isName,
  kindOfAtom,
  type Loop,
  type LoweredIdentifier,
  literal,
  mapBlocks,
  type Name,
  name,
  type Op,
  type Place,
  type Program,
  type Stmt,
} from "../lower/form.ts";
import { Unlowered } from "../lower/lowering.ts";
import type { ModuleContext } from "../module-context.ts";
import { type Active, activityOf } from "./activity.ts";
import { tangentOfNumber } from "./calculus.ts";
import { originsIn } from "./origins.ts";

/** How a program is differentiated. */
export interface Request {
  readonly t: ModuleContext["t"];
  readonly node: types.Node;
  /** The parameters that have a tangent. */
  readonly active: ReadonlySet<Name>;
  /** Whether the value comes out too, as `{ p, t }`, or the tangent alone. */
  readonly gives: "pair" | "tangent" | "form";
  /** Whether it is differentiated again. */
  readonly isInner?: boolean;
  /** Whether zero tangents must beat infinite partials at every operation, because nothing checks the result. */
  readonly strong?: boolean;
  /** Throws where a container that was made by plain code can't be given a shadow of its own here. */
  readonly checkOrigin?: (node: types.Node) => void;
  /**
   * What computes value and tangent of a function of this file, of which all parameters are active; undefined
   * where its dual form is called, over the bridge.
   */
  readonly tangentOf: (
    f: FunctionNode,
    site: types.Node | undefined,
  ) => { readonly key: FunctionNode; readonly program: Program } | undefined;
  /** The name by which a function of this file is seen from everywhere in it. */
  readonly nameOf?: (f: FunctionNode) => types.Identifier | undefined;
}

interface Tangents {
  readonly request: Request;
  readonly active: Active;
  readonly shadows: Map<Name, Name>;
  readonly strong: false | "tangents";
  /** Whether what is written is differentiated again, along the direction that the tangents have. */
  readonly isInner: boolean;
  returns: Kind;
  /** Whether it leaves the tangent of a number that it returns. */
  leaves: boolean;
  /** Functions that are there for more than to be called. */
  readonly handedOn: ReadonlySet<Atom>;
  /** Those that have a tangent form here. */
  readonly functions: Set<Name>;
  /** What is computed, and so is there. */
  readonly computed: Set<Name>;
  /** Where values come from that plain code made. */
  readonly originsOf: (a: Atom) => readonly types.Node[];
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
    returns: program.returns,
    leaves: program.returns.k !== "inert",
    handedOn: handedOnIn(program),
    functions: new Set(program.params),
    computed: new Set(),
    originsOf: originsIn(program),
    strong: request.strong ? "tangents" : false,
    isInner: request.isInner ?? false,
    out: [],
  };
  const params =
    request.gives === "form"
      ? paired(cx, program.params)
      : program.params.flatMap((p) => (cx.active(p) ? [p, shadowOf(cx, p)] : [p]));
  const body = block(cx, program.body);
  return { params, body, returns: request.gives === "pair" ? givenBy(program) : NUM };
}

/** What `gives: "pair"` returns: nothing that has a tangent comes as it is, and some ways may give nothing. */
const givenBy = ({ returns }: Program): Kind =>
  returns.k === "inert" ? returns : pairKind(returns);

/** Parameters with their tangents, also those that have none. */
const paired = (cx: Tangents, params: readonly Name[]): Name[] =>
  params.flatMap((p) => [
    p,
    (cx.active as (a: Atom) => boolean)(p) ? shadowOf(cx, p) : name(`${p.hint}$t`, p.kind),
  ]);

/** What is read of functions by other than calls of them, or called by such as others call. */
function handedOnIn(program: Program): Set<Atom> {
  const found = new Set<Atom>();
  const closures: Closure[] = [];
  const operationOf = (s: Stmt): Op | undefined =>
    s.s === "let" || s.s === "set" || s.s === "do" ? s.value : undefined;
  eachStmt(program.body, (s) => {
    const op = operationOf(s);
    const atoms = op ? atomsOf(op) : atomsRead(s);
    for (const a of op?.op === "apply" ? atoms.slice(1) : atoms)
      if (isName(a) && a.kind.k === "fn") found.add(a);
    if (s.s === "closure") closures.push(s);
  });
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { name, body } of closures)
      if (found.has(name))
        eachStmt(body, (s) => {
          const op = operationOf(s);
          if (op?.op === "apply") found.add(op.f);
        });
  }
  return found;
}

/** The kind of a value with its tangent. */
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
    case "union":
      return { k: kind.k, of: kind.of.map(shadowKind) };
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

/** The tangent of an atom, where one of a kind is expected; zero where it has none. */
function tangent(cx: Tangents, a: Atom, expected: Kind = kindOfAtom(a), isOnlyRead = false): Atom {
  const isFunction = expected.k === "fn" || kindOfAtom(a).k === "fn";
  const isFound = !isName(a) || cx.functions.has(a) || a.kind.k === "union";
  if (isFunction && !isFound) throw foreignFunction(cx);
  if (cx.active(a)) return shadowOf(cx, a);
  if (!isName(a)) return isContainer(expected) && typeof a.literal !== "number" ? a : literal(0);
  const kind = isShadowed(a.kind) ? a.kind : expected;
  if (!isShadowed(kind)) return literal(0);
  if (holdsFunctions(kind)) throw foreignFunction(cx);
  if (!isOnlyRead) checkOrigins(cx, a);
  return bound(cx, a.hint, shadowKind(kind), { op: "help", name: "zeros", args: [a] });
}

const foreignFunction = (cx: Tangents) =>
  new Unlowered(cx.request.node, "a function that was not written here is used as an active one");

/** Whether what stands beside values of a kind has tangent forms of functions in it. */
const holdsFunctions = (kind: Kind): boolean => someLeaf(kind, ({ k }) => k === "fn");

function checkOrigins(cx: Tangents, a: Atom): void {
  if (cx.request.checkOrigin) for (const node of cx.originsOf(a)) cx.request.checkOrigin(node);
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
      const moved =
        isName(to) && to.kind.k !== "inert"
          ? tangentOfName(cx, to)
          : tangent(cx, to, isName(to) ? s.name.kind : undefined);
      out.push({ s: "set", name: shadowOf(cx, s.name), value: { op: "copy", value: moved } });
      out.push({ ...s, value: { op: "copy", value: to } });
      return;
    }
    case "write": {
      const { object } = s.place;
      if (isLength(s.place)) {
        out.push(s);
        if (cx.active(object)) out.push({ ...s, place: beside(cx, s.place) });
        return;
      }
      if (cx.active(object) && hasShadowAt(object.kind, s.place)) {
        const of = kindAt(object.kind, s.place) ?? asElement(kindOfAtom(s.value));
        // A field of which nothing tells what it holds counts as a number, and has no shadow of an object.
        if (isName(s.value) && s.value.kind.k === "num" && isShadowed(of) && of.k !== "union")
          throw new Unlowered(s.node ?? cx.request.node, "an object whose type nothing tells");
        out.push({ s: "write", place: beside(cx, s.place), value: tangent(cx, s.value, of) });
      } else expectInactive(cx, s.value, s.node);
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
    case "closure":
      closure(cx, s);
      return;
    case "try":
      out.push({
        ...s,
        body: block(cx, s.body),
        handler: s.handler && { ...s.handler, body: block(cx, s.handler.body) },
        finalizer: s.finalizer && finalizer(cx, s.finalizer),
      });
      return;
    case "return":
      out.push(returned(cx, s, cx.returns));
      return;
    default:
      out.push(s);
  }
}

/** A function and its tangent form beside it. */
function closure(cx: Tangents, s: Closure): void {
  if (cx.handedOn.has(s.name)) cx.out.push({ ...s, body: asWritten(cx, s.body) });
  cx.functions.add(s.name);
  for (const p of s.params) cx.functions.add(p);
  const outer = { returns: cx.returns, leaves: cx.leaves };
  cx.returns = s.returns;
  // What is handed on may be called as one of several, of which others give something active.
  cx.leaves = s.returns.k !== "inert" || cx.handedOn.has(s.name);
  const params = paired(cx, s.params);
  const body = block(cx, s.body);
  cx.out.push({ ...s, name: shadowOf(cx, s.name), params, body, of: undefined });
  Object.assign(cx, outer);
}

/** The body of a function as others call it, who differentiate nothing: what it calls is called as it is too. */
function asWritten(cx: Tangents, stmts: readonly Stmt[]): Stmt[] {
  return stmts.map((s): Stmt => {
    if (s.s !== "let" && s.s !== "set" && s.s !== "do")
      return mapBlocks(s, (b) => asWritten(cx, b));
    const { value } = s;
    if (value.op === "link") return { ...s, value: { ...value, plainly: true } };
    return value.op === "call" ? { ...s, value: { ...value, plainly: plainNameOf(cx, value) } } : s;
  });
}

function plainNameOf(cx: Tangents, { f }: Extract<Op, { op: "call" }>): types.Expression | string {
  const key = f.type === "ClassMethod" && f.kind === "method" && !f.static && staticKey(f as never);
  const found = key || cx.request.nameOf?.(f);
  if (!found)
    throw new Unlowered(cx.request.node, "a function that is handed on calls one without a name");
  return found;
}

/** What it calls must not take the place of the tangent that a `return` before it has left. */
function finalizer(cx: Tangents, stmts: readonly Stmt[]): Stmt[] {
  if (!cx.leaves || isContainer(cx.returns)) return block(cx, stmts);
  const kept = name("kept", NUM);
  return [
    { s: "let", name: kept, value: { op: "left" } },
    ...block(cx, stmts),
    { s: "do", value: { op: "leave", value: kept } },
  ];
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

function returned(cx: Tangents, s: Extract<Stmt, { s: "return" }>, returns: Kind): Stmt {
  if (s.value === undefined) return s;
  if (cx.request.gives === "form" && !isContainer(returns)) {
    if (cx.leaves) cx.out.push({ s: "do", value: { op: "leave", value: tangent(cx, s.value) } });
    return s;
  }
  if (cx.request.gives === "pair" && returns.k === "inert") return s;
  const t = tangent(cx, s.value, returns);
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
  // Nothing is said of a field that an object gets later.
  return of === undefined || of.k === "num" || of.k === "fn" || isShadowed(of);
};

const isLength = (place: Place): boolean =>
  place.at === "field" && place.key === "length" && kindOfAtom(place.object).k === "array";

const kindAt = (kind: Kind, place: Place): Kind | undefined =>
  place.at === "field" && kind.k === "object" ? kind.fields.get(place.key) : elementKind(kind);

const isText = (a: Atom): boolean =>
  !isName(a) && (typeof a.literal === "string" || typeof a.literal === "boolean");

function expectInactive(cx: Tangents, value: Atom, node: types.Node | undefined): void {
  if (isName(value) && value.kind.k !== "inert" && cx.active(value))
    throw new Unlowered(
      node ?? cx.request.node,
      "an active value is written into an object that is not active",
    );
}

/** A shadow of a container that plain code made, or that was found in something inactive. */
function zerosOf(cx: Tangents, made: Name): Name {
  if (holdsFunctions(made.kind)) throw foreignFunction(cx);
  checkOrigins(cx, made);
  return bound(cx, made.hint, shadowKind(made.kind), { op: "help", name: "zeros", args: [made] });
}

type ArrayOp = Extract<Op, { op: "array" }>;

/** An array of what iterators of inactive values give: these are used up by it. */
function takenOut(cx: Tangents, value: ArrayOp): ArrayOp {
  const of = value.elements.map((e): Element => {
    if (!e.spread || !isName(e.value) || isShadowed(e.value.kind)) return e;
    const kind: Kind = { k: "array", of: NUM };
    return { ...e, value: bound(cx, "taken", kind, { op: "array", elements: [e] }) };
  });
  return { ...value, elements: of };
}

/** An operation, and that on the tangents after it. */
function define(cx: Tangents, s: Extract<Stmt, { s: "let" }>, isActive = cx.active(s.name)): void {
  const { out } = cx;
  const { value } = s;
  if (value.op === "call") {
    called(cx, s, value, isActive);
    return;
  }
  if (value.op === "link") {
    linked(cx, s, value, isActive);
    return;
  }
  if (value.op === "apply") {
    applied(cx, s, value, isActive);
    return;
  }
  if (s.name.kind.k === "fn" && value.op !== "plain") cx.functions.add(s.name);
  if (/^(arith|sign|math)$/.test(value.op)) cx.computed.add(s.name);
  if (isActive && cx.isInner && value.op === "math" && value.name === "abs") {
    absolute(cx, s, (value.args[0] as Element).value);
    return;
  }
  if (isActive && value.op === "array") {
    const taken = takenOut(cx, value);
    if (taken.elements.some((e, i) => e !== value.elements[i])) {
      define(cx, { ...s, value: taken }, isActive);
      return;
    }
  }
  out.push(s);
  if (!isActive) {
    const shadow = methodTangent(cx, value);
    if (shadow) out.push({ s: "do", value: shadow });
    return;
  }
  if (s.name.kind.k === "fn" && value.op === "plain") return;
  const shadow = shadowOf(cx, s.name);
  const op = s.name.kind.k === "num" ? numberTangent(cx, s.name, value) : containerTangent(cx, s);
  out.push({ s: "let", name: shadow, value: op });
}

/**
 * |x| whose tangent is differentiated again: the branch at 0 is the one to which the direction moves x, as
 * where the gradient is differentiated along it; where it does not move x there is no slope.
 */
function absolute(cx: Tangents, s: Extract<Stmt, { s: "let" }>, x: Atom): void {
  const dx = tangent(cx, x);
  const up = compare(cx, ">", x, literal(0));
  const down = compare(cx, "<", x, literal(0));
  const choice = (test: Atom, yes: Atom, otherwise: Atom): Op => ({
    op: "select",
    test,
    yes,
    otherwise,
  });
  const pick = (test: Atom, yes: Atom, otherwise: Atom) => op(cx, choice(test, yes, otherwise));
  const moved = pick(
    compare(cx, ">", dx, literal(0)),
    x,
    pick(compare(cx, "<", dx, literal(0)), negative(cx, x), scaled(cx, literal(0), x)),
  );
  // -0 + 0 is 0
  const atZero = arith(cx, "+", moved, literal(0));
  cx.out.push({ ...s, value: choice(up, x, pick(down, negative(cx, x), atZero)) });
  const twice = arith(
    cx,
    "*",
    literal(2),
    op(cx, { op: "math", name: "abs", args: [{ value: dx, spread: false }] }),
  );
  // Half of it where x is 0, NaN where x is NaN.
  const kept = op(cx, { op: "help", name: "tiedShare", args: [x, twice] });
  const value = choice(up, dx, pick(down, negative(cx, dx), kept));
  cx.out.push({ s: "let", name: shadowOf(cx, s.name), value });
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
      return { op: "copy", value: scalarTangent(cx, made, value) };
    case "arith":
    case "sign":
      return { op: "copy", value: scalarTangent(cx, made, value) };
    case "plain":
      return { op: "copy", value: literal(0) };
    default:
      throw new Unlowered(cx.request.node, `a number made by ${value.op}`);
  }
}

function scalarTangent(cx: Tangents, made: Name, value: Op): Atom {
  if (cx.request.gives !== "form") return sumOfShares(cx, made, value);
  const t = (a: Atom) => (cx.active(a) ? shadowOf(cx, a) : undefined);
  return tangentOfNumber(cx, made, value, t) ?? literal(0);
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
  if (only === undefined) return { op: "copy", value: literal(0) };
  const isWhole = others.length === 0;
  const list = isWhole ? only.value : gathered(cx, value.args);
  const shadow = isWhole ? tangent(cx, list) : gathered(cx, elements(cx, value.args));
  if (value.name === "hypot") return { op: "help", name: "lengthTangent", args: [list, shadow] };
  if (value.name === "max" || value.name === "min")
    return { op: "help", name: "extremumTangent", args: [made, list, shadow] };
  throw new Unlowered(cx.request.node, `Math.${value.name} of a list`);
}

const gathered = (cx: Tangents, list: readonly Element[]): Name =>
  bound(cx, "v", { k: "array", of: NUM }, { op: "array", elements: list });

function elements(
  cx: Tangents,
  list: readonly Element[],
  kindOf: (i: number) => Kind | undefined = () => undefined,
): Element[] {
  return list.map((e, i) => {
    const of = kindOf(i);
    const known = of && (e.spread ? undefined : of.k === "bottom" ? undefined : of);
    return { ...e, value: tangent(cx, e.value, known) };
  });
}

/** What elements of a list are expected to be, which may be read by a position that is computed. */
function expectedAt(kind: Kind, i: number): Kind {
  const of = elementAt(kind, i);
  const any = of.k === "inert" ? elementKind(kind) : of;
  return isContainer(any) ? any : of;
}

function containerTangent(cx: Tangents, { name: made, value }: Extract<Stmt, { s: "let" }>): Op {
  switch (value.op) {
    case "copy":
      return isName(value.value)
        ? { op: "copy", value: tangent(cx, value.value, made.kind) }
        : { op: "copy", value: value.value };
    case "read":
      if (cx.active(value.place.object)) return { op: "read", place: beside(cx, value.place) };
      return { op: "copy", value: zerosOf(cx, made) };
    case "array":
      return {
        op: "array",
        elements: elements(cx, value.elements, (i) => expectedAt(made.kind, i)),
      };
    case "object":
      return {
        op: "object",
        fields: value.fields.flatMap((f): Field[] => {
          if ("spread" in f) {
            const own = kindOfAtom(f.spread);
            const known = isShadowed(own) ? undefined : made.kind;
            // Numbers are copied; what it holds besides is in both.
            const isOnlyRead = own.k === "object" && !partsOf(own).some(isContainer);
            return [{ spread: tangent(cx, f.spread, known, isOnlyRead) }];
          }
          const of = made.kind.k === "object" ? made.kind.fields.get(f.key) : undefined;
          // A number may be expected where the object goes, and a spread before it has left a tangent there.
          const isKept = of?.k !== "inert" || !isText(f.value);
          return isKept ? [{ key: f.key, value: tangent(cx, f.value, of) }] : [];
        }),
      };
    case "instance": {
      const { kind } = made;
      const of = (key: string) => (kind.k === "object" ? kind.fields.get(key) : undefined);
      return {
        op: "object",
        fields: [...value.fields].map(([key, v]) => {
          const held = value.holds?.get(key);
          const moved = tangent(cx, v, of(key));
          return { key, value: held?.otherwise ? unlessMissing(cx, v, moved) : moved };
        }),
      };
    }
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
      return { op: "copy", value: zerosOf(cx, made) };
  }
  throw new Unlowered(cx.request.node, `an array or object made by ${value.op}`);
}

/**
 * The tangent of what a constructor puts a literal in the place of where it is missing. It would be NaN, which is seen
 * where somebody looks at the result.
 */
function unlessMissing(cx: Tangents, v: Atom, moved: Atom): Atom {
  const { t, strong } = cx.request;
  if (!strong || !isName(v) || !isName(moved) || cx.computed.has(v)) return moved;
  const given: LoweredIdentifier = t.identifier("v");
  given.lowered = v;
  const nothing = t.unaryExpression("void", t.numericLiteral(0));
  const code = t.binaryExpression("===", given, nothing);
  const test = bound(cx, "v", INERT, { op: "plain", code, reads: [v], changes: false });
  return bound(cx, "v", NUM, { op: "select", test, yes: literal(0), otherwise: moved });
}

/** The same method of the shadow. */
function methodTangent(cx: Tangents, value: Op): Op | undefined {
  if (value.op !== "method") return undefined;
  if (!cx.active(value.object)) {
    for (const a of value.args) expectInactive(cx, a.value, undefined);
    return undefined;
  }
  const object = shadowOf(cx, value.object);
  const [first, ...rest] = value.args;
  const own = kindOfAtom(value.object);
  const given = value.name === "set" ? own : elementKind(own);
  switch (value.name) {
    case "push":
    case "concat":
    case "unshift": {
      const of = elementKind(kindOfAtom(value.object));
      const isList = (a: Element) => a.spread || value.name === "concat";
      const args = value.args.map((a): Element => {
        const known = isList(a) ? undefined : of.k === "bottom" ? undefined : of;
        return { ...a, value: tangent(cx, a.value, known) };
      });
      return { ...value, object, args };
    }
    case "fill":
    case "set":
      return first && { ...value, object, args: [...elements(cx, [first], () => given), ...rest] };
    default:
      return { ...value, object };
  }
}

function linked(
  cx: Tangents,
  s: Extract<Stmt, { s: "let" }>,
  value: Extract<Op, { op: "link" }>,
  isActive: boolean,
): void {
  if (cx.request.gives === "form") {
    const args = value.args.flatMap((a) => [a, tangent(cx, a)]);
    results(cx, s, { ...value, args }, isActive);
    return;
  }
  if (!isActive) {
    cx.out.push(s);
    return;
  }
  const args: Atom[] = [];
  const along: number[] = [];
  for (const [i, a] of value.args.entries()) {
    const isNumber = isName(a) ? a.kind.k === "num" : typeof a.literal === "number";
    const isPaired = isNumber || tellsShadow(kindOfAtom(a));
    args.push(...(isPaired ? [a, tangent(cx, a)] : [a]));
    along.push(...(isPaired ? [i, i] : [i]));
  }
  inParts(cx, s, { ...value, args, along }, isActive);
}

function applied(
  cx: Tangents,
  s: Extract<Stmt, { s: "let" }>,
  value: Extract<Op, { op: "apply" }>,
  isActive: boolean,
): void {
  if (cx.request.gives !== "form")
    throw new Unlowered(cx.request.node, "a call of a function that is given as a value");
  const kinds = value.f && isName(value.f) && value.f.kind.k === "fn" ? value.f.kind.params : [];
  const args = value.args.flatMap((a, i) =>
    a === undefined ? [a, literal(0)] : [a, tangent(cx, a, kinds[i])],
  );
  const f = tangent(cx, value.f, { k: "fn", params: kinds, returns: s.name.kind });
  results(cx, s, { op: "apply", f, args }, isActive);
}

function results(cx: Tangents, s: Extract<Stmt, { s: "let" }>, value: Op, isActive: boolean): void {
  if (!isContainer(s.name.kind)) {
    cx.out.push({ ...s, value });
    if (isActive) cx.out.push({ s: "let", name: shadowOf(cx, s.name), value: { op: "left" } });
    return;
  }
  if (s.name.kind.k === "fn") cx.functions.add(s.name);
  inParts(cx, s, value, isActive);
}

/** A call that gives `{ p, t }`. */
function inParts(cx: Tangents, s: Extract<Stmt, { s: "let" }>, value: Op, isActive: boolean): void {
  const pair = bound(cx, "pair", pairKind(s.name.kind), value);
  const part = (key: string): Op => ({ op: "read", place: { at: "field", object: pair, key } });
  cx.out.push({ s: "let", name: s.name, value: part("p") });
  if (isActive) cx.out.push({ s: "let", name: shadowOf(cx, s.name), value: part("t") });
}

/** A call of a function of this file that has the dual form alone. */
function crossed(
  cx: Tangents,
  s: Extract<Stmt, { s: "let" }>,
  value: Extract<Op, { op: "call" }>,
  isActive: boolean,
): void {
  const site = s.node as types.CallExpression;
  const args = value.args.slice(0, site.arguments.length).flatMap((a): Atom[] => {
    if (a === undefined) return [literal(undefined), literal(0)];
    const isOnlyRead = !value.changes && !mayShare(s.name.kind, kindOfAtom(a));
    return [a, tangent(cx, a, kindOfAtom(a), isOnlyRead)];
  });
  const callee = bareCopy(site.callee) as types.Expression;
  results(cx, s, { op: "link", callee, args, site }, isActive);
}

/** Whether values of two kinds may have an array or object in common that has tangents beside it. */
function mayShare(a: Kind, b: Kind): boolean {
  const sorts = containersIn(b);
  return [...containersIn(a)].some((sort) => sorts.has(sort));
}

/** A call of a function of this file: the function that gives both, and its parts. */
function called(
  cx: Tangents,
  s: Extract<Stmt, { s: "let" }>,
  value: Extract<Op, { op: "call" }>,
  isActive: boolean,
): void {
  const found = cx.request.tangentOf(value.f, s.node);
  if (found === undefined) {
    crossed(cx, s, value, isActive);
    return;
  }
  const { key, program } = found;
  if (cx.request.gives === "form") {
    const args = value.args.flatMap((a, i): (Atom | undefined)[] => {
      const kind = program.params[i]?.kind ?? INERT;
      if (a === undefined || kind.k === "inert") return [a, literal(0)];
      const isOnlyRead = !value.changes && !mayShare(s.name.kind, kind);
      return [a, tangent(cx, a, kind, isOnlyRead)];
    });
    results(cx, s, { ...value, f: key, args }, isActive);
    return;
  }
  const args = value.args.flatMap((a, i): (Atom | undefined)[] => {
    const kind = program.params[i]?.kind;
    const isPaired = kind !== undefined && (kind.k === "num" || isShadowed(kind));
    if (!isPaired) return [a];
    return a === undefined ? [a, literal(0)] : [a, tangent(cx, a)];
  });
  const call = { ...value, f: key, args };
  if (program.returns.k === "inert") cx.out.push({ ...s, value: call });
  else inParts(cx, s, call, isActive);
}
