import type { types } from "@babel/core";
import { walk } from "../analysis/effects.ts";
import {
  alternatives,
  callsClash,
  clashes,
  dropsTangents,
  elementAt,
  elementKind,
  type FunctionKind,
  INERT,
  isContainer,
  isOfAnother,
  type Kind,
  lacksTangents,
  needsLook,
  ownClassNames,
  partsOf,
  signatureOf,
  whyUnknown,
} from "../analysis/kind.ts";
import { calleeName } from "../analysis/kinds/names.ts";
import type { Kinds } from "../analysis/kinds.ts";
import type { MadeAnew } from "../analysis/made-anew.ts";
import { type FunctionNode, staticKey, unwrap } from "../ast.ts";
import { globalFunction } from "../language/globals.ts";
import type { ModuleContext } from "../module-context.ts";
import {
  type Atom,
  atomsRead,
  blocksOf,
  eachStmt,
  isName,
  kindOfAtom,
  type LoweredIdentifier,
  mapAtoms,
  mapBlocks,
  type Name,
  name,
  type Op,
  type Place,
  type Program,
  type Stmt,
} from "./form.ts";
import { atomCode, type Lowering, perform, plainCode, plainOp, Unlowered } from "./lowering.ts";

type Node = types.Node;

interface Facts {
  readonly context: ModuleContext;
  /** The function whose program it is. */
  readonly root: FunctionNode;
  readonly kinds: Kinds;
}

/**
 * A value that comes from outside, of which nothing but its use or its type tells what it is: where that is a list
 * or an instance, the program looks when it runs. Lists are gone through in place, and methods are those of the
 * class, so a Map, an array with methods of its own or an instance of a subclass would give other numbers.
 */
export function expect(
  { context, root }: Pick<Facts, "context" | "root">,
  given: Atom | undefined,
  kind: Kind,
  node: Node | undefined,
  out: Stmt[],
): void {
  if (given === undefined || !isName(given)) return;
  if (isOfAnother(given.kind, kind))
    throw new Unlowered(
      node ?? context.program.node,
      "an instance of another class than its type says",
    );
  if (wasNarrowed(given, kind))
    throw new Unlowered(
      node ?? context.program.node,
      "an object of which less was said before, and nothing of its numbers",
    );
  if (kind.k !== "fn" && lacksFunction(given.kind, kind))
    throw withoutForm(node ?? context.program.node);
  if (givesOtherwise(given.kind, kind))
    throw new Unlowered(
      node ?? context.program.node,
      "a function that takes or gives something else than it is called for",
    );
  takeFor(given, kind);
  if (given.kind.k !== "inert" || !needsLook(kind)) return;
  const text = signatureOf(kind);
  if (out.some((s) => looked.get(s)?.given === given && looked.get(s)?.text === text)) return;
  const { t } = context;
  const classNames = ownClassNames([kind]);
  context.borrowed?.expectIn(root, classNames);
  const callee: LoweredIdentifier = t.identifier("expected");
  callee.helper = "expected";
  const of: LoweredIdentifier = t.identifier("v");
  of.lowered = given;
  const code = t.callExpression(callee, [
    of,
    t.stringLiteral(text),
    context.site(node ?? context.program.node),
    ...classNames.map((n) => t.identifier(n)),
  ]);
  const look: Stmt = {
    s: "do",
    value: { op: "plain", code, reads: [given], changes: false, checks: true },
    node,
  };
  const holdsInstances = alternatives(kind).some((of) => partsOf(of).some(isOfClasses));
  looked.set(look, { given, text, holdsInstances });
  out.push(look);
}

/**
 * An argument is what the parameter is taken for, which only uses may have told. Where the parameter stands for the
 * argument, as it does `inPlace`, this alone is looked at, and what it holds has to be what it is taken for.
 */
export function expectArgument(
  given: Atom | undefined,
  kind: Kind,
  node: Node,
  inPlace = false,
): void {
  if (given === undefined || !isName(given) || kind.k === "fn") return;
  if (inPlace && (given.kind.k === "num") !== (kind.k === "num")) return;
  if (clashes(given.kind, kind))
    throw new Unlowered(
      node,
      "an array, an object or a function is passed where a number is expected, or the other way round",
    );
}

/** What a function puts into an argument has a tangent, also for the caller. */
export function expectTangents(
  { effects }: Pick<Lowering, "effects">,
  f: FunctionNode,
  given: Atom | undefined,
  kind: Kind,
  node: Node,
): void {
  if (given === undefined || !isName(given) || !lacksTangents(given.kind, kind)) return;
  if (effects.changesGiven(f))
    throw new Unlowered(node, "an active value may be put where none is expected");
}

