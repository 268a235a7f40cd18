import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const cli = fileURLToPath(new URL("../../packages/dualize/dist/cli.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "dualize-check-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: string[]) =>
  spawnSync(process.execPath, [cli, "check", ...args], { encoding: "utf8", cwd: folder });

const files = {
  "wrong/several.ts": `let last = 0;
export function f(x: number) {
  "use duel";
  return x;
}
export function g(x: number) {
  "use dual";
  last = x * x;
  return Math.floor(x) * eval("x") + last;
}
`,
  "wrong/alone.ts": 'export const f = (x: number) => {\n  "use duals";\n  return x;\n};\n',
  "wrong/broken.ts": 'export function f(x: number) {\n  "use dual";\n  return x +;\n}\n',
  "wrong/node_modules/p/index.js": '"use duel";\n',
  "right/note.test.ts":
    'export const f = (x: number) => {\n  "use dual";\n  return Math.round(x) * x;\n};\n',
  "right/plain.ts": "export const one = 1;\n",
};

beforeAll(() => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
});

describe("dualize check", () => {
  test("reports all errors and notes of all files, with their places, and fails", () => {
    const { stdout, status } = run("wrong");
    expect(status).toBe(1);
    const heads = stdout.split("\n").filter((line) => /^\S+:\d/.test(line));
    expect(heads.map((line) => line.replace(/: .*/, "")).sort()).toEqual([
      "wrong/alone.ts:2:3  error DUAL001",
      "wrong/broken.ts:3:13  error",
      "wrong/several.ts:3:3  error DUAL001",
      "wrong/several.ts:8:3  error DUAL005",
      "wrong/several.ts:9:10  note DUAL007",
      "wrong/several.ts:9:26  error DUAL003",
    ]);
    expect(stdout).toContain("5 errors, 1 note in 3 files");
  });

  test("shows the lines around a place", () => {
    expect(run("wrong/alone.ts").stdout).toContain('> 2 |   "use duals";\n    |   ^');
  });

  test("does not fail for notes, unless --strict", () => {
    expect(run("right").stdout).toContain("0 errors, 1 note in 1 file");
    expect(run("right").status).toBe(0);
    expect(run("--strict", "right").status).toBe(1);
  });

  test("says so where there is nothing to say", () => {
    expect(run("right/plain.ts")).toMatchObject({ status: 0, stdout: "no errors, no notes\n" });
  });

  test("prints the same as JSON", () => {
    const found = JSON.parse(run("--json", "right").stdout);
    expect(found).toMatchObject([
      { file: "right/note.test.ts", code: "DUAL007", severity: "note", line: 3, column: 10 },
    ]);
  });

  test("says how it is called, and which file there is none of", () => {
    expect(run()).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("usage: dualize check"),
    });
    expect(run("--help")).toMatchObject({ status: 0, stdout: expect.stringContaining("usage:") });
    expect(run("nowhere")).toMatchObject({ status: 2, stderr: expect.stringContaining("nowhere") });
  });
});
