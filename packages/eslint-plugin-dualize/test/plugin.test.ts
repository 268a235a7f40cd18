import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { ESLint, type Linter, RuleTester } from "eslint";
import plugin from "eslint-plugin-dualize";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** The plugin as it is built, run by ESLint itself. */

const tools = fileURLToPath(new URL("../../../test/build-tools", import.meta.url));
const require = createRequire(join(tools, "package.json"));
const parser = require("@typescript-eslint/parser");
const eslint9: { ESLint: typeof ESLint } = require("eslint9");

RuleTester.describe = describe;
RuleTester.it = it;
const tester = new RuleTester();

const floor = 'function f(x) {\n  "use dual";\n  return x * Math.floor(2 * x);\n}\n';

describe("the rule errors", () => {
  tester.run("errors", plugin.rules.errors, {
    valid: [
      "export const one = 1;",
      'function f(x) {\n  "use dual";\n  return x * x;\n}',
      // Notes are of the other rule.
      floor,
      // What is no JavaScript to Babel alone is not ours to report.
      { code: "const a = /(?<a>.)|(?<a>b)/;\n" },
      { code: 'function f(x) { "use duel"; return x; }', options: [{ ignore: ["DUAL001"] }] },
    ],
    invalid: [
      {
        code: 'function f(x) {\n  "use duel";\n  return x;\n}',
        errors: [
          {
            message:
              'DUAL001: unknown directive "use duel"; did you mean "use dual"? More: npx dualize explain DUAL001',
            line: 2,
            column: 3,
            endLine: 2,
            endColumn: 14,
          },
        ],
      },
      {
        code: 'function f(x) {\n  "use dual";\n  return eval("x") * eval("x");\n}',
        errors: [
          { message: /^DUAL003: /, line: 3, column: 10 },
          { message: /^DUAL003: /, line: 3, column: 22 },
        ],
      },
    ],
  });
});

describe("the rule notes", () => {
  tester.run("notes", plugin.rules.notes, {
    valid: [
      'function f(x) {\n  "use duel";\n  return x;\n}',
      { code: floor, options: [{ ignore: ["DUAL007"] }] },
      floor.replace('"use dual"', "0"),
    ],
    invalid: [
      {
        code: floor,
        errors: [{ message: /^DUAL007: /, line: 3, column: 14, endLine: 3, endColumn: 31 }],
      },
      {
        code: floor.replace('"use dual"', "0"),
        filename: "src/models/steps.js",
        settings: { dualize: { mark: "src/models/**" } },
        errors: [{ message: /^DUAL007: /, line: 3, column: 14 }],
      },
    ],
  });
});

describe.each([
  ["10", ESLint],
  ["9", eslint9.ESLint],
])("recommended, in ESLint %s", (version, Linter) => {
  const lint = async (code: string, config: Linter.Config[] = []) => {
    const eslint = new Linter({
      overrideConfigFile: true,
      overrideConfig: [
        plugin.configs.recommended,
        { files: ["**/*.ts"], languageOptions: { parser } },
        ...config,
      ],
    });
    const [result] = await eslint.lintText(code, { filePath: "example.ts" });
    return result.messages.map((m) => `${m.line}:${m.column} ${m.severity} ${m.ruleId}`);
  };

  it("is of that version", () => {
    expect(Linter.version).toMatch(new RegExp(`^${version}\\.`));
  });

  it("has errors for errors and warnings for notes, in TypeScript too", async () => {
    const typed = floor.replace("f(x)", "f(x: number): number");
    expect(await lint(typed)).toEqual(["3:14 1 dualize/notes"]);
    expect(await lint('export function f(x: number) { "use duel"; return x; }')).toEqual([
      "1:32 2 dualize/errors",
    ]);
  });

  it("can be switched off by a comment, and by options", async () => {
    const commented = floor.replace("  return", "  // eslint-disable-next-line\n  return");
    expect(await lint(commented)).toEqual([]);
    const rules: Linter.RulesRecord = { "dualize/notes": ["error", { ignore: ["DUAL010"] }] };
    expect(await lint(floor, [{ rules }])).toEqual(["3:14 2 dualize/notes"]);
  });
});

describe("as its README has it", () => {
  // Within the workspace, where its packages are found.
  const folder = mkdtempSync(join(tools, "lint-"));
  beforeAll(() => {
    mkdirSync(join(folder, "src"));
    writeFileSync(join(folder, "src/steps.js"), `export ${floor}`);
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(join(folder, "src/wrong.ts"), 'export const f = () => {\n  "use duel";\n};\n');
    mkdirSync(join(folder, "node_modules"));
    const built = fileURLToPath(new URL("..", import.meta.url));
    symlinkSync(built, join(folder, "node_modules/eslint-plugin-dualize"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const shown = [...readme.matchAll(/^```js\n(\/\/ eslint\.config\.js\n.*?)^```/gms)];

  it.each([
    ["JavaScript", shown[0]?.[1], ["src/steps.js:3:14 notes"]],
    ["TypeScript too", shown[1]?.[1], ["src/steps.js:3:14 notes", "src/wrong.ts:2:3 errors"]],
  ])("runs in ESLint, for %s", (_, config, expected) => {
    writeFileSync(join(folder, "eslint.config.js"), config as string);
    const bin = fileURLToPath(new URL("../bin/eslint.js", import.meta.resolve("eslint")));
    const { stdout, stderr } = spawnSync(process.execPath, [bin, "--format=json", "src"], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    const found = JSON.parse(stdout) as ESLint.LintResult[];
    const lines = found.flatMap(({ filePath, messages }) =>
      messages.map(
        ({ line, column, ruleId }) =>
          `${relative(realpathSync(folder), filePath)}:${line}:${column} ${ruleId?.replace("dualize/", "")}`,
      ),
    );
    expect(lines.sort()).toEqual(expected);
  });

  it("runs in oxlint", () => {
    const config = {
      jsPlugins: ["eslint-plugin-dualize"],
      rules: { "dualize/errors": "error", "dualize/notes": "warn" },
    };
    writeFileSync(join(folder, ".oxlintrc.json"), JSON.stringify(config));
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [join(tools, "node_modules/oxlint/bin/oxlint"), "--format=unix", "src"],
      { cwd: folder, encoding: "utf8" },
    );
    expect(stderr).toBe("");
    const lines = stdout.split("\n").filter((line) => /^\S+:\d+:\d+:/.test(line));
    expect(lines.map((line) => line.replace(/: .*dualize\((\w+)\).*/, " $1")).sort()).toEqual([
      "src/steps.js:3:14 notes",
      "src/wrong.ts:2:3 errors",
    ]);
  });
});
