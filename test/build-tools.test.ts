import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundlers, textOf } from "./build-tools/bundlers.ts";
import {
  app,
  here,
  minifiers,
  plugin,
  results,
  temporary,
  unused,
  write,
  writeMinified,
} from "./build-tools/support.ts";

/** A small app of several files, built by each bundler for real, and run. */

const folder = temporary();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const expected = {
  plain: 1.9224174381096273,
  jvp: [1.9224174381096273, 3.2],
  grad: { q: Math.sin(0.5), p: 3.2 },
  second: 2,
  hessian: [
    [0, 4],
    [4, 6],
  ],
  method: 18,
  methodDerivative: 16,
  generic: 8,
  primal: 1,
};

/** Where an error was thrown, as its stack says. */
const firstFrame = (stack: unknown): string | undefined =>
  String(stack)
    .split("\n")
    .find((line) => line.startsWith("    at "));

const terser = minifiers.find(({ name }) => name === "terser");

describe.each(bundlers)("$name", (bundler) => {
  const outFile = join(folder, `${bundler.name.replace(/\W/g, "")}.mjs`);
  let code: string;

  beforeAll(async () => {
    expect(await bundler.build(app, outFile)).toEqual({ errors: [], warnings: [] });
    code = textOf(outFile);
  });

  it("builds an app that runs and computes what it should", () => {
    expect(results(outFile)).toMatchObject(expected);
  });

  const place = bundler.takesMaps ? /src\/drag\.ts:15:\d+/ : /src\/drag\.ts:/;
  it(`maps ${bundler.takesMaps ? "the place" : "the file"} of an error to the source`, () => {
    expect(firstFrame(results(outFile).stack)).toMatch(place);
  });

  it("has the runtime once", () => {
    expect(code.match(/"dualize\.twin"/g)).toHaveLength(1);
  });

  it.each(minifiers)(
    "minified by $name, computes the same, and maps the error",
    async ({ name, minify }) => {
      const file = join(folder, `${bundler.name.replace(/\W/g, "")}-${name}.mjs`);
      await writeMinified(file, await minify(code), textOf(`${outFile}.map`));
      const found = results(file);
      expect(found).toMatchObject(expected);
      expect(firstFrame(found.stack)).toMatch(place);
    },
  );

  it("leaves out marked functions that nothing uses", async () => {
    const file = join(folder, `${bundler.name.replace(/\W/g, "")}-unused.mjs`);
    expect(await bundler.build(unused, file)).toEqual({ errors: [], warnings: [] });
    const { code: shaken } = await terser!.minify(textOf(file));
    for (const constant of ["1234.5", "4711.5", "6789.5"]) expect(shaken).not.toContain(constant);
    const shakenFile = write(folder, `${bundler.name.replace(/\W/g, "")}-shaken.mjs`, shaken);
    const found = { plain: 45, derivative: 30, second: 10, grad: [30] };
    for (const f of [file, shakenFile]) expect(results(f)).toEqual(found);
  });

  it("reports a misspelled directive, alone in its file, with its place", async () => {
    const { errors } = await bundler.build(join(here, "faulty/misspelled.ts"), outFile);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/misspelled\.ts:2:3: (.*\n)?.*DUAL001/);
    expect(errors[0]).toContain("more: npx dualize explain DUAL001");
  });

  it("passes a note on as a warning with its place", async () => {
    const { errors, warnings } = await bundler.build(join(here, "faulty/note.ts"), outFile);
    expect(errors).toEqual([]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/note\.ts:3:14: (.*\n)?.*DUAL007/);
  });
});

it.each(["es2020", "es2017", "es2016", "es2015"])(
  "esbuild's target %s gives an app that computes what it should, without a warning",
  async (target) => {
    const { build } = await import("esbuild");
    const outfile = join(folder, `${target}.mjs`);
    const plugins = [await plugin("esbuild")];
    const how = { bundle: true, format: "esm", platform: "node", logLevel: "silent" } as const;
    const { warnings } = await build({ entryPoints: [app], outfile, target, plugins, ...how });
    expect(warnings).toEqual([]);
    expect(results(outfile)).toMatchObject(expected);
  },
);

describe("Farm", () => {
  const isInstalled = existsSync(join(here, "node_modules/@farmfe/core"));
  const farm = (entry: string) => {
    const out = join(folder, "farm", "out.mjs");
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(here, "farm-build.mjs"), entry, out],
      { cwd: here, encoding: "utf8" },
    );
    return { status, said: stdout + stderr };
  };

  it.skipIf(!isInstalled)(
    "builds an app that computes what it should, with the runtime once",
    () => {
      expect(farm(join(here, "app/src/print.ts"))).toMatchObject({ status: 0 });
      const out = join(folder, "farm/out.mjs");
      const printed = execFileSync(process.execPath, ["--enable-source-maps", out], {
        encoding: "utf8",
        env: { ...process.env, NODE_OPTIONS: "" },
      });
      const found = JSON.parse(printed);
      expect(found).toMatchObject(expected);
      expect(firstFrame(found.stack)).toMatch(/src\/drag\.ts:15:\d+/);
      expect(textOf(out).match(/"dualize\.twin"/g)).toHaveLength(1);
    },
  );

  it.skipIf(!isInstalled)("is told of notes and errors with their places", () => {
    expect(farm(join(here, "faulty/note.ts")).said).toMatch(/note\.ts:3:14: DUAL007/);
    const { status, said } = farm(join(here, "faulty/misspelled.ts"));
    expect(status).toBe(1);
    expect(said).toMatch(/misspelled\.ts:2:3: DUAL001/);
  });
});
