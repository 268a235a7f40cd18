import * as dualize from "dualize";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Workspace } from "../babel-plugin/test/support/workspace.ts";
import { docExamples } from "./support/doc-examples.ts";
import { runExample } from "./support/examples.ts";
import { typeErrors } from "./support/type-check.ts";

const examples = docExamples();

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
