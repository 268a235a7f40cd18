import {
  type Atom,
  atomsRead,
  eachStmt,
  makesNew,
  type Name,
  type Op,
  type Stmt,
} from "../lower/form.ts";

interface Made {
  readonly program: { readonly body: readonly Stmt[] };
  /** The list that declares a name. */
  readonly home: ReadonlyMap<Name, readonly Stmt[]>;
  readonly defs: ReadonlyMap<Name, Op>;
}

/**
 * Whether an object is made in the list of statements that makes `reader` of it, is known by its one name alone, and
 * is not changed after that: in a loop each round makes its own, and what later rounds do is done to others.
 */
export function isFinished(
  object: Name,
  reader: Name,
  list: readonly Stmt[],
  { program, home, defs }: Made,
): boolean {
  if (home.get(object) !== list || !makesNew(defs.get(object))) return false;
  const at = list.findIndex((s) => s.s === "let" && s.name === reader);
  if (at < 0) return false;
  let isOwn = true;
  eachStmt(program.body, (s) => {
    isOwn &&= !atomsRead(s).includes(object) || isUsedInPlace(s, object);
  });
  if (!isOwn) return false;
  let isChanged = false;
  eachStmt(list.slice(at + 1), (s) => {
    isChanged ||= changes(s, object);
  });
  return !isChanged;
}

/** Whether a statement takes what an object holds, or puts something there, and knows it by no other name after that. */
function isUsedInPlace(s: Stmt, object: Name): boolean {
  if (s.s === "write") return s.value !== object;
  if (s.s !== "let" && s.s !== "set" && s.s !== "do") return false;
  const { value } = s;
  const isIt = (a: Atom | undefined) => a === object;
  switch (value.op) {
    case "read":
    case "math":
      return true;
    case "method":
      return (
        /^(push|pop|slice|concat|at)$/.test(value.name) && !value.args.some((a) => isIt(a.value))
      );
    case "plain":
      return !value.changes && /^(Binary|Unary)Expression$/.test(value.code.type);
    default:
      return false;
  }
}

const changes = (s: Stmt, object: Name): boolean =>
  (s.s === "write" && s.place.object === object) ||
  ((s.s === "let" || s.s === "set" || s.s === "do") &&
    s.value.op === "method" &&
    s.value.object === object &&
    !/^(slice|concat|at)$/.test(s.value.name));
