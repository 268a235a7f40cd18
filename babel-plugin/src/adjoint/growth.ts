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
interface Names {
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

/** Whether a variable is set to what it was and something more. */
export function growthOf(
  { uses, home, defs }: Names,
  s: Extract<Stmt, { s: "set" }>,
  stmts: readonly Stmt[],
  i: number,
): Growth | undefined {
  if (s.value.op !== "copy") return undefined;
  const sum = s.value.value;
  if (!isName(sum) || uses.get(sum) !== 1 || home.get(sum) !== stmts) return undefined;
  const made = defs.get(sum);
  if (made?.op !== "arith" || (made.operator !== "+" && made.operator !== "-")) return undefined;
  const [before, term] = made.args;
  if (!isName(before) || uses.get(before) !== 1 || home.get(before) !== stmts) return undefined;
  const copied = defs.get(before);
  if (copied?.op !== "copy" || copied.value !== s.name) return undefined;
  const from = stmts.findIndex((x) => x.s === "let" && x.name === before);
  const at = stmts.findIndex((x) => x.s === "let" && x.name === sum);
  if (stmts.slice(from + 1, i).some((x) => setIn([x]).has(s.name))) return undefined;
  return {
    term,
    negated: made.operator === "-",
    before: stmts[from] as Let,
    sum: stmts[at] as Let,
  };
}

/**
 * The same of a field or an element, `o.k += e`, that nothing else can be written to between its read and its write.
 * Its adjoint is left where it is, too.
 */
export function growthOfPlace(
  { uses, home, defs }: Names,
  s: Extract<Stmt, { s: "write" }>,
  stmts: readonly Stmt[],
  i: number,
): Growth | undefined {
  const sum = s.value;
  const isOwn = (n: Atom): n is Name => isName(n) && uses.get(n) === 1 && home.get(n) === stmts;
  if (!isOwn(sum)) return undefined;
  const made = defs.get(sum);
  if (made?.op !== "arith" || (made.operator !== "+" && made.operator !== "-")) return undefined;
  const [left, right] = made.args;
  const isRead = (a: Atom | undefined): a is Name => {
    if (a === undefined || !isOwn(a)) return false;
    const read = defs.get(a);
    return read?.op === "read" && isSamePlace(read.place, s.place);
  };
  const isLeft = isRead(left);
  const before = isLeft ? left : made.operator === "+" && isRead(right) ? right : undefined;
  if (before === undefined) return undefined;
  const from = stmts.findIndex((x) => x.s === "let" && x.name === before);
  const at = stmts.findIndex((x) => x.s === "let" && x.name === sum);
  if (!stmts.slice(from + 1, i).every(writesNothing)) return undefined;
  return {
    term: (isLeft ? right : left) as Atom,
    negated: made.operator === "-",
    before: stmts[from] as Let,
    sum: stmts[at] as Let,
  };
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
