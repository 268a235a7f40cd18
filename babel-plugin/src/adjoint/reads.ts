import { isContainer } from "../analysis/kind.ts";
import {
  type Atom,
  blocksOf,
  isName,
  type Loop,
  makesNew,
  mapAtoms,
  mapPlace,
  type Name,
  type Op,
  type Place,
  type Stmt,
} from "../lower/form.ts";
import { rewrite } from "../lower/rewrite.ts";
import type { ModuleContext } from "../module-context.ts";
import type { CertainlyThere } from "./certainly-there.ts";
import { type Memory, memoryOf } from "./memory.ts";
import type { Prepared } from "./prepare.ts";

/**
 * Reads a place once where it is certain to hold the same: again in a list of statements, and before
 * a loop rather than in it. What is read once is saved once.
 */
export function shareReads(
  t: ModuleContext["t"],
  program: Prepared,
  isOpen: boolean,
  { missing, emptied }: CertainlyThere,
): Prepared {
  const memory = memoryOf(program, isOpen);
  const adjoints = new Set<Name>();
  for (const a of program.adjointOf.values()) if (isName(a)) adjoints.add(a);
  const sure = new Set<Name>(program.params.filter((p) => !missing.has(p)));
  const primalOf = new Map<Name, Name>();
  for (const [primal, a] of program.adjointOf) if (isName(a)) primalOf.set(a, primal);
  const cx: Sharing = {
    t,
    memory,
    adjoints,
    sure,
    emptied,
    primalOf,
    same: new Map(),
    counters: new Map(),
    program,
  };
  const given = new Set([...program.params, ...program.paramAdjoints.values()]);
  const body = list(cx, program.body, [], given);
  const adjointOf = new Map<Name, Atom>();
  const now = (a: Atom): Atom => (isName(a) ? (cx.same.get(a) ?? a) : a);
  for (const [primal, adjoint] of program.adjointOf) {
    adjointOf.set(primal, now(adjoint));
    const kept = now(primal);
    if (isName(kept) && !adjointOf.has(kept)) adjointOf.set(kept, now(adjoint));
  }
  return {
    ...program,
    body,
    result: now(program.result),
    resultAdjoint: program.resultAdjoint && now(program.resultAdjoint),
    adjointOf,
    counters: cx.counters,
    linked: new Map([...program.linked].map(([made, args]) => [made, args.map(now)])),
  };
}

interface Sharing {
  readonly t: ModuleContext["t"];
  readonly memory: Memory;
  readonly adjoints: ReadonlySet<Name>;
  /** Arrays and objects that are certainly there: given, or made here. */
  readonly sure: Set<Name>;
  /** Fields that may hold nothing. */
  readonly emptied: ReadonlySet<string>;
  readonly primalOf: ReadonlyMap<Name, Name>;
  readonly same: Map<Name, Name>;
  readonly counters: Map<Loop, Name>;
  readonly program: Prepared;
}

type Known = { readonly place: Place; readonly name: Name; readonly isReference: boolean }[];

function samePlace(a: Place, b: Place): boolean {
  if (a.at === "field") return b.at === "field" && a.key === b.key && sameAtom(a.object, b.object);
  return b.at === "element" && sameAtom(a.object, b.object) && sameAtom(a.index, b.index);
}

const sameAtom = (a: Atom, b: Atom): boolean =>
  a === b || (!isName(a) && !isName(b) && Object.is(a.literal, b.literal));

/** Whether a read gives an array or object, or the adjoint of one: only writes of such change it. */
const givesReference = (cx: Sharing, made: Name): boolean =>
  (isContainer(made.kind) && made.kind.k !== "fn") || cx.adjoints.has(made);

/** Whether statements may put another array or object anywhere. */
function movesReferences(cx: Sharing, stmts: readonly Stmt[]): boolean {
  return stmts.some((s) => {
    if (
      s.s === "write" &&
      isName(s.value) &&
      (givesReference(cx, s.value) || s.value.kind.k === "inert")
    )
      return true;
    if (s.s === "write" && !isName(s.value) && typeof s.value.literal !== "number") return true;
    if (s.s === "let" || s.s === "do") {
      const { value: op } = s;
      if (op.op === "method" && !["slice", "concat", "at", "fill"].includes(op.name)) {
        if (op.name !== "push" || op.args.some((a) => isName(a.value) && a.value.kind.k !== "num"))
          return true;
      }
      if ((op.op === "sweep" && op.changes) || (op.op === "plain" && op.changes)) return true;
    }
    return blocksOf(s).some((b) => movesReferences(cx, b));
  });
}

function isShared(cx: Sharing, made: Name, place: Place): boolean {
  return givesReference(cx, made) || cx.memory.isStablePlace(place, cx.memory.timeOf(made));
}

