import type { types } from "@babel/core";
import { walk } from "../analysis/effects.ts";
import { elementKind, INERT, isContainer, NUM, numberFields } from "../analysis/kind.ts";
import type { FunctionNode } from "../ast.ts";
import {
  type Atom,
  atomsOf,
  atomsRead,
  blocksOf,
  type Element,
  eachStmt,
  hasEffects,
  isName,
  isTimeless,
  type Loop,
  type LoweredIdentifier,
  literal,
  mapBlocks,
  type Name,
  name,
  type Op,
  type Place,
  type Stmt,
  setIn,
} from "../lower/form.ts";
import { Unlowered } from "../lower/lowering.ts";
import { literalCode, step } from "../lower/rewrite.ts";
import type { ModuleContext } from "../module-context.ts";
import { isFinished } from "./finished.ts";
import { growthOf, growthOfPlace } from "./growth.ts";
import { branchesIn, type Facts, independentRounds, type Step } from "./independent-rounds.ts";
import { ELEMENT, isList, isStableCode, memoryOf } from "./memory.ts";
import {
  arith,
  op as bindOp,
  hasShares,
  type Share,
  scaled,
  shares,
  type Writer,
} from "./partials.ts";
import { identifierOf, type Prepared } from "./prepare.ts";

type T = ModuleContext["t"];

/** The two sweeps of a program. */
export interface Sweeps {
  readonly forward: Stmt[];
  readonly reverse: Stmt[];
  /** The adjoints of parameters that are numbers. */
  readonly adjoints: ReadonlyMap<Name, Name>;
}

interface Reverse extends Writer, Facts {
  /** The parameters of a function of this file. */
  readonly paramsOf: (f: FunctionNode) => readonly Name[] | undefined;
  readonly t: T;
  readonly node: types.Node;
  /** The cotangent of the result. */
  readonly seed: Name;
  /** The lists that run at most once in a call of both sweeps. */
  readonly branches: ReturnType<typeof branchesIn>;
  /** The lists whose names are at hand when they are run backwards: the outermost, where both sweeps are one function. */
  readonly atHand: ReadonlySet<readonly Stmt[]>;
  /** Branches of such lists, and branches of those: what is saved in them is kept in variables of the list. */
  readonly nearHand: Set<readonly Stmt[]>;
  /** Such variables, which are declared before the branches. */
  readonly kept: Stmt[];
  /** Where in its list the statement stands that is run backwards. */
  at: number;
  /** Names that are at hand in the reverse sweep. */
  readonly free: Set<Name>;
  readonly adjoints: Map<Name, Name>;
  /** Adjoints that are declared once a list's statement is done. */
  readonly wanted: Map<readonly Stmt[], Name[]>;
  /** The list whose statements are run backwards. */
  list: readonly Stmt[];
  /** Copies of lists that numbers were made of, by the number and the list. */
  readonly snapshots: Map<Name, Map<Atom, Name>>;
  /** Numbers that may be missing. */
  readonly doubted: ReadonlySet<Name>;
  /** Names of which it is being found out whether they are numbers. */
  readonly asked: Set<Name>;
  /** Statements that another one has done the work of. */
  readonly done: Set<Stmt>;
  /** Loops whose rounds are run backwards one by one. */
  readonly byRounds: Set<Loop>;
  /** Variables that count the rounds of loops. */
  readonly counts: Set<Name>;
  /** Whether what is subtracted or multiplied may be bigints, which the numbers' stack does not take. */
  readonly hasBigInts: boolean;
}

const PARAMS: readonly Stmt[] = [];

/** What is known of the file that a program is in. */
export interface FileFacts {
  readonly hasBigInts: boolean;
  readonly isDataOfFile: (name: string) => boolean;
}

/**
 * Runs a program backwards (Griewank and Walther, Evaluating Derivatives, 2008, chapters 3 and 6):
 * every statement hands the cotangent of what it made on to what it was made of. What that needs of
 * the forward sweep is computed again where it is cheap and certain to be the same, else saved.
 */
export function sweepsOf(
  t: T,
  node: types.Node,
  program: Prepared,
  seed: Name,
  paramsOf: (f: FunctionNode) => readonly Name[] | undefined,
  strong: boolean,
  joint: boolean,
  isOpen: boolean,
  { hasBigInts, isDataOfFile }: FileFacts,
): Sweeps {
  const home = new Map<Name, readonly Stmt[]>();
  const defs = new Map<Name, Op>();
  const uses = new Map<Name, number>();
  for (const p of program.params) home.set(p, PARAMS);
  for (const p of program.paramAdjoints.values()) home.set(p, PARAMS);
  survey(program.body, home, defs, uses);
  const free = new Set<Name>([...program.params, ...program.paramAdjoints.values(), seed]);
  if (joint) for (const s of program.body) if (s.s === "let") free.add(s.name);
  const cx: Reverse = {
    paramsOf,
    t,
    node,
    program,
    memory: memoryOf(program, isOpen, isDataOfFile),
    active: activeIn(program),
    home,
    defs,
    uses,
    seed,
    branches: joint ? branchesIn(program.body) : new Map(),
    atHand: new Set(joint ? [program.body] : []),
    nearHand: new Set(),
    kept: [],
    free,
    adjoints: new Map(),
    wanted: new Map(),
    list: program.body,
    snapshots: new Map(),
    doubted: doubtedIn(program),
    asked: new Set(),
    done: new Set(),
    byRounds: new Set(),
    counts: new Set(),
    hasBigInts,
    out: [],
    strong: strong && "shares",
    at: 0,
    known: (w, f, x) => computed(w as Reverse, f, x),
  };
  const start: Stmt[] = [];
  cx.out = start;
  if (program.returns.k === "num") accumulate(cx, program.result, seed);
  // In the middle of another sweep that one has added to it already: both hold the same one.
  else if (program.resultAdjoint !== undefined && joint) {
    const to = program.resultAdjoint;
    const fields = numberFields(program.returns);
    if (fields === undefined)
      start.push({ s: "do", value: { op: "help", name: "addTree", args: [to, seed] } });
    for (const key of fields ?? []) {
      const place = { at: "field", object: to, key } as const;
      const given = bindOp(cx, { op: "read", place: { ...place, object: seed } });
      const sum = arith(cx, "+", bindOp(cx, { op: "read", place }), given);
      start.push({ s: "write", place, value: sum });
    }
  }
  const { forward, reverse } = list(cx, program.body);
  settle(reverse);
  const head = declarations(cx, PARAMS);
  const top = declarations(cx, program.body);
  const whole = [...head, ...top, ...start, ...reverse];
  return {
    forward,
    reverse: cx.byRounds.size > 0 ? withoutUnread(cx, whole) : whole,
    adjoints: cx.adjoints,
  };
}

