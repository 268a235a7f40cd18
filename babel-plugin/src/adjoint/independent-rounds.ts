import { isContainer, NUM } from "../analysis/kind.ts";
import {
  type Atom,
  atomsRead,
  eachStmt,
  hasEffects,
  isName,
  type Loop,
  makesNew,
  mapAtoms,
  type Name,
  name,
  type Op,
  type Stmt,
  setIn,
} from "../lower/form.ts";
import { growthOf, type Names } from "./growth.ts";
import { isStableCode, type Memory } from "./memory.ts";
import type { Prepared } from "./prepare.ts";

type Let = Extract<Stmt, { s: "let" }>;

/** What is known of a program that is run backwards. */
export interface Facts extends Names {
  readonly program: Prepared;
  readonly memory: Memory;
  readonly active: ReadonlySet<Name>;
}

/** An operation on the way from a sum to the result: `made` is computed from `from` and what is known before the loop. */
export interface Step {
  readonly made: Name;
  readonly from: Name;
  readonly op: Op;
  /** What has to be computed once more, before the loop. */
  readonly again: readonly Stmt[];
}

/** Where a list of statements stands that runs at most once in a call: at the place of an `if` of another one. */
export interface Branch {
  readonly within: readonly Stmt[];
  readonly at: number;
}

/** The lists that run at most once in a call: the outermost, and the branches of its conditions. */
export function branchesIn(body: readonly Stmt[]): Map<readonly Stmt[], Branch | undefined> {
  const found = new Map<readonly Stmt[], Branch | undefined>([[body, undefined]]);
  // The map grows while it is gone through.
  for (const [within] of found)
    within.forEach((s, at) => {
      if (s.s === "if") for (const b of [s.yes, s.otherwise]) found.set(b, { within, at });
    });
  return found;
}

/** What runs before a statement and after it, of its own list and of those around that. */
function around(
  stmts: readonly Stmt[],
  i: number,
  branches: ReadonlyMap<readonly Stmt[], Branch | undefined>,
): { before: Stmt[]; after: Stmt[] } {
  const before: Stmt[] = [];
  const after: Stmt[] = [];
  let of: Branch | undefined = { within: stmts, at: i };
  for (; of; of = branches.get(of.within)) {
    before.unshift(...of.within.slice(0, of.at));
    after.push(...of.within.slice(of.at + 1));
  }
  return { before, after };
}

/**
 * Of a loop that is no part of another and whose rounds have nothing to do with each other but that they add to sums, of
 * which the result is a multiple: the sums, with the way of each to the result. The cotangents of the sums are
 * known before the loop, so each round can be run backwards right after it, and nothing of it is kept (Hascoët,
 * Fidanova and Held, "Adjoining independent computations", in Automatic Differentiation of Algorithms, 2002).
 */
export function independentRounds(
  facts: Facts,
  s: Loop,
  stmts: readonly Stmt[],
  i: number,
  branches: ReadonlyMap<readonly Stmt[], Branch | undefined>,
): ReadonlyMap<Name, readonly Step[]> | undefined {
  const { program, active } = facts;
  const { before, after } = around(stmts, i, branches);
  const inside = letsIn([s]);
  const cells = new Set(program.adjointOf.values());
  const readers = readersIn(program);
  const sums = new Map<Name, readonly Step[]>();
  for (const n of setIn([s])) {
    if (inside.has(n) || !readers.has(n)) continue;
    if (isContainer(n.kind) || cells.has(n)) return undefined;
    if (!active.has(n)) continue;
    const steps = growsIn(facts, n, s) ? wayOf(facts, n, s, { before, after }, readers) : undefined;
    if (steps === undefined) return undefined;
    if (steps !== NOWHERE) sums.set(n, steps);
  }
  return leavesAlone(facts, [s], inside, cells) && leavesAlone(facts, after, letsIn(after), cells)
    ? sums
    : undefined;
}

/** A sum that nothing comes of. */
const NOWHERE: readonly Step[] = [];

