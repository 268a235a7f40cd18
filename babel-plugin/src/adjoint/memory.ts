import type { types } from "@babel/core";
import { rootOf as rootNode, unwrap } from "../ast.ts";
import {
  type Atom,
  blocksOf,
  eachStmt,
  isName,
  type LoweredIdentifier,
  makesNew,
  type Name,
  type Op,
  type Place,
  type Stmt,
} from "../lower/form.ts";
import type { Prepared } from "./prepare.ts";

/** Where an object may come from: from outside the function, or made in it. */
export type Root = "outer" | "fresh" | "any";

/** A moment of a call: statements are counted as they run, and a loop is one moment from its first round to its last. */
export type Time = number;

/** What a place is called in its object: an element of a list has no name, and a computed key may be any. */
export type Key = string | typeof ELEMENT | typeof ANY;
export const ELEMENT = Symbol("element");
const ANY = Symbol("any");

/** What a place is called; `object` is the one that tells whether it is an element of a list. */
const keyOf = (place: Place, object = place.object): Key =>
  place.at === "field" ? place.key : keyIn(isName(object) ? object : undefined);

const keyIn = (object: Name | undefined): Key => (object && isList(object) ? ELEMENT : ANY);

export const isList = ({ kind }: Name): boolean => /^(array|floats|tuple)$/.test(kind.k);

const mayBeSame = (a: Key, b: Key): boolean => a === b || a === ANY || b === ANY;

/** What is known of the containers of a program. */
export interface Memory {
  /** When a name gets its value. */
  readonly timeOf: (name: Name) => Time;
  readonly rootOf: (object: Atom) => Root;
  /** Whether reading a place again, at any later time of the call than `since`, gives the same. */
  readonly isStablePlace: (place: Place, since: Time) => boolean;
  /** The same of what is called so in an object, or in any of that origin. */
  readonly isStable: (object: Atom | Root, key: Key, since: Time) => boolean;
  /** The same of what a variable of the file holds. */
  readonly isStableInFile: (key: Key, since: Time) => boolean;
  /** Whether nothing at all is written to an object, or to what it holds, from `since` on. */
  readonly isUntouched: (object: Atom, since: Time) => boolean;
  /** Whether the length of an object stays as it is from `since` on. */
  readonly keepsLength: (object: Atom | Root, since: Time) => boolean;
  /** Whether nothing unknown runs at or after that time, which might change anything. */
  readonly isClosed: (since: Time) => boolean;
  /** Whether the fields of a variable of the file hold what is there: others may be accessors, which do something. */
  readonly isDataOfFile: (name: string) => boolean;
}

/**
 * A program's writes by the origin of what they change: what a function made cannot be what it was
 * given, as long as it does not put the one into the other.
 */