/** Without the adjoints that nobody reads: the sums of loops that have been run backwards had theirs before. */
function withoutUnread(cx: Reverse, reverse: readonly Stmt[]): Stmt[] {
  const kept = new Set<Atom>(cx.program.params.flatMap((p) => cx.adjoints.get(p) ?? []));
  let left = [...reverse];
  for (let goesOn = true; goesOn; ) {
    goesOn = false;
    const read = new Set<Atom>(kept);
    eachStmt(left, (s) => {
      for (const a of atomsRead(s)) if (!(s.s === "set" && s.name === a)) read.add(a);
      if (s.s === "loop" && s.test) read.add(s.test.value);
      if (s.s === "loop" && s.counter) read.add(s.counter.name);
    });
    const without = (stmts: readonly Stmt[]): Stmt[] =>
      stmts.flatMap((s) => {
        if (s.s !== "let" && s.s !== "set") return [mapBlocks(s, without)];
        if (read.has(s.name) || hasEffects(s.value)) return [s];
        goesOn = true;
        return [];
      });
    left = without(left);
  }
  return left;
}

/** Adjoints that nothing is added to after they were made are constants. */
function settle(reverse: readonly Stmt[]): void {
  const made = new Set<Name>();
  const set = new Set<Name>();
  eachStmt(reverse, (s) => {
    if (s.s === "let" && s.name.mutable) made.add(s.name);
    if (s.s === "set") set.add(s.name);
  });
  for (const n of made) {
    if (set.has(n)) continue;
    n.mutable = false;
    n.temporary = true;
  }
}

function survey(
  stmts: readonly Stmt[],
  home: Map<Name, readonly Stmt[]>,
  defs: Map<Name, Op>,
  uses: Map<Name, number>,
): void {
  const use = (a: Atom) => {
    if (isName(a)) uses.set(a, (uses.get(a) ?? 0) + 1);
  };
  for (const s of stmts) {
    for (const a of atomsRead(s)) use(a);
    if (s.s === "let") {
      home.set(s.name, stmts);
      if (!s.name.mutable) defs.set(s.name, s.value);
    }
    if (s.s === "loop" && s.test) use(s.test.value);
    for (const b of blocksOf(s)) survey(b, home, defs, uses);
  }
}

/** The numbers that depend on a parameter. */
function activeIn(program: Prepared): Set<Name> {
  const active = new Set<Name>(
    program.params.filter((p) => p.kind.k === "num" && !program.constants.has(p)),
  );
  const isActive = (a: Atom) => isName(a) && active.has(a);
  for (let before = -1; before !== active.size; ) {
    before = active.size;
    eachStmt(program.body, (s) => {
      if (s.s !== "let" && s.s !== "set") return;
      if (s.name.kind.k !== "num" || active.has(s.name)) return;
      const { value } = s;
      const comes =
        value.op === "read"
          ? isName(value.place.object) && program.adjointOf.has(value.place.object)
          : value.op === "method" || value.op === "sweep"
            ? true
            : value.op === "linked"
              ? isPulled(program, s.name, isActive)
              : value.op !== "plain" &&
                atomsOf(value).some((a) => isActive(a) || isListOf(program, value, a));
      if (comes) active.add(s.name);
    });
  }
  return active;
}

/** Whether any of what a function of another file is given depends on a parameter. */
const isPulled = (program: Prepared, made: Name, isActive: (a: Atom) => boolean): boolean =>
  (program.linked.get(made) ?? []).some(
    (a) => isActive(a) || (isName(a) && program.adjointOf.has(a)),
  );

const isListOf = (program: Prepared, value: Op, a: Atom): boolean =>
  isName(a) &&
  program.adjointOf.has(a) &&
  (value.op === "help" ||
    (value.op === "math" && value.args.some((e) => e.spread && e.value === a)));

/**
 * The name of `Math.f(x)` where the list that is run backwards computes it itself, like the cosine of which the partial of
 * a sine is made. Coming back it is taken from the tape for less than it takes to compute it again.
 */
function computed(cx: Reverse, f: string, x: Atom): Name | undefined {
  const isIt = (s: Stmt): boolean =>
    s.s === "let" &&
    !s.name.mutable &&
    s.value.op === "math" &&
    s.value.name === f &&
    s.value.args.length === 1 &&
    s.value.args[0]?.value === x &&
    !s.value.args[0].spread;
  const { list, at } = cx;
  const found = list.findIndex(isIt);
  // What comes later has been reached where nothing in between leaves the list.
  const isReached = found < at || list.slice(at, found).every((s) => blocksOf(s).length === 0);
  return found >= 0 && isReached ? (list[found] as Extract<Stmt, { s: "let" }>).name : undefined;
}

// ---- adjoints

const isActive = (cx: Reverse, a: Atom): a is Name => isName(a) && cx.active.has(a);

function adjointCell(cx: Reverse, of: Name): Name {
  let cell = cx.adjoints.get(of);
  if (cell === undefined) {
    cell = name(`${of.hint === "v" ? "" : of.hint}$a`.replace(/^\$a$/, "v$a"), NUM, true);
    cx.adjoints.set(of, cell);
  }
  return cell;
}

/** Adds a share to the adjoint of a number. */
function accumulate(cx: Reverse, to: Atom, share: Atom, negated = false): void {
  if (!isActive(cx, to)) return;
  const isNew = !cx.adjoints.has(to);
  const cell = adjointCell(cx, to);
  if (isNew) {
    const home = cx.home.get(to) ?? PARAMS;
    if (home === cx.list && !to.mutable) {
      const first = negated
        ? ({ op: "sign", operator: "-", value: share } as const)
        : ({ op: "copy", value: share } as const);
      cx.out.push({ s: "let", name: cell, value: first });
      return;
    }
    want(cx, home, cell);
  }
  cx.out.push({
    s: "set",
    name: cell,
    value: { op: "arith", operator: negated ? "-" : "+", args: [cell, share] },
  });
}

function want(cx: Reverse, home: readonly Stmt[], cell: Name): void {
  const wanted = cx.wanted.get(home);
  if (wanted) wanted.push(cell);
  else cx.wanted.set(home, [cell]);
}

/** Declares what is added to from inside, before that begins. */
function declarations(cx: Reverse, home: readonly Stmt[]): Stmt[] {
  const wanted = cx.wanted.get(home) ?? [];
  cx.wanted.delete(home);
  return wanted.map(
    (cell): Stmt => ({ s: "let", name: cell, value: { op: "copy", value: literal(0) } }),
  );
}

