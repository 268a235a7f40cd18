import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { rulesPage } from "../../../scripts/docs-rules.ts";
import { rules } from "../src/rules.ts";

describe("docs/rules.md", () => {
  const checkedIn = readFileSync(new URL("../../../docs/rules.md", import.meta.url), "utf8");

  test("is what `npm run docs:rules` makes of the table", () => {
    expect(checkedIn).toBe(rulesPage());
  });
  test("has a row for every function in the table", () => {
    for (const name of Object.keys(rules)) expect(checkedIn).toContain(`Math.${name}`);
  });
});
