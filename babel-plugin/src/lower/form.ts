import type { types } from "@babel/core";
import { INERT, type Kind } from "../analysis/kind.ts";
import type { Binding, FunctionNode } from "../ast.ts";

type Expression = types.Expression;

/**
 * The lowered form: a program in a small structured language with explicit order, one operation a
 * binding. What the user wrote in one expression stands here in the order in which it is evaluated,
 * so no pass after it has to ask what happens first; and a name is an object, not a text, so no pass
 * can confuse two of them.
 */
export interface Program {
  readonly params: readonly Name[];
  readonly body: Stmt[];
  readonly returns: Kind;
  /** Objects of the module that it has its own of, and what it does without making these. */
  readonly scratch?: { readonly own: readonly Own[]; readonly body: readonly Stmt[] };
}

/** An object of the module that a program has one of its own for, and what makes that. */
export interface Own {
  readonly binding: Binding;
  readonly name: Name;
  readonly made: readonly Stmt[];
}

/** A variable. Two names are the same if they are the same object, whatever they are called. */
export interface Name {
  /** What it should be called where that is free. */
  hint: string;
  kind: Kind;
  /** Whether it is set after it was declared. */
  mutable: boolean;
  /** The literal that was bound to it, whose empty lists may not be known yet. */
  contents?: Extract<Op, { op: "object" | "array" }>;
  /** What code takes the literal for that was bound to it. */
  takenFor?: Kind;
  /** Whether it is bound to something that was made there, so that it is never missing. */
  made?: boolean;
  /** Whether it is nobody's name, and may vanish into the expression that reads it. */
  temporary?: boolean;
}

export interface Literal {
  readonly literal: number | string | boolean | null | undefined;
}

export type Atom = Name | Literal;

/** A field by a key that is known, or an element by one that is computed. */
export type Place =
  | { readonly at: "field"; readonly object: Atom; readonly key: string }
  | { readonly at: "element"; readonly object: Atom; readonly index: Atom };

export interface Element {
  readonly value: Atom;
  readonly spread: boolean;
}

/** What a field of a new instance holds: the argument at a place, and what stands in for one that is undefined. */
export interface Held {
  readonly at?: number | undefined;
  readonly otherwise?: Literal | undefined;
}

export type Arithmetic = "+" | "-" | "*" | "/" | "%" | "**";

/** One operation. Its operands are evaluated already. */
export type Op =
  | { readonly op: "copy"; readonly value: Atom }
  | { readonly op: "arith"; readonly operator: Arithmetic; readonly args: readonly [Atom, Atom] }
  | { readonly op: "sign"; readonly operator: "-" | "+"; readonly value: Atom }
  | {
      readonly op: "math";
      readonly name: string;
      readonly args: readonly Element[];
      readonly callee?: Expression;
    }
  | { readonly op: "read"; readonly place: Place }
  | { readonly op: "array"; readonly elements: readonly Element[] }
  | { readonly op: "object"; readonly fields: readonly Field[] }
  | {
      readonly op: "instance";
      readonly callee: Expression;
      readonly args: readonly Atom[];
      /** What is beside each active field, in the order of the fields. */
      readonly fields: ReadonlyMap<string, Atom>;
      /** What fields are known to hold: an argument, or a literal where that is missing. */
      readonly holds?: ReadonlyMap<string, Held>;
      /** Made without its constructor, which is written out after it, with these fields to begin with. */
      readonly blank?: readonly string[];
    }
  | { readonly op: "floats"; readonly model: string; readonly from: Atom | undefined }
  | { readonly op: "sized"; readonly args: readonly Atom[] }
  | {
      readonly op: "method";
      readonly name: string;
      readonly object: Atom;
      readonly args: readonly Element[];
    }
  | {
      readonly op: "call";
      readonly f: FunctionNode;
      readonly args: readonly (Atom | undefined)[];
      readonly changes: boolean;
      /** The function as it is called where nothing is differentiated; a method by its name. */
      readonly plainly?: Expression | string;
    }
  /** A call of a function that is a value. */
  | { readonly op: "apply"; readonly f: Atom; readonly args: readonly (Atom | undefined)[] }
  | {
      readonly op: "link";
      readonly callee: Expression;
      readonly args: readonly Atom[];
      readonly site: types.Node;
      /** What it gives, where no call of it is written. */
      readonly gives?: Kind;
      /** Whether it is called as it is, where nothing is differentiated. */
      readonly plainly?: true;
      /** Of the function's tangent, (x, dx, y, dy, …) ↦ { p, t }: which argument each belongs to. */
      readonly along?: readonly number[];
    }
  /** Inert code, kept as it was written; its own names stand in it as `lowered` identifiers. */
  | {
      readonly op: "plain";
      readonly code: Expression;
      readonly reads: readonly Name[];
      readonly changes: boolean;
      /** Whether it is there for what it may throw. */
      readonly checks?: true;
      /** Variables of the form that it sets. */
      readonly sets?: readonly Name[];
    }
  | {
      readonly op: "compare";
      readonly operator: "<" | ">" | ">=";
      readonly args: readonly [Atom, Atom];
    }
  /** One of two values. */
  | { readonly op: "select"; readonly test: Atom; readonly yes: Atom; readonly otherwise: Atom }
  /** A sweep of a function of this file; what it gives for numbers is left in slots. */
  | {
      readonly op: "sweep";
      readonly way: "forward" | "reverse";
      readonly f: FunctionNode;
      readonly args: readonly Atom[];
      readonly changes: boolean;
    }
  /**
   * A function of another file, called going forward, or its pullback, whose first argument is the cotangent;
   * `both` calls it and leaves its partial derivatives in slots.
   */
  | {
      readonly op: "linked";
      readonly way: "forward" | "reverse" | "both";
      /** By its name at the top of the file, or what a function that is an argument is called by. */
      readonly link: string | Name;
      /** Where all are numbers: what the link leads to, found when the call began, so that the engine may inline it. */
      readonly direct?: DirectLink;
      readonly args: readonly Atom[];
      /** The arguments that are objects without derivatives. */
      readonly objects: readonly number[];
    }
  /** Leaves the tape's position for others. */
  | { readonly op: "sync" }
  /** What a sweep left. */
  | { readonly op: "slot"; readonly index: number }
  /** Leaves the tangent of a number that is returned, and what a call left. */
  | { readonly op: "leave"; readonly value: Atom }
  | { readonly op: "left" }
  /** A function of the runtime. */
  | { readonly op: "help"; readonly name: string; readonly args: readonly Atom[] }
  /** The tape: numbers on one stack, anything else on another. */
  | {
      readonly op: "save";
      readonly values: readonly Atom[];
      readonly stack: Stack /** How many numbers there must be room for. */;
      readonly reserve: number;
    }
  | { readonly op: "restore"; readonly stack: Stack };

