import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { transformSync } from "@babel/core";
import dualize from "babel-plugin-dualize";
import { grad, jvp } from "dualize";
import { twinOf } from "dualize/runtime";
import { transformSync as toScript } from "esbuild";
import { afterAll, describe, expect, it } from "vitest";
import { load } from "./support/compile.ts";

/** Packages of JavaScript without a word about types, beside the code that uses them. */
const vector = `export class Vector {
    constructor(x = 0, y = 0) { this.x = x; this.y = y; }
    dot(v) { return this.x * v.x + this.y * v.y; }
    scale(k) { this.x *= k; this.y *= k; return this; }
    length() { return Math.sqrt(this.dot(this)); }
  }`;
const manifests = {
  "by the file": ["vectors/src/vector.js", {}],
  "by its main file": ["vectors", { main: "src/vector.js" }],
  "by its module": ["vectors", { main: "none.js", module: "src/vector.js" }],
  "by what it exports": ["vectors", { exports: { import: "./src/vector.js" } }],
  "by a pattern of what it exports": ["vectors/v/vector", { exports: { "./v/*": "./src/*.js" } }],
} as const;

const folder = mkdtempSync(join(tmpdir(), "dualize-packages-"));
afterAll(() => rmSync(folder, { recursive: true }));

function build(from: string, manifest: object, isMarked: (file: string) => boolean) {
  const files = {
    "node_modules/vectors/package.json": JSON.stringify({ name: "vectors", ...manifest }),
    "node_modules/vectors/src/vector.js": vector,
    "main.js": `"use dual"; import { Vector } from ${JSON.stringify(from)};
      export const f = (x) => new Vector(x, 2).scale(x).dot(new Vector(1, x)) + new Vector(x, 3).length();`,
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const script = (name: keyof typeof files) => {
    const plugins = [[dualize, { mark: isMarked }]];
    const filename = join(folder, name);
    const emitted = transformSync(files[name], {
      filename,
      cwd: folder,
      configFile: false,
      babelrc: false,
      plugins: plugins as never,
    })?.code as string;
    return toScript(emitted.replaceAll(JSON.stringify(from), '"./vector"'), { format: "cjs" }).code;
  };
  return load(
    { main: script("main.js"), vector: script("node_modules/vectors/src/vector.js") },
    "main",
  ).f as (x: number) => number;
}

describe("a class of a package of JavaScript that is imported", () => {
  it.each(Object.entries(manifests))("%s is known where the package is marked", (_, [from, of]) => {
    const f = build(from, of, () => true);
    expect(twinOf(f)?.tangent).toBeDefined();
    const slope = (f(1.3 + 1e-5) - f(1.3 - 1e-5)) / 2e-5;
    const [value, tangent] = jvp(f, [1.3], [1]);
    expect(value).toBe(f(1.3));
    expect(tangent).toBeCloseTo(slope, 6);
    expect(grad(f)(1.3)).toBeCloseTo(slope, 6);
  });

  it("is not known where the package is not marked", () => {
    const f = build("vectors", { main: "src/vector.js" }, (file) => !file.includes("node_modules"));
    expect(twinOf(f)?.tangent).toBeUndefined();
    expect(() => jvp(f, [1.3], [1])).toThrow("DUAL");
  });
});
