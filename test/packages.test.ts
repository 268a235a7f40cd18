import { readFileSync, writeFileSync } from "node:fs";
import { jvp } from "dualize";
import { beforeAll, describe, expect, it } from "vitest";
import { casesOf } from "./packages/cases.ts";
import { type Loaded, load } from "./packages/load.ts";
import { extrapolated, page } from "./packages/page.ts";

/** Those that take long to compile; `PACKAGES=all` tries them too, and writes the page. */
const large = ["astronomy-engine", "cannon-es", "jstat"];
const all = process.env.PACKAGES === "all";
const isTried = (name: string) => all || !large.some((l) => name.startsWith(l));
const names = Object.keys(casesOf({})).filter(isTried);
const results = new Map<string, string>();
let plain: Loaded;
let marked: Loaded;

beforeAll(async () => {
  plain = await load(false, isTried);
  marked = await load(true, isTried);
});

describe.each(names)("%s, as published", (name) => {
  const cases = casesOf({})[name] ?? [];
  it.each(cases.map((c, i) => [c.name, i] as const))("%s", (_, i) => {
    const { name: what, f, at } = casesOf(marked.packages)[name]![i]!;
    const original = casesOf(plain.packages)[name]![i]!.f;
    const ordinary = original(...at);
    expect(f(...at)).toBe(ordinary);
    const along = at.map((_, k) => 1 + k / 4);
    const of = (t: number) => original(...at.map((x, k) => x + t * along[k]!)) as number;
    let outcome = "right";
    try {
      const [value, tangent] = jvp(f, [...at], along) as [number, number];
      expect(value).toBe(ordinary);
      const { slope, error } = extrapolated(of);
      expect(Math.abs(tangent - slope)).toBeLessThan(
        1e-6 * Math.max(1, Math.abs(slope)) + 10 * error,
      );
    } catch (thrown) {
      const code = /^(DUAL\d+)/.exec((thrown as Error).message)?.[1];
      if (code === undefined) throw thrown;
      outcome = `refused: ${code}`;
    }
    results.set(`${name} ${what}`, outcome);
    // Ordinary results stay what they were after a derivative.
    expect(f(...at)).toBe(ordinary);
  });
});

it("is what docs/packages.md says", () => {
  const at = new URL("../docs/packages.md", import.meta.url);
  const text = page(results, casesOf({}), marked.reports);
  if (all) writeFileSync(at, text);
  const written = readFileSync(at, "utf8").split("\n");
  const rows = text.split("\n").filter((line) => /^[|-] /.test(line) && !line.includes("not run"));
  expect(rows.length).toBeGreaterThan(50);
  for (const row of rows) expect(written).toContain(row);
});