/** The cotangent of a number, if anything was added to it. */
const cotangentOf = (cx: Reverse, of: Name): Name | undefined => cx.adjoints.get(of);

// ---- lists

interface Part {
  forward: Stmt[];
  reverse: Stmt[];
}

function list(cx: Reverse, stmts: readonly Stmt[]): Part {
  const outer = { list: cx.list, at: cx.at, out: cx.out };
  const parts: Part[] = stmts.map(() => ({ forward: [], reverse: [] }));
  for (let i = stmts.length - 1; i >= 0; i--) {
    const s = stmts[i] as Stmt;
    cx.list = stmts;
    cx.at = i;
    const out: Stmt[] = [];
    cx.out = out;
    const before = backwards(cx, s, stmts, i);
    const part = parts[i] as Part;
    part.forward = cx.atHand.has(stmts) ? [...cx.kept.splice(0), ...before] : before;
    part.reverse = [...declarations(cx, stmts), ...out];
  }
  cx.list = outer.list;
  cx.at = outer.at;
  cx.out = outer.out;
  return keep(cx, parts, cx.nearHand.has(stmts));
}

/** Decides what is saved and what is computed again, and puts the lists together. */
function keep(cx: Reverse, parts: readonly Part[], isNear: boolean): Part {
  const own = new Map<Name, number>();
  parts.forEach((p, i) => {
    for (const s of p.forward) if (s.s === "let" && !s.name.mutable) own.set(s.name, i);
  });
  const defOf = (n: Name): Op | undefined => {
    const known = cx.defs.get(n);
    if (known !== undefined) return known;
    for (const p of parts)
      for (const s of p.forward) if (s.s === "let" && s.name === n) return s.value;
    return undefined;
  };
  const position = new Map<Name, number>();
  const need = (n: Name, i: number): void => {
    if (cx.free.has(n)) return;
    // What is declared further out is seen to there.
    if (!own.has(n)) return;
    // What is made beside another, right after it, is there once both are.
    position.set(n, Math.max(position.get(n) ?? -1, i, own.get(n) as number));
  };
  parts.forEach((p, i) => {
    for (const n of needsOf(p.reverse)) need(n, i);
  });

  const isFree = (n: Name) => cx.free.has(n) || !own.has(n);
  const saved = new Set<Name>([...position.keys()].filter((n) => !isCheap(cx, n, defOf(n))));
  /** What has to be saved to compute a name again; each name on the way is looked at once. */
  const leaves = (n: Name): Set<Name> => {
    const found = new Set<Name>();
    const reached = new Set<Name>([n]);
    // The set grows while it is gone through.
    for (const a of reached) {
      if (isFree(a)) continue;
      const op = defOf(a);
      if (saved.has(a) || !isCheap(cx, a, op)) found.add(a);
      else for (const b of atomsOf(op as Op)) if (isName(b)) reached.add(b);
    }
    return found;
  };
  const again = new Set<Name>();
  for (const n of [...position.keys()].sort(
    (a, b) => (own.get(a) as number) - (own.get(b) as number),
  )) {
    if (saved.has(n)) continue;
    const missing = [...leaves(n)].filter((l) => !saved.has(l));
    const isWorse = missing.some((l) => !isNumeric(cx, l, defOf)) && isNumeric(cx, n, defOf);
    if (missing.length > 1 || isWorse) saved.add(n);
    else {
      for (const l of missing) saved.add(l);
      again.add(n);
    }
  }
  // What is computed again needs its operands at the same place.
  const waiting = [...again].sort((a, b) => (own.get(a) as number) - (own.get(b) as number));
  for (let n = waiting.pop(); n !== undefined; n = waiting.pop()) {
    const i = position.get(n) as number;
    for (const a of atomsOf(defOf(n) as Op)) {
      // What is declared further out is seen to there.
      if (!isName(a) || isFree(a)) continue;
      const before = position.get(a) ?? -1;
      const at = Math.max(before, i, own.get(a) as number);
      position.set(a, at);
      if (saved.has(a) || (at === before && again.has(a))) continue;
      again.add(a);
      waiting.push(a);
    }
  }

  const forward: Stmt[] = [];
  const reverse: Stmt[] = [];
  const cells = new Map<Name, Name>();
  // Room is asked for once where nothing else is saved in between.
  let room: { reserve: number } | undefined;
  const at = (names: ReadonlySet<Name>, i: number): Name[] =>
    [...names]
      .filter((n) => position.get(n) === i)
      .sort((a, b) => (own.get(a) as number) - (own.get(b) as number));
  parts.forEach((p, i) => {
    forward.push(...p.forward);
    if (p.forward.some((s) => blocksOf(s).length > 0 || ("value" in s && isSweep(s.value))))
      room = undefined;
    if (isNear) {
      for (const n of at(saved, i)) {
        const cell = name(n.hint, n.kind, true);
        const none = isNumeric(cx, n, defOf) ? literal(0) : literal(undefined);
        cx.kept.push({ s: "let", name: cell, value: { op: "copy", value: none } });
        forward.push({ s: "set", name: cell, value: { op: "copy", value: n } });
        cells.set(n, cell);
      }
      return;
    }
    const numbers = at(saved, i).filter((n) => isNumeric(cx, n, defOf));
    const references = at(saved, i).filter((n) => !isNumeric(cx, n, defOf));
    if (numbers.length > 0) {
      const reserve = room === undefined ? numbers.length : 0;
      const save = { op: "save" as const, values: numbers, stack: "numbers" as const, reserve };
      if (room) room.reserve += numbers.length;
      else room = save;
      forward.push({ s: "do", value: save });
    }
    if (references.length > 0)
      forward.push({
        s: "do",
        value: { op: "save", values: references, stack: "references", reserve: 0 },
      });
  });
  for (let i = parts.length - 1; i >= 0; i--) {
    const names = at(saved, i).toReversed();
    for (const n of names) {
      const cell = cells.get(n);
      if (cell) {
        reverse.push({ s: "let", name: n, value: { op: "copy", value: cell } });
        continue;
      }
      const stack = isNumeric(cx, n, defOf) ? "numbers" : "references";
      reverse.push({ s: "let", name: n, value: { op: "restore", stack } });
    }
    for (const n of at(again, i)) reverse.push({ s: "let", name: n, value: defOf(n) as Op });
    reverse.push(...(parts[i] as Part).reverse);
  }
  return { forward, reverse };
}

const isSweep = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "op" in value && value.op === "sweep";

