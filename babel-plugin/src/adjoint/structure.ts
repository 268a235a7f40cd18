import { INERT } from "../analysis/kind.ts";
import {
  blocksOf,
  eachStmt,
  hasEffects,
  type Label,
  type Loop,
  literal,
  mapBlocks,
  type Name,
  name,
  type Op,
  type Program,
  type Stmt,
} from "../lower/form.ts";

/** A program whose every list of statements runs to its end, but for loops that are left there. */
export interface Structured {
  readonly params: readonly Name[];
  readonly body: Stmt[];
  /** What the program gives. */
  readonly result: Name;
  readonly returns: Program["returns"];
}

/** How an exit is told from going on, where something follows that only the latter may run. */
export interface Tests {
  readonly equals: (variable: Name, code: number) => Op;
}

/**
 * Rewrites a program so that what leaves a block early stands at the end of all lists around it: the
 * statements after a branch that may leave move into the branch that does not. A program like that
 * can be run backwards list by list.
 */
export function structure(program: Program, tests: Tests): Structured {
  const result = name("result", program.returns, true);
  const whole: Label = { hint: "body" };
  const returned = (stmts: readonly Stmt[]): Stmt[] =>
    stmts.flatMap((s): Stmt[] => {
      if (s.s === "return")
        return [
          ...(s.value === undefined
            ? []
            : [
                {
                  s: "set",
                  name: result,
                  value: { op: "copy", value: s.value },
                  node: s.node,
                } as const,
              ]),
          { s: "break", label: whole },
        ];
      return [mapBlocks(s, returned)];
    });
  const first = program.returns.k === "num" ? literal(0) : literal(undefined);
  const body: Stmt[] = [
    { s: "let", name: result, value: { op: "copy", value: first } },
    ...list([{ s: "block", label: whole, body: returned(program.body) }], tests),
  ];
  return { params: program.params, body, result, returns: program.returns };
}

function list(stmts: readonly Stmt[], tests: Tests): Stmt[] {
  const done: Stmt[] = [];
  for (let i = 0; i < stmts.length; i++) {
    const s = stmts[i] as Stmt;
    const rest = stmts.slice(i + 1);
    switch (s.s) {
      case "break":
      case "continue":
      case "throw":
        return [...done, s];
      case "block": {
        const inner = without(list(s.body, tests), s.label);
        if (exits(inner).length === 0) {
          done.push(...inner);
          continue;
        }
        return [...done, ...list([...inner, ...rest], tests)];
      }
      case "loop": {
        const { stmts: made, left } = loop(s, tests);
        done.push(...made);
        if (left === undefined) continue;
        return [...done, ...leave(left, rest, tests)];
      }
      case "if": {
        const yes = list(s.yes, tests);
        const otherwise = list(s.otherwise, tests);
        const made: Stmt = { ...s, yes, otherwise };
        if (exits([made]).length === 0 || rest.length === 0) {
          done.push(made);
          continue;
        }
        if (always(yes))
          return [...done, { ...s, yes, otherwise: list([...otherwise, ...rest], tests) }];
        if (always(otherwise))
          return [...done, { ...s, yes: list([...yes, ...rest], tests), otherwise }];
        const left = exitCell(exits([made]));
        done.push(left.declaration, ...marked([made], left));
        return [...done, ...leave(left, rest, tests)];
      }
      default:
        done.push(s);
    }
  }
  return done;
}

type Exit = Extract<Stmt, { s: "break" | "continue" }>;

/** Which exit was taken: 0 for none. */
interface Left {
  readonly cell: Name;
  readonly ways: readonly Exit[];
  readonly declaration: Stmt;
}

function exitCell(ways: readonly Exit[]): Left {
  const distinct = ways.filter(
    (w, i) => ways.findIndex((o) => o.s === w.s && o.label === w.label) === i,
  );
  const cell = name("left", INERT, true);
  return {
    cell,
    ways: distinct,
    declaration: { s: "let", name: cell, value: { op: "copy", value: literal(0) } },
  };
}

const codeOf = ({ ways }: Left, exit: Exit): number =>
  1 + ways.findIndex((w) => w.s === exit.s && w.label === exit.label);

