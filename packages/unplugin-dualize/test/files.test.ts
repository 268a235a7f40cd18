import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import dualize from "../src/esbuild.ts";
import type { Options } from "../src/options.ts";

/** Which files are looked at. */

const parsed = vi.hoisted(() => [] as string[]);
vi.mock("babel-plugin-dualize/compile", async (original) => {
  const module = await original<typeof import("babel-plugin-dualize/compile")>();
  const compile: typeof module.compile = (code, file, ...how) => {
    parsed.push(file);
    return module.compile(code, file, ...how);
  };
  return { ...module, compile };
});
beforeEach(() => {
  parsed.length = 0;
});

// Where the library is found.
const folder = mkdtempSync(fileURLToPath(new URL("files-", import.meta.url)));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const power = (name: string, n: number) =>
  `export const ${name} = (x: number): number => { "use dual"; return x ** ${n}; };\n`;
const files = {
  "main.ts": `import { derivative } from "dualize";
import { square } from "./models/square";
import { cube } from "./rest/cube";
import { quart } from "quart";
import { one } from "./plain";

const slope = (f: (x: number) => number): unknown => {
  try {
    return derivative(f)(2);
  } catch (error) {
    return (error as { code: string }).code;
  }
};
export const results = [slope(square), slope(cube), slope(quart), one];
`,
  "models/square.ts": power("square", 2),
  "rest/cube.ts": power("cube", 3),
  "node_modules/quart/package.json": '{ "name": "quart", "type": "module", "main": "quart.ts" }',
  "node_modules/quart/quart.ts": power("quart", 4),
  "plain.ts": "export const one = 1;\n",
};

beforeAll(() => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
});

async function results(options?: Options): Promise<unknown> {
  const { outputFiles } = await build({
    entryPoints: [join(folder, "main.ts")],
    bundle: true,
    format: "esm",
    write: false,
    // That of the workspace maps the library to its sources.
    tsconfigRaw: {},
    plugins: [dualize(options)],
  });
  const text = Buffer.from(outputFiles[0]?.text ?? "").toString("base64");
  return (await import(/* @vite-ignore */ `data:text/javascript;base64,${text}`)).results;
}

describe("unplugin-dualize", () => {
  it("looks at all files with marks but those of packages, and parses no other", async () => {
    expect(await results()).toEqual([4, 12, "DUAL102", 1]);
    // main.ts may have a mark: it hands functions to a transform.
    const names = parsed
      .filter((file) => file.startsWith(folder))
      .map((file) => relative(folder, file).replaceAll("\\", "/"));
    expect(names.sort()).toEqual(["main.ts", "models/square.ts", "rest/cube.ts"]);
  });

  it("parses a file whose only mark is misspelled", async () => {
    const file = join(folder, "misspelled.ts");
    writeFileSync(file, 'export const f = (x: number) => {\n  "use duals";\n  return x;\n};\n');
    const run = build({
      entryPoints: [file],
      write: false,
      logLevel: "silent",
      plugins: [dualize()],
    });
    await expect(run).rejects.toThrow("DUAL001");
  });

  it.each<[string, Options, unknown[]]>([
    ["include, a glob", { include: "**/models/**" }, [4, "DUAL102", "DUAL102", 1]],
    ["include, an expression", { include: /rest/ }, ["DUAL102", 12, "DUAL102", 1]],
    ["exclude", { exclude: ["**/rest/*.ts", /node_modules/] }, [4, "DUAL102", "DUAL102", 1]],
    ["exclude of nothing", { exclude: [] }, [4, 12, 32, 1]],
    ["mark, a package", { mark: "quart" }, [4, 12, 32, 1]],
  ])("takes the option %s", async (_, options, expected) => {
    expect(await results(options)).toEqual(expected);
  });

  it("takes the options of the Babel plugin", async () => {
    const seen: string[] = [];
    await results({
      include: /square/,
      forms: [],
      report: ({ functions }) =>
        seen.push(...functions.map((f) => `${f.name} ${f.form} ${f.adjoint}`)),
    });
    expect(seen).toEqual(["square tangent false"]);
  });
});
