import { isContainer } from "../analysis/kind.ts";
import type { FunctionNode } from "../ast.ts";
import {
  type Atom,
  eachStmt,
  isName,
  makesNew,
  type Name,
  type Op,
  type Program,
} from "../lower/form.ts";

/** What is known of arrays and objects that may be missing. */
export interface CertainlyThere {
  /** Parameters of functions that others of the file call with nothing, or with what may be nothing. */
  readonly missing: ReadonlySet<Name>;
  /** Fields that the file puts such things into. */
  readonly emptied: ReadonlySet<string>;
}

/** Goes through all calls and all that is put into fields, until nothing more is found that may be missing. */
export function certainlyThere(
  programs: ReadonlyMap<FunctionNode, Program>,
  mayBeLeftOut: (f: FunctionNode, program: Program, p: Name) => boolean,
): CertainlyThere {
  const missing = new Set<Name>();
  const emptied = new Set<string>();
  const defs = new Map<Name, Op>();
  const given = new Set<Name>();
  for (const [f, program] of programs) {
    for (const p of program.params) (mayBeLeftOut(f, program, p) ? missing : given).add(p);
    eachStmt(program.body, (s) => {
      if (s.s === "let" && !s.name.mutable) defs.set(s.name, s.value);
    });
  }
  const isThere = (a: Atom | undefined): boolean => {
    if (a === undefined) return false;
    if (!isName(a)) return a.literal !== undefined && a.literal !== null;
    if (!isContainer(a.kind)) return true;
    return given.has(a) ? !missing.has(a) : makes(defs.get(a));
  };
  const makes = (op: Op | undefined): boolean => {
    if (makesNew(op)) return true;
    switch (op?.op) {
      case "copy":
        return isThere(op.value);
      case "read":
        return op.place.at === "field" && !emptied.has(op.place.key) && isThere(op.place.object);
      default:
        return false;
    }
  };
  const put = (key: string, value: Atom) => {
    if (!isThere(value)) emptied.add(key);
  };
  const look = (op: Op) => {
    if (op.op === "object") for (const f of op.fields) if ("key" in f) put(f.key, f.value);
    if (op.op === "instance") for (const [key, value] of op.fields) put(key, value);
    if (op.op !== "call") return;
    programs.get(op.f)?.params.forEach((p, i) => {
      if (!isThere(op.args[i])) missing.add(p);
    });
  };
  for (let before = -1; before !== missing.size + emptied.size; ) {
    before = missing.size + emptied.size;
    for (const { body } of programs.values())
      eachStmt(body, (s) => {
        if (s.s === "let" || s.s === "set" || s.s === "do") look(s.value);
        if (s.s === "write" && s.place.at === "field") put(s.place.key, s.value);
      });
  }
  return { missing, emptied };
}