/** A list that has more than lists of the language have is of another make. */
export function expectNothing(cx: Lowering, test: Node): void {
  const { t } = cx.context;
  const callee: LoweredIdentifier = t.identifier("expected");
  callee.helper = "expected";
  const found = t.unaryExpression("!", t.unaryExpression("!", plainCode(cx, test)));
  const code = t.callExpression(callee, [
    t.logicalExpression("||", found, t.unaryExpression("void", t.numericLiteral(0))),
    t.stringLiteral("f8"),
    cx.context.site(test),
  ]);
  perform(cx, { ...plainOp(code, false), checks: true } as Op, test);
}

/**
 * An answer that is made anew is the one that an ordinary call would find by its keys, unless it was made of more
 * than these: then that is what counts.
 */
export function expectSame(
  cx: Lowering,
  { answer, keys, choice }: MadeAnew,
  kept: types.Expression,
  made: Atom,
): void {
  const { t } = cx.context;
  const fields = (unwrap(answer) as types.ObjectExpression).properties.map(
    (p) => staticKey(p as never) as string,
  );
  const isSame = (key: string): types.Expression =>
    t.binaryExpression(
      "===",
      ...([t.cloneNode(kept), atomCode(cx, made)].map((of) =>
        t.memberExpression(of, t.stringLiteral(key), true),
      ) as [types.Expression, types.Expression]),
    );
  const all = (parts: types.Expression[]): types.Expression =>
    parts.reduce((a, b) => t.logicalExpression("&&", a, b));
  const others = fields.filter((key) => !keys.includes(key));
  if (others.length === 0) return;
  const callee: LoweredIdentifier = t.identifier("sameAnswer");
  callee.helper = "sameAnswer";
  const found = all([t.cloneNode(kept), ...keys.map(isSame)]);
  const code = t.logicalExpression(
    "&&",
    found,
    t.callExpression(callee, [all(others.map(isSame)), cx.context.site(choice)]),
  );
  perform(cx, { ...plainOp(code, false), checks: true } as Op, choice);
}

/**
 * Whether a value may hold numbers that a kind speaks of, whose tangents its own name has dropped. What is written out
 * part by part has no others.
 */
function wasNarrowed(given: Atom, kind: Kind): boolean {
  if (!isName(given) || given.kind === kind) return false;
  const parts = given.contents && partsWritten(given.contents, kind);
  return parts
    ? parts.some(([part, of]) => wasNarrowed(part, of ?? INERT))
    : dropsTangents(given.kind, kind);
}

/** What stands in a literal, and what is said of it by a kind; nothing where it takes the parts of something else. */
function partsWritten(
  contents: Extract<Op, { op: "object" | "array" }>,
  kind: Kind,
): [Atom, Kind | undefined][] | undefined {
  const found: [Atom, Kind | undefined][] = [];
  if (contents.op === "object")
    for (const f of contents.fields) {
      if ("spread" in f) return undefined;
      found.push([f.value, fieldOf(kind, f.key)]);
    }
  else
    for (const [i, e] of contents.elements.entries()) {
      if (e.spread) return undefined;
      found.push([e.value, isList(kind) ? elementAt(kind, i) : undefined]);
    }
  return found;
}

const isList = ({ k }: Kind): boolean => k === "array" || k === "tuple";

/** What statements look at, and what for. */
const looked = new WeakMap<
  Stmt,
  { readonly given: Name; readonly text: string; readonly holdsInstances: boolean }
>();

const isOfClasses = (kind: Kind): boolean => ownClassNames([kind]).length > 0;

/** What stands in a literal is taken for what the literal is. */
function takeFor(of: Atom, kind: Kind): void {
  if (!isName(of) || of.contents === undefined || !needsLook(kind)) return;
  of.takenFor = kind;
  if (of.contents.op === "array")
    of.contents.elements.forEach((e, i) => {
      if (!e.spread && isContainer(kind)) takeFor(e.value, elementAt(kind, i));
    });
  else
    for (const f of of.contents.fields)
      if ("key" in f) takeFor(f.value, fieldOf(kind, f.key) ?? INERT);
}

/** A program in which all that comes from outside is looked at where it is taken for a list or an instance. */
export function withExpected(facts: Facts, program: Program): Program {
  const { body, returns } = program;
  // What a literal is taken for may be told after it.
  eachFlow(facts, body, returns, takeFor);
  refuseWidened(facts, body);
  const seen = { ...program, body: looking(facts, body, returns) };
  refuseReplaced(facts, seen.body);
  return seen;
}

/**
 * What has no tangent in an object by one name may get one by another, of which more is said, and be read by the first.
 * What calls are given is looked at where they stand.
 */
