import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as dualize from "dualize";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Workspace } from "../babel-plugin/test/support/workspace.ts";
import { runExample } from "./support/examples.ts";
import { root } from "./support/markdown.ts";
import { typeErrors } from "./support/type-check.ts";

const sources = join(root, "packages/dualize/src");
const files = [
  ...readdirSync(join(sources, "transforms")).map((name) => `transforms/${name}`),
  "dual.ts",
];

/** A doc comment's example, and the first thing declared after it. */
interface Example {
  readonly name: string;
  readonly code: string;
}

const names = Object.keys(dualize).join(", ");
const examples: Example[] = files.flatMap((file) => {
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

let workspace: Workspace;
beforeAll(async () => {
  workspace = await Workspace.open("doc-examples");
});
afterAll(() => workspace?.close());

describe("the example in the doc comment of", () => {
  it.each(examples)("$name gives what it says", async ({ name, code }) => {
    const compared = await runExample(workspace, code, name);
    if (/;\s*\/\/ /.test(code)) expect(compared).toBeGreaterThan(0);
  });
});

it("has no type errors", () => {
  expect(typeErrors(examples.map(({ name, code }) => ({ where: name, code })))).toEqual([]);
});

it("is there for every public function", () => {
  const documented = examples.map(({ name }) => name);
  const functions = Object.entries(dualize).filter(([name]) => /^[a-z]/.test(name));
  expect(functions.map(([name]) => name).filter((name) => !documented.includes(name))).toEqual([]);
});
