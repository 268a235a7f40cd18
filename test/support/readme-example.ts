import { readFileSync } from "node:fs";

/**
 * The files of the README's first example, by name. Each is a fenced block under a marker:
 *
 *     <!-- first-example: main.ts -->
 *     ```ts
 *     ...
 *     ```
 *
 * The block named `command` runs `main.ts`, and `output` is what that prints.
 */
export const readmeExample = (): Map<string, string> => markedBlocks("first-example");

/** A configuration of the README's chapter "Install", under a marker such as `<!-- install: vite.config.js -->`. */
export function readmeConfiguration(file: string): string {
  const text = markedBlocks("install").get(file);
  if (text === undefined) throw new Error(`the README has no ${file}`);
  return text;
}

function markedBlocks(marker: string): Map<string, string> {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const marked = new RegExp(`<!-- ${marker}: (\\S+) -->\\s*\`\`\`\\w*\\n(.*?)^\`\`\``, "gms");
  return new Map([...readme.matchAll(marked)].map(([, name = "", text = ""]) => [name, text]));
}