/** The names of the forward sweep that statements of the reverse sweep read. */
function needsOf(stmts: readonly Stmt[]): Set<Name> {
  const made = new Set<Name>();
  const found = new Set<Name>();
  const visit = (list: readonly Stmt[]) => {
    for (const s of list) {
      for (const a of atomsRead(s)) if (isName(a) && !made.has(a)) found.add(a);
      if (s.s === "let") made.add(s.name);
      if (s.s === "set" && !made.has(s.name)) found.add(s.name);
      for (const b of blocksOf(s)) visit(b);
      if (s.s === "loop" && s.test && isName(s.test.value) && !made.has(s.test.value))
        found.add(s.test.value);
    }
  };
  visit(stmts);
  // Adjoints of the reverse sweep are its own variables.
  return new Set([...found].filter((n) => !n.mutable));
}

/** Whether an operation may be done once more in the reverse sweep. */
function isCheap(cx: Reverse, n: Name, op: Op | undefined): boolean {
  const since = cx.memory.timeOf(n);
  switch (op?.op) {
    case "arith":
      return op.operator === "+" || op.operator === "-" || op.operator === "*";
    case "sign":
      return true;
    case "math":
      return ["abs", "max", "min", "floor", "round"].includes(op.name) && isTimeless(op);
    case "read":
      return cx.memory.isStablePlace(op.place, since);
    case "plain":
      return !op.changes && !asksForNothing(op) && isStableCode(cx.memory, op.code, since);
    default:
      return false;
  }
}

/** Whether code tells undefined from NaN, which numbers that come back from the tape are not told apart by. */
function asksForNothing({ code, reads }: Extract<Op, { op: "plain" }>): boolean {
  if (!reads.some((n) => n.kind.k === "num")) return false;
  let found = false;
  walk(code, (n) => {
    if (n.type === "NullLiteral" || n.type === "CallExpression") found = true;
    if (n.type === "Identifier" && n.name === "undefined") found = true;
    if (n.type === "UnaryExpression" && /^(void|typeof)$/.test(n.operator)) found = true;
    if (n.type === "LogicalExpression" && n.operator === "??") found = true;
    if (n.type === "BinaryExpression" && /^[!=]==?$/.test(n.operator))
      found ||= n.left.type !== "NumericLiteral" && n.right.type !== "NumericLiteral";
  });
  return found;
}

/** Whether a value is certainly a number, and goes to the numbers' stack. */
function isNumeric(cx: Reverse, n: Name, defOf: (n: Name) => Op | undefined): boolean {
  if (n.kind.k === "num") return true;
  // Variables that are made of each other are numbers if nothing else comes into them.
  if (cx.asked.has(n)) return true;
  cx.asked.add(n);
  const found = isNumericOp(cx, n, defOf);
  cx.asked.delete(n);
  return found;
}

function isNumericOp(cx: Reverse, n: Name, defOf: (n: Name) => Op | undefined): boolean {
  const op = defOf(n);
  if (op?.op === "copy" && isName(op.value)) {
    const all = cx.counts.has(op.value) ? [] : cellValues(cx, op.value);
    return all.every((a) =>
      isName(a)
        ? a !== n && cx.defs.has(a) && isNumeric(cx, a, (m) => cx.defs.get(m))
        : typeof a.literal === "number",
    );
  }
  return op?.op === "plain" && isNumericCode(cx, op.code);
}

const cellCache = new WeakMap<Prepared, Map<Name, Atom[]>>();
function cellValues(cx: Reverse, cell: Name): Atom[] {
  let all = cellCache.get(cx.program);
  if (all === undefined) {
    all = new Map();
    const known = all;
    eachStmt(cx.program.body, (s) => {
      if ((s.s === "set" || (s.s === "let" && s.name.mutable)) && s.value.op === "copy")
        known.set(s.name, [...(known.get(s.name) ?? []), s.value.value]);
    });
    cellCache.set(cx.program, all);
  }
  // A cell that is made of itself, by a step, is looked at once.
  const values = all.get(cell) ?? [];
  return values.length === 0 ? [literal(undefined)] : values.filter((a) => !isStepOf(cx, cell, a));
}

function isStepOf(cx: Reverse, cell: Name, a: Atom): boolean {
  const op = isName(a) ? cx.defs.get(a) : undefined;
  if (op?.op === "copy" && op.value === cell) return true;
  if (op?.op !== "plain" || op.code.type !== "BinaryExpression") return false;
  if (op.code.operator !== "+") return false;
  const side = (e: types.Node): boolean => {
    if (e.type === "NumericLiteral") return true;
    const { lowered } = e as LoweredIdentifier;
    const of = lowered && cx.defs.get(lowered);
    return of?.op === "copy" && of.value === cell;
  };
  return side(op.code.left) && side(op.code.right);
}

function isNumericCode(cx: Reverse, code: types.Node): boolean {
  switch (code.type) {
    case "Identifier": {
      const { lowered } = code as LoweredIdentifier;
      return lowered !== undefined && isNumeric(cx, lowered, (m) => cx.defs.get(m));
    }
    case "MemberExpression": {
      const { lowered } = code.object as LoweredIdentifier;
      // Other objects may call anything their length.
      return (
        lowered !== undefined &&
        isList(lowered) &&
        !code.computed &&
        (code.property as types.Identifier).name === "length"
      );
    }
    case "NumericLiteral":
      return true;
    case "UnaryExpression":
      if (code.operator === "+") return true;
      return (
        (code.operator === "-" || code.operator === "~") &&
        (!cx.hasBigInts || isNumericCode(cx, code.argument))
      );
    case "BinaryExpression":
      if (code.operator === "+")
        return isNumericCode(cx, code.left) && isNumericCode(cx, code.right);
      if (code.operator === ">>>") return true;
      // With a number a bigint can't be computed.
      return (
        ["-", "*", "/", "%", "**", "|", "&", "^", "<<", ">>"].includes(code.operator) &&
        (!cx.hasBigInts || isNumericCode(cx, code.left) || isNumericCode(cx, code.right))
      );
    case "ConditionalExpression":
      return isNumericCode(cx, code.consequent) && isNumericCode(cx, code.alternate);
    case "CallExpression":
      return (
        code.callee.type === "MemberExpression" &&
        code.callee.object.type === "Identifier" &&
        code.callee.object.name === "Math"
      );
    default:
      return false;
  }
}

// ---- statements

