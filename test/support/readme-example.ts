import { readFileSync } from "node:fs";

/**
 * The files of the README's first example, by name. Each is a fenced block under a marker:
 *
 *     <!-- first-example: main.ts -->
 *     ```ts
 *     ...
 *     ```
 *
 * The block named `output` is what running `main.ts` prints.
 */
export function readmeExample(): Map<string, string> {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const marked = /<!-- first-example: (\S+) -->\s*```\w*\n(.*?)^```/gms;
  return new Map([...readme.matchAll(marked)].map(([, name = "", text = ""]) => [name, text]));
}
