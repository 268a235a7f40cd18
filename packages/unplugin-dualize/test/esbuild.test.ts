import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BuildFailure, type BuildResult, build } from "esbuild";
import { afterAll, expect, it } from "vitest";
import dualize from "../src/esbuild.ts";

const folder = mkdtempSync(join(tmpdir(), "dualize-esbuild-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (name: string, code: string): Promise<BuildResult | BuildFailure> => {
  const file = join(folder, name);
  writeFileSync(file, code);
  return build({
    entryPoints: [file],
    write: false,
    logLevel: "silent",
    plugins: [dualize()],
  }).catch((error) => error);
};

it("shows the line of a note, and points into it where letters are of several bytes", async () => {
  const line = '  const größe = "√"; return x * Math.floor(x) * größe.length;';
  const { warnings } = await run(
    "note.ts",
    `export function f(x: number) {\n  "use dual";\n${line}\n}\n`,
  );
  expect(warnings).toHaveLength(1);
  expect(warnings[0]?.location).toMatchObject({
    line: 3,
    column: Buffer.byteLength(line.slice(0, line.indexOf("Math"))),
    lineText: line,
  });
});

it("shows the line of an error", async () => {
  const { errors } = await run("error.js", 'function f(x) {\n  "use duel";\n}\n');
  expect(errors[0]?.location).toMatchObject({ line: 2, column: 2, lineText: '  "use duel";' });
});
