import { elementAt, INERT, isContainer, type Kind } from "../analysis/kind.ts";
import type { ModuleContext } from "../module-context.ts";
import {
  type Atom,
  atomsOf,
  atomsRead,
  blocksOf,
  type Closure,
  isName,
  kindOfAtom,
  literal,
  mapAtoms,
  mapBlocks,
  mapPlace,
  type Name,
  name,
  type Op,
  type Place,
  type Program,
  type Stmt,
  UNDEFINED,
} from "./form.ts";
import { partsRead, rewrite } from "./rewrite.ts";

type T = ModuleContext["t"];

/** What an array or object holds when it is made, by field or place. */
type Parts = ReadonlyMap<string, Atom>;

/** What is known of a variable that holds arrays or objects, or of several of which one is copied to the other. */
interface Group {
  readonly members: Set<Name>;
  readonly made: Parts[];
  readonly read: Set<string>;
  readonly written: Map<string, Atom[]>;
  /** Whether it holds something else too, or is used as a whole. */
  escapes: boolean;
}

/** How often one may be inside another. */
const DEEPEST = 6;

/**
 * A program with variables for the parts of arrays and objects that never leave it and of which only
 * parts are used: scalar replacement of aggregates (Muchnick, Advanced Compiler Design and
 * Implementation, 1997, section 12.2). Vectors, complex numbers and pairs then cost what their numbers
 * cost: no shadow is made for them, and a reverse sweep need not find it again.
 */
export function withScalars(t: T, program: Program): Program {
  let made = program;
  for (let depth = 0; depth < DEEPEST; depth++) {
    const parts = replaceable(t, made);
    if (parts.size === 0) break;
    made = { ...made, body: new Replacing(t, parts, crossing(made)).list(made.body) };
  }
  return made;
}

const isAggregate = ({ k }: Kind): boolean => k === "object" || k === "array" || k === "tuple";

/** The field or place that is known when compiling. */
function keyOf(place: Place): string | undefined {
  if (place.at === "field") return place.key;
  const { index } = place;
  if (isName(index) || typeof index.literal !== "number") return undefined;
  return Number.isInteger(index.literal) && index.literal >= 0 ? String(index.literal) : undefined;
}

function kindAt(kind: Kind, key: string): Kind {
  if (kind.k === "object") return kind.fields.get(key) ?? INERT;
  return key === "length" ? INERT : elementAt(kind, Number(key));
}

/** What an operation makes, if all of it is known. */
function partsOf(op: Op, kind: Kind, isNumber: (a: Atom) => boolean): Parts | undefined {
  switch (op.op) {
    case "array":
      if (op.elements.some((e) => e.spread)) return undefined;
      return new Map([
        ...op.elements.map((e, i) => [String(i), e.value] as const),
        ["length", literal(op.elements.length)],
      ]);
    case "object": {
      const parts = new Map<string, Atom>();
      for (const f of op.fields) {
        if ("spread" in f || f.key === "__proto__") return undefined;
        parts.set(f.key, f.value);
      }
      return parts;
    }
    case "instance": {
      if (kind.k !== "object") return undefined;
      if (op.blank) return new Map([...kind.fields.keys()].map((key) => [key, UNDEFINED]));
      const parts = new Map<string, Atom>();
      for (const [key, { at, otherwise }] of op.holds ?? []) {
        const given = at === undefined ? undefined : op.args[at];
        if (given === undefined) parts.set(key, otherwise ?? UNDEFINED);
        else if (otherwise === undefined || isNumber(given)) parts.set(key, given);
      }
      return parts;
    }
    default:
      return undefined;
  }
}

/** Names that are bound in one function and used in another. */
function crossing({ body }: Program): ReadonlySet<Name> {
  const home = new Map<Name, Closure>();
  const found = new Set<Name>();
  const visit = (stmts: readonly Stmt[], around: Closure | undefined): void => {
    for (const s of stmts) {
      if (s.s === "let" && around) home.set(s.name, around);
      const read = s.s === "loop" && s.test ? [...atomsRead(s), s.test.value] : atomsRead(s);
      for (const a of s.s === "set" ? [...read, s.name] : read)
        if (isName(a) && home.get(a) !== around) found.add(a);
      for (const b of blocksOf(s)) visit(b, s.s === "closure" ? s : around);
    }
  };
  visit(body, undefined);
  return found;
}

