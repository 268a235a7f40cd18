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
  const names = Object.keys(dualize).join(", ");
  return files.flatMap((file) => {
    const text = readFileSync(join(sources, file), "utf8");
    return [...text.matchAll(/\/\*\*(.*?)\*\/\s*([^\n]*)/gs)].flatMap(
      ([, comment = "", next = ""]) => {
        const block = comment.split("@example")[1]?.split(/^ *\* @/m)[0];
        if (block === undefined) return [];
        const name = /^export (?:const|function|class) (\w+)/.exec(next)?.[1] ?? file;
        const code = block.replaceAll(/^ *\* ?/gm, "").trim();
        const imports = /^import/m.test(code) ? "" : `import { ${names} } from "dualize";\n`;
        return [{ name, code: imports + code }];
      },
    );
  });
}