/** The exits that leave some statements. */
function exits(stmts: readonly Stmt[], own: readonly Label[] = []): Exit[] {
  return stmts.flatMap((s): Exit[] => {
    if (s.s === "break" || s.s === "continue") return own.includes(s.label) ? [] : [s];
    const within = s.s === "loop" || s.s === "block" ? [...own, s.label] : own;
    return blocksOf(s).flatMap((b) => exits(b, within));
  });
}

function always(stmts: readonly Stmt[]): boolean {
  const last = stmts.at(-1);
  if (last === undefined) return false;
  if (last.s === "break" || last.s === "continue" || last.s === "throw") return true;
  return last.s === "if" && always(last.yes) && always(last.otherwise);
}

/** Leaving a block at its end is going on. */
function without(stmts: readonly Stmt[], label: Label): Stmt[] {
  return stmts.flatMap((s): Stmt[] => {
    if (s.s === "break" && s.label === label) return [];
    if (s.s === "if")
      return [{ ...s, yes: without(s.yes, label), otherwise: without(s.otherwise, label) }];
    return [s];
  });
}

/** The exits are told of, and taken later. */
function marked(stmts: readonly Stmt[], left: Left, label?: Label): Stmt[] {
  return stmts.flatMap((s): Stmt[] => {
    if (s.s === "break" || s.s === "continue") {
      if (s.label === label) return [s];
      const code = codeOf(left, s);
      if (code === 0) return [s];
      const told: Stmt = { s: "set", name: left.cell, value: { op: "copy", value: literal(code) } };
      return label === undefined ? [told] : [told, { s: "break", label }];
    }
    if (s.s === "if")
      return [
        { ...s, yes: marked(s.yes, left, label), otherwise: marked(s.otherwise, left, label) },
      ];
    return [s];
  });
}

/** Takes the exit that was told of, or goes on. */
function leave(left: Left, rest: readonly Stmt[], tests: Tests): Stmt[] {
  let otherwise = list(rest, tests);
  for (const way of left.ways.toReversed()) {
    const test = name("v", INERT);
    otherwise = [
      { s: "let", name: test, value: tests.equals(left.cell, codeOf(left, way)) },
      { s: "if", test, yes: [way], otherwise },
    ];
  }
  return otherwise;
}

/** A loop whose test changes something tests in its body, which is run backwards, and goes on until that leaves it. */
function testedInside(s: Loop): Loop {
  if (s.test === undefined || !changesSomething(s.test.before)) return s;
  const leaving: Stmt = { s: "break", label: s.label };
  const test: Stmt[] = [
    ...s.test.before,
    { s: "if", test: s.test.value, yes: [], otherwise: [leaving] },
  ];
  const made = { ...s, test: undefined, counter: undefined };
  return s.testLast
    ? { ...made, testLast: false, update: [...s.update, ...test] }
    : { ...made, body: [...test, ...s.body] };
}

function changesSomething(stmts: readonly Stmt[]): boolean {
  let found = false;
  eachStmt(stmts, (s) => {
    if (s.s === "set" || s.s === "write") found = true;
    if (s.s === "let" || s.s === "do") found ||= hasEffects(s.value);
  });
  return found;
}

function loop(given: Loop, tests: Tests): { stmts: Stmt[]; left: Left | undefined } {
  const s = testedInside(given);
  // What goes on with the next round leaves the body at its end.
  const round: Label = { hint: "round" };
  const goOn = (stmts: readonly Stmt[]): Stmt[] =>
    stmts.map((x) =>
      x.s === "continue" && x.label === s.label ? { s: "break", label: round } : mapBlocks(x, goOn),
    );
  const isCounted = s.counter !== undefined;
  const body = list(
    [{ s: "block", label: round, body: goOn(s.body) }, ...(isCounted ? [] : s.update)],
    tests,
  );
  const outward = exits(body, [s.label]);
  const made = { ...s, body, update: isCounted ? s.update : [] };
  if (outward.length === 0) return { stmts: [made], left: undefined };
  const left = exitCell(outward);
  return {
    stmts: [left.declaration, { ...made, body: marked(body, left, s.label) }],
    left,
  };
}
