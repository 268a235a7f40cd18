import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
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

/** Where test262 is: a folder that was named, or the archive or folder `shared/data` beside the checkout. */
export function findSuite(named: string | undefined = process.env.TEST262): string | undefined {
  const checkout = fileURLToPath(new URL("../..", import.meta.url));
  const shared = join(dirname(join(checkout, "x")), "../shared/data");
  const candidates = named ? [named] : [join(shared, "test262"), join(shared, "test262.tar.gz")];
  const found = candidates.find(existsSync);
  if (found === undefined) return undefined;
  if (!found.endsWith(".tar.gz")) return found;
  const folder = mkdtempSync(join(tmpdir(), "test262-"));
  execFileSync("tar", ["xzf", found, "-C", folder]);
  return join(folder, "test262");
}
