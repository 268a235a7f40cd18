import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "dualize-explain-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, code: string): string => {
  const file = join(folder, name);
  writeFileSync(file, code);
  return file;
};
const run = (...args: string[]) =>
  spawnSync(process.execPath, [cli, ...args], { encoding: "utf8", cwd: folder });

const example = write(
  "example.ts",
  `export function square(x: number): number {
  "use dual";
  return x * x;
}
export async function later(x: number): Promise<number> {
  "use dual";
  return Math.floor(x) * x;
}
`,
);

// Of the built package, as `npx dualize` runs it: `npm test` builds before.
describe("dualize explain", () => {
  test("says the form of each function, the reason for a fallback and the notes, each with its place", () => {
    const { stdout, status } = run("explain", example);
    expect(status).toBe(0);
    expect(stdout).toContain("example.ts:1:8  square: tangent form");
    expect(stdout).toContain("example.ts:5:8  later: dual form");
    expect(stdout).toMatch(/example\.ts:5:8 {2}.*async/);
    expect(stdout).toContain("example.ts:7:10  DUAL007");
  });
  test("prints the emitted code with --code", () => {
    const { stdout } = run("explain", "--code", example);
    expect(stdout).toContain("function square$tangent(x, x$t)");
    expect(stdout).toContain("async function later$dual(x)");
  });
  test("says so where nothing is marked", () => {
    expect(run("explain", write("plain.ts", "export const one = 1;\n")).stdout).toContain(
      "no marked functions",
    );
  });
  test("goes on after a file with an error, and fails", () => {
    const wrong = write(
      "wrong.ts",
      'export function f(x: number) {\n  "use duel";\n  return x;\n}\n',
    );
    const { stdout, stderr, status } = run("explain", wrong, example);
    expect(status).toBe(1);
    expect(stderr).toContain("DUAL001");
    expect(stderr).toContain("wrong.ts");
    expect(stdout).toContain("square: tangent form");
  });
  test("shows how it is used when it is called wrongly", () => {
    expect(run("explain").status).toBe(2);
    expect(run("explain").stderr).toContain("usage: dualize explain");
    expect(run("explain", "--nonsense", example).stderr).toContain("--nonsense");
  });
});