export interface DirectLink {
  readonly call: Name;
  /** Of a function's tangent, which gives `{ p, t }`: its pullback. Of a function, what gives its partial derivatives too. */
  readonly back: Name;
  readonly ofTangent: boolean;
}

export type Stack = "numbers" | "references";

export type Field = { readonly key: string; readonly value: Atom } | { readonly spread: Atom };

export interface Label {
  readonly hint: string;
}

export interface Loop {
  readonly s: "loop";
  readonly label: Label;
  /** What is done before each test, and the test; none where a loop goes on until it is left. */
  readonly test: { readonly before: Stmt[]; readonly value: Atom } | undefined;
  /** Whether the first round runs before the first test. */
  readonly testLast: boolean;
  readonly body: Stmt[];
  readonly update: Stmt[];
  /** A counter that only `update` changes, by a step that is a literal. */
  readonly counter?: { readonly name: Name; readonly step: number };
  /** What the loop's head declares. */
  readonly declares: readonly { readonly name: Name; readonly from: Atom }[];
}

/** A function that is a value. What it reads and sets of the variables around is theirs. */
export interface Closure {
  readonly s: "closure";
  readonly name: Name;
  readonly params: readonly Name[];
  readonly body: Stmt[];
  readonly returns: Kind;
  readonly node?: types.Node;
  /** The function itself, where it is one with a name, and this calls it. */
  readonly of?: Atom;
}

export interface Try {
  readonly s: "try";
  readonly body: Stmt[];
  readonly handler: { readonly param: Name; readonly body: Stmt[] } | undefined;
  readonly finalizer: Stmt[] | undefined;
}

export type Stmt =
  | { readonly s: "let"; readonly name: Name; readonly value: Op; readonly node?: types.Node }
  | { readonly s: "set"; readonly name: Name; readonly value: Op; readonly node?: types.Node }
  | { readonly s: "write"; readonly place: Place; readonly value: Atom; readonly node?: types.Node }
  | { readonly s: "do"; readonly value: Op; readonly node?: types.Node }
  | { readonly s: "if"; readonly test: Atom; readonly yes: Stmt[]; readonly otherwise: Stmt[] }
  | Loop
  | Closure
  | Try
  | { readonly s: "block"; readonly label: Label; readonly body: Stmt[] }
  | { readonly s: "break"; readonly label: Label }
  | { readonly s: "continue"; readonly label: Label }
  | { readonly s: "return"; readonly value: Atom | undefined; readonly node?: types.Node }
  | { readonly s: "throw"; readonly value: Atom };