/** Writes what a statement does going back; gives what it does going forward. */
function backwards(cx: Reverse, s: Stmt, stmts: readonly Stmt[], i: number): Stmt[] {
  switch (s.s) {
    case "let": {
      if (cx.done.has(s)) return [s];
      if (resizesNumbers(s)) return resized(cx, s);
      const withPartials = preaccumulated(cx, s);
      if (withPartials) return withPartials;
      const copies = snapshot(cx, s.name, s.value);
      definition(cx, s.name, s.value);
      return [s, ...copies];
    }
    case "set": {
      const cell = cotangentOf(cx, s.name);
      if (cell === undefined || s.value.op !== "copy") return [s];
      if (isGrowing(cx, s, stmts, i)) return [s];
      const g = bindOp(cx, { op: "copy", value: cell });
      cx.out.push({ s: "set", name: cell, value: { op: "copy", value: literal(0) } });
      accumulate(cx, s.value.value, g);
      return [s];
    }
    case "write": {
      const { object } = s.place;
      const beside = isName(object) ? cx.program.adjointOf.get(object) : undefined;
      const isObject = isName(s.value) && isContainer(s.value.kind);
      if (beside === undefined || isObject) return [s];
      const place = { ...s.place, object: beside };
      const growth = growthOfPlace(cx, s, stmts, i);
      if (growth && !cx.doubted.has(growth.before.name)) {
        cx.done.add(growth.before);
        cx.done.add(growth.sum);
        if (isActive(cx, growth.term))
          accumulate(cx, growth.term, written(cx, place, object as Name), growth.negated);
        return [s];
      }
      const g = isActive(cx, s.value) ? written(cx, place, object as Name) : undefined;
      cx.out.push({ s: "write", place, value: literal(0) });
      if (g) accumulate(cx, s.value, g);
      return [s];
    }
    case "if":
      return branch(cx, s);
    case "loop":
      return loop(cx, s, stmts, i);
    case "break":
      return [s];
    case "continue":
      throw new Unlowered(cx.node, "a loop that is gone on with from inside another");
    default:
      return [s];
  }
}

/** The cotangent of what was written to a place: there is none beyond the end of a typed array, which stays as it is. */
function written(cx: Reverse, place: Place, object: Name): Atom {
  if (place.at === "field" || object.kind.k !== "floats") return bindOp(cx, { op: "read", place });
  const { t } = cx;
  const code = (a: Atom) => (isName(a) ? identifierOf(t, a) : literalCode(t, a.literal));
  const found = t.memberExpression(code(place.object), code(place.index), true);
  const reads = [place.object, place.index].filter(isName);
  const orZero = t.logicalExpression("??", found, t.numericLiteral(0));
  return bindOp(cx, { op: "plain", code: orZero, reads, changes: false });
}

/** Adds to the adjoint at a place, if there is one: `isDoubtful` where the program asks whether anything was there. */
function addTo(cx: Reverse, place: Place, g: Atom, isDoubtful: boolean): void {
  const outer = cx.out;
  const made: Stmt[] = [];
  cx.out = made;
  const sum = arith(cx, "+", bindOp(cx, { op: "read", place }), g);
  made.push({ s: "write", place, value: sum });
  cx.out = outer;
  if (!isDoubtful || !isName(place.object)) {
    cx.out.push(...made);
    return;
  }
  const { t } = cx;
  const code = (a: Atom) => (isName(a) ? identifierOf(t, a) : literalCode(t, a.literal));
  const key = place.at === "field" ? t.stringLiteral(place.key) : code(place.index);
  const index = place.at === "element" && isName(place.index) ? [place.index] : [];
  const isThere = t.binaryExpression("in", key, code(place.object));
  const test = bindOp(cx, {
    op: "plain",
    code: isThere,
    reads: [...index, place.object],
    changes: false,
  });
  cx.out.push({ s: "if", test, yes: made, otherwise: [] });
}

/** The numbers of which a program asks whether they are there, like elements beyond the end of a list. */
function doubtedIn(program: Prepared): Set<Name> {
  const found = new Set<Name>();
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    eachStmt(program.body, (s) => {
      if (s.s !== "let" && s.s !== "set" && s.s !== "do") return;
      const { value } = s;
      if (value.op === "plain" && asksForNothing(value)) for (const n of value.reads) found.add(n);
      if (value.op === "copy" && s.s !== "do" && found.has(s.name) && isName(value.value))
        found.add(value.value);
    });
  }
  return found;
}

/** What a list held when it was gone through, where it may hold something else later. */
function snapshot(cx: Reverse, made: Name, value: Op): Stmt[] {
  const lists =
    value.op === "math"
      ? value.args.filter((a) => a.spread).map((a) => a.value)
      : value.op === "linked" || (value.op === "help" && listHelpers.has(value.name))
        ? value.args
        : [];
  const copies = new Map<Atom, Name>();
  const since = cx.memory.timeOf(made);
  cx.snapshots.set(made, copies);
  if (value.op === "linked")
    for (const i of value.objects)
      if (!cx.memory.isUntouched(value.args[i] as Atom, cx.memory.timeOf(made)))
        throw new Unlowered(cx.node, "it may change what it gives to a function of another file");
  return lists.flatMap((object): Stmt[] => {
    if (!isName(object) || !isContainer(object.kind) || copies.has(object)) return [];
    if (
      value.op === "linked"
        ? cx.memory.isUntouched(object, since)
        : cx.memory.isStable(object, ELEMENT, since) || isFinished(object, made, cx.list, cx)
    )
      return [];
    if (!isFlat(object))
      throw new Unlowered(cx.node, "it may change what it gives to a function of another file");
    const copied = name("copy", INERT);
    copies.set(object, copied);
    if (cx.atHand.has(cx.list)) cx.free.add(copied);
    return [{ s: "let", name: copied, value: { op: "method", name: "slice", object, args: [] } }];
  });
}

/** The tangents of `Math.max(...xs)` and its like, which are functions of lists. */
const listHelpers = new Set(["extremumTangent", "lengthTangent"]);

/** `x += e`: the adjoint of the sum stays where it is. */
function isGrowing(
  cx: Reverse,
  s: Extract<Stmt, { s: "set" }>,
  stmts: readonly Stmt[],
  i: number,
): boolean {
  const growth = growthOf(cx, s, stmts, i);
  if (growth === undefined) return false;
  cx.done.add(growth.before);
  cx.done.add(growth.sum);
  accumulate(cx, growth.term, cotangentOf(cx, s.name) as Name, growth.negated);
  return true;
}

