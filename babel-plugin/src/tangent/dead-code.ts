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
  for (let before = -1; before !== useful.size; ) {
    before = useful.size;
    eachStmt(program.body, (s) => {
      if (s.s === "let" || s.s === "set") {
        if (useful.has(s.name) || hasEffects(s.value)) atomsOf(s.value).forEach(use);
        return;
      }
      atomsRead(s).forEach(use);
      if (s.s === "loop") {
        if (s.test) use(s.test.value);
        if (s.counter) use(s.counter.name);
      }
    });
  }
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
