import { readFileSync } from "node:fs";
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

/** docs/packages.md */
export function page(
  results: ReadonlyMap<string, string>,
  cases: Readonly<Record<string, readonly Case[]>>,
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
`;
}
