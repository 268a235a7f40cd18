import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** The pages that people read: those of the packages and examples, and all of docs/. */
export function pages(): string[] {
  const inDocs = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" });
  const readmes = ["packages", "examples"].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(folder, name, "README.md")),
  );
  return [
    ...["README.md", "CHANGELOG.md", "babel-plugin/README.md"],
    ...readmes.filter((file) => existsSync(join(root, file))),
    ...inDocs.filter((file) => file.endsWith(".md")).map((file) => join("docs", file)),
  ];
}

/** A fenced block: ```` ```ts run ```` has the language `ts` and the words `["run"]`. */
export interface Fence {
  readonly language: string;
  readonly words: readonly string[];
  readonly code: string;
  /** The line of the page that the code begins in, counted from 1. */
  readonly line: number;
}

export function fences(text: string): Fence[] {
  return [...text.matchAll(/^```(\w+)([^\n]*)\n(.*?)^```$/gms)].map((match) => ({
    language: match[1] as string,
    words: (match[2] as string).split(" ").filter((word) => word !== ""),
    code: match[3] as string,
    line: text.slice(0, match.index).split("\n").length + 1,
  }));
}

/** What the links of a page point to, without those to other sites. */
export function relativeLinks(text: string): string[] {
  const prose = text.replaceAll(/^```.*?^```$/gms, "").replaceAll(/`[^`\n]*`/g, "");
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target as string);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors that a page's headings have, as GitHub makes them. */
export function anchors(text: string): string[] {
  const prose = text.replaceAll(/^```.*?^```$/gms, "");
  return [...prose.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    (title as string)
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(" ", "-"),
  );
}
