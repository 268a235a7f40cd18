import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

const cli = fileURLToPath(new URL("../../packages/dualize/dist/cli.js", import.meta.url));
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
  test("says what has an adjoint form, and why the rest has none", () => {
    const file = write(
      "adjoint.ts",
      `export function square(x: number): number {
  "use dual";
  return x * x;
}
export function careful(x: number): number {
  "use dual";
  try {
    return Math.log(x);
  } finally {
    x++;
  }
}
`,
    );
    const { stdout } = run("explain", file);
    expect(stdout).toContain("adjoint.ts:1:8  square: tangent form, adjoint form\n");
    expect(stdout).toContain("adjoint.ts:5:8  careful: tangent form\n");
    expect(stdout).toMatch(/adjoint\.ts:5:8 {2}no adjoint form: a `try` statement/);
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

test("prints the program after each pass", () => {
  const { stdout, status } = run("explain", "--passes", example);
  expect(status).toBe(0);
  for (const pass of ["kinds", "effects", "lowered form", "adjoint form", "second-order code"])
    expect(stdout).toContain(`==== ${pass} ====`);
  expect(stdout).toMatch(/function _\w+\$lowered\(/);
});

describe("dualize explain of a folder", () => {
  const project = join(folder, "project");
  mkdirSync(join(project, "node_modules"), { recursive: true });
  write(
    "project/node_modules/skipped.ts",
    'export const f = (x: any) => {\n  "use dual";\n  return x;\n};\n',
  );
  write(
    "project/marked.ts",
    `export function square(x: number) {
  "use dual";
  return x * x;
}
export function pick(a: any, b: any) {
  "use dual";
  return a.x * b[a](2);
}
export const name = (text: string) => text;
export const double = (x: number) => 2 * x;
`,
  );
  write("project/unmarked.ts", "export const half = (x: number) => x / 2;\n");

  test("counts forms, and ranks what stands in the way by the number of functions it costs", () => {
    const { stdout, status } = run("explain", "project");
    expect(status).toBe(0);
    expect(stdout).toContain("2 functions, 1 of them with the fast (tangent) form: 50.0 %");
    expect(stdout).toMatch(/1 {2}50\.0 %.*the type any/);
    expect(stdout).toContain("project/marked.ts:5:22");
  });
  test("looks with --all at every function that computes", () => {
    expect(run("explain", "--all", "project").stdout).toContain("4 functions, 3 of them");
  });
  test("says all of it as JSON, with every reason of every function", () => {
    const { functions, tangent, files } = JSON.parse(run("explain", "--json", "project").stdout);
    expect([functions, tangent]).toEqual([2, 1]);
    const pick = files[0].functions.find((f: { name: string }) => f.name === "pick");
    expect(pick.reasons[0]).toMatchObject({ line: 5, column: 22 });
  });
  test("fails where less than --min-fast percent have the tangent form", () => {
    expect(run("explain", "--min-fast", "50", "project").status).toBe(0);
    expect(run("explain", "--min-fast", "51", "project").status).toBe(1);
    expect(run("explain", "--min-fast", "many", "project").status).toBe(2);
  });
  test("goes on after files that do not compile, names them, and fails", () => {
    write("project/broken.ts", "export function f( {");
    const { stdout, status } = run("explain", "project");
    rmSync(join(project, "broken.ts"));
    expect(status).toBe(1);
    expect(stdout).toContain("2 functions");
    expect(stdout).toContain("project/broken.ts");
  });
});
