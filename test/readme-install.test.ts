import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "./support/markdown.ts";
import { configurations, readmeExample } from "./support/readme-example.ts";

/** The configurations of docs/build-tools.md, each used to build the first example of the README. */

const project = mkdtempSync(join(tmpdir(), "dualize-install-"));
const example = readmeExample();

beforeAll(() => {
  if (!existsSync(join(root, "babel-plugin/dist/index.js"))) throw new Error("npm run build");
  symlinkSync(join(root, "node_modules"), join(project, "node_modules"), "junction");
  writeFileSync(join(project, "package.json"), '{ "private": true, "type": "module" }');
  for (const file of ["energy.ts", "main.ts"]) {
    writeFileSync(join(project, file), example.get(file) as string);
  }
  for (const [file, text] of configurations()) writeFileSync(join(project, file), text);
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

describe("the first example of the README, built as the documentation says", () => {
  it("with esbuild, prints what it should", () => {
    node("build.mjs");
    expect(node("out.js")).toBe(example.get("output"));
  });

  it("with Vite, prints what it should", () => {
    node(join(root, "node_modules/vite/bin/vite.js"), "build", "--ssr", "main.ts");
    expect(node("dist/main.js")).toBe(example.get("output"));
  });
});

function node(...args: string[]): string {
  const env = { ...process.env, NODE_ENV: "production" };
  return execFileSync(process.execPath, args, { cwd: project, env, encoding: "utf8" });
}
