import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fences, root } from "./support/markdown.ts";

/** Each example runs by itself; its own tests look at the numbers. */
const examples = readdirSync(join(root, "examples"));
const read = (...path: string[]) => readFileSync(join(root, ...path), "utf8");
const table = read("README.md");
const onOneLine = (text: string) => text.trim().replace(/\s+/g, " ");

/** One measures times, one makes no picture, one is a page. */
const RUN_BY_THEIR_TESTS = new Set(["curve-fit", "gradbench", "playground"]);

/** The width of pictures made of pixels, which take their time. */
const SMALL = "120";

describe.each(examples)("the example %s", (name) => {
  const folder = join(root, "examples", name);
  const readme = read("examples", name, "README.md");

  it("is in the README's table", () => {
    expect(table).toMatch(new RegExp(`^\\| \\[.*\\]\\(examples/${name}/README.md\\)`, "m"));
  });

  it("says how to run it, and shows pictures that are there", () => {
    expect(readme).toContain("npm start");
    for (const [, path] of readme.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)) {
      expect(existsSync(join(folder, path!)), path).toBe(true);
    }
  });

  it("shows code that stands in its sources, which are compiled", () => {
    const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => /^(src|test)\b.*\.ts$/.test(file))
      .map((file) => onOneLine(read("examples", name, file)))
      .join(" ");
    // What is left out, and what is said about a line.
    for (const { code, line } of fences(readme).filter(({ language }) => language === "ts"))
      for (const shown of code.split("\n").map(onOneLine))
        if (shown !== "...")
          expect(sources, `line ${line}: ${shown}`).toContain(shown.replace(/ \/\/ .*$/, ""));
  });

  it("names versions exactly, and what the workspace has in the same version", () => {
    const { dependencies, devDependencies } = JSON.parse(read("examples", name, "package.json"));
    for (const [dependency, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      const installed = join(root, "node_modules", dependency, "package.json");
      expect(JSON.parse(readFileSync(installed, "utf8")).version, dependency).toBe(version);
    }
  });

  it.skipIf(RUN_BY_THEIR_TESTS.has(name))(
    "runs, and writes the pictures that its README shows",
    () => {
      const pictures = mkdtempSync(join(tmpdir(), "dualize-example-"));
      try {
        execFileSync("npm", ["run", "--silent", "build"], { cwd: folder });
        const main = ["--enable-source-maps", "dist/main.js", pictures, SMALL];
        const text = execFileSync("node", main, { cwd: folder, encoding: "utf8" });
        expect(text).not.toMatch(/NaN|undefined|Infinity/);
        const written = readdirSync(pictures);
        expect(written.length).toBeGreaterThan(0);
        for (const picture of written) expect(readme).toContain(`(${picture})`);
      } finally {
        rmSync(pictures, { recursive: true, force: true });
      }
    },
  );
});
