import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** test262 on disk: its folder, its files, and what the head of a file says of how to run it. */

export interface Test {
  /** Where it is, from `test/` on. */
  readonly name: string;
  readonly code: string;
  readonly includes: readonly string[];
  readonly flags: readonly string[];
  /** The class of the error that it is to end with. */
  readonly throws: string | undefined;
}

/** Tests that cannot be the body of a function, or must fail before they run. */
const isWhole = ({ flags, code }: Test, phase: string | undefined): boolean =>
  flags.some((f) => f === "module" || f === "raw") ||
  (phase !== undefined && phase !== "runtime") ||
  /^\s*(import|export)\s/m.test(code);

/** Reads a test; undefined where it does not count. */
export function readTest(folder: string, name: string): Test | undefined {
  const code = readFileSync(join(folder, "test", name), "utf8");
  const head = /\/\*---([\s\S]*?)---\*\//.exec(code)?.[1] ?? "";
  const negative = /^negative:\s*\n((?:[ \t]+.*\n?)+)/m.exec(head)?.[1] ?? "";
  const field = (text: string, key: string) =>
    new RegExp(`^\\s*${key}:\\s*(\\w+)`, "m").exec(text)?.[1];
  const test: Test = {
    name,
    code,
    includes: list(head, "includes"),
    flags: list(head, "flags"),
    throws: field(negative, "type"),
  };
  return isWhole(test, field(negative, "phase")) ? undefined : test;
}

/** `key: [a, b]` or the same with a line for each. */
function list(head: string, key: string): string[] {
  const inline = new RegExp(`^${key}:\\s*\\[([^\\]]*)\\]`, "m").exec(head)?.[1];
  if (inline !== undefined)
    return inline
      .split(",")
      .map((s) => s.trim())
      .filter(Boolean);
  const lines = new RegExp(`^${key}:\\s*\\n((?:\\s+-.*\\n?)+)`, "m").exec(head)?.[1] ?? "";
  return [...lines.matchAll(/-\s*(\S+)/g)].map((m) => m[1] as string);
}

/** The names of all tests, in order. */
export function allNames(folder: string): string[] {
  const root = join(folder, "test");
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((f) => f.isFile() && f.name.endsWith(".js") && !f.name.includes("_FIXTURE"))
    .map((f) => relative(root, join(f.parentPath, f.name)).replaceAll("\\", "/"))
    .sort();
}

/** test262 on disk, and how to leave it. */
export interface Suite {
  readonly folder: string;
  close(): void;
}

/** Where test262 is: a folder or archive that was named, or one in `../shared/data` beside the checkout. */
export function findSuite(named: string | undefined = process.env.TEST262): Suite | undefined {
  const shared = fileURLToPath(new URL("../../../shared/data", import.meta.url));
  const candidates = named ? [named] : [join(shared, "test262"), join(shared, "test262.tar.gz")];
  const found = candidates.find(existsSync);
  if (found === undefined) return undefined;
  if (!found.endsWith(".tar.gz")) return { folder: found, close() {} };
  const unpacked = mkdtempSync(join(tmpdir(), "test262-"));
  execFileSync("tar", ["xzf", found, "-C", unpacked]);
  return {
    folder: join(unpacked, "test262"),
    close: () => rmSync(unpacked, { recursive: true, force: true }),
  };
}
