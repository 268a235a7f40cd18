import { spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const cli = join(root, "packages/dualize/dist/cli.js");
const temporary = mkdtempSync(join(tmpdir(), "dualize-cli-"));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

/** An `npm` that says how it was called, and a `pnpm`. */
const commands = join(temporary, "bin");
mkdirSync(commands);
for (const name of ["npm", "pnpm"]) {
  writeFileSync(join(commands, name), `#!/bin/sh\necho "called: ${name} $@"\n`);
  chmodSync(join(commands, name), 0o755);
}

let projects = 0;

function project(files: Readonly<Record<string, string>>): string {
  const folder = join(temporary, `project-${projects++}`);
  mkdirSync(folder);
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const run = (folder: string, ...args: string[]) =>
  spawnSync(process.execPath, [cli, ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, PATH: `${commands}${delimiter}${process.env.PATH}` },
  });

const installed =
  '{ "dependencies": { "dualize": "*" }, "devDependencies": { "unplugin-dualize": "*" } }';
const vite = 'import { defineConfig } from "vite";\n\nexport default defineConfig({});\n';

describe("the command dualize", () => {
  const folder = project({});

  it.each(["--version", "-v"])("prints its version for %s", (option) => {
    const { version } = JSON.parse(
      readFileSync(join(root, "packages/dualize/package.json"), "utf8"),
    );
    expect(run(folder, option)).toMatchObject({ status: 0, stdout: `${version}\n` });
  });

  it.each(["--help", "-h"])("prints its commands for %s", (option) => {
    const { status, stdout } = run(folder, option);
    expect(status).toBe(0);
    for (const command of ["init", "check", "explain"]) expect(stdout).toContain(`  ${command} `);
  });

  it("fails with its commands when it is called without one", () => {
    expect(run(folder)).toMatchObject({ status: 2, stderr: expect.stringContaining("usage:") });
  });

  it.each([
    ["chekc", "dualize: unknown command 'chekc'; did you mean 'check'?"],
    ["build", "dualize: unknown command 'build'\n"],
    ["--versoin", "dualize: unknown option '--versoin'\n"],
    ["toString", "dualize: unknown command 'toString'\n"],
  ])("does not know %s, and says what may have been meant", (word, message) => {
    expect(run(folder, word)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(message),
    });
  });

  it.each(["init", "check", "explain"])("explains the options of %s", (command) => {
    expect(run(folder, command, "--help")).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`usage: dualize ${command}`),
    });
    expect(run(folder, command, "--nonsense")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("--nonsense"),
    });
  });
});

describe("dualize explain of a code", () => {
  it("prints what the documentation says of it", () => {
    const { stdout, status } = run(project({}), "explain", "DUAL105");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^DUAL105\n\nAn active value reached /);
    expect(stdout).not.toContain("DUAL106");
  });

  it("fails where there is none", () => {
    const expected = { status: 2, stderr: "dualize: there is no DUAL999\n" };
    expect(run(project({}), "explain", "DUAL999")).toMatchObject(expected);
  });
});