/** An identifier in plain code that stands for a name of the form. */
export interface LoweredIdentifier extends types.Identifier {
  lowered?: Name;
  /** Stands for a function of the runtime of this name. */
  helper?: string;
}

export const isName = (a: Atom): a is Name => "hint" in a;

/** Whether an operation makes an array or object that nobody else has. */
export const makesNew = (op: Op | undefined): boolean =>
  op?.op === "method"
    ? op.name === "slice" || op.name === "concat"
    : op !== undefined && /^(array|object|instance|floats|sized)$/.test(op.op);

export const literal = (value: Literal["literal"]): Literal => ({ literal: value });

export const name = (hint: string, kind: Kind, mutable = false): Name => ({ hint, kind, mutable });

export const UNDEFINED: Literal = literal(undefined);

export const kindOfAtom = (a: Atom): Kind => (isName(a) ? a.kind : INERT);

const atomsOfPlace = (place: Place): Atom[] =>
  place.at === "field" ? [place.object] : [place.object, place.index];

/** The operands of an operation, in the order of their evaluation. */
export function atomsOf(op: Op): readonly Atom[] {
  switch (op.op) {
    case "copy":
    case "sign":
    case "leave":
      return [op.value];
    case "arith":
    case "compare":
    case "help":
    case "sized":
      return op.args;
    case "link":
      return [...calledByLink(op), ...op.args];
    case "linked":
      return [...linkAtoms(op), ...op.args];
    case "math":
      return op.args.map((a) => a.value);
    case "read":
      return atomsOfPlace(op.place);
    case "array":
      return op.elements.map((e) => e.value);
    case "object":
      return op.fields.map((f) => ("spread" in f ? f.spread : f.value));
    case "instance":
      return [...new Set([...op.args, ...op.fields.values()])];
    case "floats":
      return op.from === undefined ? [] : [op.from];
    case "method":
      return [op.object, ...op.args.map((a) => a.value)];
    case "call":
      return op.args.filter((a) => a !== undefined);
    case "apply":
      return [op.f, ...op.args.filter((a) => a !== undefined)];
    case "plain":
      return op.reads;
    case "save":
      return op.values;
    case "select":
      return [op.test, op.yes, op.otherwise];
    case "sweep":
      return op.args;
    case "slot":
    case "left":
    case "sync":
    case "restore":
      return [];
  }
}

/** What a link calls that is a value of the program. */
export function calledByLink({ callee }: Extract<Op, { op: "link" }>): readonly Name[] {
  const { lowered } = callee as LoweredIdentifier;
  return lowered ? [lowered] : [];
}

/** What a call over a link reads besides its arguments: these once more where they are looked at before, or behind it. */
function linkAtoms({ link, direct, way, args }: Extract<Op, { op: "linked" }>): readonly Atom[] {
  const own = typeof link === "string" ? [] : [link];
  if (direct === undefined) return own;
  if (way === "forward") return [...own, direct.call];
  return way === "both" ? [...own, direct.back] : [...own, direct.back, ...args];
}

/** The operands that a statement itself reads, not those of statements inside it. */
export function atomsRead(stmt: Stmt): readonly Atom[] {
  switch (stmt.s) {
    case "let":
    case "set":
    case "do":
      return atomsOf(stmt.value);
    case "write":
      return [...atomsOfPlace(stmt.place), stmt.value];
    case "if":
      return [stmt.test];
    case "loop":
      return stmt.declares.map((d) => d.from);
    case "return":
      return stmt.value === undefined ? [] : [stmt.value];
    case "throw":
      return [stmt.value];
    case "closure":
      return stmt.of === undefined ? [] : [stmt.of];
    default:
      return [];
  }
}

/** The variables that statements set. */
export function setIn(stmts: readonly Stmt[], found = new Set<Name>()): Set<Name> {
  for (const s of stmts) {
    if (s.s === "set") found.add(s.name);
    for (const b of blocksOf(s)) setIn(b, found);
  }
  return found;
}

/** The lists of statements inside a statement, in the order in which they run. */
export function blocksOf(stmt: Stmt): readonly Stmt[][] {
  switch (stmt.s) {
    case "if":
      return [stmt.yes, stmt.otherwise];
    case "loop":
      return [...(stmt.test ? [stmt.test.before] : []), stmt.body, stmt.update];
    case "block":
    case "closure":
      return [stmt.body];
    case "try":
      return [
        stmt.body,
        ...(stmt.handler ? [stmt.handler.body] : []),
        ...(stmt.finalizer ? [stmt.finalizer] : []),
      ];
    default:
      return NO_BLOCKS;
  }
}

