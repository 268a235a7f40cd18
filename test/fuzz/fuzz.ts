import fc from "fast-check";
import { check } from "./check.ts";
import { type Program, programs } from "./grammar.ts";

export interface Summary {
  programs: number;
  /** How many functions have a tangent form. */
  withForm: number;
  /** How many of them took the arguments. */
  taken: number;
  threw: number;
  differences: number;
  /** Why functions have no tangent form, and how often. */
  readonly reasons: Map<string, number>;
  readonly failures: { index: number; message: string }[];
}

/** Checks random programs until so many have failed; each failure is made small. */
export function fuzz({ runs, seed, failures = 1, shrinkFor = 20_000 }: { runs: number; seed: number; failures?: number; shrinkFor?: number }): Summary {
  if (process.env.FUZZ_TRACE) console.error("sampling");
  const summary: Summary = { programs: 0, withForm: 0, taken: 0, threw: 0, differences: 0, reasons: new Map(), failures: [] };
  for (const [index, program] of fc.sample(programs, { seed, numRuns: runs }).entries()) {
    summary.programs++;
    if (process.env.FUZZ_TRACE) console.error(index, program.source);
    try {
      count(program, summary);
    } catch {
      summary.failures.push({ index, message: shrunk(seed, index, shrinkFor) });
      if (summary.failures.length >= failures) break;
    }
  }
  return summary;
}

function count(program: Program, summary: Summary): void {
  const outcome = check(program);
  if (outcome.fallback === undefined) summary.withForm++;
  else summary.reasons.set(outcome.fallback, (summary.reasons.get(outcome.fallback) ?? 0) + 1);
  if (outcome.tookTangent) summary.taken++;
  if (outcome.threw) summary.threw++;
  summary.differences += outcome.differences;
}

/** The simplest program found that fails, and how. */
function shrunk(seed: number, index: number, shrinkFor: number): string {
  const details = fc.check(fc.property(programs, (program) => void check(program)), {
    seed,
    path: String(index),
    numRuns: 1,
    endOnFailure: false,
    interruptAfterTimeLimit: shrinkFor,
  });
  const error = details.errorInstance;
  return error instanceof Error ? `${error.message}` : "it did not fail again";
}
