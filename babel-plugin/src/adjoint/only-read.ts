import { isContainer } from "../analysis/kind.ts";
import {
  type Atom,
  atomsOf,
  eachStmt,
  isName,
  type Name,
  type Op,
  type Stmt,
} from "../lower/form.ts";
import type { Structured } from "./structure.ts";

/**
 * The variables of a program that hold arrays and objects which are looked at and no more: nothing is written to
 * them, nor to what they hold, they are not kept, and they are not given back. Something inactive may take their
 * place, whose adjoint nobody asks for by another name.
 */
export function onlyRead({ body, result, returns }: Structured): (n: Name) => boolean {
  const used = new Set<Name>(isContainer(returns) ? [result] : []);
  /** What a name may be the same as, or hold a part of. */
  const from = new Map<Name, Name[]>();
  const use = (a: Atom) => {
    if (isName(a) && isContainer(a.kind)) used.add(a);
  };
  const flows = (to: Name, a: Atom) => {
    if (isName(a) && isContainer(a.kind) && isContainer(to.kind))
      from.set(to, [...(from.get(to) ?? []), a]);
  };
  eachStmt(body, (s) => {
    if (s.s === "write") {
      use(s.place.object);
      use(s.value);
    } else if (s.s === "throw") use(s.value);
    else if (s.s === "let" || s.s === "set" || s.s === "do") {
      if (looksAt(s.value, s)) return;
      if ((s.value.op === "copy" || s.value.op === "read") && s.s !== "do") {
        flows(s.name, s.value.op === "copy" ? s.value.value : s.value.place.object);
        return;
      }
      const copied = copiedBy(s.value);
      for (const a of atomsOf(s.value)) if (!copied.includes(a)) use(a);
    }
  });
  for (const n of used) for (const source of from.get(n) ?? []) used.add(source);
  return (n) => !used.has(n);
}

/** Objects that a literal has the fields of, if these are no arrays and objects themselves. */
const copiedBy = (op: Op): readonly Atom[] =>
  op.op !== "object"
    ? []
    : op.fields.flatMap((f) => {
        if (!("spread" in f) || !isName(f.spread) || f.spread.kind.k !== "object") return [];
        return [...f.spread.kind.fields.values()].some(isContainer) ? [] : [f.spread];
      });

const looksOnly = new Set(["slice", "concat", "at"]);

/** Whether an operation hands on nothing of the arrays and objects that it is given, and leaves them as they are. */
function looksAt(op: Op, s: Extract<Stmt, { s: "let" | "set" | "do" }>): boolean {
  const givesNone = s.s === "do" || !isContainer(s.name.kind);
  switch (op.op) {
    case "plain":
      return !op.changes && givesNone;
    case "call":
      return !op.changes && givesNone;
    case "method":
      return looksOnly.has(op.name) && givesNone;
    case "read":
    case "math":
    case "compare":
      return givesNone;
    default:
      return false;
  }
}