function letsIn(stmts: readonly Stmt[]): Set<Name> {
  const found = new Set<Name>();
  const visit = (s: Stmt): void => {
    if (s.s === "let") found.add(s.name);
    if (s.s === "loop") for (const d of s.declares) found.add(d.name);
  };
  eachStmt(stmts, visit);
  return found;
}

const known = new WeakMap<Prepared, Map<Name, Stmt[]>>();

/** The statements that read a name. */
function readersIn(program: Prepared): ReadonlyMap<Name, readonly Stmt[]> {
  let found = known.get(program);
  if (found === undefined) {
    const made = new Map<Name, Stmt[]>();
    eachStmt(program.body, (s) => {
      for (const a of new Set(atomsRead(s))) {
        if (!isName(a)) continue;
        const others = made.get(a);
        if (others) others.push(s);
        else made.set(a, [s]);
      }
    });
    found = made;
    known.set(program, made);
  }
  return found;
}

/** Whether all that a loop does with a variable is to add to it. */
function growsIn(facts: Facts, n: Name, s: Loop): boolean {
  const growths = new Set<Stmt>();
  const grows = growthsIn(facts, n, [s], growths);
  let isRead = false;
  eachStmt([s], (x) => {
    if (x.s === "loop" && x.test?.value === n) isRead = true;
    if (!growths.has(x) && atomsRead(x).includes(n)) isRead = true;
  });
  return grows && !isRead;
}

/** Finds the reads of a variable that belong to what is added to it, and tells whether nothing else sets it. */
function growthsIn(facts: Facts, n: Name, stmts: readonly Stmt[], found: Set<Stmt>): boolean {
  let all = true;
  const visit = (list: readonly Stmt[]): void => {
    list.forEach((s, i) => {
      if (s.s === "set" && s.name === n) {
        const growth = growthOf(facts, s, list, i);
        if (growth) found.add(growth.before);
        else all = false;
      }
      if (s.s === "if") [s.yes, s.otherwise].forEach(visit);
      if (s.s === "loop") [s.test?.before ?? [], s.body, s.update].forEach(visit);
    });
  };
  visit(stmts);
  return all;
}

/** The way from a sum, behind a loop, to the result. */
function wayOf(
  facts: Facts,
  sum: Name,
  s: Loop,
  { before, after }: { readonly before: readonly Stmt[]; readonly after: readonly Stmt[] },
  readers: ReadonlyMap<Name, readonly Stmt[]>,
): readonly Step[] | undefined {
  const { program, defs } = facts;
  const { result } = program;
  const resultCell = returned(program);
  const growths = new Set<Stmt>();
  const last = after.findLastIndex((x) => atomsReadWithin(x).has(sum));
  if (!growthsIn(facts, sum, after.slice(0, last + 1), growths)) return undefined;
  const reads: Let[] = [];
  let isLost = false;
  eachStmt(after, (x) => {
    if (!atomsRead(x).includes(sum) || growths.has(x)) return;
    if (x.s === "let" && x.value.op === "copy" && after.includes(x)) reads.push(x);
    else isLost = true;
  });
  const [first, second] = reads;
  if (isLost || second !== undefined) return undefined;
  if (first === undefined) return result === sum ? undefined : NOWHERE;

  const steps: Step[] = [];
  const isAhead = (n: Name): boolean =>
    program.params.includes(n) || before.some((x) => x.s === "let" && x.name === n && !n.mutable);
  const since = facts.memory.timeOf(letsIn(s.body).values().next().value as Name);
  for (let n = first.name; n !== result; ) {
    const users = (readers.get(n) ?? []).filter((x) => {
      if (x.s === "set" && x.name !== resultCell)
        return !(readers.get(x.name) ?? []).every((r) => isBefore(after, r, x));
      return x.s !== "if" && !((x.s === "let" || x.s === "do") && x.value.op === "plain");
    });
    const [user, other] = users;
    // What a call returns is set last, on each way.
    if (
      user?.s === "set" &&
      user.name === resultCell &&
      other === undefined &&
      after.includes(user)
    )
      break;
    if (user?.s !== "let" || other !== undefined || !after.includes(user)) return undefined;
    const { name: made, value } = user;
    if (made.mutable || (value.op !== "arith" && value.op !== "sign")) return undefined;
    const again: Stmt[] = [];
    let op: Op = value;
    if (value.op === "arith") {
      const [a, b] = value.args;
      const factor = a === n ? b : a;
      if (factor === n || (value.operator === "/" && a !== n)) return undefined;
      if (value.operator === "*" || value.operator === "/") {
        const at = atHand(factor);
        if (at === undefined) return undefined;
        op = mapAtoms(
          value,
          (x) => (x === factor ? at : x),
          (code) => code,
        );
      } else if (value.operator !== "+" && value.operator !== "-") return undefined;
    }
    steps.push({ made, from: n, op, again });
    n = made;

    /** A constant as it is known before the loop. */
    function atHand(of: Atom): Atom | undefined {
      if (!isName(of) || isAhead(of)) return of;
      const code = defs.get(of);
      if (code?.op !== "plain" || code.changes || !code.reads.every(isAhead)) return undefined;
      if (!isStableCode(facts.memory, code.code, since)) return undefined;
      const copy = name(of.hint, of.kind.k === "num" ? NUM : of.kind);
      again.push({ s: "let", name: copy, value: code });
      return copy;
    }
  }
  return steps.reverse();
}

