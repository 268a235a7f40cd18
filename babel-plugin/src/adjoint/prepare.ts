import type { types } from "@babel/core";
import {
  elementAt,
  elementKind,
  INERT,
  isContainer,
  type Kind,
  NUM,
  numberFields,
  someLeaf,
} from "../analysis/kind.ts";
import type { FunctionNode } from "../ast.ts";
import {
  type Atom,
  atomsOf,
  isName,
  type Loop,
  type LoweredIdentifier,
  literal,
  mapAtoms,
  mapPlace,
  type Name,
  name,
  type Op,
  type Place,
  type Stmt,
  setIn,
} from "../lower/form.ts";
import { Unlowered } from "../lower/lowering.ts";
import { literalCode, rewrite } from "../lower/rewrite.ts";
import type { ModuleContext } from "../module-context.ts";
import { onlyRead } from "./only-read.ts";
import type { Structured } from "./structure.ts";

type T = ModuleContext["t"];

/**
 * A structured program in which operations read names that never change, and every container has an
 * adjoint container beside it.
 */
export interface Prepared {
  readonly params: readonly Name[];
  /** The adjoint containers of parameters, where they are containers. */
  readonly paramAdjoints: ReadonlyMap<Name, Name>;
  readonly body: Stmt[];
  readonly result: Atom;
  readonly resultAdjoint: Atom | undefined;
  readonly returns: Kind;
  readonly adjointOf: ReadonlyMap<Name, Atom>;
  /** Parameters that nothing is differentiated by. */
  readonly constants: ReadonlySet<Name>;
  /** What the counter of a loop is called in its body. */
  readonly counters: ReadonlyMap<Loop, Name>;
  /** What calls of functions of other files were given, with the adjoints of arrays and objects. */
  readonly linked: ReadonlyMap<Name, readonly Atom[]>;
}

interface State {
  readonly t: T;
  readonly context: ModuleContext;
  readonly node: types.Node;
  readonly adjoints: Map<Name, Atom>;
  readonly aliases: Map<Name, Atom>;
  readonly counters: Map<Loop, Name>;
  readonly calls: Calls;
  readonly linked: Map<Name, readonly Atom[]>;
  /** Whether nobody looks at the result again where it is NaN. */
  readonly isStrong: boolean;
  /** Variables for which something inactive may stand in. */
  readonly isOnlyRead: (n: Name) => boolean;
}

/** What is known of other functions. */
export interface Calls {
  /** The parameters of a function of this file, if it has a lowered form. */
  readonly paramsOf: (f: FunctionNode) => readonly Name[] | undefined;
  /** The link to a function of another file, and which arguments are objects without derivatives. */
  readonly link: (
    op: Extract<Op, { op: "link" }>,
    returns: Kind,
  ) => Pick<Extract<Op, { op: "linked" }>, "link" | "objects" | "direct"> & {
    /** What makes the link, where it is made for this call. */
    readonly found?: Stmt;
  };
}

/** The values that variables have now. */
type Versions = Map<Name, Atom>;

const isPaired = (kind: Kind): boolean => isContainer(kind) && kind.k !== "fn";

export function prepare(
  context: ModuleContext,
  node: types.Node,
  program: Structured,
  calls: Calls,
  constants: ReadonlySet<Name>,
  isStrong: boolean,
): Prepared {
  const state: State = {
    t: context.t,
    context,
    node,
    adjoints: new Map(),
    aliases: new Map(),
    counters: new Map(),
    calls,
    linked: new Map(),
    isStrong,
    isOnlyRead: onlyRead(program),
  };
  const paramAdjoints = new Map<Name, Name>();
  for (const p of program.params) {
    if (p.kind.k === "fn") throw new Unlowered(node, "a function as an argument");
    if (!isPaired(p.kind) || constants.has(p)) continue;
    const adjoint = name(`${p.hint}$a`, INERT);
    state.adjoints.set(p, adjoint);
    paramAdjoints.set(p, adjoint);
  }
  const versions: Versions = new Map();
  const body = list(state, program.body, versions);
  const result = read(state, program.result, versions, body);
  return {
    params: program.params,
    paramAdjoints,
    body,
    result,
    resultAdjoint: isPaired(program.returns) ? adjointOf(state, result, body) : undefined,
    returns: program.returns,
    adjointOf: state.adjoints,
    constants,
    counters: state.counters,
    linked: state.linked,
  };
}