/** The variables that can be replaced, each with the parts of it that are used. */
function replaceable(t: T, program: Program): Map<Name, Group> {
  const groups = new Map<Name, Group>();
  const groupOf = (n: Name): Group => {
    let group = groups.get(n);
    if (group === undefined) {
      group = {
        members: new Set([n]),
        made: [],
        read: new Set(),
        written: new Map(),
        escapes: false,
      };
      groups.set(n, group);
    }
    return group;
  };
  const merge = (a: Group, b: Group): void => {
    if (a === b) return;
    for (const n of b.members) {
      a.members.add(n);
      groups.set(n, a);
    }
    a.made.push(...b.made);
    for (const key of b.read) a.read.add(key);
    for (const [key, values] of b.written)
      a.written.set(key, [...(a.written.get(key) ?? []), ...values]);
    a.escapes ||= b.escapes;
  };
  const escapes = (a: Atom): void => {
    if (isName(a) && isAggregate(a.kind)) groupOf(a).escapes = true;
  };
  const numbers = new Set<Name>();
  const isNumber = (a: Atom): boolean =>
    isName(a) ? numbers.has(a) : typeof a.literal === "number";

  const bound = ({ name: to, value }: Extract<Stmt, { s: "let" | "set" }>): void => {
    if (!to.mutable && (value.op === "arith" || value.op === "sign" || value.op === "math"))
      numbers.add(to);
    if (value.op === "copy" && isName(value.value) && isAggregate(to.kind)) {
      if (isAggregate(value.value.kind)) merge(groupOf(to), groupOf(value.value));
      else escapes(to);
      return;
    }
    if (value.op === "read" && isName(value.place.object)) {
      const key = keyOf(value.place);
      if (key !== undefined && isAggregate(value.place.object.kind)) {
        groupOf(value.place.object).read.add(key);
        escapes(to);
        return;
      }
    }
    const parts = isAggregate(to.kind) ? partsOf(value, to.kind, isNumber) : undefined;
    if (parts) groupOf(to).made.push(parts);
    else escapes(to);
    used(value);
  };
  const used = (op: Op): void => {
    if (op.op !== "plain") {
      atomsOf(op).forEach(escapes);
      return;
    }
    if (!op.reads.some((n) => isAggregate(n.kind))) return;
    const { parts, whole } = partsRead(t, op.code);
    for (const { of, key } of parts) if (isAggregate(of.kind)) groupOf(of).read.add(key);
    whole.forEach(escapes);
  };
  const visit = (stmts: readonly Stmt[]): void => {
    for (const s of stmts) {
      if (s.s === "let" || s.s === "set") bound(s);
      else if (s.s === "do") used(s.value);
      else if (s.s === "write") {
        const key = keyOf(s.place);
        const { object } = s.place;
        if (key === undefined || !isName(object) || !isAggregate(object.kind)) escapes(object);
        else {
          const { written } = groupOf(object);
          written.set(key, [...(written.get(key) ?? []), s.value]);
        }
        escapes(s.value);
      } else atomsRead(s).forEach(escapes);
      if (s.s === "loop") {
        for (const d of s.declares) escapes(d.name);
        if (s.test) escapes(s.test.value);
      }
      if (s.s === "closure") s.params.forEach(escapes);
      if (s.s === "try" && s.handler) escapes(s.handler.param);
      blocksOf(s).forEach(visit);
    }
  };
  program.params.forEach(escapes);
  visit(program.body);
  for (const n of crossing(program)) escapes(n);

  const found = new Map<Name, Group>();
  for (const [n, group] of groups) if (isReplaceable(group)) found.set(n, group);
  return found;
}

function isReplaceable({ members, made, read, written, escapes }: Group): boolean {
  if (escapes || made.length === 0) return false;
  // What is written under one name would have to be seen under the others.
  const [first] = members;
  if (written.size > 0 && (members.size > 1 || made.length > 1 || first?.mutable)) return false;
  const fits = (part: Kind, a: Atom | undefined): boolean => {
    if (a === undefined) return false;
    if (isAggregate(part) || part.k === "floats") return isName(a) && a.kind.k === part.k;
    return part.k !== "inert" || kindOfAtom(a).k === "inert";
  };
  return [...members].every(({ kind }) =>
    [...new Set([...read, ...written.keys()])].every((key) => {
      const part = kindAt(kind, key);
      if (part.k === "union" || part.k === "fn") return false;
      // Whether an object may be put there was asked of the field, not of a variable.
      if (written.has(key) && (key === "length" || isContainer(part))) return false;
      return [...made.map((parts) => parts.get(key)), ...(written.get(key) ?? [])].every((a) =>
        fits(part, a),
      );
    }),
  );
}

/** Rewrites the statements of a program. */
class Replacing {
  readonly #parts = new Map<Name, Map<string, Atom>>();
  readonly #standsFor = new Map<Name, Atom>();
  #out: Stmt[] = [];

  constructor(
    private readonly t: T,
    private readonly groups: ReadonlyMap<Name, Group>,
    private readonly crossing: ReadonlySet<Name>,
  ) {}

  list(stmts: readonly Stmt[]): Stmt[] {
    const outer = this.#out;
    const made: Stmt[] = [];
    for (const s of stmts) {
      this.#out = made;
      this.#statement(s);
    }
    this.#out = outer;
    return made;
  }

