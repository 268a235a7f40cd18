import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { docExamples } from "./support/doc-examples.ts";
import { fences, pages, root } from "./support/markdown.ts";
import { readmeExample } from "./support/readme-example.ts";

/**
 * What the documentation shows, checked by old and new TypeScript as a user's new project is: the
 * configuration that their `tsc --init` writes, then every strict flag, and our declarations as built.
 */

const tools = join(root, "test/build-tools");
const folder = mkdtempSync(join(tools, "types-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

if (!existsSync(join(root, "packages/dualize/dist/index.d.ts"))) throw new Error("npm run build");

const sources = new Map<string, string>();
const shown = new Map<string, string>();
for (const page of pages()) {
  for (const { language, words, code, line } of fences(readFileSync(join(root, page), "utf8"))) {
    if (language !== "ts" || !["run", "throws", "note"].includes(words[0] ?? "")) continue;
    add(`${page}:${line}`, code);
  }
}
for (const { name, code } of docExamples()) add(`the doc comment of ${name}`, code);
for (const [name, text] of readmeExample()) if (name.endsWith(".ts")) sources.set(name, text);

function add(where: string, code: string): void {
  const file = `example-${sources.size}.ts`;
  // All are modules, so that their names do not meet.
  sources.set(file, `${code}\nexport {};\n`);
  shown.set(file, where);
}

for (const [file, text] of sources) writeFileSync(join(folder, file), text);
writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');

const strict = {
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noFallthroughCasesInSwitch: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  allowUnreachableCode: false,
  allowUnusedLabels: false,
  isolatedModules: true,
  skipLibCheck: false,
  types: [],
  noEmit: true,
};

const require = createRequire(join(tools, "package.json"));

describe.each(["5.4", "5.9", "6.0", "7"])("TypeScript %s", (version) => {
  const home = dirname(
    require.resolve(
      version === "6.0" ? "typescript/package.json" : `typescript-${version}/package.json`,
    ),
  );
  const tsc = (...args: string[]) => {
    const { stdout, stderr } = spawnSync(process.execPath, [join(home, "bin/tsc"), ...args], {
      cwd: folder,
      encoding: "utf8",
    });
    return stdout + stderr;
  };

  it("finds nothing wrong in what the documentation shows", () => {
    rmSync(join(folder, "tsconfig.json"), { force: true });
    expect(tsc("--version")).toContain(` ${version}.`);
    tsc("--init");
    const config = { extends: "./tsconfig.json", compilerOptions: strict, include: ["*.ts"] };
    writeFileSync(join(folder, "strict.json"), JSON.stringify(config));
    expect(tsc("-p", "tsconfig.json", "--noEmit", "--types", "node").trim()).toBe("");
    const said = tsc("-p", "strict.json");
    expect(said.replaceAll(/^example-\d+\.ts/gm, (file) => shown.get(file) ?? file)).toBe("");
  });

  it("finds what is wrong", () => {
    const wrong = 'import { grad } from "dualize";\ngrad((name: string) => name.length);\n';
    writeFileSync(join(folder, "wrong.mts"), wrong);
    const config = { extends: "./strict.json", include: ["wrong.mts"] };
    writeFileSync(join(folder, "wrong.json"), JSON.stringify(config));
    expect(tsc("-p", "wrong.json")).toMatch(/wrong\.mts\(2,6\): error TS2345/);
    rmSync(join(folder, "wrong.mts"));
  });
});
