import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { root } from "./support/markdown.ts";

/** Frameworks and tools with a command of their own, set up and called as docs/build-tools.md says. */

const tools = join(root, "test/build-tools");
const node24 = join(tools, "node_modules/node24/bin/node");
// Below the tools and the workspace, where both are found.
const folder = mkdtempSync(join(tools, "project-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const shown = new Map(
  [
    ...readFileSync(join(root, "docs/build-tools.md"), "utf8").matchAll(
      /<!-- framework: (\S+) -->\s*```\w+\n(.*?)^```/gms,
    ),
  ].map(([, name, text]) => [name as string, text as string]),
);

const energy = `export function energy(q: number, p: number): number {
  "use dual";
  return (p * p) / 2 - Math.cos(q);
}
`;
const main = `import { grad, jvp } from "dualize";
import { energy } from "./energy.js";

console.log(...jvp(energy, [0, 2], [0, 1]), grad(energy)(Math.PI / 2, 2));
`;
const bundled = main.replace("./energy.js", "./energy");
const EXPECTED = "1 2 1";

/** A project with the files of the recipe and others; runs its command, and gives all that it printed. */
function build(name: string, files: Record<string, string>, by = process.execPath): string {
  const project = join(folder, name);
  const recipe = [...shown].filter(([file]) => file.startsWith(`${name}/`));
  const all = {
    "package.json": '{ "private": true, "type": "module" }',
    ...files,
    ...Object.fromEntries(recipe.map(([file, text]) => [file.slice(name.length + 1), text])),
  };
  for (const [file, text] of Object.entries(all)) {
    mkdirSync(dirname(join(project, file)), { recursive: true });
    writeFileSync(join(project, file), text);
  }
  const [npx, tool, ...rest] = (shown.get(name) ?? "").trim().split(" ");
  expect(npx).toBe("npx");
  return run(project, by, [
    realpathSync(join(tools, "node_modules/.bin", tool as string)),
    ...rest,
  ]);
}

function run(cwd: string, command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, NODE_ENV: "production", NODE_OPTIONS: "", NEXT_TELEMETRY_DISABLED: "1" },
  });
  expect(status, `${stdout}\n${stderr}`).toBe(0);
  return `${stdout}\n${stderr}`;
}

const node = (name: string, file: string): string =>
  run(join(folder, name), process.execPath, [file]).trim();

/** The only script in a folder. */
function scriptIn(name: string, path: string): string {
  const all = readdirSync(join(folder, name, path)).filter((file) => file.endsWith(".js"));
  expect(all).toHaveLength(1);
  return join(path, all[0] as string);
}

describe("the recipe for", () => {
  it("Babel's command line", () => {
    build("babel", { "src/energy.ts": energy, "src/main.ts": main });
    expect(node("babel", "dist/main.js")).toBe(EXPECTED);
  });

  it("Rsbuild", () => {
    build("rsbuild", { "src/energy.ts": energy, "src/index.ts": bundled });
    expect(node("rsbuild", scriptIn("rsbuild", "dist/static/js"))).toBe(EXPECTED);
  });

  it("Parcel", () => {
    build("parcel", {
      "package.json": '{ "private": true, "@parcel/resolver-default": { "packageExports": true } }',
      "energy.ts": energy,
      "main.ts": bundled,
      // What it takes for a project.
      "yarn.lock": "",
      "index.html": '<!doctype html><script type="module" src="./main.ts"></script>',
    });
    expect(node("parcel", scriptIn("parcel", "dist"))).toBe(EXPECTED);
  });

  it("Next.js, with Turbopack", () => {
    const said = build("next", {
      "lib/energy.ts": energy,
      "app/layout.jsx":
        'export default ({ children }) => <html lang="en"><body>{children}</body></html>;\n',
      "app/page.jsx": `import { jvp } from "dualize";
import { energy } from "../lib/energy";

export default function Page() {
  return <p>{jvp(energy, [0, 2], [0, 1]).join(" ")}</p>;
}
`,
    });
    expect(said).toContain("Turbopack");
    const page = readFileSync(join(folder, "next/.next/server/app/index.html"), "utf8");
    expect(page).toContain("<p>1 2</p>");
  });

  it.skipIf(!existsSync(node24))("a library by tsdown, used without any plugin", () => {
    const files = {
      "package.json":
        '{ "name": "energies", "type": "module", "peerDependencies": { "dualize": "*" } }',
      "src/index.ts": energy,
      "use.js": main.replace("./energy.js", "./dist/index.mjs"),
    };
    // It runs on Node 22 and newer; what it builds, here.
    build("tsdown", files, node24);
    const built = readFileSync(join(folder, "tsdown/dist/index.mjs"), "utf8");
    expect(built).toContain('from "dualize/runtime"');
    expect(node("tsdown", "use.js")).toBe(EXPECTED);
  });

  it("each of them is in the documentation, and runs here", () => {
    const names = new Set([...shown.keys()].map((name) => name.split("/")[0] as string));
    const missing = existsSync(node24) ? [] : ["tsdown"];
    expect([...names].filter((name) => !existsSync(join(folder, name)))).toEqual(missing);
  });
});