export function memoryOf(
  program: Prepared,
  isOpen = false,
  isDataOfFile: (name: string) => boolean = () => false,
): Memory {
  const defs = new Map<Name, Op>();
  const sets = new Map<Name, Atom[]>();
  eachStmt(program.body, (s) => {
    if (s.s === "let" && !s.name.mutable) defs.set(s.name, s.value);
    if ((s.s === "set" || (s.s === "let" && s.name.mutable)) && s.value.op === "copy")
      sets.set(s.name, [...(sets.get(s.name) ?? []), s.value.value]);
  });
  const primalOf = new Map<Name, Name>();
  for (const [primal, adjoint] of program.adjointOf)
    if (isName(adjoint)) primalOf.set(adjoint, primal);

  const known = new Map<Name, Root>();
  const rootOf = (a: Atom): Root => {
    if (!isName(a)) return "fresh";
    const seen = known.get(a);
    if (seen !== undefined) return seen;
    known.set(a, "any");
    const root = findRoot(a);
    known.set(a, root);
    return root;
  };
  const findRoot = (a: Name): Root => {
    if (program.params.includes(a)) return "outer";
    const primal = primalOf.get(a);
    if (primal !== undefined) return rootOf(primal);
    const op = defs.get(a);
    if (makesNew(op)) return "fresh";
    switch (op?.op) {
      case "method":
        return op.name === "fill" ? rootOf(op.object) : "any";
      case "read":
        return rootOf(op.place.object) === "outer" ? "outer" : "any";
      case "copy": {
        const cell = op.value;
        if (!isName(cell) || !cell.mutable) return rootOf(cell);
        const roots = new Set((sets.get(cell) ?? []).map(rootOf));
        const [only] = roots;
        return roots.size === 1 && only !== undefined ? only : "any";
      }
      case "plain":
        return rootOfCode(op.code, rootOf);
      default:
        return "any";
    }
  };

  const given = new Map<Name, boolean>();
  /** Whether an object is certainly one that the function was given, or a part of one. */
  const isGiven = (a: Atom): boolean => {
    if (!isName(a)) return false;
    const seen = given.get(a);
    if (seen !== undefined) return seen;
    given.set(a, true);
    const found = program.params.includes(a) || isPartOfGiven(defs.get(a));
    given.set(a, found);
    return found;
  };
  const isPartOfGiven = (op: Op | undefined): boolean => {
    if (op?.op === "read") return isGiven(op.place.object);
    if (op?.op !== "copy") return false;
    const cell = op.value;
    if (!isName(cell) || !cell.mutable) return isGiven(cell);
    const all = sets.get(cell) ?? [];
    return all.length > 0 && all.every(isGiven);
  };

  // Where the caller may change things before the reverse sweep, nothing is certain.
  let isAlwaysOpen = isOpen;
  let openUntil: Time = -1;
  let leaks = false;
  interface Write {
    readonly root: Root;
    readonly isGiven: boolean;
    readonly key: Key;
    readonly resizes: boolean;
    readonly until: Time;
  }
  const writes: Write[] = [];
  const { times, begins } = timesIn(program.body);
  eachStmt(program.body, (s: Stmt) => {
    const until = times.get(s) as Time;
    if (s.s === "write") {
      const { object } = s.place;
      if (isName(object) && primalOf.has(object)) return;
      writes.push({
        root: rootOf(object),
        isGiven: isGiven(object),
        key: keyOf(s.place),
        resizes: isName(object) && object.kind.k === "array",
        until,
      });
      if (
        isName(s.value) &&
        s.value.kind.k !== "num" &&
        s.value.kind.k !== "inert" &&
        rootOf(object) !== "fresh"
      )
        leaks = true;
      return;
    }
    if (s.s !== "let" && s.s !== "do") return;
    const { value: op } = s;
    if (op.op === "method" && !["slice", "concat", "at", "subarray"].includes(op.name)) {
      if (isName(op.object) && primalOf.has(op.object)) return;
      writes.push({
        root: rootOf(op.object),
        isGiven: isGiven(op.object),
        key: ELEMENT,
        resizes: op.name !== "fill" && op.name !== "set",
        until,
      });
      const holds = op.args.some(
        (a) => isName(a.value) && a.value.kind.k !== "num" && a.value.kind.k !== "inert",
      );
      if (holds && rootOf(op.object) !== "fresh") leaks = true;
    }
    if (op.op === "sweep" && op.changes) isAlwaysOpen = true;
    if (op.op === "plain" && op.changes) {
      // It may keep what was made here where others find it later.
      const holds = op.reads.some((n) => n.kind.k !== "num" && rootOf(n) !== "outer");
      if (holds) isAlwaysOpen = true;
      openUntil = Math.max(openUntil, until);
    }
  });
  const isClosed = (since: Time): boolean => !isAlwaysOpen && since > openUntil;
  /** Whether an object is one of which nothing is known, and not made here. */
  const mayHaveAccessors = (object: Atom): boolean => {
    if (!isName(object) || object.kind.k !== "inert" || primalOf.has(object)) return false;
    if (rootOf(object) === "fresh") return false;
    const op = defs.get(object);
    const code = op?.op === "plain" ? unwrap(op.code) : undefined;
    return !(
      code?.type === "Identifier" &&
      (code as LoweredIdentifier).lowered === undefined &&
      isDataOfFile(code.name)
    );
  };

  const meets = (a: Root, b: Root): boolean => leaks || a === b || a === "any" || b === "any";
  const isKept = (object: Atom | Root, since: Time, touches: (w: Write) => boolean) => {
    if (!isClosed(since)) return false;
    const root = typeof object === "string" ? object : rootOf(object);
    return !writes.some((w) => w.until >= since && touches(w) && meets(w.root, root));
  };
  return {
    isClosed,
    isDataOfFile,
    rootOf,
    timeOf: (n) => begins.get(n) ?? 0,
    isStablePlace: (place, since) => {
      const { object } = place;
      if (place.at === "field" && mayHaveAccessors(object)) return false;
      // An adjoint container is made like what it stands beside, and its name tells nothing of it.
      const key = keyOf(place, isName(object) ? (primalOf.get(object) ?? object) : object);
      return isKept(object, since, (w) => mayBeSame(w.key, key));
    },
    isStable: (object, key, since) => isKept(object, since, (w) => mayBeSame(w.key, key)),
    isStableInFile: (key, since) =>
      isClosed(since) &&
      !writes.some(
        (w) =>
          w.until >= since &&
          (mayBeSame(w.key, key) || (key === "length" && w.key === ELEMENT)) &&
          !w.isGiven &&
          (leaks || w.root !== "fresh"),
      ),
    isUntouched: (object, since) => isKept(object, since, () => true),
    keepsLength: (object, since) =>
      (isClosed(since) &&
        typeof object !== "string" &&
        isName(object) &&
        object.kind.k === "floats") ||
      isKept(object, since, (w) => (w.key === ELEMENT ? w.resizes : mayBeSame(w.key, "length"))),
  };
}