const NO_BLOCKS: readonly Stmt[][] = [];

/** The same statement with other lists of statements inside it. */
export function mapBlocks(s: Stmt, map: (stmts: readonly Stmt[]) => Stmt[]): Stmt {
  switch (s.s) {
    case "if":
      return { ...s, yes: map(s.yes), otherwise: map(s.otherwise) };
    case "block":
    case "closure":
      return { ...s, body: map(s.body) };
    case "try":
      return {
        ...s,
        body: map(s.body),
        handler: s.handler && { ...s.handler, body: map(s.handler.body) },
        finalizer: s.finalizer && map(s.finalizer),
      };
    case "loop":
      return {
        ...s,
        test: s.test && { before: map(s.test.before), value: s.test.value },
        body: map(s.body),
        update: map(s.update),
      };
    default:
      return s;
  }
}

/** Calls `visit` for every statement of a list, those inside others included. */
export function eachStmt(stmts: readonly Stmt[], visit: (stmt: Stmt) => void): void {
  for (const s of stmts) {
    visit(s);
    if (s.s !== "let") for (const block of blocksOf(s)) eachStmt(block, visit);
  }
}

/** Whether an operation does anything that another could notice. */
export function hasEffects(op: Op): boolean {
  switch (op.op) {
    case "plain":
      return op.changes;
    case "method":
      return !pureMethods.has(op.name);
    case "call":
    case "apply":
    case "link":
    case "linked":
    case "leave":
    case "save":
    case "restore":
    case "sweep":
    case "sync":
    case "instance":
      return true;
    case "help":
      return changingHelpers.has(op.name);
    case "math":
      return op.name === "random";
    default:
      return false;
  }
}

/** Functions of the runtime that change what they are given. */
const changingHelpers = new Set(["addInto", "drain", "extremumInto", "lengthInto", "turnInto"]);

const pureMethods = new Set(["slice", "concat", "subarray", "at"]);

/** Whether an operation gives the same wherever it stands, as long as its operands do. */
export const isTimeless = (op: Op): boolean =>
  op.op === "arith" ||
  op.op === "sign" ||
  op.op === "select" ||
  op.op === "compare" ||
  (op.op === "math" && op.name !== "random" && op.args.every((a) => !a.spread)) ||
  (op.op === "copy" && !(isName(op.value) && op.value.mutable));

/** The same operation of other operands. */
export function mapAtoms(op: Op, map: (a: Atom) => Atom, code: (e: Expression) => Expression): Op {
  const element = (e: Element): Element => ({ ...e, value: map(e.value) });
  switch (op.op) {
    case "copy":
    case "sign":
    case "leave":
      return { ...op, value: map(op.value) };
    case "arith":
    case "compare":
      return { ...op, args: [map(op.args[0]), map(op.args[1])] };
    case "link":
      return {
        ...op,
        callee: calledByLink(op).length > 0 ? code(op.callee) : op.callee,
        args: op.args.map(map),
      };
    case "help":
    case "linked":
    case "sized":
    case "sweep":
      return { ...op, args: op.args.map(map) };
    case "math":
    case "method":
      return {
        ...op,
        args: op.args.map(element),
        ...(op.op === "method" ? { object: map(op.object) } : {}),
      } as Op;
    case "read":
      return { ...op, place: mapPlace(op.place, map) };
    case "array":
      return { ...op, elements: op.elements.map(element) };
    case "object":
      return {
        ...op,
        fields: op.fields.map((f) =>
          "spread" in f ? { spread: map(f.spread) } : { ...f, value: map(f.value) },
        ),
      };
    case "instance":
      return {
        ...op,
        args: op.args.map(map),
        fields: new Map([...op.fields].map(([k, v]) => [k, map(v)])),
      };
    case "floats":
      return { ...op, from: op.from && map(op.from) };
    case "call":
      return { ...op, args: op.args.map((a) => a && map(a)) };
    case "apply":
      return { ...op, f: map(op.f), args: op.args.map((a) => a && map(a)) };
    case "plain": {
      const made = code(op.code);
      return { ...op, code: made, reads: op.reads.map(map).filter(isName) };
    }
    case "save":
      return { ...op, values: op.values.map(map) };
    case "select":
      return { ...op, test: map(op.test), yes: map(op.yes), otherwise: map(op.otherwise) };
    case "slot":
    case "left":
    case "sync":
    case "restore":
      return op;
  }
}

export const mapPlace = (place: Place, map: (a: Atom) => Atom): Place =>
  place.at === "field"
    ? { ...place, object: map(place.object) }
    : { ...place, object: map(place.object), index: map(place.index) };