/** The value that an atom has now, under a name that keeps it. */
function read(state: State, atom: Atom, versions: Versions, out: Stmt[]): Atom {
  if (!isName(atom)) return atom;
  if (!atom.mutable) return state.aliases.get(atom) ?? atom;
  const known = versions.get(atom);
  if (known !== undefined) return known;
  const version: Name = { ...name(atom.hint, atom.kind), temporary: true };
  out.push({ s: "let", name: version, value: { op: "copy", value: atom } });
  const cell = state.adjoints.get(atom);
  if (cell !== undefined) {
    const adjoint = name(`${atom.hint}$a`, INERT);
    out.push({ s: "let", name: adjoint, value: { op: "copy", value: cell } });
    state.adjoints.set(version, adjoint);
  }
  versions.set(atom, version);
  return version;
}

/** The adjoint container of a container. */
function adjointOf(state: State, atom: Atom, out: Stmt[], isOnlyRead = false): Atom {
  if (!isName(atom)) return atom;
  const known = state.adjoints.get(atom);
  if (known !== undefined) return known;
  // What is written to it under this name would be lost to whoever reads it under another.
  if (!isOnlyRead)
    throw new Unlowered(state.node, "something inactive is used where active values are kept");
  const made = name(`${atom.hint}$a`, INERT);
  out.push({ s: "let", name: made, value: { op: "help", name: "zeros", args: [atom] } });
  // It is not kept for the next that asks: that may stand outside the branch or loop that this is made in.
  return made;
}

/** What stands beside a part of a container: also of an inactive list where others of the container are active. */
function besidePart(state: State, whole: Name, part: Atom, expected: Kind, out: Stmt[]): Atom {
  const kind = isName(part) ? part.kind : INERT;
  if (isPaired(kind)) return adjointOf(state, part, out);
  if (!isName(part) || kind.k !== "inert" || !isPaired(expected)) return literal(0);
  return adjointOf(state, part, out, state.isOnlyRead(whole));
}

const fieldIn = (kind: Kind, key: string): Kind =>
  kind.k === "object" ? (kind.fields.get(key) ?? INERT) : INERT;

function list(state: State, stmts: readonly Stmt[], versions: Versions): Stmt[] {
  const out: Stmt[] = [];
  for (const s of stmts) statement(state, s, versions, out);
  return out;
}

function statement(state: State, s: Stmt, versions: Versions, out: Stmt[]): void {
  const now = (a: Atom) => read(state, a, versions, out);
  const operation = (op: Op): Op => {
    for (const a of atomsOf(op))
      if (isName(a) && a.kind.k === "array" && a.kind.of.k === "bottom")
        throw new Unlowered(
          s.s === "let" ? (s.node ?? state.node) : state.node,
          "a list of which nobody says what it holds",
        );
    // Reads come first, so that the versions they make stand before.
    for (const a of atomsOf(op)) now(a);
    return mapAtoms(op, now, (code) => rewrite(state.t, code, (n) => now(n)));
  };
  switch (s.s) {
    case "let": {
      if (!s.name.mutable) {
        if (s.value.op === "copy") {
          const value = now(s.value.value);
          if (isPaired(s.name.kind) && isName(value) && value.kind.k === "inert")
            standIn(state, s.name, value, out, s.node);
          else state.aliases.set(s.name, value);
          return;
        }
        define(state, s.name, operation(s.value), out, s.node);
        return;
      }
      const value = atomFor(state, s.name, operation(s.value), out, s.node);
      out.push({ ...s, value: { op: "copy", value } });
      versions.set(s.name, value);
      if (isPaired(s.name.kind)) {
        const cell = name(`${s.name.hint}$a`, INERT, true);
        state.adjoints.set(s.name, cell);
        const adjoint = adjointOf(state, value, out, state.isOnlyRead(s.name));
        out.push({ s: "let", name: cell, value: { op: "copy", value: adjoint } });
      }
      return;
    }
    case "set": {
      const value = atomFor(state, s.name, operation(s.value), out, s.node);
      const cell = state.adjoints.get(s.name);
      if (cell !== undefined && isName(cell))
        out.push({
          s: "set",
          name: cell,
          value: { op: "copy", value: adjointOf(state, value, out, state.isOnlyRead(s.name)) },
        });
      out.push({ ...s, value: { op: "copy", value } });
      versions.set(s.name, value);
      return;
    }
    case "do": {
      const value = operation(s.value);
      if (value.op === "plain" && !value.changes) {
        if (value.checks) out.push({ ...s, value });
        return;
      }
      // What it gives is used by nobody, but going back it may be something.
      const made = name("v", isNumberPopped(value) ? NUM : INERT);
      define(state, made, value, out, s.node);
      return;
    }
    case "write": {
      const place = mapPlace(s.place, now);
      const value = now(s.value);
      const { object } = place;
      if (isName(object) && object.kind.k === "array" && object.kind.of.k === "bottom")
        throw new Unlowered(s.node ?? state.node, "a list of which nobody says what it holds");
      out.push({ ...s, place, value });
      const adjoint = isName(object) ? state.adjoints.get(object) : undefined;
      if (adjoint === undefined) {
        if (isName(value) && value.kind.k !== "inert")
          throw new Unlowered(
            s.node ?? state.node,
            "an active value is put where none is expected",
          );
        return;
      }
      const kind = isName(value) ? value.kind : INERT;
      const held = isName(object) ? kindAt(object.kind, place) : INERT;
      // The adjoints of what was there before would be taken for its own.
      if (isName(value) && !isPaired(kind) && isPaired(held))
        throw new Unlowered(
          s.node ?? state.node,
          "something inactive is put where active values are kept",
        );
      const beside = { ...place, object: adjoint };
      if (isPaired(kind))
        out.push({ s: "write", place: beside, value: adjointOf(state, value, out) });
      else if (isName(object) && object.kind.k === "array" && isPaired(held))
        out.push({ s: "write", place: beside, value });
      else if (isName(object) && object.kind.k === "array")
        // Beyond its end the array has grown.
        out.push({ s: "write", place: beside, value: literal(0) });
      // A field that the object gets late is NaN on the way back, and then the dual form is taken, if it may be.
      else if (state.isStrong && place.at === "field")
        out.push({ s: "write", place: beside, value: literal(0) });
      return;
    }
    case "if": {
      const test = now(s.test);
      const changed = setIn([s]);
      const yes = list(state, s.yes, new Map(versions));
      const otherwise = list(state, s.otherwise, new Map(versions));
      out.push({ ...s, test, yes, otherwise });
      for (const c of changed) versions.delete(c);
      return;
    }
    case "loop":
      loop(state, s, versions, out);
      return;
    case "block":
      throw new Unlowered(state.node, "a block that is left early");
    case "throw":
      out.push({ ...s, value: now(s.value) });
      return;
    default:
      out.push(s);
  }
}

