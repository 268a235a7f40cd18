import { transformSync as stripTypes } from "esbuild";
import fc from "fast-check";
import { check, type Outcome } from "./check.ts";
import { checkWorld } from "./check-world.ts";
import { type Program, programs } from "./grammar.ts";
import { worlds } from "./worlds.ts";

interface Failure {
  readonly index: number;
  readonly message: string;
}

export interface Options {
  readonly runs: number;
  readonly seed: number;
  /** After how many failures to stop. */
  readonly failures?: number;
  /** How long a failure may be made smaller, in milliseconds. */
  readonly shrinkFor?: number;
  /** Takes the types off first, so that only uses tell what values are. */
  readonly untyped?: boolean;
  /** Programs of several files instead, with what they change. */
  readonly worlds?: boolean;
  /** Lets a marked function make it, so that it sees helpers and constants around it. */
  readonly made?: boolean;
  /** Makes its helpers so large that none is written where it is called: each has sweeps of its own. */
  readonly apart?: boolean;
  readonly onFailure?: (failure: Failure) => void;
}

export interface Summary {
  programs: number;
  /** How many functions have a tangent form. */
  withForm: number;
  /** How many of them took the arguments. */
  taken: number;
  threw: number;
  differences: number;
  /** How many were left out, as their lists grow without bound. */
  outgrown: number;
  /** Why functions have no tangent form, and how often. */
  readonly reasons: Map<string, number>;
  readonly failures: Failure[];
}

/** Checks random programs until so many have failed; each failure is made small. */
export function fuzz({
  runs,
  seed,
  failures = 1,
  shrinkFor = 20_000,
  untyped = false,
  made = false,
  apart = false,
  worlds: isOfFiles = false,
  onFailure,
}: Options): Summary {
  const changed = (program: Program): Program => {
    const written = made ? madeInside(program) : program;
    const kept = apart ? setApart(written) : written;
    return untyped ? withoutTypes(kept) : kept;
  };
  const each: Each<unknown> = isOfFiles
    ? { of: worlds, check: checkWorld as never }
    : { of: programs, check: (program) => check(changed(program as Program)) };
  const summary: Summary = {
    programs: 0,
    withForm: 0,
    taken: 0,
    threw: 0,
    differences: 0,
    outgrown: 0,
    reasons: new Map(),
    failures: [],
  };
  for (const [index, program] of fc.sample(each.of, { seed, numRuns: runs }).entries()) {
    summary.programs++;
    try {
      count(each.check(program), summary);
    } catch {
      const failure = { index, message: shrunk(seed, index, shrinkFor, each) };
      summary.failures.push(failure);
      onFailure?.(failure);
      if (summary.failures.length >= failures) break;
    }
  }
  return summary;
}

/** What is checked, and how. */
interface Each<P> {
  readonly of: fc.Arbitrary<P>;
  readonly check: (program: P) => Outcome;
}

function count(outcome: Outcome, summary: Summary): void {
  if (outcome.outgrown) {
    summary.outgrown++;
    return;
  }
  if (outcome.fallback === undefined) summary.withForm++;
  else summary.reasons.set(outcome.fallback, (summary.reasons.get(outcome.fallback) ?? 0) + 1);
  if (outcome.tookTangent) summary.taken++;
  if (outcome.threw) summary.threw++;
  summary.differences += outcome.differences;
}

const withoutTypes = (program: Program): Program => ({
  ...program,
  source: stripTypes(program.source, { loader: "ts", format: "esm", target: "esnext" }).code,
});

/** Statements that do nothing, as many as make a function too large to be written in place. */
const PADDING = "0; ".repeat(130);

const setApart = (program: Program): Program => ({
  ...program,
  source: program.source.replace(/^(function h\d+\(.*\{)$/gm, `$1\n  ${PADDING}`),
});

function madeInside(program: Program): Program {
  const at = program.source.search(/^(function|export function) /m);
  const types = program.source.slice(0, at);
  const constants: string[] = [];
  const functions = program.source
    .slice(at)
    .replace("export function", "function")
    .replace(/\b\d+\.\d+\b/g, (literal) =>
      constants.length < 3 ? `c${constants.push(literal)}` : literal,
    );
  const declared = constants.map((c, i) => `const c${i + 1} = ${c};`).join(" ");
  const source = `${types}function make() {\n"use dual";\n${declared}\n${functions}return f;\n}\nexport const f = make();\n`;
  return { ...program, source };
}

/** The simplest program found that fails, and how. */
function shrunk(
  seed: number,
  index: number,
  shrinkFor: number,
  { of, check }: Each<unknown>,
): string {
  const details = fc.check(
    fc.property(of, (program) => void check(program)),
    {
      seed,
      path: String(index),
      numRuns: 1,
      endOnFailure: false,
      interruptAfterTimeLimit: shrinkFor,
    },
  );
  const error = details.errorInstance;
  return error instanceof Error ? `${error.message}` : "it did not fail again";
}