function list(
  cx: Sharing,
  stmts: readonly Stmt[],
  around: Known,
  outside: ReadonlySet<Name>,
): Stmt[] {
  const out: Stmt[] = [];
  let known: Known = [...around];
  const here = new Set(outside);
  const now = (a: Atom): Atom => (isName(a) ? (cx.same.get(a) ?? a) : a);
  const operation = (op: Op): Op => mapAtoms(op, now, (code) => rewrite(cx.t, code, (n) => now(n)));
  for (const s of stmts) {
    switch (s.s) {
      case "let": {
        const value = operation(s.value);
        if (value.op === "read" && !s.name.mutable && isShared(cx, s.name, value.place)) {
          const found = known.find((k) => samePlace(k.place, value.place));
          if (found) {
            cx.same.set(s.name, found.name);
            break;
          }
          known.push({ place: value.place, name: s.name, isReference: givesReference(cx, s.name) });
        }
        out.push({ ...s, value });
        here.add(s.name);
        if (makesSomething(cx, value)) cx.sure.add(s.name);
        break;
      }
      case "set":
      case "do":
        out.push({ ...s, value: operation(s.value) } as Stmt);
        break;
      case "write":
        out.push({ ...s, place: mapPlace(s.place, now), value: now(s.value) });
        break;
      case "if":
        out.push({
          ...s,
          test: now(s.test),
          yes: list(cx, s.yes, known, here),
          otherwise: list(cx, s.otherwise, known, here),
        });
        break;
      case "loop": {
        const moves = movesReferences(cx, [s]);
        const inside = known.filter((k) => !(k.isReference && moves));
        const before = hoisted(cx, s, moves, inside, here);
        for (const h of before) {
          out.push(h);
          if (h.s === "let" && h.value.op === "read")
            inside.push({
              place: h.value.place,
              name: h.name,
              isReference: givesReference(cx, h.name),
            });
        }
        const test = s.test && {
          before: list(cx, s.test.before, inside, here),
          value: s.test.value,
        };
        const made: Loop = {
          ...s,
          test: test && { ...test, value: now(test.value) },
          body: list(cx, s.body, inside, here),
        };
        const counter = cx.program.counters.get(s);
        if (counter) cx.counters.set(made, counter);
        out.push(made);
        if (!moves)
          known = inside.filter(
            (k) => known.includes(k) || before.some((b) => b.s === "let" && b.name === k.name),
          );
        break;
      }
      case "return":
      case "throw":
        out.push({ ...s, value: s.value === undefined ? undefined : now(s.value) } as Stmt);
        break;
      default:
        out.push(s);
    }
    if (movesReferences(cx, [s])) known = known.filter((k) => !k.isReference);
  }
  return out;
}

/** Whether an operation gives an array or object whatever happens. */
function makesSomething(cx: Sharing, value: Op): boolean {
  if (makesNew(value)) return true;
  switch (value.op) {
    case "help":
      return value.name === "zeros" && value.args.every((a) => isName(a) && cx.sure.has(a));
    // The fields of what is given have their types; an element may be missing.
    case "read":
      return (
        value.place.at === "field" &&
        !cx.emptied.has(value.place.key) &&
        isSure(cx, value.place.object)
      );
    case "copy":
      return isName(value.value) && cx.sure.has(value.value);
    default:
      return false;
  }
}

/** The reads that every round of a loop does alike: they are done before it. */
function hoisted(
  cx: Sharing,
  loop: Loop,
  moves: boolean,
  known: Known,
  outside: ReadonlySet<Name>,
): Stmt[] {
  const found: Stmt[] = [];
  const there = new Set(outside);
  const now = (a: Atom): Atom => (isName(a) ? (cx.same.get(a) ?? a) : a);
  for (const s of loop.body) {
    if (s.s !== "let" || s.name.mutable || s.value.op !== "read") continue;
    const place = mapPlace(s.value.place, now);
    const atoms = place.at === "field" ? [place.object] : [place.object, place.index];
    if (!atoms.every((a) => !isName(a) || (!a.mutable && there.has(a)))) continue;
    const isReference = givesReference(cx, s.name);
    // What may be missing is not asked for anything where nobody would have.
    if (!isSure(cx, place.object)) continue;
    if (isReference ? moves : !isShared(cx, s.name, place)) continue;
    const same = [
      ...known,
      ...found.flatMap((f) =>
        f.s === "let" && f.value.op === "read"
          ? [{ place: f.value.place, name: f.name, isReference }]
          : [],
      ),
    ].find((k) => samePlace(k.place, place));
    if (same) {
      cx.same.set(s.name, same.name);
      continue;
    }
    // Under a name of its own: what stands in the loop becomes another word for it.
    const made: Name = { ...s.name };
    if (cx.adjoints.has(s.name)) (cx.adjoints as Set<Name>).add(made);
    found.push({ ...s, name: made, value: { op: "read", place } });
    there.add(made);
    cx.same.set(s.name, made);
  }
  return found;
}

/** Whether a value is certainly there, whether or not the code that reads it is reached. */
function isSure(cx: Sharing, object: Atom): boolean {
  if (!isName(object)) return false;
  // An adjoint is there where what it stands beside is: both are read before a loop, or neither.
  return cx.sure.has(cx.primalOf.get(object) ?? object);
}
