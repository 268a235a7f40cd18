import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configurations, readmeCommands, readmeExample } from "./support/readme-example.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);
const { devDependencies } = require("../package.json");
const temporary = mkdtempSync(join(tmpdir(), "dualize-packaging-"));

const packages = [
  {
    name: "dualize",
    folder: join(root, "packages/dualize"),
    entries: ["index", "dual", "runtime", "rules", "register", "cli"],
  },
  {
    name: "dualize-special",
    folder: join(root, "packages/dualize-special"),
    entries: ["index"],
  },
  {
    name: "babel-plugin-dualize",
    folder: join(root, "babel-plugin"),
    entries: ["index", "commands", "compile", "filter"],
  },
  {
    name: "unplugin-dualize",
    folder: join(root, "packages/unplugin-dualize"),
    entries: [
      ...["index", "vite", "rollup", "rolldown", "webpack", "rspack", "esbuild", "farm", "bun"],
      "register",
    ],
  },
  {
    name: "eslint-plugin-dualize",
    folder: join(root, "packages/eslint-plugin-dualize"),
    entries: ["index"],
  },
];
const tarballs = new Map<string, string>();

beforeAll(() => {
  for (const { name, folder } of packages) {
    if (!existsSync(join(folder, "dist"))) throw new Error(`${name} is not built: npm run build`);
    const [{ filename }] = JSON.parse(
      run("npm", ["pack", "--json", "--pack-destination", temporary], folder),
    );
    tarballs.set(name, join(temporary, filename));
  }
});

afterAll(() => rmSync(temporary, { recursive: true, force: true }));

describe.each(packages)("the packed $name", ({ name, entries }) => {
  it("holds every entry with its declarations, the licence, and no sources or tests", () => {
    const files = run("tar", ["-tzf", tarball(name)], temporary)
      .trim()
      .split("\n");
    for (const entry of entries) {
      expect(files).toContain(`package/dist/${entry}.js`);
      expect(files).toContain(`package/dist/${entry}.d.ts`);
    }
    expect(files).toContain("package/LICENSE");
    expect(files.filter((file) => /\/(src|test)\/|tsconfig/.test(file))).toEqual([]);
  });

  it("has nothing that publint finds fault with", async () => {
    const { messages, pkg } = await publint({
      pack: { tarball: new Uint8Array(readFileSync(tarball(name))).buffer },
      strict: true,
    });
    expect(messages.map((message) => formatMessage(message, pkg ?? {}))).toEqual([]);
  });

  it("resolves to its types in every way that a module can be imported", () => {
    const attw = join(
      dirname(require.resolve("@arethetypeswrong/cli/package.json")),
      "dist/index.js",
    );
    // It exits with an error when it finds a problem, and `run` then throws.
    const report = run(process.execPath, [attw, tarball(name), "--profile", "esm-only"], temporary);
    expect(report).toContain("node16 (from ESM)");
  });
});

describe("the first example of the README, in an empty project with the packed packages", () => {
  const example = readmeExample();
  const project = join(temporary, "project");
  const sources = [...example.keys()].filter((file) => file.endsWith(".ts"));

  beforeAll(() => {
    mkdirSync(project);
    writeFileSync(join(project, "package.json"), '{ "private": true, "type": "module" }');
    for (const file of sources) writeFileSync(join(project, file), example.get(file) as string);
    const babel = configurations("framework").get("babel/babel.config.json");
    writeFileSync(join(project, "babel.config.json"), babel as string);
    run(
      "npm",
      [
        ...["install", "--prefer-offline", "--no-audit", "--no-fund"],
        ...packages
          .map(({ name }) => name)
          .filter((name) => name !== "dualize-special")
          .map(tarball),
        `@babel/core@${devDependencies["@babel/core"]}`,
        `@babel/preset-typescript@${devDependencies["@babel/preset-typescript"]}`,
      ],
      project,
    );
  });

  it("is there, whole", () => {
    expect([...example.keys()].sort()).toEqual(["energy.ts", "main.ts", "output"]);
  });

  it.each(["nodenext", "bundler"])("type-checks with moduleResolution %s", (resolution) => {
    run(
      process.execPath,
      [
        require.resolve("typescript/bin/tsc"),
        ...["--noEmit", "--strict", "--target", "es2022", "--lib", "es2023,dom"],
        ...["--module", resolution === "bundler" ? "esnext" : resolution],
        ...["--moduleResolution", resolution, ...sources],
      ],
      project,
    );
  });

  it("prints what the README says when its commands are pasted", () => {
    // npm as it is, but for the packages of ours: those that were packed.
    const bin = join(temporary, "bin");
    const [library, plugin] = [tarball("dualize"), tarball("babel-plugin-dualize")];
    const quiet = "--prefer-offline --no-audit --no-fund";
    mkdirSync(bin);
    writeFileSync(
      join(bin, "npm"),
      `#!/bin/sh
PATH=$USUAL_PATH
case "$*" in
  "install dualize") exec npm install ${quiet} ${library} ;;
  "install --save-dev unplugin-dualize")
    exec npm install ${quiet} --save-dev ${tarball("unplugin-dualize")} ${plugin} ;;
esac
exec npm "$@"
`,
      { mode: 0o755 },
    );
    const { PATH = "" } = process.env;
    const printed = execFileSync("sh", ["-e", "-c", readmeCommands()], {
      cwd: temporary,
      encoding: "utf8",
      env: { ...process.env, USUAL_PATH: PATH, PATH: `${bin}${delimiter}${PATH}` },
    });
    expect(printed.endsWith(`\n${example.get("output")}`)).toBe(true);
  });

  it("prints what the README says when Babel has built it", () => {
    // By the names in babel.config.json, so that Babel has to find and load the installed plugin.
    const build = `
      import { writeFileSync } from "node:fs";
      import { transformFileSync } from "@babel/core";
      for (const file of ${JSON.stringify(sources)}) {
        writeFileSync(file.replace(/ts$/, "js"), transformFileSync(file).code);
      }`;
    run(process.execPath, ["--input-type=module", "--eval", build], project);
    expect(run(process.execPath, ["main.js"], project)).toBe(example.get("output"));
  });

  it("runs the command `dualize`, which finds the compiler", () => {
    expect(run("npx", ["--no", "dualize", "check", "--strict", "."], project)).toContain(
      "no errors",
    );
  });
});

function tarball(name: string): string {
  const file = tarballs.get(name);
  if (file === undefined) throw new Error(`${name} was not packed`);
  return file;
}

/** Runs a command and gives its output; fails with all that it printed. */
function run(command: string, args: string[], cwd: string): string {
  try {
    return execFileSync(command, args, {
      cwd,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(" ")}\n${stdout}\n${stderr}`);
  }
}