function definition(cx: Reverse, made: Name, value: Op): void {
  const adjoint = (a: Atom) => (isName(a) ? cx.program.adjointOf.get(a) : undefined);
  const help = (f: string, ...args: Atom[]) =>
    cx.out.push({ s: "do", value: { op: "help", name: f, args } });
  if (value.op === "sweep") {
    called(cx, made, value);
    return;
  }
  if (value.op === "linked") {
    pulled(cx, made, value);
    return;
  }
  if (made.kind.k === "num") {
    const g = cotangentOf(cx, made);
    if (value.op === "method") throw new Unlowered(cx.node, `the array method ${value.name}`);
    if (g === undefined) return;
    switch (value.op) {
      case "copy":
        accumulate(cx, value.value, g);
        return;
      case "read": {
        const beside = adjoint(value.place.object);
        if (beside === undefined) return;
        const place = { ...value.place, object: beside };
        addTo(cx, place, g, cx.doubted.has(made));
        return;
      }
      case "math": {
        const spread = value.args.find((a) => a.spread);
        if (spread) {
          if (value.args.length > 1) throw new Unlowered(cx.node, "Math of several lists");
          const beside = adjoint(spread.value);
          if (beside === undefined) return;
          const list = cx.snapshots.get(made)?.get(spread.value) ?? spread.value;
          help(value.name === "hypot" ? "lengthInto" : "extremumInto", made, list, beside, g);
          return;
        }
        break;
      }
      case "plain":
        return;
      case "arith":
      case "sign":
      case "select":
        break;
      case "help":
        if (hasShares(value.name)) break;
        if (listHelpers.has(value.name)) {
          listShares(cx, made, value, g);
          return;
        }
        throw new Unlowered(cx.node, `a number made by ${value.name}`);
      default:
        throw new Unlowered(cx.node, `a number made by ${value.op}`);
    }
    const isSame = (a: Atom) => isActive(cx, a);
    for (const [to, share, negated] of shares(cx, value, made, g, isSame) as Share[])
      accumulate(cx, to, share, negated);
    return;
  }
  const beside = adjoint(made);
  switch (value.op) {
    case "array":
      value.elements.forEach((e, i) => {
        if (beside === undefined) return;
        if (e.spread) {
          const source = adjoint(e.value);
          if (source !== undefined && isName(e.value) && isFlat(e.value))
            help("addInto", source, beside, literal(0));
          return;
        }
        if (!isActive(cx, e.value)) return;
        const place = { at: "element", object: beside, index: literal(i) } as const;
        accumulate(cx, e.value, bindOp(cx, { op: "read", place }));
      });
      return;
    case "object": {
      if (beside === undefined) return;
      const last = new Map<string, Atom | { from: Atom }>();
      for (const f of value.fields) {
        if (!("spread" in f)) last.set(f.key, f.value);
        else if (isName(f.spread) && f.spread.kind.k === "object")
          for (const [key, kind] of f.spread.kind.fields)
            if (kind.k === "num") last.set(key, { from: f.spread });
      }
      for (const [key, v] of last) {
        const place = { at: "field", object: beside, key } as const;
        if ("from" in v) {
          const source = adjoint(v.from);
          if (source === undefined) continue;
          const to = { ...place, object: source };
          const g = bindOp(cx, { op: "read", place });
          cx.out.push({
            s: "write",
            place: to,
            value: arith(cx, "+", bindOp(cx, { op: "read", place: to }), g),
          });
        } else if (isActive(cx, v)) accumulate(cx, v, bindOp(cx, { op: "read", place }));
      }
      return;
    }
    case "instance":
      if (beside === undefined) return;
      for (const [key, v] of value.fields) {
        if (!isActive(cx, v)) continue;
        const place = { at: "field", object: beside, key } as const;
        accumulate(cx, v, bindOp(cx, { op: "read", place }));
      }
      return;
    case "floats": {
      const source = value.from === undefined ? undefined : adjoint(value.from);
      if (source !== undefined && beside !== undefined) help("addInto", source, beside, literal(0));
      return;
    }
    case "method":
      method(cx, value, beside);
  }
}

function listShares(cx: Reverse, made: Name, value: Extract<Op, { op: "help" }>, g: Atom): void {
  const isMax = value.name !== "lengthTangent";
  const lists = (isMax ? value.args.slice(1) : value.args) as [Atom, Atom];
  const [xs, dxs] = lists.map((a) => cx.snapshots.get(made)?.get(a) ?? a) as [Atom, Atom];
  const adjoint = (a: Atom) => (isName(a) ? cx.program.adjointOf.get(a) : undefined);
  const help = (f: string, ...args: Atom[]) =>
    cx.out.push({ s: "do", value: { op: "help", name: f, args } });
  const [besideX, besideT] = lists.map(adjoint);
  // Which one is the greatest is constant between the jumps.
  if (isMax && besideT) help("extremumInto", value.args[0] as Atom, xs, besideT, g);
  if (!isMax && besideT) help("lengthInto", literal(0), xs, besideT, g);
  if (!isMax && besideX) help("turnInto", xs, dxs, besideX, g);
}

/** The reverse sweep of a function that was called, which leaves the adjoints of numbers in slots. */
function called(cx: Reverse, made: Name, value: Extract<Op, { op: "sweep" }>): void {
  const seed = made.kind.k === "num" ? [cotangentOf(cx, made) ?? literal(0)] : [];
  const args = [...value.args, ...seed];
  cx.out.push({ s: "do", value: { ...value, way: "reverse", args } });
  const params = cx.paramsOf(value.f);
  let at = 0;
  const found: [Atom, Atom][] = [];
  const count = params?.length ?? value.args.length;
  for (let i = 0; i < count; i++) {
    const a = value.args[at] as Atom;
    at += params && isContainer((params[i] as Name).kind) ? 2 : 1;
    if (isActive(cx, a)) found.push([a, bindOp(cx, { op: "slot", index: i })]);
  }
  for (const [a, share] of found) accumulate(cx, a, share);
}

/**
 * A function of another file that takes numbers and gives one: going forward its adjoint form is called with
 * the cotangent 1, so that it runs once, and its partial derivatives are kept instead of its arguments
 * (preaccumulation; Griewank and Walther 10.2).
 */
function preaccumulated(cx: Reverse, s: Extract<Stmt, { s: "let" }>): Stmt[] | undefined {
  const { value, name: made } = s;
  if (value.op !== "linked" || value.direct === undefined || value.direct.ofTangent)
    return undefined;
  const g = cotangentOf(cx, made);
  const by = value.args.flatMap((a, index) => (isActive(cx, a) ? [{ a, index }] : []));
  if (g === undefined || by.length === 0) return [s];
  const ahead: Stmt[] = [{ ...s, value: { ...value, way: "both" } }];
  for (const { a, index } of by) {
    const partial = name("partial", NUM);
    ahead.push({ s: "let", name: partial, value: { op: "slot", index } });
    if (cx.atHand.has(cx.list)) cx.free.add(partial);
    accumulate(cx, a, scaled(cx, partial, g));
  }
  return ahead;
}

