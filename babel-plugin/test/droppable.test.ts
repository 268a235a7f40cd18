import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { compileSync } from "../src/compile.ts";

/** What bundlers may leave out. That they do is in test/build-tools.test.ts. */

const folder = mkdtempSync(join(tmpdir(), "dualize-droppable-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const marked = `export function f(x: number): number { "use dual"; return x * x; }`;
const compiled = (text: string, name = "main.ts", droppable = true): string =>
  compileSync(text, file(name, text), { droppable })?.code ?? "";

const attached = /const (_f\$twin) = \/\*#__PURE__\*\/_twin\(f, \{/;
const asStatement = /^_twin\(f, \{/m;

describe("a marked function that may be left out", () => {
  it("is what the module exports under its name", () => {
    const code = compiled(marked);
    expect(code).toMatch(attached);
    expect(code).toMatch(/^function f\(x: number\): number/m);
    expect(code).toMatch(/export \{ _f\$twin as f \};/);
  });

  it("stays a statement unless it is asked for", () => {
    expect(compiled(marked, "main.ts", false)).toMatch(asStatement);
  });

  it("is called by its name, and handed on with its twin", () => {
    const code = compiled(
      `${marked}\nexport const y = f(2);\nexport const g = () => [1].map(f);\nexport { f as h };\nexport const o = { f };`,
    );
    expect(code).toContain("const y = f(2)");
    expect(code).toContain("[1].map(_f$twin)");
    expect(code).toContain("export { _f$twin as h }");
    expect(code).toMatch(/f: _f\$twin/);
  });

  it("keeps the types and comments around it", () => {
    const code = compiled(`/** What it is. */\n${marked}\nexport type F = typeof f;`);
    expect(code).toMatch(/\/\*\* What it is. \*\/\s*function f/);
    expect(code).toContain("type F = typeof f;");
  });

  it("is as it was where something else stands under its name, or it has several signatures", () => {
    expect(compiled(`${marked}\n(f as unknown) = 5;`)).toMatch(asStatement);
    expect(compiled(`${marked}\nf = (x: number) => x;`)).toMatch(asStatement);
    const overloads = `export function f(x: number): number;\nexport function f(x: number, y: number): number;\nexport function f(x: number, y = 1): number { "use dual"; return x * y; }`;
    expect(compiled(overloads)).toMatch(asStatement);
  });
});

describe("where an import leads back to the module, its functions may be called before it has run", () => {
  it("so they are as they were", () => {
    file("back.ts", `export { two } from "./further.js";`);
    file("further.ts", `import { f } from "./main";\nexport const two = f(1) + 1;`);
    expect(compiled(`import { two } from "./back";\n${marked}\nexport const z = two;`)).toMatch(
      asStatement,
    );
  });

  it.each([
    `import{f}from"./main";export const two=f(1)`,
    `import*as all from"./main";export const two=all.f(1)`,
    `export*from"./main";export const two=2`,
    `import {\n  f, // it's the one\n} from "./main";\nexport const two = f(1);`,
    `const s = "//"; import { f } from "./main"; export const two = f(1) + s.length;`,
    `import type from "./main";\nexport const two = type;`,
  ])("however it is written: %s", (text) => {
    file("written.ts", text);
    expect(compiled(`import { two } from "./written";\n${marked}\nexport const z = two;`)).toMatch(
      asStatement,
    );
  });

  it("but types lead nowhere, nor do packages", () => {
    file("types.ts", `import type { F } from "./main";\nexport type G = F;`);
    const imports = `import { jvp } from "dualize";\nimport { readFileSync } from "node:fs";\nimport type { G } from "./types";\nimport "./types";`;
    expect(compiled(`${imports}\n${marked}`)).toMatch(attached);
  });

  it("and what cannot be followed may lead anywhere", () => {
    expect(compiled(`import { a } from "virtual:a";\n${marked}`)).toMatch(asStatement);
    expect(compiled(`import { a } from "./missing";\n${marked}`)).toMatch(asStatement);
  });

  it("a file that changes is looked at again", () => {
    const text = `import { one } from "./changing";\n${marked}`;
    file("changing.ts", "export const one = 1;");
    const { report } = compileSync(text, file("main.ts", text), { droppable: true }) ?? {};
    expect(report?.dependencies).toContain(join(folder, "changing.ts"));
  });
});
