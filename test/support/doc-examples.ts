import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as dualize from "dualize";
import { root } from "./markdown.ts";

/** A doc comment's example, and the first thing declared after it. */
export interface DocExample {
  readonly name: string;
  readonly code: string;
}

/** The examples in the doc comments of all transforms and of `dualize/dual`. */
export function docExamples(): DocExample[] {
  const sources = join(root, "packages/dualize/src");
  const files = [
    ...readdirSync(join(sources, "transforms")).map((name) => `transforms/${name}`),
    "dual.ts",
  ];
  const importsFor = (code: string): string => {
    const used = Object.keys(dualize).filter((name) => new RegExp(`\\b${name}\\b`).test(code));
    return used.length > 0 ? `import { ${used.join(", ")} } from "dualize";\n` : "";
  };
  return files.flatMap((file) => {
    const text = readFileSync(join(sources, file), "utf8");
    return [...text.matchAll(/\/\*\*(.*?)\*\/\s*([^\n]*)/gs)].flatMap(
      ([, comment = "", next = ""]) => {
        const block = comment.split("@example")[1]?.split(/^ *\* @/m)[0];
        if (block === undefined) return [];
        const name = /^export (?:const|function|class) (\w+)/.exec(next)?.[1] ?? file;
        const code = block.replaceAll(/^ *\* ?/gm, "").trim();
        return [{ name, code: /^import/m.test(code) ? code : importsFor(code) + code }];
      },
    );
  });
}