/** Something inactive that stands where active values are looked at. */
function standIn(
  state: State,
  made: Name,
  value: Name,
  out: Stmt[],
  node: types.Node | undefined,
): void {
  if (!state.isOnlyRead(made))
    throw new Unlowered(
      node ?? state.node,
      "something inactive is used where active values are kept",
    );
  const adjoint = name(`${made.hint}$a`, INERT);
  out.push(
    { s: "let", name: made, value: { op: "copy", value }, node },
    { s: "let", name: adjoint, value: { op: "help", name: "zeros", args: [made] } },
  );
  state.adjoints.set(made, adjoint);
}

function kindAt(kind: Kind, place: Place): Kind {
  if (place.at === "element") return elementKind(kind);
  return fieldIn(kind, place.key);
}

function loop(state: State, s: Loop, versions: Versions, out: Stmt[]): void {
  const changed = setIn([s]);
  // What the loop changes has another value in every round.
  for (const c of changed) versions.delete(c);
  const before: Stmt[] = [];
  let test: Loop["test"];
  if (s.test) {
    const inner = new Map(versions);
    before.push(...list(state, s.test.before, inner));
    test = { before, value: read(state, s.test.value, inner, before) };
  }
  const inner = new Map(versions);
  const body: Stmt[] = [];
  let counter: Name | undefined;
  if (s.counter) {
    counter = name(s.counter.name.hint, INERT);
    body.push({ s: "let", name: counter, value: { op: "copy", value: s.counter.name } });
    inner.set(s.counter.name, counter);
  }
  for (const x of s.body) statement(state, x, inner, body);
  const made: Loop = { ...s, test, body };
  if (counter) state.counters.set(made, counter);
  out.push(made);
}

/** The value of an operation as an atom. */
function atomFor(
  state: State,
  cell: Name,
  op: Op,
  out: Stmt[],
  node: types.Node | undefined,
): Atom {
  if (op.op === "copy") return op.value;
  const made = name(cell.hint, cell.kind);
  define(state, made, op, out, node);
  return made;
}

/** Names of places in lists, which are neither counted from the end nor beyond it. */
const places = new WeakSet<Name>();

const isPlace = (start: Atom): boolean =>
  isName(start)
    ? places.has(start)
    : typeof start.literal === "number" && Number.isInteger(start.literal) && start.literal >= 0;