/** When statements run, and when names get their values. */
function timesIn(body: readonly Stmt[]): { times: Map<Stmt, Time>; begins: Map<Name, Time> } {
  const times = new Map<Stmt, Time>();
  const begins = new Map<Name, Time>();
  let now: Time = 0;
  const visit = (stmts: readonly Stmt[], isInLoop: boolean): void => {
    for (const s of stmts) {
      if (!isInLoop) now++;
      times.set(s, now);
      if (s.s === "let") begins.set(s.name, now);
      for (const block of blocksOf(s)) visit(block, isInLoop || s.s === "loop");
    }
  };
  visit(body, false);
  return { times, begins };
}

const cheapMath = new Set(["abs", "max", "min", "floor", "ceil", "round", "trunc", "sign"]);

/** Whether inert code is cheap, and gives the same at any later time of the call than `since`. */
export function isStableCode(memory: Memory, code: types.Node, since: Time): boolean {
  /** Whether the fields of an object are no accessors, which might do something, and give something else each time. */
  const isData = (object: types.Node): boolean => {
    const root = rootNode(object);
    if (root.type !== "Identifier") return false;
    const { lowered } = root as LoweredIdentifier;
    return lowered ? memory.rootOf(lowered) === "fresh" : memory.isDataOfFile(root.name);
  };
  const ok = (n: types.Node | null | undefined): boolean => {
    if (!n) return false;
    switch (n.type) {
      case "NumericLiteral":
      case "StringLiteral":
      case "BooleanLiteral":
      case "NullLiteral":
        return true;
      case "Identifier":
        // A variable of the file may be set by what runs meanwhile.
        return (n as LoweredIdentifier).lowered !== undefined || memory.isClosed(since);
      case "UnaryExpression":
        return n.operator !== "delete" && ok(n.argument);
      case "BinaryExpression":
      case "LogicalExpression":
        return n.operator !== "in" && n.operator !== "instanceof" && ok(n.left) && ok(n.right);
      case "ConditionalExpression":
        return ok(n.test) && ok(n.consequent) && ok(n.alternate);
      case "CallExpression":
        return (
          n.callee.type === "MemberExpression" &&
          n.callee.object.type === "Identifier" &&
          n.callee.object.name === "Math" &&
          n.callee.property.type === "Identifier" &&
          cheapMath.has(n.callee.property.name) &&
          n.arguments.every(ok)
        );
      case "MemberExpression": {
        const { object, property } = n;
        if (n.computed && !ok(property)) return false;
        const { lowered } = object as LoweredIdentifier;
        const key = !n.computed && property.type === "Identifier" ? property.name : keyIn(lowered);
        const isNamed = typeof key === "string" || property.type === "StringLiteral";
        if (isNamed && key !== "length" && !isData(object)) return false;
        // A table of the file.
        if (isOfFile(object)) return memory.isStableInFile(key, since) && ok(object);
        if (object.type !== "Identifier" && !ok(object)) return false;
        const from = lowered ?? rootOfCode(object, memory.rootOf);
        return key === "length"
          ? memory.keepsLength(from, since)
          : memory.isStable(from, key, since);
      }
      default:
        return false;
    }
  };
  return ok(code);
}

/** Where the object that inert code gives may come from: what one from here holds may be from anywhere. */
function rootOfCode(code: types.Node, rootOf: (a: Atom) => Root): Root {
  const node = unwrap(code);
  switch (node.type) {
    case "Identifier": {
      const { lowered } = node as LoweredIdentifier;
      return lowered ? rootOf(lowered) : "outer";
    }
    case "MemberExpression":
      return rootOfCode(node.object, rootOf) === "outer" ? "outer" : "any";
    case "ConditionalExpression": {
      const yes = rootOfCode(node.consequent, rootOf);
      return yes === rootOfCode(node.alternate, rootOf) ? yes : "any";
    }
    default:
      return "any";
  }
}

/** Whether what code goes down from is a variable of the file. */
const isOfFile = (code: types.Node): boolean => {
  const node = rootNode(code);
  return node.type === "Identifier" && (node as LoweredIdentifier).lowered === undefined;
};