/** The pullback of a function of another file, which runs once more for it: on what it was given then. */
function pulled(cx: Reverse, made: Name, value: Extract<Op, { op: "linked" }>): void {
  const seed = made.kind.k === "num" ? cotangentOf(cx, made) : cx.program.adjointOf.get(made);
  if (seed === undefined || !isPulled(cx.program, made, (a) => isActive(cx, a))) return;
  const args = cx.program.linked.get(made) ?? [];
  const copies = cx.snapshots.get(made);
  const given = args.map((a) => copies?.get(a) ?? a);
  cx.out.push({ s: "do", value: { ...value, way: "reverse", args: [seed, ...given] } });
  const shares = value.args.flatMap((a, i): [Atom, Atom][] =>
    isActive(cx, a) ? [[a, bindOp(cx, { op: "slot", index: i })]] : [],
  );
  for (const [a, share] of shares) accumulate(cx, a, share);
}

const isFlat = (a: Name): boolean =>
  a.kind.k === "floats" || (a.kind.k === "array" && !isContainer(a.kind.of));

function method(cx: Reverse, value: Extract<Op, { op: "method" }>, beside: Atom | undefined): void {
  const object = isName(value.object) ? cx.program.adjointOf.get(value.object) : undefined;
  const isOwn = isName(value.object) && value.object.kind.k !== "inert";
  if (!isOwn || object === undefined) return;
  switch (value.name) {
    case "slice": {
      if (beside === undefined || !isName(value.object) || !isFlat(value.object)) return;
      const from = value.args[0]?.value ?? literal(0);
      cx.out.push({
        s: "do",
        value: { op: "help", name: "addInto", args: [object, beside, from] },
      });
      return;
    }
    case "fill": {
      const [v] = value.args;
      const g = bindOp(cx, { op: "help", name: "drain", args: [object] });
      if (v) accumulate(cx, v.value, g);
      return;
    }
    // Adjoints that are objects are known by name, and numbers are seen to by `resized`.
    case "push":
    case "pop":
      return;
    default:
      throw new Unlowered(cx.node, `the array method ${value.name}`);
  }
}

function branch(cx: Reverse, s: Extract<Stmt, { s: "if" }>): Stmt[] {
  if (cx.atHand.has(cx.list) || cx.nearHand.has(cx.list))
    for (const b of [s.yes, s.otherwise]) cx.nearHand.add(b);
  const yes = list(cx, s.yes);
  const otherwise = list(cx, s.otherwise);
  const made: Stmt = { ...s, yes: yes.forward, otherwise: otherwise.forward };
  if (yes.reverse.length === 0 && otherwise.reverse.length === 0) return [made];
  const { t } = cx;
  const flag = name("taken", INERT);
  const code = isName(s.test)
    ? t.conditionalExpression(identifierOf(t, s.test), t.numericLiteral(1), t.numericLiteral(0))
    : t.numericLiteral(s.test.literal ? 1 : 0);
  cx.out.push({ s: "if", test: flag, yes: yes.reverse, otherwise: otherwise.reverse });
  if (cx.atHand.has(cx.list)) cx.free.add(flag);
  return [
    {
      s: "let",
      name: flag,
      value: { op: "plain", code, reads: isName(s.test) ? [s.test] : [], changes: false },
    },
    made,
  ];
}

type Resizing = Extract<Stmt, { s: "let" }> & { value: Extract<Op, { op: "method" }> };

/** Whether numbers are put at the end of a list, or one is taken from there. */
const resizesNumbers = (s: Stmt): s is Resizing =>
  s.s === "let" &&
  s.value.op === "method" &&
  (s.value.name === "push" || s.value.name === "pop") &&
  isName(s.value.object) &&
  elementKind(s.value.object.kind).k === "num";

/**
 * `list.push(…)` and `list.pop()`: the adjoints of the numbers are at the places that these had, since the
 * end of the list may be elsewhere when a program goes back, which writes beyond it. Lists of adjoints only grow.
 */
function resized(cx: Reverse, s: Resizing): Stmt[] {
  const { t } = cx;
  const { object, args } = s.value;
  const beside = isName(object) ? cx.program.adjointOf.get(object) : undefined;
  if (!isName(object) || beside === undefined) return [s];
  const before = name("before", INERT);
  if (cx.atHand.has(cx.list)) cx.free.add(before);
  const plain = (code: types.Expression, of: Name): Op => ({
    op: "plain",
    code,
    reads: [of],
    changes: false,
  });
  const length = t.memberExpression(identifierOf(t, object), t.identifier("length"));
  const ahead: Stmt[] = [{ s: "let", name: before, value: plain(length, object) }, s];
  const placeAt = (offset: number, out: Stmt[]): Place => {
    const index = name("at", INERT);
    const sum = t.binaryExpression(
      offset < 0 ? "-" : "+",
      identifierOf(t, before),
      t.numericLiteral(Math.abs(offset)),
    );
    if (offset !== 0) out.push({ s: "let", name: index, value: plain(sum, before) });
    return { at: "element", object: beside, index: offset === 0 ? before : index };
  };
  if (s.value.name === "pop") {
    const value = cotangentOf(cx, s.name) ?? literal(0);
    const back: Stmt[] = [];
    back.push({ s: "write", place: placeAt(-1, back), value });
    cx.out.push({ s: "if", test: before, yes: back, otherwise: [] });
    return ahead;
  }
  for (let i = 0; i < args.length; i++)
    ahead.push({ s: "write", place: placeAt(i, ahead), value: literal(0) });
  for (let i = args.length - 1; i >= 0; i--) {
    const place = placeAt(i, cx.out);
    const g = bindOp(cx, { op: "read", place });
    cx.out.push({ s: "write", place, value: literal(0) });
    accumulate(cx, (args[i] as Element).value, g);
  }
  return ahead;
}

function breaks(stmts: readonly Stmt[], of: Loop["label"]): boolean {
  return stmts.some(
    (s) => (s.s === "break" && s.label === of) || blocksOf(s).some((b) => breaks(b, of)),
  );
}

/** The same statements, where leaving the loop is told of by a variable. */
function told(stmts: readonly Stmt[], of: Loop["label"], cell: Name): Stmt[] {
  return stmts.map((s): Stmt => {
    if (s.s === "break" && s.label === of)
      return { s: "set", name: cell, value: { op: "copy", value: literal(1) } };
    if (s.s === "if")
      return { ...s, yes: told(s.yes, of, cell), otherwise: told(s.otherwise, of, cell) };
    return s;
  });
}

