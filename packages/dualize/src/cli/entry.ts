import { readFileSync } from "node:fs";

/** What the documentation says of a code, such as DUAL101; undefined where there is none like it. */
export function entryOf(code: string): string | undefined {
  const page = readFileSync(new URL("../errors.md", import.meta.url), "utf8");
  const entry = page.split(/^(?=##+ )/m).find((part) => part.startsWith(`### ${code}\n`));
  return entry?.slice("### ".length).trim();
}