function atomsReadWithin(s: Stmt): Set<Atom> {
  const found = new Set<Atom>();
  eachStmt([s], (x) => {
    for (const a of atomsRead(x)) found.add(a);
  });
  return found;
}

/** The variable that what a program gives is the last value of, if nothing else reads it. */
function returned({ body, result }: Prepared): Name | undefined {
  const copies: Let[] = [];
  eachStmt(body, (s) => {
    if (s.s === "let" && s.name === result) copies.push(s);
  });
  const [made] = copies;
  const from = made?.value.op === "copy" ? made.value.value : undefined;
  if (made === undefined || !body.includes(made) || !from || !isName(from) || !from.mutable)
    return undefined;
  let reads = 0;
  let others = 0;
  eachStmt(body, (s) => {
    if (atomsRead(s).includes(from)) reads++;
    if (atomsRead(s).includes(made.name)) others++;
  });
  return reads === 1 && others === 0 ? from : undefined;
}

/** Whether a statement is done with when another one is reached, of those behind a loop. */
function isBefore(after: readonly Stmt[], s: Stmt, other: Stmt): boolean {
  const at = after.findIndex((x) => x === s || contains(x, s));
  return after.includes(other) && at < after.indexOf(other);
}

function contains(s: Stmt, other: Stmt): boolean {
  let found = false;
  eachStmt([s], (x) => {
    found ||= x === other;
  });
  return found;
}

const looksOnly = new Set(["slice", "concat", "at", "subarray"]);

/**
 * Whether statements change no array or object that has adjoints, but those that they have made: the adjoints of
 * what was there before would be added to those of what is put there.
 */
function leavesAlone(
  { program, defs }: Facts,
  stmts: readonly Stmt[],
  own: ReadonlySet<Name>,
  cells: ReadonlySet<Atom>,
): boolean {
  const isOwn = (a: Atom): boolean => {
    if (!isName(a) || !program.adjointOf.has(a) || cells.has(a)) return true;
    return own.has(a) && makesNew(defs.get(a));
  };
  let alone = true;
  const look = (op: Op): void => {
    if (op.op === "method" && !looksOnly.has(op.name)) alone &&= isOwn(op.object);
    else if (op.op === "sweep") alone &&= !op.changes;
    else if (op.op === "help") alone &&= !hasEffects(op);
  };
  eachStmt(stmts, (s) => {
    if (s.s === "write") alone &&= isOwn(s.place.object);
    if (s.s === "let" || s.s === "set" || s.s === "do") look(s.value);
  });
  return alone;
}