/** Binds an operation, and makes what it makes once more for the adjoint. */
function define(state: State, made: Name, op: Op, out: Stmt[], node: types.Node | undefined): void {
  const { t } = state;
  const stmt: Stmt = { s: "let", name: made, value: op, node };
  const fail = (why: string): never => {
    throw new Unlowered(node ?? state.node, why);
  };
  const pair = (value: Op) => {
    const adjoint = name(`${made.hint}$a`, INERT);
    out.push(stmt, { s: "let", name: adjoint, value });
    state.adjoints.set(made, adjoint);
  };
  const shadow = (a: Atom): Atom | undefined => (isName(a) ? state.adjoints.get(a) : undefined);
  const isNumeric =
    made.kind.k === "floats" || (made.kind.k === "array" && !isPaired(made.kind.of));
  switch (op.op) {
    case "read": {
      const { object } = op.place;
      const beside = shadow(object);
      if (isPaired(made.kind) && beside !== undefined) {
        pair({ op: "read", place: { ...op.place, object: beside } });
        return;
      }
      break;
    }
    case "array": {
      if (!isPaired(made.kind)) break;
      // What it is spread from may be an iterator, which is used up by then.
      if (isNumeric && op.elements.length === 1 && op.elements[0]?.spread) {
        pair({ op: "help", name: "zeros", args: [made] });
        return;
      }
      const elements = op.elements.map((e, i) => {
        if (e.spread) {
          if (op.elements.length > 1) fail("an array made of several lists");
          return { ...e, value: adjointOf(state, e.value, out) };
        }
        return { ...e, value: besidePart(state, made, e.value, elementAt(made.kind, i), out) };
      });
      pair({ op: "array", elements });
      return;
    }
    case "object": {
      if (!isPaired(made.kind)) break;
      const fields = new Map<string, Atom>();
      for (const f of op.fields) {
        if ("spread" in f) {
          const { spread } = f;
          if (!isName(spread) || spread.kind.k !== "object")
            throw fail("spreading a value that is not known to be an object");
          for (const [key, kind] of spread.kind.fields) {
            if (!isPaired(kind)) fields.set(key, literal(0));
            else {
              const part = name("v", INERT);
              const place = { at: "field", object: adjointOf(state, spread, out), key } as const;
              out.push({ s: "let", name: part, value: { op: "read", place } });
              fields.set(key, part);
            }
          }
        } else {
          fields.set(f.key, besidePart(state, made, f.value, fieldIn(made.kind, f.key), out));
        }
      }
      pair({ op: "object", fields: [...fields].map(([key, value]) => ({ key, value })) });
      return;
    }
    case "instance": {
      const fields = [...op.fields].map(([key, value]) => ({
        key,
        value: besidePart(state, made, value, fieldIn(made.kind, key), out),
      }));
      pair({ op: "object", fields });
      return;
    }
    case "floats":
      pair({ op: "help", name: "zeros", args: [made] });
      return;
    case "sized": {
      const size = op.args[0] ?? literal(0);
      const [code, reads] = isName(size)
        ? [identifierOf(t, size), [size]]
        : [literalCode(t, size.literal), []];
      const array = t.newExpression(state.context.global("Array"), [code]);
      const filled = t.callExpression(t.memberExpression(array, t.identifier("fill")), [
        t.numericLiteral(0),
      ]);
      pair({ op: "plain", code: isNumeric ? filled : array, reads, changes: false });
      return;
    }
    case "method": {
      const [start, ...end] = op.args;
      if (op.name === "slice" && start && shadow(op.object) && !isPlace(start.value)) {
        // Going back it is asked for where the copy began.
        const from = name("from", INERT);
        places.add(from);
        const value = { op: "help", name: "sliceStart", args: [op.object, start.value] } as const;
        out.push({ s: "let", name: from, value });
        const args = [{ value: from, spread: false }, ...end];
        define(state, made, { ...op, args }, out, node);
      } else method(state, made, op, out, stmt, pair, isNumeric);
      return;
    }
    case "call": {
      const expected = state.calls.paramsOf(op.f);
      if (expected === undefined) throw fail("a call of a function without a lowered form");
      const args = expected.flatMap((p, i): Atom[] => {
        const a = op.args[i] ?? literal(undefined);
        // Those in it are called as they are, and may keep what they are given.
        if (isName(a) && a.kind.k === "inert" && someLeaf(p.kind, ({ k }) => k === "fn"))
          throw fail("a function that was not written here is used as an active one");
        return isPaired(p.kind) ? [a, adjointOf(state, a, out, !op.changes)] : [a];
      });
      const value = { op: "sweep", way: "forward", f: op.f, args, changes: op.changes } as const;
      if (isPaired(made.kind)) {
        const pairOf = name("pair", INERT);
        out.push({ s: "let", name: pairOf, value, node });
        const part = (key: string) =>
          ({ op: "read", place: { at: "field", object: pairOf, key } }) as const;
        const adjoint = name(`${made.hint}$a`, INERT);
        out.push(
          { s: "let", name: made, value: part("p"), node },
          { s: "let", name: adjoint, value: part("t") },
        );
        state.adjoints.set(made, adjoint);
        return;
      }
      out.push({ s: "let", name: made, value, node });
      return;
    }
    case "link": {
      const { found: before, ...found } = state.calls.link(op, made.kind);
      if (before) out.push(before);
      const args = op.args.flatMap((a): Atom[] =>
        isName(a) && isPaired(a.kind) ? [a, adjointOf(state, a, out, true)] : [a],
      );
      out.push({ ...stmt, value: { op: "linked", way: "forward", ...found, args: op.args } });
      state.linked.set(made, args);
      if (!isPaired(made.kind)) return;
      const adjoint = name(`${made.hint}$a`, INERT);
      out.push({ s: "let", name: adjoint, value: zerosLike(made, op.along !== undefined) });
      state.adjoints.set(made, adjoint);
      return;
    }
    case "help":
      if (op.name === "zeros") {
        pair({ op: "help", name: "zeros", args: [made] });
        return;
      }
      break;
    case "plain":
      if (isPaired(made.kind)) {
        pair({ op: "help", name: "zeros", args: [made] });
        return;
      }
      break;
  }
  if (isPaired(made.kind) && op.op !== "read") fail(`an array or object made by ${op.op}`);
  out.push(stmt);
}