describe("dualize init", () => {
  it("adds the plugin to the configuration it finds, and shows what it changed", () => {
    const folder = project({ "package.json": installed, "vite.config.ts": vite });
    const { stdout, status } = run(folder, "init");
    expect(status).toBe(0);
    expect(stdout).toBe(`build tool: vite (vite.config.ts)
--- vite.config.ts
+++ vite.config.ts
  import { defineConfig } from "vite";
+ import dualize from "unplugin-dualize/vite";
${"  "}
- export default defineConfig({});
+ export default defineConfig({ plugins: [dualize()] });
${"  "}
`);
    expect(readFileSync(join(folder, "vite.config.ts"), "utf8")).toContain("[dualize()]");
  });

  it("makes a project work that did not", () => {
    const folder = project({
      "package.json": installed.replace("{", '{ "type": "module",'),
      "vite.config.js": vite,
      "main.js": `import { derivative } from "dualize";
        console.log(derivative(function cube(x) { "use dual"; return x ** 3; })(2));`,
    });
    run(folder, "init");
    const bin = join(root, "node_modules/vite/bin/vite.js");
    spawnSync(process.execPath, [bin, "build", "--ssr", "main.js"], { cwd: folder });
    const { stdout } = spawnSync(process.execPath, ["dist/main.js"], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(stdout).toBe("12\n");
  });

  it("adds it to Vitest's configuration too, which is taken instead, unless that merges Vite's", () => {
    const alone =
      'import { defineConfig } from "vitest/config";\n\nexport default defineConfig({});\n';
    const folder = project({
      "package.json": installed,
      "vite.config.ts": vite,
      "vitest.config.ts": alone,
    });
    const { stdout, status } = run(folder, "init");
    expect(status).toBe(0);
    expect(stdout).toContain("+++ vite.config.ts\n");
    expect(stdout).toContain("+++ vitest.config.ts\n");
    expect(readFileSync(join(folder, "vitest.config.ts"), "utf8")).toContain("[dualize()]");
    const merging = `import { defineConfig, mergeConfig } from "vitest/config";
import vite from "./vite.config";

export default mergeConfig(vite, defineConfig({}));
`;
    const other = project({
      "package.json": installed,
      "vite.config.ts": vite,
      "vitest.config.ts": merging,
    });
    expect(run(other, "init").stdout).not.toContain("vitest.config.ts");
    expect(readFileSync(join(other, "vitest.config.ts"), "utf8")).toBe(merging);
  });

  it("changes nothing the second time", () => {
    const folder = project({ "package.json": installed, "vite.config.ts": vite });
    run(folder, "init");
    const once = readFileSync(join(folder, "vite.config.ts"), "utf8");
    expect(run(folder, "init").stdout).toContain("vite.config.ts has the plugin already");
    expect(readFileSync(join(folder, "vite.config.ts"), "utf8")).toBe(once);
  });

  it.each([
    ["npm", "package-lock.json", "npm install dualize", "npm install --save-dev unplugin-dualize"],
    ["pnpm", "pnpm-lock.yaml", "pnpm add dualize", "pnpm add --save-dev unplugin-dualize"],
  ])("installs with %s, whose lock file is there", (_, lock, ...calls) => {
    const folder = project({ "package.json": "{}", "vite.config.ts": vite, [lock]: "" });
    const { stdout } = run(folder, "init");
    for (const call of calls) expect(stdout).toContain(`called: ${call}\n`);
  });

  it("changes nothing with --dry-run, and shows all it would do", () => {
    const folder = project({ "package.json": "{}", "vite.config.ts": vite });
    const { stdout } = run(folder, "init", "--dry-run");
    expect(stdout).toContain("$ npm install dualize\n");
    expect(stdout).not.toContain("called:");
    expect(stdout).toContain('+ import dualize from "unplugin-dualize/vite";');
    expect(readFileSync(join(folder, "vite.config.ts"), "utf8")).toBe(vite);
  });

  it("takes the tool it is told where there are several", () => {
    const folder = project({
      "package.json": installed,
      "vite.config.ts": vite,
      "webpack.config.cjs": "module.exports = {};\n",
    });
    expect(run(folder, "init", "--dry-run").stdout).toContain("also found: webpack");
    expect(run(folder, "init", "--dry-run", "--tool", "webpack").stdout).toContain(
      '+ const { default: dualize } = require("unplugin-dualize/webpack");',
    );
    expect(run(folder, "init", "--tool", "webpak").stderr).toContain("did you mean 'webpack'?");
  });

  const needs = (name: string, ...more: string[]) =>
    JSON.stringify({ dependencies: { dualize: "*", [name]: "*" }, devDependencies: star(more) });
  const star = (names: string[]) => Object.fromEntries(names.map((name) => [name, "*"]));
  const recipes = readFileSync(join(root, "docs/build-tools.md"), "utf8");
  const recipe = (marker: string) =>
    new RegExp(`<!-- ${marker} -->\\s*\`\`\`\\w+\\n(.*?)^\`\`\``, "ms").exec(recipes)?.[1];
  const unplugin = ["unplugin-dualize"];
  const plugin = ["babel-plugin-dualize", "@babel/core", "@babel/preset-typescript"];

  it.each([
    ["next", "next", ".babelrc.json", "framework: next/.babelrc.json", plugin],
    [
      "rsbuild",
      "@rsbuild/core",
      "rsbuild.config.mjs",
      "framework: rsbuild/rsbuild.config.mjs",
      unplugin,
    ],
    ["parcel", "parcel", ".babelrc.json", "framework: parcel/.babelrc.json", plugin],
    ["tsdown", "tsdown", "tsdown.config.mjs", "framework: tsdown/tsdown.config.mjs", unplugin],
    ["jest", "jest", "babel.config.json", "runner: babel.config.json", plugin],
    ["babel", "@babel/core", "babel.config.json", "framework: babel/babel.config.json", plugin],
  ])(
    "makes the configuration of %s that the documentation shows",
    (tool, name, file, marker, more) => {
      const folder = project({ "package.json": needs(name, ...more) });
      const { stdout, status } = run(folder, "init");
      expect(status).toBe(0);
      expect(stdout).toContain(`build tool: ${tool}\n--- `);
      expect(readFileSync(join(folder, file), "utf8")).toBe(recipe(marker));
      const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      expect(manifest["@parcel/resolver-default"]).toEqual(
        tool === "parcel" ? { packageExports: true } : undefined,
      );
      expect(run(folder, "init").stdout).toContain(`${file} has the plugin already`);
    },
  );

  it("makes a configuration of Vite that works", () => {
    const manifest = needs("vite", ...unplugin).replace("{", '{ "type": "module",');
    const folder = project({ "package.json": manifest });
    expect(run(folder, "init").stdout).toContain(
      "+ export default defineConfig({ plugins: [dualize()] });",
    );
    writeFileSync(
      join(folder, "main.js"),
      'import { derivative } from "dualize"; console.log(derivative((x) => x ** 3)(2));',
    );
    const bin = join(root, "node_modules/vite/bin/vite.js");
    spawnSync(process.execPath, [bin, "build", "--ssr", "main.js"], { cwd: folder });
    const built = spawnSync(process.execPath, ["dist/main.js"], { cwd: folder, encoding: "utf8" });
    expect(built.stdout).toBe("12\n");
  });

  it.each([
    [
      "next.config.mjs",
      "next",
      ".babelrc",
      '{ "presets": ["next/babel"] }',
      '"plugins": ["dualize"]',
    ],
    ["jest.config.js", "jest", "babel.config.json", "{}", '"plugins": ["dualize"]'],
    [
      "rsbuild.config.ts",
      "rsbuild",
      "rsbuild.config.ts",
      "export default {};",
      "rspack: { plugins: [dualize()] }",
    ],
  ])("knows by %s that a project uses %s", (sign, tool, file, text, added) => {
    const manifest = needs("left-pad", ...unplugin, ...plugin);
    const folder = project({ "package.json": manifest, [sign]: "", [file]: text });
    expect(run(folder, "init").stdout).toContain(`build tool: ${tool} (${file})\n`);
    expect(readFileSync(join(folder, file), "utf8")).toContain(added);
  });

  it.each(["rspack", "webpack", "rolldown", "rollup", "esbuild"])(
    "says what to add to the configuration of %s, which it can't make",
    (tool) => {
      const name = tool === "rspack" ? "@rspack/core" : tool;
      const { status, stderr } = run(project({ "package.json": needs(name, ...unplugin) }), "init");
      expect(status).toBe(1);
      expect(stderr).toContain(`import dualize from "unplugin-dualize/${tool}";`);
      expect(stderr).toContain("plugins: [dualize()]");
    },
  );

  it("says how to run a project without a build tool", () => {
    const { stdout } = run(project({ "package.json": "{}" }), "init");
    expect(stdout).toContain("build tool: node\n$ npm install dualize\n");
    expect(stdout).toContain("$ npm install --save-dev unplugin-dualize\n");
    expect(stdout).toContain("node --import dualize/register main.ts");
  });

  it("says what to add by hand where it can't", () => {
    const config = 'import config from "./base";\nexport default config;\n';
    const folder = project({ "package.json": installed, "rollup.config.js": config });
    const { status, stderr } = run(folder, "init");
    expect(status).toBe(1);
    expect(stderr).toContain('import dualize from "unplugin-dualize/rollup";');
    expect(stderr).toContain("plugins: [dualize()]");
    expect(readFileSync(join(folder, "rollup.config.js"), "utf8")).toBe(config);
  });

  it("says so where there is no project", () => {
    expect(run(project({}), "init")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("no package.json"),
    });
  });
});
