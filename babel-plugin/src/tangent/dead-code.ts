import {
  type Atom,
  atomsOf,
  atomsRead,
  blocksOf,
  eachStmt,
  hasEffects,
  isName,
  mapBlocks,
  type Name,
  type Op,
  type Program,
  type Stmt,
} from "../lower/form.ts";

/**
 * A program without what nothing comes of. A tangent alone needs few of the primals, and what is only
 * added up for the value would cost a reverse sweep its share of it.
 */
export function withoutDead(program: Program): Program {
  const useful = new Set<Name>();
  const use = (a: Atom): void => {
    if (isName(a)) useful.add(a);
  };
  const waiting = new Map<Name, Op[]>();
  eachStmt(program.body, (s) => {
    if (s.s !== "let" && s.s !== "set") {
      atomsRead(s).forEach(use);
      if (s.s === "loop") {
        if (s.test) use(s.test.value);
        if (s.counter) use(s.counter.name);
      }
    } else if (hasEffects(s.value)) atomsOf(s.value).forEach(use);
    else {
      const values = waiting.get(s.name);
      if (values) values.push(s.value);
      else waiting.set(s.name, [s.value]);
    }
  });
  // The set grows while it is gone through.
  for (const n of useful) for (const value of waiting.get(n) ?? []) atomsOf(value).forEach(use);
  const kept = (stmts: readonly Stmt[]): Stmt[] =>
    stmts.flatMap((s): Stmt[] => {
      if (s.s === "let" || s.s === "set") {
        if (useful.has(s.name)) return [s];
        return hasEffects(s.value) ? [{ s: "do", value: s.value, node: s.node }] : [];
      }
      const made = mapBlocks(s, kept);
      return made.s === "if" && blocksOf(made).every((b) => b.length === 0) ? [] : [made];
    });
  return { ...program, body: kept(program.body) };
}