function refuseWidened(facts: Facts, body: readonly Stmt[]): void {
  const uses = new Map<Atom, number>();
  let writes = false;
  eachStmt(body, (s) => {
    for (const a of atomsRead(s)) uses.set(a, (uses.get(a) ?? 0) + 1);
    writes ||= (s.s === "write" && s.place.at === "field") || /^(call|apply|link)$/.test(opOf(s));
  });
  if (!writes) return;
  eachStmt(body, (s) => {
    if (s.s === "return" || /^(call|apply)$/.test(opOf(s))) return;
    flowsOf(facts, s, INERT, (a, kind) => {
      if (!isName(a) || (uses.get(a) ?? 0) < 2 || !lacksTangents(a.kind, kind)) return;
      const node = ("node" in s && s.node) || facts.context.program.node;
      throw new Unlowered(node, "an object of which another name says more");
    });
  });
}

const opOf = (s: Stmt): string =>
  "value" in s && typeof s.value === "object" && "op" in s.value ? s.value.op : "";

/** An object is looked at where it is taken. What it holds may be of another class after a call of who knows what. */
function refuseReplaced({ context }: Facts, body: readonly Stmt[]): void {
  let holdsInstances = false;
  let call: Node | undefined;
  eachStmt(body, (s) => {
    holdsInstances ||= looked.get(s)?.holdsInstances === true;
    if (!("value" in s) || typeof s.value !== "object" || !("op" in s.value)) return;
    const { value } = s;
    if (value.op === "plain" && value.changes && callsOther(context, value.code))
      call ??= ("node" in s && s.node) || context.program.node;
  });
  if (holdsInstances && call)
    throw new Unlowered(
      call,
      "a call that may put instances of other classes into an object of outside",
    );
}

function callsOther(context: ModuleContext, code: Node): boolean {
  let found = false;
  walk(code, (n) => {
    if (n.type !== "CallExpression") return;
    const name = calleeName(context, n.callee);
    found ||= name === undefined || !(name.startsWith("console.") || globalFunction(name));
  });
  return found;
}

function looking(facts: Facts, stmts: readonly Stmt[], returns: Kind): Stmt[] {
  const out: Stmt[] = [];
  for (const s of stmts) {
    const given = new Map<Atom, Name>();
    flowsOf(facts, s, returns, (a, kind) => {
      // A test has told which of several it is.
      if (isName(a) && a.kind.k === "union" && kind.k !== "union") return;
      if (s.s === "write" && isName(a) && a.kind.k === "inert" && isOfClasses(kind))
        throw new Unlowered(
          s.node ?? facts.context.program.node,
          "an instance from outside is put into an object",
        );
      if (kind.k === "fn" && isName(a) && a.kind.k === "inert" && !isHandedOn(s)) {
        given.set(a, withForm(facts, a, kind, s, out));
        return;
      }
      expect(facts, a, kind, "node" in s ? s.node : undefined, out);
    });
    const inner = s.s === "closure" ? s.returns : returns;
    const flowing = given.size === 0 ? s : withAtoms(s, (a) => given.get(a) ?? a);
    out.push(mapBlocks(flowing, (b) => looking(facts, b, inner)));
  }
  return out;
}

/** A statement in which other values flow. */
function withAtoms(s: Stmt, map: (a: Atom) => Atom): Stmt {
  switch (s.s) {
    case "let":
    case "set":
    case "do":
      return { ...s, value: mapAtoms(s.value, map, (code) => code) };
    case "write":
      return { ...s, value: map(s.value) };
    case "return":
      return { ...s, value: s.value && map(s.value) };
    default:
      return s;
  }
}

/** A function that the program finds, where one with derivative code is called: such code calls what it is then. */
function withForm({ context }: Facts, of: Name, kind: FunctionKind, s: Stmt, out: Stmt[]): Name {
  const node = ("node" in s && s.node) || context.program.node;
  const { params: kinds, returns } = kind;
  const isSimple = ({ k }: Kind) => k !== "fn" && k !== "bottom";
  if (of.mutable || whyUnknown(kind) !== undefined || ![...kinds, returns].every(isSimple))
    throw withoutForm(node);
  const params = kinds.map((k) => name("p", k));
  const callee: LoweredIdentifier = context.t.identifier("f");
  callee.lowered = of;
  const result = name("v", returns);
  const link: Op = { op: "link", callee, args: params, site: node, gives: returns };
  const made = name("f", kind);
  const body: Stmt[] = [
    { s: "let", name: result, value: link, node },
    { s: "return", value: result, node },
  ];
  out.push({ s: "closure", name: made, params, body, returns, node, of });
  return made;
}

const withoutForm = (node: Node): Unlowered =>
  new Unlowered(
    node,
    "a function of the language, or of elsewhere, where the program has functions of its own",
  );

