import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Mode, modes, type Outcome } from "./realm.ts";
import { kindOf, reasonOf } from "./reasons.ts";
import type { Answer } from "./worker.ts";

/** `docs/conformance.md`, from what became of the tests. */

const page = fileURLToPath(new URL("../../docs/conformance.md", import.meta.url));

const intro = `# Conformance

How much of the language the dual form is, by the language's own tests:
[test262](https://github.com/tc39/test262) of TC39. A test is wrapped into a marked function and run by
\`jvp\` in the dual form. It counts where the same wrapped test passes in this Node without the plugin.

- **constants**: the test as it is; the test's helpers (\`assert\` and the like) are marked too
- **unmarked helpers**: the helpers are ordinary unmarked code, as a library would be
- **active literals**: every number that is written in the test is active, \`5\` becomes \`5 + x\` with
  \`x = 0\` and the direction 1; assertions compare primals

A test that does not pass either is **refused**, with an error that has a [DUAL code](errors.md), or
**fails**. Each that is known is in \`test/conformance/expected.json\` with its reason, and anything
worse than that list fails \`npm test\`, which runs a fixed sample of 1,500 names where the suite is
there: \`TEST262=FOLDER\`, or \`../shared/data/test262.tar.gz\` beside the checkout.

The sample is spread over all directories. It leaves out what takes minutes: the generated tests of
regular expressions for each script of Unicode, and those of identifiers made of all its letters.

\`npm run conformance -- --test262 FOLDER\` runs all of it in some hours and can be interrupted; \`--every 23\`
runs each 23rd test, \`--from 5\` from the sixth on, \`--only REGEXP\` some of them,
\`--mode MODE\` one mode, \`--write\` writes this page and the list anew.
`;

const row = (cells: readonly unknown[]): string => `| ${cells.join(" | ")} |`;
const table = (head: readonly string[], rows: readonly (readonly unknown[])[]): string =>
  [row(head), row(head.map((_, i) => (i === 0 ? "---" : "--:"))), ...rows.map(row)].join("\n");
const percent = (part: number, whole: number): string =>
  whole === 0 ? "" : `${((100 * part) / whole).toFixed(1)} %`;

const count = (of: readonly Outcome[], kind: Outcome["kind"]): number =>
  of.filter((o) => o.kind === kind).length;

/** The directory that a test is counted in. */
const groupOf = (name: string): string => name.split("/").slice(0, 2).join("/");

export function pageOf(results: ReadonlyMap<string, Answer>, all: number, node: string): string {
  const outcomes = (mode: Mode, group?: string): Outcome[] =>
    [...results].flatMap(([name, answer]) =>
      group === undefined || groupOf(name) === group ? (answer[mode] ?? []) : [],
    );
  const cells = (of: readonly Outcome[]) => [
    of.length,
    count(of, "passed"),
    count(of, "refused"),
    count(of, "failed"),
  ];
  const head = ["counted", "passed", "refused", "failed"];
  const totals = modes.map((mode) => {
    const of = outcomes(mode);
    const right = count(of, "passed") + count(of, "refused");
    return [mode, ...cells(of), percent(count(of, "passed"), of.length), percent(right, of.length)];
  });
  const groups = [...new Set([...results.keys()].map(groupOf))].sort();
  const perGroup = (mode: Mode) =>
    groups
      .map((group) => [`\`${group}\``, ...cells(outcomes(mode, group))] as const)
      .filter(([, counted]) => counted !== 0);
  return [
    intro,
    `Measured on ${results.size.toLocaleString("en")} of ${all.toLocaleString("en")} files, with Node ${node}.\n`,
    table(["mode", ...head, "passed", "passed or refused"], totals),
    "",
    "## Reasons",
    "",
    table(["reason", "outcome", ...modes], reasons(results)),
    "",
    "## By directory",
    ...modes.flatMap((mode) => [
      "",
      `### ${mode}`,
      "",
      table(["directory", ...head], perGroup(mode)),
    ]),
    "",
  ].join("\n");
}

function reasons(results: ReadonlyMap<string, Answer>): unknown[][] {
  const counts = new Map<string, number[]>();
  for (const [name, answer] of results) {
    modes.forEach((mode, i) => {
      const outcome = answer[mode];
      if (!outcome || outcome.kind === "passed") return;
      const reason = reasonOf(name, mode, outcome);
      const of = counts.get(reason) ?? modes.map(() => 0);
      of[i] = (of[i] ?? 0) + 1;
      counts.set(reason, of);
    });
  }
  const total = (of: readonly number[]) => of.reduce((a, b) => a + b, 0);
  return [...counts]
    .sort(([, a], [, b]) => total(b) - total(a))
    .map(([reason, of]) => [reason, kindOf(reason), ...of]);
}

export function writePage(results: ReadonlyMap<string, Answer>, all: number, node: string): void {
  writeFileSync(page, pageOf(results, all, node));
}
