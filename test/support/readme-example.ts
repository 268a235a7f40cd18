import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./markdown.ts";

const read = (page: string) => readFileSync(join(root, page), "utf8");

/** The README's first example as commands to paste, which write its files too. */
export function readmeCommands(): string {
  const [, commands] = /<!-- first-example -->\s*```sh\n(.*?)^```/ms.exec(read("README.md")) ?? [];
  if (commands === undefined) throw new Error("the README has no first example");
  return commands;
}

/** The files of the README's first example, by name, and as `output` what `main.ts` prints. */
export function readmeExample(): Map<string, string> {
  const files = readmeCommands().matchAll(/^cat > (\S+) <<'EOF'\n(.*?)^EOF$/gms);
  const named = [...files].map(([, name = "", text = ""]) => [name, text] as const);
  return new Map([...named, ...markedBlocks("README.md", "first-example")]);
}

/** The configurations in docs/build-tools.md, each under a marker such as `<!-- install: vite.config.js -->`. */
export const configurations = (marker = "install"): Map<string, string> =>
  markedBlocks("docs/build-tools.md", marker);

function markedBlocks(page: string, marker: string): Map<string, string> {
  const marked = new RegExp(`<!-- ${marker}: (\\S+) -->\\s*\`\`\`\\w*\\n(.*?)^\`\`\``, "gms");
  return new Map([...read(page).matchAll(marked)].map(([, name = "", text = ""]) => [name, text]));
}