/** Whether there is something without a tangent form where a function with one is called. */
function lacksFunction(given: Kind, kind: Kind): boolean {
  // What is no function for certain, or one of `Math`, which counts as a number of it.
  if (kind.k === "fn") return given.k === "inert" || given.k === "num";
  if (kind.k === "object")
    return (
      given.k === "object" &&
      [...kind.fields].some(([key, of]) => lacksFunction(given.fields.get(key) ?? of, of))
    );
  if (!isContainer(kind) || !isContainer(given) || given.k === "object") return false;
  return kind.k !== "union" && given.k !== "union" && given.k !== "fn"
    ? lacksFunction(elementKind(given), elementKind(kind))
    : false;
}

/**
 * Whether a function gives a value alone where who calls it takes a pair of value and shadow, or takes or gives a number
 * where that is a list or an object for who calls it, or the other way round.
 */
function givesOtherwise(given: Kind, kind: Kind): boolean {
  if (given === kind || given.k !== kind.k || !isContainer(kind)) return false;
  if (given.k === "fn" && kind.k === "fn")
    return (
      (given.returns.k === "inert" && isContainer(kind.returns)) ||
      callsClash(given, kind) ||
      givesOtherwise(given.returns, kind.returns)
    );
  if (given.k === "object" && kind.k === "object")
    return [...kind.fields].some(([key, of]) => givesOtherwise(given.fields.get(key) ?? of, of));
  return givesOtherwise(elementKind(given), elementKind(kind));
}

/** Whether a call hands its arguments on, which sees to functions among them. */
const isHandedOn = (s: Stmt): boolean =>
  "value" in s &&
  typeof s.value === "object" &&
  "op" in s.value &&
  /^(call|apply)$/.test(s.value.op);

function eachFlow(facts: Facts, stmts: readonly Stmt[], returns: Kind, flow: Flow): void {
  for (const s of stmts) {
    flowsOf(facts, s, returns, flow);
    for (const b of blocksOf(s)) eachFlow(facts, b, s.s === "closure" ? s.returns : returns, flow);
  }
}

/** Sees a value, and the kind of the variable, field, argument or result that it becomes. */
type Flow = (a: Atom, kind: Kind) => void;

function flowsOf(facts: Facts, s: Stmt, returns: Kind, flow: Flow): void {
  const to: Put = (a, kind) => {
    if (a && kind) flow(a, kind);
  };
  switch (s.s) {
    case "let":
    case "set":
      flowsOfOp(facts, s.value, s.name, to);
      return;
    case "do":
      flowsOfOp(facts, s.value, undefined, to);
      return;
    case "write":
      to(s.value, placeKind(s.place));
      return;
    case "return":
      to(s.value, returns);
      return;
    case "loop":
      for (const d of s.declares) to(d.from, d.name.kind);
  }
}

type Put = (a: Atom | undefined, kind: Kind | undefined) => void;

function flowsOfOp(facts: Facts, op: Op, name: Name | undefined, to: Put): void {
  const kind = name?.takenFor ?? name?.kind;
  switch (op.op) {
    case "copy":
      to(op.value, kind);
      return;
    case "select":
      to(op.yes, kind);
      to(op.otherwise, kind);
      return;
    case "array":
      op.elements.forEach((e, i) => {
        if (!e.spread && kind && isContainer(kind)) to(e.value, elementAt(kind, i));
      });
      return;
    case "object":
      for (const f of op.fields) if ("key" in f) to(f.value, fieldOf(kind, f.key));
      return;
    case "instance":
      for (const [key, v] of op.fields) to(v, fieldOf(kind, key));
      return;
    case "method": {
      const of = takenKind(op.object);
      if (of.k === "array" && putting.has(op.name))
        for (const e of op.args) if (!e.spread) to(e.value, of.of);
      return;
    }
    case "call": {
      const params = paramsOf(facts, op.f);
      op.args.forEach((a, i) => {
        to(a, params[i]);
      });
      return;
    }
    case "apply": {
      const of = kindOfAtom(op.f);
      if (of.k === "fn")
        op.args.forEach((a, i) => {
          to(a, of.params[i]);
        });
    }
  }
}

const putting = new Set(["push", "unshift", "fill"]);

/** The kinds of a function's parameters, after that of `this` where it is a method. */
function paramsOf({ kinds }: Facts, f: FunctionNode): (Kind | undefined)[] {
  const own = kinds.paramKinds(f);
  return f.type === "ClassMethod" && !f.static ? [undefined, ...own] : own;
}

const fieldOf = (kind: Kind | undefined, key: string): Kind | undefined =>
  kind?.k === "object" ? kind.fields.get(key) : undefined;

/** The kind of a value, or what a literal is taken for. */
const takenKind = (a: Atom): Kind => (isName(a) ? (a.takenFor ?? a.kind) : INERT);

function placeKind(place: Place): Kind | undefined {
  const of = takenKind(place.object);
  if (place.at === "field") return fieldOf(of, place.key);
  return isContainer(of) && of.k !== "object" ? elementKind(of) : undefined;
}