/** Zeros for a value; `isWhole` where it has the fields of its kind and no others. */
function zerosLike(made: Name, isWhole: boolean): Op {
  const fields = isWhole ? numberFields(made.kind) : undefined;
  if (fields === undefined) return { op: "help", name: "zeros", args: [made] };
  return { op: "object", fields: fields.map((key) => ({ key, value: literal(0) })) };
}

export function identifierOf(t: T, of: Name): types.Identifier {
  const made: LoweredIdentifier = t.identifier("v");
  made.lowered = of;
  return made;
}

/** Whether a number is taken out of a list, which gets its adjoint back. */
const isNumberPopped = (op: Op): boolean =>
  op.op === "method" &&
  op.name === "pop" &&
  isName(op.object) &&
  elementKind(op.object.kind).k === "num";

function method(
  state: State,
  made: Name,
  op: Extract<Op, { op: "method" }>,
  out: Stmt[],
  stmt: Stmt,
  pair: (value: Op) => void,
  isNumeric: boolean,
): void {
  const fail = (why: string): never => {
    throw new Unlowered(state.node, why);
  };
  const { object } = op;
  const beside = isName(object) ? state.adjoints.get(object) : undefined;
  const element = isName(object) ? elementKind(object.kind) : INERT;
  if (beside === undefined && op.args.some((a) => isName(a.value) && a.value.kind.k !== "inert"))
    fail("an active value is put where none is expected");
  switch (op.name) {
    case "slice": {
      if (beside === undefined) break;
      if (isNumeric) pair({ op: "help", name: "zeros", args: [made] });
      else pair({ ...op, object: beside });
      return;
    }
    case "push": {
      out.push(stmt);
      if (beside === undefined) return;
      if (op.args.some((a) => a.spread)) fail("push of a list");
      if (element.k === "num") return;
      const args = op.args.map((a) => {
        return { ...a, value: besidePart(state, object as Name, a.value, element, out) };
      });
      out.push({ s: "do", value: { ...op, object: beside, args } });
      return;
    }
    case "pop": {
      if (beside === undefined) break;
      if (isPaired(element) || isPaired(made.kind)) {
        pair({ ...op, object: beside });
        return;
      }
      out.push(stmt);
      return;
    }
    case "fill":
      if (op.args.length !== 1 || isPaired(element)) fail("fill of a part, or with objects");
      out.push(stmt);
      if (beside !== undefined) {
        state.adjoints.set(made, beside);
        if (isName(object) && object.kind.k === "array") {
          const zero = { value: literal(0), spread: false };
          out.push({ s: "do", value: { ...op, object: beside, args: [zero] } });
        }
      }
      return;
    default:
      fail(`the array method ${op.name}`);
  }
  out.push(stmt);
}
