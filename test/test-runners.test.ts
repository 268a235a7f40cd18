import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "./support/markdown.ts";

/** Test runners, set up and called as docs/build-tools.md says. */

const tools = join(root, "test/build-tools/node_modules");
const project = mkdtempSync(join(tmpdir(), "dualize-runners-"));
const shown = new Map(
  [
    ...readFileSync(join(root, "docs/build-tools.md"), "utf8").matchAll(
      /<!-- runner: (\S+) -->\s*```\w+\n(.*?)^```/gms,
    ),
  ].map(([, name, text]) => [name as string, text as string]),
);

// Ordinary calls run all of it but `untested`, which has one function and one line.
const model = `import { derivative } from "dualize";

export function energy(q: number, p: number): number {
  "use dual";
  return (p * p) / 2 - Math.cos(q);
}

export class Meter {
  static made = 0;
  static {
    Meter.made = 1;
  }
  total: number;
  constructor(x: number) {
    this.total = x * x;
  }
  read(k: number): number {
    "use dual";
    return this.total * k;
  }
}

export const slope = (x: number): number => derivative((y: number) => y * y)(x);

export const scaled = (a: number): ((x: number) => number) => {
  "use dual";
  return (x) => a * x;
};

export function untested(x: number): number {
  "use dual";
  return x * 2;
}
`;

const test = `import { derivative } from "dualize";
import { Meter, energy, scaled, slope } from "./model.js";

test("derivatives and ordinary calls", () => {
  expect(energy(0, 2)).toBe(1);
  expect(derivative(energy)(Math.PI / 2, 2)).toBe(1);
  expect(new Meter(2).read(3)).toBe(12);
  expect(slope(3)).toBe(6);
  expect(scaled(2)(3)).toBe(6);
});
`;

const nodeTest = `import { equal } from "node:assert/strict";
import { test } from "node:test";

const expect = (found: unknown) => ({ toBe: (expected: unknown) => equal(found, expected) });
`;

const files = {
  "package.json": '{ "private": true, "type": "module" }',
  "src/model.ts": model,
  "src/model.test.ts": `// @ts-nocheck\n${test}`,
  "test/model.ts": model,
  "test/model.test.ts": nodeTest + test,
};

beforeAll(() => {
  mkdirSync(join(project, "src"));
  mkdirSync(join(project, "test"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
  for (const [name, text] of shown)
    if (name.includes(".")) writeFileSync(join(project, name), text);
  const ours = ["dualize", "unplugin-dualize", "babel-plugin-dualize"];
  for (const name of [...ours, "@babel", "vitest", "@vitest", ".bin/vitest"])
    link(join(root, "node_modules"), name);
  for (const name of ["jest", ".bin/jest"]) link(tools, name);
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

function link(from: string, name: string): void {
  const place = join(project, "node_modules", name);
  mkdirSync(join(place, ".."), { recursive: true });
  symlinkSync(join(from, name), place, "junction");
}

/** Runs a command of the documentation, with what has to do with the place alone behind it. */
function run(name: string, more = ""): string {
  const command = `${shown.get(name)?.trim()} ${more}`;
  const inside = Object.keys(process.env).filter((key) => /^(VITEST|JEST|NODE_|TEST)/.test(key));
  const { stdout, stderr, status } = spawnSync(command, {
    cwd: project,
    encoding: "utf8",
    shell: true,
    env: {
      ...Object.fromEntries(Object.entries(process.env).filter(([key]) => !inside.includes(key))),
      DUALIZE_CACHE: "off",
    },
  });
  if (status !== 0) throw new Error(`${command}\n${stdout}\n${stderr}`);
  return stdout + stderr;
}

interface Count {
  readonly total: number;
  readonly covered: number;
}

function coverage(): { functions: Count; lines: Count } {
  const text = readFileSync(join(project, "coverage/coverage-summary.json"), "utf8");
  return JSON.parse(text)[join(project, "src/model.ts")];
}

describe("Vitest, as the documentation shows it", () => {
  it.each(["v8", "istanbul"])("runs, and counts by %s what was written alone", (provider) => {
    run("vitest", `--globals --coverage.provider=${provider} --coverage.reporter=json-summary src`);
    const { functions, lines } = coverage();
    expect(functions).toMatchObject({ total: 7, covered: 6 });
    expect(lines.total - lines.covered).toBe(1);
  });
});

describe("Jest, as the documentation shows it", () => {
  it("runs, and counts what was written alone", () => {
    run("jest", "--coverageReporters=json-summary --cacheDirectory=cache src");
    const { functions, lines } = coverage();
    expect(functions).toMatchObject({ total: 7, covered: 6 });
    expect(lines.total - lines.covered).toBe(1);
  });
});

describe("node:test, as the documentation shows it", () => {
  it("runs", () => {
    expect(run("node")).toMatch(/[#ℹ] pass 1\n/);
  });
});
