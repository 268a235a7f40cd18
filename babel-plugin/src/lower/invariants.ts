import { rules } from "dualize/rules";
import {
  type Atom,
  atomsOf,
  blocksOf,
  eachStmt,
  isName,
  type Loop,
  mapBlocks,
  type Name,
  type Op,
  type Program,
  type Stmt,
} from "./form.ts";

type Let = Extract<Stmt, { s: "let" }>;

/** Functions of `Math` that cost a few processor cycles: not worth a variable. */
const cheap = new Set(["abs", "max", "min", "sqrt", "fround", "f16round"]);

/**
 * A program whose loops compute once, before them, what they do not change, as far as it is worth more
 * than a few cycles. The engine would find it too, but gives up on loops of the size that tangent code
 * has.
 */
export function withoutInvariants(program: Program): Program {
  const shared = setInClosures(program.body);
  return { ...program, body: block(program.body, shared) };
}

function block(stmts: readonly Stmt[], shared: ReadonlySet<Name>): Stmt[] {
  return stmts.flatMap((s): Stmt[] => {
    const made = mapBlocks(s, (b) => block(b, shared));
    return made.s === "loop" ? beforeLoop(made, shared) : [made];
  });
}

function beforeLoop(loop: Loop, shared: ReadonlySet<Name>): Stmt[] {
  const changed = new Set<Name>(shared);
  eachStmt([loop], (s) => {
    if (s.s === "set" || s.s === "let" || s.s === "closure") changed.add(s.name);
    if (s.s === "closure") for (const p of s.params) changed.add(p);
    if (s.s === "try" && s.handler) changed.add(s.handler.param);
  });
  const steady = new Map<Name, Let>();
  const isSteady = (a: Atom): boolean => !isName(a) || !changed.has(a) || steady.has(a);
  // Only what every round reaches: elsewhere it might be computed in vain.
  const scan = (list: readonly Stmt[]): void => {
    for (const s of list) {
      if (s.s === "let" && !s.name.mutable && isPure(s.value) && atomsOf(s.value).every(isSteady))
        steady.set(s.name, s);
      if (s.s === "block") scan(s.body);
      if (s.s === "loop") {
        scan(s.test?.before ?? []);
        scan(s.body);
      }
      if (s.s === "break" || s.s === "continue" || s.s === "return") return;
      if (s.s === "if" && blocksOf(s).some(leaves)) return;
    }
  };
  scan(loop.test?.before ?? []);
  scan(loop.body);
  const needed = new Set<Name>();
  const need = (n: Name): void => {
    const made = steady.get(n);
    if (made === undefined || needed.has(n)) return;
    needed.add(n);
    for (const a of atomsOf(made.value)) if (isName(a)) need(a);
  };
  for (const [n, made] of steady) if (isCostly(made.value)) need(n);
  if (needed.size === 0) return [loop];
  const moved = [...steady].filter(([n]) => needed.has(n)).map(([, made]) => made);
  return [...withoutTwins(moved), mapBlocks(loop, (b) => without(b, needed))].flat();
}

const without = (stmts: readonly Stmt[], gone: ReadonlySet<Name>): Stmt[] =>
  stmts.flatMap((s) =>
    s.s === "let" && gone.has(s.name) ? [] : [mapBlocks(s, (b) => without(b, gone))],
  );

/** What is written twice is computed once. */
function withoutTwins(moved: readonly Let[]): Let[] {
  const names = new Map<Name, Name>();
  const known = new Map<string, Name>();
  const ids = new Map<Atom, number>();
  const idOf = (a: Atom): string => {
    if (!isName(a)) return JSON.stringify(a.literal) ?? "undefined";
    const n = names.get(a) ?? a;
    if (!ids.has(n)) ids.set(n, ids.size);
    return `#${ids.get(n)}`;
  };
  return moved.map((s): Let => {
    const { value } = s;
    const what =
      value.op === "arith" || value.op === "sign"
        ? value.operator
        : value.op === "math"
          ? value.name
          : "";
    const key = `${value.op} ${what} ${atomsOf(value).map(idOf).join(" ")}`;
    const before = known.get(key);
    if (before === undefined) {
      known.set(key, s.name);
      return s;
    }
    names.set(s.name, before);
    return { ...s, value: { op: "copy", value: before } };
  });
}

const leaves = (stmts: readonly Stmt[]): boolean =>
  stmts.some(
    (s) => s.s === "break" || s.s === "continue" || s.s === "return" || blocksOf(s).some(leaves),
  );

function setInClosures(stmts: readonly Stmt[]): Set<Name> {
  const found = new Set<Name>();
  eachStmt(stmts, (s) => {
    if (s.s === "closure")
      eachStmt(s.body, (inner) => {
        if (inner.s === "set") found.add(inner.name);
      });
    if ((s.s === "let" || s.s === "set" || s.s === "do") && s.value.op === "plain")
      for (const n of s.value.sets ?? []) found.add(n);
  });
  return found;
}

const isPure = (op: Op): boolean =>
  op.op === "arith" ||
  op.op === "sign" ||
  op.op === "copy" ||
  (op.op === "math" && isRuled(op.name) && op.args.every((a) => !a.spread));

const isRuled = (name: string): boolean => {
  const kind = rules[name]?.kind;
  return kind === "unary" || kind === "binary";
};

const isCostly = (op: Op): boolean =>
  (op.op === "arith" &&
    op.operator === "**" &&
    !(!isName(op.args[1]) && op.args[1].literal === 2)) ||
  (op.op === "math" && !cheap.has(op.name));