  readonly #now = (a: Atom): Atom => (isName(a) ? (this.#standsFor.get(a) ?? a) : a);

  #operation(op: Op): Op {
    if (op.op !== "plain" || !op.reads.some((n) => this.groups.has(n)))
      return mapAtoms(op, this.#now, (code) => rewrite(this.t, code, this.#now));
    const reads = new Set(op.reads.filter((n) => !this.groups.has(n)).map(this.#now));
    const part = (n: Name, key: string): Atom | undefined => {
      const of = this.#parts.get(n)?.get(key);
      if (of) reads.add(of);
      return of;
    };
    const code = rewrite(this.t, op.code, this.#now, part);
    return { ...op, code, reads: [...reads].filter(isName) };
  }

  #statement(s: Stmt): void {
    switch (s.s) {
      case "let":
      case "set": {
        const group = this.groups.get(s.name);
        if (group) this.#aggregate(s, group);
        else this.#number(s);
        return;
      }
      case "do":
        if (this.#partRead(s.value) === undefined)
          this.#out.push({ ...s, value: this.#operation(s.value) });
        return;
      case "write": {
        const part = isName(s.place.object) ? this.#parts.get(s.place.object) : undefined;
        const to = part?.get(keyOf(s.place) as string);
        const value = this.#now(s.value);
        if (to === undefined) this.#out.push({ ...s, place: mapPlace(s.place, this.#now), value });
        else
          this.#out.push({
            s: "set",
            name: to as Name,
            value: { op: "copy", value },
            node: s.node,
          });
        return;
      }
      default:
        this.#out.push(this.#around(s));
    }
  }

  /** A statement that holds others, or ends something. */
  #around(s: Stmt): Stmt {
    const now = this.#now;
    switch (s.s) {
      case "if":
        return mapBlocks({ ...s, test: now(s.test) }, (b) => this.list(b));
      case "loop": {
        const declares = s.declares.map((d) => ({ ...d, from: now(d.from) }));
        const made = mapBlocks({ ...s, declares }, (b) => this.list(b)) as typeof s;
        const { test } = made;
        return test ? { ...made, test: { ...test, value: now(test.value) } } : made;
      }
      case "return":
        return { ...s, value: s.value && now(s.value) };
      case "throw":
        return { ...s, value: now(s.value) };
      case "closure":
        return mapBlocks(s.of ? { ...s, of: now(s.of) } : s, (b) => this.list(b));
      default:
        return mapBlocks(s, (b) => this.list(b));
    }
  }

  /** The part that an operation reads, if that is a variable by now. */
  #partRead(op: Op): Atom | undefined {
    if (op.op !== "read" || !isName(op.place.object)) return undefined;
    return this.#parts.get(op.place.object)?.get(keyOf(op.place) as string);
  }

  #number(s: Extract<Stmt, { s: "let" | "set" }>): void {
    const part = this.#partRead(s.value);
    if (part === undefined) this.#out.push({ ...s, value: this.#operation(s.value) });
    else if (s.s === "let" && this.#mayStandFor(s.name, part)) this.#standsFor.set(s.name, part);
    else this.#out.push({ ...s, value: { op: "copy", value: part } });
  }

  #mayStandFor(n: Name, part: Atom): boolean {
    if (n.mutable || this.crossing.has(n)) return false;
    if (!isName(part)) return !isAggregate(n.kind);
    if (part.mutable || this.crossing.has(part)) return false;
    return n.kind === part.kind || (n.kind.k === part.kind.k && !isAggregate(n.kind));
  }

  #aggregate(s: Extract<Stmt, { s: "let" | "set" }>, { read, written }: Group): void {
    const { value } = s;
    const sources =
      value.op === "copy"
        ? (this.#parts.get(value.value as Name) as ReadonlyMap<string, Atom>)
        : (partsOf(value, s.name.kind, () => true) as Parts);
    const own = this.#parts.get(s.name) ?? new Map<string, Atom>();
    this.#parts.set(s.name, own);
    // What the parts held before may be among what they are given now.
    const given = [...new Set([...read, ...written.keys()])].map(
      (key) => [key, this.#now(sources.get(key) as Atom)] as const,
    );
    for (const [key, from] of given) {
      const to = own.get(key);
      const copy = { op: "copy", value: from } as const;
      if (s.s === "set") {
        this.#out.push({ s: "set", name: to as Name, value: copy, node: s.node });
        continue;
      }
      const changes = s.name.mutable || written.has(key);
      if (!changes && !(isName(from) && from.mutable)) {
        own.set(key, from);
        continue;
      }
      const made = name(`${s.name.hint}_${key}`, kindAt(s.name.kind, key), changes);
      own.set(key, made);
      this.#out.push({ s: "let", name: made, value: copy, node: s.node });
    }
  }
}
