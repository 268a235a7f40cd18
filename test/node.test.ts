import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { readmeExample } from "./support/readme-example.ts";

/** `node --import dualize/register`, run for real, without a bundler. */

const root = fileURLToPath(new URL("..", import.meta.url));
const tools = join(root, "test/build-tools/node_modules");
const node24 = join(tools, "node24/bin/node");
const example = readmeExample();

const temporary = mkdtempSync(join(tmpdir(), "dualize-node-"));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

if (!existsSync(join(root, "packages/dualize/dist/register.js"))) throw new Error("npm run build");

type Files = Readonly<Record<string, string>>;

/** A project with packages installed, and files written into it. */
class Project {
  readonly #folder: string;
  readonly #cache: string;

  constructor(name: string, files: Files, packages = ["dualize", "unplugin-dualize"]) {
    this.#folder = join(temporary, name);
    this.#cache = join(temporary, `${name}-cache`);
    this.write({ "package.json": '{ "type": "module" }', ...files });
    for (const name of packages) this.#install(name, join(root, "node_modules", name));
    this.#install("tsx", join(tools, "tsx"));
  }

  #install(name: string, from: string): void {
    mkdirSync(join(this.#folder, "node_modules"), { recursive: true });
    symlinkSync(from, join(this.#folder, "node_modules", name), "junction");
  }

  write(files: Files): void {
    for (const [name, text] of Object.entries(files)) {
      const file = join(this.#folder, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }

  cached(): number {
    return existsSync(this.#cache) ? readdirSync(this.#cache).length : 0;
  }

  run(args: string, node = process.execPath): { stdout: string; stderr: string } {
    return spawnSync(node, args.split(" "), { ...this.#circumstances, encoding: "utf8" });
  }

  start(args: string, node = process.execPath): ChildProcess {
    return spawn(node, args.split(" "), this.#circumstances);
  }

  get #circumstances() {
    return {
      cwd: this.#folder,
      env: { ...process.env, NODE_OPTIONS: "", DUALIZE_CACHE: this.#cache },
    };
  }
}

const REGISTER = "--import dualize/register";

// What a Node with TypeScript of its own, or tsx, does to the files that are not ours.
const ways = [
  { way: "Node alone", node: process.execPath, flags: REGISTER },
  { way: "tsx before it", node: process.execPath, flags: `--import tsx ${REGISTER}` },
  { way: "tsx after it", node: process.execPath, flags: `${REGISTER} --import tsx` },
  { way: "Node that strips types itself", node: node24, flags: REGISTER },
  { way: "that and tsx", node: node24, flags: `--import tsx ${REGISTER}` },
].map((way) => ({ ...way, missing: !existsSync(way.node) }));

const square =
  'export const square = (x: number): number => {\n  "use dual";\n  return x * x;\n};\n';

describe.each(ways)("dualize/register with $way", ({ way, node, flags, missing }) => {
  it.skipIf(missing)("runs the first example of the README as it stands", () => {
    const sources = ["energy.ts", "main.ts"].map((file) => [file, example.get(file) as string]);
    const project = new Project(`${way} example`, Object.fromEntries(sources));
    expect(project.run(`${flags} main.ts`, node)).toMatchObject({
      stderr: "",
      stdout: example.get("output"),
    });
  });

  it.skipIf(missing)("runs CommonJS of JavaScript and TypeScript, and modules beside it", () => {
    const project = new Project(`${way} commonjs`, {
      "package.json": "{}",
      "main.cjs": `
        const { derivative } = require("dualize");
        const { cube } = require("./cube.cjs");
        const { quart } = require("./quart.cts");
        const { square } = require("./square.ts");
        console.log(derivative(cube)(2), derivative(quart)(2), derivative(square)(2));`,
      "cube.cjs": 'exports.cube = (x) => { "use dual"; return x ** 3; };',
      "quart.cts": 'exports.quart = (x: number): number => { "use dual"; return x ** 4; };',
      "square.ts": square,
    });
    expect(project.run(`${flags} main.cjs`, node).stdout).toBe("12 32 4\n");
  });

  it.skipIf(missing)("shows the places of the sources in stacks", () => {
    const project = new Project(`${way} stack`, {
      "main.ts": `
        import { derivative } from "dualize";
        interface Point { x: number }
        function fail({ x }: Point): number {
          "use dual";
          if (x > 0) throw new Error("here");
          return x;
        }
        derivative((x: number) => fail({ x }))(1);`,
    });
    expect(project.run(`${flags} main.ts`, node).stderr).toMatch(/at .*main\.ts:6:28/);
  });
});

it("leaves the frames of the library out of the stacks of its errors", () => {
  const project = new Project("frames", {
    "main.ts": `
      import { derivative, grad } from "dualize";
      const inner = (x: number): number => grad((y: number) => unmarked(y))(x);
      function outer(x: number): number { "use dual"; return x * inner(x); }
      const unmarked = eval("(x) => x");
      for (const mistake of [() => derivative(outer)(1), () => derivative(3)])
        try { mistake(); } catch (error) { console.log(error.stack); }`,
  });
  const { stdout } = project.run(`${REGISTER} main.ts`);
  const frames = stdout.split("\n").filter((line) => line.startsWith("    at "));
  expect(frames[0]).toMatch(/main\.ts:3:/);
  expect(frames.filter((frame) => /dualize.(src|dist)/.test(frame))).toEqual([]);
  expect(stdout).toMatch(
    /DUAL109.*\n {2}more: npx dualize explain DUAL109\n {4}at mistake .*main\.ts:6:/,
  );
});

it("prints in a derivative what an ordinary call prints", () => {
  const project = new Project("console", {
    "main.ts": `
      import { derivative, jvp } from "dualize";
      class Point { x: number; constructor(x: number) { this.x = x; } }
      function f(x: number): number {
        "use dual";
        console.log("%d %i %f %s %o %j %O", x, x, x, x, x, x, x);
        const cyclic: { x: number; self?: unknown } = { x };
        cyclic.self = cyclic;
        console.log(x, [x, , [x]], { x }, new Point(x), new Map([["x", x]]), new Float64Array([x]), cyclic);
        console.group(x);
        console.groupCollapsed("inner", x);
        console.info("inside");
        console.groupEnd();
        console.groupEnd();
        console.table([{ x, y: 1 }, { x: 2 * x }]);
        console.table([x, 2]);
        console.dir({ x: [x] }, { depth: x });
        console.assert(x < 0, "%d", x);
        const { log } = console;
        log("%d", x);
        console.mine("%d", x);
        return x * x;
      }
      console.mine = (...args: unknown[]) => console.log("mine", ...args);
      f(3);
      console.log("=====");
      const [, slope] = jvp(f, [3], [1]);
      console.log("=====");
      const second = derivative(derivative(f))(3);
      console.log("=====");
      console.log(slope, second);`,
  });
  const { stdout, stderr } = project.run(`${REGISTER} main.ts`);
  const [ordinary, first, second, results] = stdout.split("=====\n");
  expect(ordinary).toContain("3 3 3 3 3 3 3\n");
  expect([first, second, results]).toEqual([ordinary, ordinary, "6 2\n"]);
  expect(new Set(stderr.trim().split("\n"))).toEqual(new Set(["Assertion failed: 3"]));
});

it("leaves a package without a type to tsx, which makes CommonJS of its modules", () => {
  const project = new Project("typeless", {
    "package.json": "{}",
    "main.ts": `
      import { derivative } from "dualize";
      import { square } from "./square";
      console.log(require.main === module, derivative(square)(3));`,
    "square.ts": square,
  });
  expect(project.run(`--import tsx ${REGISTER} main.ts`).stdout).toBe("true 6\n");
});

it("gives functions their fast form, since it sees their types", () => {
  const project = new Project("types", {
    "main.ts": `
      import type { Point } from "./point.ts";
      function norm(p: Point): number { "use dual"; return p.x * p.y; }
      console.log(norm[Object.getOwnPropertySymbols(norm)[0]].signature);`,
    "point.ts": "export interface Point { x: number; y: number }",
  });
  expect(project.run(`${REGISTER} main.ts`).stdout).toBe("{x:n,y:n}:n\n");
});

it("compiles a file once, and again when it, the types it reads or the options have changed", () => {
  const project = new Project("cache", {
    "main.ts": `
      import type { Point } from "./point.ts";
      function f(p: Point): number { "use dual"; return p.x; }
      console.log(f[Object.getOwnPropertySymbols(f)[0]].signature);`,
    "point.ts": "export interface Point { x: number }",
  });
  const printed = () => project.run(`${REGISTER} main.ts`).stdout;
  expect([printed(), project.cached()]).toEqual(["{x:n}:n\n", 1]);
  expect([printed(), project.cached()]).toEqual(["{x:n}:n\n", 1]);
  project.write({ "point.ts": "export interface Point { x: number; y: number[] }" });
  expect([printed(), project.cached()]).toEqual(["{x:n,y:[n]}:n\n", 1]);
});

describe("a package in node_modules", () => {
  const files = {
    "node_modules/cubes/package.json":
      '{ "name": "cubes", "type": "module", "exports": "./cubes.js" }',
    "node_modules/cubes/cubes.js": 'export const cube = (x) => { "use dual"; return x ** 3; };',
    "main.js": `
      import { derivative } from "dualize";
      import { cube } from "cubes";
      try { console.log(derivative(cube)(2)); } catch (error) { console.log(error.code); }`,
  };

  it("is left alone", () => {
    expect(new Project("dependency", files).run(`${REGISTER} main.js`).stdout).toBe("DUAL102\n");
  });

  it("is compiled where `mark` in the project's package.json names it", () => {
    const project = new Project("marked dependency", {
      ...files,
      "package.json": '{ "type": "module", "dualize": { "mark": ["cubes"] } }',
    });
    expect(project.run(`${REGISTER} main.js`).stdout).toBe("12\n");
  });
});

it("ends with the error of a misspelled directive, and its place", () => {
  const project = new Project("misspelled", {
    "main.ts": 'export function f(x: number) {\n  "use duel";\n  return x;\n}\n',
  });
  const { stderr } = project.run(`${REGISTER} main.ts`);
  expect(stderr).toMatch(/main\.ts: DUAL001.*\n {2}more: npx dualize explain DUAL001\n/);
  expect(stderr).toMatch(/> 2 \|/);
});

describe.each(ways)("what is wrong with a file, with $way", ({ way, node, flags, missing }) => {
  it.skipIf(missing)("is told without a frame of the compiler", () => {
    const files = {
      "plugin.ts": 'export function f(x: number) {\n  "use duel";\n  return x;\n}\n',
      "plugin.cjs": 'exports.f = (x) => { "use duel"; return x; };',
      "parser.ts": 'export function f(x: number) {\n  "use dual";\n  return x +;\n}\n',
      "require.cjs": "\nrequire('./plugin.cjs');",
    };
    const project = new Project(`${way} faults`, files);
    for (const file of Object.keys(files)) {
      const { stderr } = project.run(`${flags} ${file}`, node);
      expect(stderr).toMatch(/(?:plugin|parser)\.c?[tj]s: (?:DUAL001|Unexpected token)/);
      const frames = stderr.split("\n").filter((line) => line.startsWith("    at "));
      expect(frames.filter((frame) => /babel|unplugin/.test(frame))).toEqual([]);
      if (file === "require.cjs") expect(frames.join("\n")).toContain("require.cjs:2:1");
    }
  });
});

it("warns with the notes of the plugin, from the cache too", () => {
  const project = new Project("note", {
    "main.ts": 'export function f(x: number) {\n  "use dual";\n  return Math.floor(x) * x;\n}\n',
  });
  for (const _ of ["first", "second"])
    expect(project.run(`${REGISTER} main.ts`).stderr).toMatch(
      /\[DUAL007\] DualizeWarning.*\n.*at main\.ts:3:10/,
    );
});

it("says what to install where unplugin-dualize is missing", () => {
  const project = new Project("missing", { "main.js": "" }, []);
  const dualize = join(root, "packages/dualize");
  project.write(
    Object.fromEntries(
      ["package.json", "dist/register.js", "dist/companion.js"].map((file) => [
        `node_modules/dualize/${file}`,
        readFileSync(join(dualize, file), "utf8"),
      ]),
    ),
  );
  const { stderr } = project.run(`${REGISTER} main.js`);
  expect(stderr).toContain(
    "dualize/register needs unplugin-dualize, which is not installed: npm install --save-dev unplugin-dualize",
  );
});

it("compiles a file again where `mark` in package.json has changed", () => {
  const files = {
    "package.json": '{ "type": "module" }',
    "plain.js": "export const cube = (x) => x ** 3;",
    "main.js": `
      import { derivative } from "dualize";
      import { cube } from "./plain.js";
      try { console.log(derivative(cube)(2)); } catch (error) { console.log(error.code); }`,
  };
  const project = new Project("options", files);
  expect(project.run(`${REGISTER} main.js`).stdout).toBe("DUAL102\n");
  project.write({ "package.json": '{ "type": "module", "dualize": { "mark": "plain.js" } }' });
  expect(project.run(`${REGISTER} main.js`).stdout).toBe("12\n");
  project.write({ "package.json": '{ "type": "module" }' });
  expect(project.run(`${REGISTER} main.js`).stdout).toBe("DUAL102\n");
});

it("leaves files outside of the project alone", () => {
  const project = new Project("inside", {
    "../outside/square.js": 'export const square = (x) => { "use dual"; return x * x; };',
    "main.js": `
      import { derivative } from "dualize";
      import { square } from "../outside/square.js";
      try { console.log(derivative(square)(3)); } catch (error) { console.log(error.code); }`,
  });
  expect(project.run(`${REGISTER} main.js`).stdout).toBe("DUAL102\n");
});

describe.each(ways)("worker threads, with $way", ({ way, node, flags, missing }) => {
  it.skipIf(missing)("have derivatives too", () => {
    const project = new Project(`${way} worker`, {
      "main.ts": `
        import { Worker, isMainThread, parentPort } from "node:worker_threads";
        import { derivative } from "dualize";
        import { square } from "./square.js";
        if (isMainThread) new Worker(new URL(import.meta.url)).on("message", console.log);
        else parentPort!.postMessage(derivative(square)(3));`,
      "square.ts": square,
    });
    expect(project.run(`${flags} main.ts`, node).stdout).toBe("6\n");
  });
});

describe.each(ways.filter(({ way }) => way.startsWith("Node")))(
  "node --watch, with $way",
  (how) => {
    it.skipIf(how.missing)("runs a program again when a marked file has changed", async () => {
      const project = new Project(`${how.way} watch`, {
        "main.ts": `
        import { derivative } from "dualize";
        import { power } from "./power.js";
        console.log("slope", derivative(power)(2));`,
        "power.ts": square.replace("square", "power"),
      });
      const watching = project.start(`--watch ${how.flags} main.ts`, how.node);
      let printed = "";
      watching.stdout?.on("data", (text) => {
        printed += text;
      });
      try {
        const soon = { timeout: 30_000, interval: 100 };
        await expect.poll(() => printed, soon).toMatch(/slope 4\n.*Completed/s);
        project.write({ "power.ts": square.replace("square", "power").replace("x * x", "x ** 3") });
        await expect.poll(() => printed, soon).toContain("slope 12\n");
      } finally {
        watching.kill();
      }
    });
  },
);
