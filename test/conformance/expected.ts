import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Mode, modes, type Outcome } from "./realm.ts";
import { kindOf, reasonOf } from "./reasons.ts";
import type { Answer } from "./worker.ts";

/** The tests that are known not to pass, by mode and reason: `expected.json`. */

interface Listed {
  /** The version of Node that the list was made with: what counts depends on it. */
  readonly node: string;
  readonly tests: Readonly<Partial<Record<Mode, Readonly<Record<string, readonly string[]>>>>>;
}

const file = fileURLToPath(new URL("expected.json", import.meta.url));
const sampleFile = fileURLToPath(new URL("sample.txt", import.meta.url));

export const nodeVersion = (): string => `${process.versions.node.split(".")[0]}`;

const listed = (): Listed =>
  existsSync(file)
    ? (JSON.parse(readFileSync(file, "utf8")) as Listed)
    : { node: nodeVersion(), tests: {} };

/** The version of Node that the list is for. */
export const listedFor = (): string => listed().node;

/** The names of the tests that `npm test` runs. */
export const sample = (): string[] => readFileSync(sampleFile, "utf8").split("\n").filter(Boolean);

/** Says which outcomes are worse than the list allows, in a line each. */
export function regressions(results: ReadonlyMap<string, Answer>): string[] {
  const { tests } = listed();
  return modes.flatMap((mode) => {
    const known = new Map<string, Outcome["kind"]>();
    for (const [reason, names] of Object.entries(tests[mode] ?? {}))
      for (const name of names) known.set(name, kindOf(reason));
    return [...results].flatMap(([name, answer]) => {
      const outcome = answer[mode];
      if (!outcome || outcome.kind === "passed") return [];
      const allowed = known.get(name);
      // What failed before may be refused now: that is what we want of it.
      if (allowed === "failed" || allowed === outcome.kind) return [];
      return [`${name} (${mode}): ${outcome.kind}, ${outcome.why}`];
    });
  });
}

/** Writes the list anew: what was run as it came out, the rest as it stood. */
export function writeExpected(results: ReadonlyMap<string, Answer>): void {
  const before = listed();
  const tests: Record<string, Record<string, string[]>> = {};
  for (const mode of modes) {
    const byReason: Record<string, string[]> = {};
    const add = (reason: string, name: string): void => {
      byReason[reason] ??= [];
      byReason[reason].push(name);
    };
    for (const [reason, names] of Object.entries(before.tests[mode] ?? {}))
      for (const name of names) if (!results.has(name)) add(reason, name);
    for (const [name, answer] of results) {
      const outcome = answer[mode];
      if (outcome && outcome.kind !== "passed") add(reasonOf(name, mode, outcome), name);
    }
    tests[mode] = Object.fromEntries(
      Object.keys(byReason)
        .sort()
        .map((reason) => [reason, byReason[reason]?.sort() ?? []]),
    );
  }
  writeFileSync(file, `${JSON.stringify({ node: nodeVersion(), tests }, null, 2)}\n`);
}
