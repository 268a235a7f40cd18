import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { bundlers } from "./build-tools/bundlers.ts";
import { root } from "./support/markdown.ts";
import { toolNames, toolsTable } from "./support/tools-table.ts";

/** `UPDATE_DOCS=1 npx vitest run test/tools-table.test.ts` writes the README's table of tools anew. */

const readme = join(root, "README.md");
const TABLE = /^\| tool \| tested \| line \|\n(?:\|.*\n)+/m;

it("the README's table of tools has the versions that the tests run", () => {
  const text = readFileSync(readme, "utf8");
  const updated = text.replace(TABLE, toolsTable);
  if (process.env.UPDATE_DOCS !== undefined) writeFileSync(readme, updated);
  else expect(text).toBe(updated);
  expect(updated).toContain(toolsTable());
});

it("names each bundler and framework that tests build with, and none that they do not", () => {
  const ran = new Set(bundlers.map(({ name }) => name.replace(/,.*/, "")));
  for (const name of ran) expect(toolNames).toContain(name);
  const page = readFileSync(join(root, "docs/build-tools.md"), "utf8");
  const frameworks = [...page.matchAll(/^<!-- framework: (\w+) -->/gm)].map(([, name]) => name);
  const named = toolNames.map((name) => name.toLowerCase().replace(".js", ""));
  expect(frameworks.length).toBeGreaterThan(4);
  for (const name of frameworks) expect(named).toContain(name);
});

it("has an entry of unplugin-dualize for each line that imports one", () => {
  const entries = [...toolsTable().matchAll(/unplugin-dualize\/(\w+)/g)].map(([, entry]) => entry);
  expect(new Set(entries).size).toBe(8);
  for (const entry of entries)
    expect(existsSync(join(root, `packages/unplugin-dualize/src/${entry}.ts`)), entry).toBe(true);
});
