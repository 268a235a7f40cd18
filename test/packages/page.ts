import { readFileSync } from "node:fs";
import type { ModuleReport } from "babel-plugin-dualize";
import type { Case } from "./cases.ts";

/** A central difference, extrapolated to the step zero, and how far its last two stages are apart. */
export function extrapolated(f: (t: number) => number): { slope: number; error: number } {
  let best = { slope: Number.NaN, error: Number.POSITIVE_INFINITY };
  let row: number[] = [];
  for (let k = 0, h = 0.02; k < 8; k++, h /= 2) {
    const next = [(f(h) - f(-h)) / (2 * h)];
    for (const [i, before] of row.entries())
      next.push(next[i]! + (next[i]! - before) / (4 ** (i + 1) - 1));
    const error = k === 0 ? Number.POSITIVE_INFINITY : Math.abs(next[k]! - row[k - 1]!);
    if (error < best.error) best = { slope: next[k]!, error };
    row = next;
  }
  return best;
}

/** How many of the numeric functions in some files have a tangent form. */
interface Share {
  readonly fast: number;
  readonly all: number;
}

/** The shares of packages by their names, as the plugin reports on what was loaded of them. */
function sharesIn(reports: readonly ModuleReport[]): Map<string, Share> {
  const shares = new Map<string, Share>();
  for (const { file, functions } of reports) {
    const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? file;
    const { fast, all } = shares.get(name) ?? { fast: 0, all: 0 };
    const numeric = functions.filter((f) => f.computes);
    const isFast = numeric.filter((f) => f.form === "tangent");
    shares.set(name, { fast: fast + isFast.length, all: all + numeric.length });
  }
  return shares;
}

const written = ({ fast, all }: Share): string =>
  `${fast} of ${all} (${((100 * fast) / all).toFixed(1)} %)`;

/** docs/packages.md */
export function page(
  results: ReadonlyMap<string, string>,
  cases: Readonly<Record<string, readonly Case[]>>,
  reports: readonly ModuleReport[],
): string {
  const { dependencies } = JSON.parse(
    readFileSync(new URL("package.json", import.meta.url), "utf8"),
  ) as { dependencies: Record<string, string> };
  const rows = Object.entries(cases).flatMap(([name, list]) =>
    list.map(({ name: what }, i) => {
      const outcome = results.get(`${name} ${what}`) ?? "not run";
      const code = /DUAL\d+/.exec(outcome)?.[0];
      return `| ${i === 0 ? `${name} ${dependencies[name]}` : ""} | ${what} | ${
        code ? `refused: [${code}](errors.md#${code.toLowerCase()})` : outcome
      } |`;
    }),
  );
  const shares = [...sharesIn(reports)].filter(([, { all }]) => all > 0).sort();
  const total = shares.reduce(
    (sum, [, { fast, all }]) => ({ fast: sum.fast + fast, all: sum.all + all }),
    { fast: 0, all: 0 },
  );
  const right = [...results.values()].filter((r) => r === "right").length;
  const count = (word: string) => [...results.values()].filter((r) => r.startsWith(word)).length;
  return `# Packages

Published packages, as they are, with the plugin's option \`mark\` on each of their files and nothing else
done to them. Each line is a function of a few numbers that calls the package. *Right* means that its
value is that of the ordinary call, to the last bit, that its derivative agrees with an extrapolated
difference of the package without the plugin, and that ordinary calls give the same as before.

The tests try all but the largest packages. This page is written by the full run: \`npm run packages\`.

**${right} of ${results.size} right, ${count("refused")} refused with a code, none wrong.**

| package | what is called | derivative |
|---|---|---|
${rows.join("\n")}

## Fast forms

How many of the numeric functions in the files that these calls load have the tangent form. They are JavaScript, most
of them without a word about types: **${written(total)}**.

${shares.map(([name, share]) => `- ${name}: ${written(share)}`).join("\n")}
`;
}