function loop(cx: Reverse, s: Loop, stmts: readonly Stmt[], i: number): Stmt[] {
  const { t } = cx;
  const sums =
    cx.branches.has(stmts) && !breaks(s.body, s.label)
      ? independentRounds(cx, s, stmts, i, cx.branches)
      : undefined;
  if (sums) return roundByRound(cx, s, sums);
  // What the loop sets may come back from the round after.
  for (const cell of setIn([s])) {
    if (!cx.active.has(cell) || cx.adjoints.has(cell)) continue;
    const home = cx.home.get(cell) ?? PARAMS;
    if (isInside(s, home)) continue;
    want(cx, home, adjointCell(cx, cell));
  }
  const here = cx.out;
  const counter = cx.program.counters.get(s);
  // Going back it is the loop's own variable.
  if (counter) cx.free.add(counter);
  const body = list(cx, s.body);
  cx.out = here;
  if (body.reverse.length === 0) return [{ ...s, body: body.forward }];

  const leaves = breaks(s.body, s.label);
  const exit = name("left", INERT, true);
  const plain = (code: types.Expression, ...reads: Name[]): Op => ({
    op: "plain",
    code,
    reads,
    changes: false,
  });
  const inc = (n: Name, by: number): Op =>
    plain(step(t, by < 0 ? "-" : "+", identifierOf(t, n), Math.abs(by)), n);
  const forward: Stmt[] = [];
  const inner = leaves ? told(body.forward, s.label, exit) : body.forward;
  const rounds = name("rounds", INERT, true);
  cx.counts.add(rounds);
  const end = name(s.counter ? "end" : "count", INERT);
  const cell = s.counter ? s.counter.name : rounds;
  const each = s.counter ? s.counter.step : 1;
  if (!s.counter)
    forward.push({ s: "let", name: rounds, value: { op: "copy", value: literal(0) } });
  const whole: Stmt[] = [...inner];
  if (!s.counter) whole.unshift({ s: "set", name: rounds, value: inc(rounds, 1) });
  if (leaves) {
    forward.push({ s: "let", name: exit, value: { op: "copy", value: literal(0) } });
    const last: Stmt[] = [{ s: "break", label: s.label }];
    if (s.counter) last.unshift({ s: "set", name: cell, value: inc(cell, each) });
    whole.push({ s: "if", test: exit, yes: last, otherwise: [] });
  }
  forward.push({ ...s, body: whole });
  forward.push({ s: "let", name: end, value: { op: "copy", value: cell } });
  if (cx.atHand.has(stmts)) cx.free.add(end);

  // Going back.
  const j = name(counter?.hint ?? "k", INERT, true);
  const from = s.counter ? initial(stmts, i, s.counter.name) : literal(0);
  if (from === undefined || !(isName(from) || typeof from.literal === "number"))
    throw new Unlowered(cx.node, "a counter that begins somewhere unusual");
  const start = name("v", INERT);
  cx.out.push({ s: "let", name: start, value: inc(end, -each) });
  cx.out.push({ s: "let", name: j, value: { op: "copy", value: start } });
  const goes = name("v", INERT);
  const limit = isName(from) ? identifierOf(t, from) : t.numericLiteral(0);
  const bound = isName(from) ? limit : literalCode(t, from.literal);
  const test: Stmt = {
    s: "let",
    name: goes,
    value: plain(
      t.binaryExpression(each > 0 ? ">=" : "<=", identifierOf(t, j), bound),
      ...(isName(from) ? [j, from] : [j]),
    ),
  };
  const back: Stmt[] = [...body.reverse];
  if (counter) {
    back.unshift({ s: "let", name: counter, value: { op: "copy", value: j } });
  }
  cx.out.push({
    s: "loop",
    label: { hint: "back" },
    test: { before: [test], value: goes },
    testLast: false,
    body: back,
    update: [{ s: "set", name: j, value: inc(j, -each) }],
    counter: { name: j, step: -each },
    declares: [],
  });
  return forward;
}

/** Runs each round of a loop backwards right after it: it is run forwards alone. */
function roundByRound(cx: Reverse, s: Loop, sums: ReadonlyMap<Name, readonly Step[]>): Stmt[] {
  const before: Stmt[] = [];
  const after: Stmt[] = [];
  const back = cx.out;
  const adjoints = new Map<Name, Name>();
  cx.out = before;
  // These are partials before the loop runs: what stands after it is not computed yet.
  const early: Reverse = { ...cx, known: () => undefined };
  for (const [sum, steps] of sums) {
    let g: Atom = cx.seed;
    for (const { made, from, op, again } of steps) {
      before.push(...again);
      const [to] = (shares(early, op, made, g, (a) => a === from) as Share[]).filter(
        ([a]) => a === from,
      );
      const [, share, negated] = to as Share;
      g = negated ? bindOp(cx, { op: "sign", operator: "-", value: share }) : share;
    }
    const cell = name(`${sum.hint}$a`, NUM);
    before.push({ s: "let", name: cell, value: { op: "copy", value: g } });
    adjoints.set(sum, cell);
  }
  const free = new Set(cx.free);
  for (const x of s.body) if (x.s === "let") free.add(x.name);
  const counter = cx.program.counters.get(s);
  if (counter) free.add(counter);
  // What the rounds add to the adjoints of what is outside is added up beside these, and to them in its turn.
  const inner: Reverse = {
    ...cx,
    adjoints,
    wanted: new Map(),
    free,
    branches: new Map(),
    atHand: new Set([s.body]),
    nearHand: new Set(),
    kept: [],
    list: s.body,
    out: [],
  };
  const body = list(inner, s.body);
  settle(body.reverse);
  cx.out = back;
  for (const [n, cell] of adjoints) {
    if (sums.has(n) || isInside(s, cx.home.get(n) ?? PARAMS)) continue;
    before.push({ s: "let", name: cell, value: { op: "copy", value: literal(0) } });
    if (cx.atHand.has(cx.list)) {
      accumulate(cx, n, cell);
      continue;
    }
    const sum = name(cell.hint, NUM);
    after.push({ s: "let", name: sum, value: { op: "copy", value: cell } });
    accumulate(cx, n, sum);
  }
  if (sums.size > 0) cx.byRounds.add(s);
  return [...before, { ...s, body: [...body.forward, ...body.reverse] }, ...after];
}

function isInside(s: Stmt, home: readonly Stmt[]): boolean {
  return blocksOf(s).some((b) => b === home || b.some((x) => isInside(x, home)));
}

/** What a counter begins at. */
function initial(stmts: readonly Stmt[], before: number, counter: Name): Atom | undefined {
  for (let i = before - 1; i >= 0; i--) {
    const s = stmts[i] as Stmt;
    if ((s.s === "let" || s.s === "set") && s.name === counter)
      return s.value.op === "copy" ? s.value.value : undefined;
  }
  return undefined;
}
