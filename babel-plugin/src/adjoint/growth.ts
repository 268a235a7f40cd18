import {
  type Atom,
  isName,
  type Name,
  type Op,
  type Place,
  type Stmt,
  setIn,
} from "../lower/form.ts";

/** Variables, fields and elements that something is added to: their adjoints stay where they are. */

type Let = Extract<Stmt, { s: "let" }>;

/** What is known of the names of a program. */
export interface Names {
  /** The list that declares a name. */
  readonly home: ReadonlyMap<Name, readonly Stmt[]>;
  readonly defs: ReadonlyMap<Name, Op>;
  readonly uses: ReadonlyMap<Name, number>;
}

/** `x += e`, or `x -= e`: what is added, and where the value before and the sum are made. */
export interface Growth {
  readonly term: Atom;
  readonly negated: boolean;
  readonly before: Let;
  readonly sum: Let;
}

type Sum = Extract<Op, { op: "arith" }>;

/** Whether an operand is a name that a list of statements declares, and is used in one place alone. */
const isUsedOnce = (
  { uses, home }: Names,
  n: Atom | undefined,
  stmts: readonly Stmt[],
): n is Name => n !== undefined && isName(n) && uses.get(n) === 1 && home.get(n) === stmts;

/** The sum or difference that is written somewhere, and nowhere else. */
function sumOf(names: Names, written: Atom, stmts: readonly Stmt[]): Sum | undefined {
  const made = isUsedOnce(names, written, stmts) ? names.defs.get(written) : undefined;
  return made?.op === "arith" && (made.operator === "+" || made.operator === "-")
    ? made
    : undefined;
}

/** A growth whose statements may be left out, where `isKept` of those between the first read and the write. */
function growth(
  sum: Atom,
  { operator }: Sum,
  before: Name,
  term: Atom,
  stmts: readonly Stmt[],
  i: number,
  isKept: (s: Stmt) => boolean,
): Growth | undefined {
  const letOf = (n: Atom) => stmts.find((x): x is Let => x.s === "let" && x.name === n) as Let;
  const from = letOf(before);
  if (!stmts.slice(stmts.indexOf(from) + 1, i).every(isKept)) return undefined;
  return { term, negated: operator === "-", before: from, sum: letOf(sum) };
}

/** Whether a variable is set to what it was and something more. */
export function growthOf(
  names: Names,
  s: Extract<Stmt, { s: "set" }>,
  stmts: readonly Stmt[],
  i: number,
): Growth | undefined {
  if (s.value.op !== "copy") return undefined;
  const sum = s.value.value;
  const made = sumOf(names, sum, stmts);
  if (made === undefined) return undefined;
  const [before, term] = made.args;
  if (!isUsedOnce(names, before, stmts)) return undefined;
  const copied = names.defs.get(before);
  if (copied?.op !== "copy" || copied.value !== s.name) return undefined;
  return growth(sum, made, before, term as Atom, stmts, i, (x) => !setIn([x]).has(s.name));
}

/**
 * The same of a field or an element, `o.k += e`, that nothing else can be written to between its read and its write.
 * Its adjoint is left where it is, too.
 */
export function growthOfPlace(
  names: Names,
  s: Extract<Stmt, { s: "write" }>,
  stmts: readonly Stmt[],
  i: number,
): Growth | undefined {
  const made = sumOf(names, s.value, stmts);
  if (made === undefined) return undefined;
  const [left, right] = made.args;
  const isRead = (a: Atom | undefined): a is Name => {
    if (!isUsedOnce(names, a, stmts)) return false;
    const read = names.defs.get(a);
    return read?.op === "read" && isSamePlace(read.place, s.place);
  };
  const isLeft = isRead(left);
  const before = isLeft ? left : made.operator === "+" && isRead(right) ? right : undefined;
  if (before === undefined) return undefined;
  return growth(s.value, made, before, (isLeft ? right : left) as Atom, stmts, i, writesNothing);
}

const isSamePlace = (a: Place, b: Place): boolean =>
  a.object === b.object &&
  (a.at === "field"
    ? b.at === "field" && a.key === b.key
    : b.at === "element" && isSameAtom(a.index, b.index));

const isSameAtom = (a: Atom, b: Atom): boolean =>
  a === b || (!isName(a) && !isName(b) && a.literal === b.literal);

const writesNothing = (s: Stmt): boolean =>
  s.s === "let" &&
  (["arith", "sign", "math", "read", "copy"].includes(s.value.op) ||
    (s.value.op === "plain" && !s.value.changes));
