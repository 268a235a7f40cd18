import type { types } from "@babel/core";
import {
  type Atom,
  atomsOf,
  eachStmt,
  isName,
  type Name,
  type Op,
  type Program,
} from "../lower/form.ts";

/**
 * Where the values of a name may come from, as far as plain code made them: an array of the module, say,
 * which others reach by other names. What the program makes itself has no origin.
 */
export function originsIn(program: Program): (a: Atom) => readonly types.Node[] {
  const defs = new Map<Name, { value: Op; node: types.Node | undefined }[]>();
  const stored: Atom[] = [];
  eachStmt(program.body, (s) => {
    if (s.s === "write") stored.push(s.value);
    if ((s.s === "let" || s.s === "do") && s.value.op === "method")
      stored.push(...s.value.args.map((a) => a.value));
    if (s.s !== "let" && s.s !== "set") return;
    const known = defs.get(s.name) ?? [];
    known.push({ value: s.value, node: s.node });
    defs.set(s.name, known);
  });
  const visit = (a: Atom, seen: Set<Name>, found: Set<types.Node>): void => {
    if (!isName(a) || seen.has(a)) return;
    seen.add(a);
    for (const { value, node } of defs.get(a) ?? []) {
      if (value.op === "copy") visit(value.value, seen, found);
      else if (value.op === "read") {
        visit(value.place.object, seen, found);
        // It may be what was put there, by whatever name.
        for (const b of stored) visit(b, seen, found);
      } else if (value.op === "object" || value.op === "array" || value.op === "instance")
        for (const b of atomsOf(value)) visit(b, seen, found);
      else if (value.op === "select")
        for (const b of [value.yes, value.otherwise]) visit(b, seen, found);
      else if (node && isFromElsewhere(value)) found.add(node);
    }
  };
  return (a) => {
    const found = new Set<types.Node>();
    visit(a, new Set(), found);
    return [...found];
  };
}

const isFromElsewhere = ({ op }: Op): boolean =>
  op === "plain" || op === "call" || op === "apply" || op === "link";
