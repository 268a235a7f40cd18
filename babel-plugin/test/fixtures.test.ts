/// <reference types="vite/client" />
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { babelVersions } from "../../test/support/babel.ts";
import dualize from "../src/index.ts";
import { type Fixture, fixture } from "./support/checks.ts";
import {
  configurations,
  newest7,
  type Source,
  transformAlone,
  withoutTypes,
  withTypes,
} from "./support/compile.ts";
import { erase, withoutMarks } from "./support/erase.ts";
import { type Library, type Runtime, Workspace } from "./support/workspace.ts";

/**
 * Every folder of fixtures/<group>/<case>/ is one: input.ts is compiled, the emitted code compared
 * with output.js, and exec.ts runs it. `npm run fixtures:update` writes output.js anew.
 */

const folder = fileURLToPath(new URL("fixtures", import.meta.url));
const update = process.env.UPDATE_FIXTURES !== undefined;
const executions = import.meta.glob<{ default: (f: Fixture) => unknown }>("./fixtures/**/exec.ts");

/** What a fixture may say in options.json. */
interface Options {
  readonly script?: boolean;
  /** Neighbours that cannot compile the input itself, with the reason. */
  readonly without?: Readonly<Record<string, string>>;
  /** Why the input does not run without the plugin, so that there is nothing to compare with. */
  readonly needsPlugin?: string;
  /** Why what the user wrote cannot be told from what the plugin wrote. */
  readonly looksEmitted?: string;
}

const cases = readdirSync(folder).flatMap((group) =>
  readdirSync(join(folder, group))
    .filter((name) => existsSync(join(folder, group, name, "exec.ts")))
    .map((name) => `${group}/${name}`),
);

let workspace: Workspace;
let library: Library;
let runtime: Runtime;
beforeAll(async () => {
  workspace = await Workspace.open("fixtures");
  library = await workspace.library();
  runtime = await workspace.runtime();
});
afterAll(() => workspace?.close());

describe.each(cases)("%s", (name) => {
  const at = (file: string) => join(folder, name, file);
  const options: Options = existsSync(at("options.json"))
    ? JSON.parse(readFileSync(at("options.json"), "utf8"))
    : {};
  const script = options.script ?? false;
  const source: Source = {
    code: readFileSync(at("input.ts"), "utf8"),
    file: `/${name}/input.ts`,
    script,
  };
  const extension = script ? "cjs" : "mjs";

  it("is emitted as output.js says, and a second run adds nothing", () => {
    // Second-order code is as long again; it is compared by its numbers.
    const plugins = [[dualize, { forms: ["adjoint"] }]];
    const { code: shown } = transformAlone(source, newest7, {
      presets: [withTypes(newest7)],
      plugins,
    });
    const emitted = `${shown}\n`;
    if (update) writeFileSync(at("output.js"), emitted);
    expect(emitted).toBe(readFileSync(at("output.js"), "utf8"));

    const { code } = transformAlone(source);
    const again = transformAlone({ ...source, code });
    expect(again.code).toBe(code);
  });

  it.skipIf(options.looksEmitted)("leaves what the user wrote as it is", () => {
    const { code } = transformAlone(source);
    expect(erase(code, source.file, script)).toBe(withoutMarks(source.code, source.file, script));
  });

  for (const babel of babelVersions) {
    for (const { name: configuration, compile } of configurations(babel)) {
      if (options.without?.[configuration] !== undefined) continue;
      if (configuration.startsWith("on code") && babel !== newest7) continue;
      it(`runs on Babel ${babel.version} ${configuration}`, async () => {
        const run = await executions[`./fixtures/${name}/exec.ts`]!();
        const original = await workspace.load(
          options.needsPlugin ? compile(source) : withoutTypes(source),
          extension,
        );
        const m = await workspace.load(compile(source), extension);
        await run.default(
          fixture(
            library,
            runtime,
            m.default && script ? m.default : m,
            original.default && script ? original.default : original,
          ),
        );
      });
    }
  }
});
