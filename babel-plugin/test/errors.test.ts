import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { babelVersions } from "../../test/support/babel.ts";
import { transformAlone } from "./support/compile.ts";

/**
 * Every file of fixtures/errors/ is refused, or has something noted about it: what is said, with the place and
 * the code frame, is in the .txt beside it. `UPDATE_FIXTURES=1` writes these anew.
 */

const folder = fileURLToPath(new URL("fixtures/errors", import.meta.url));
const update = process.env.UPDATE_FIXTURES !== undefined;
const files = readdirSync(folder).filter((name) => !name.endsWith(".txt"));

describe.each(babelVersions)("on Babel $version", (babel) => {
  it.each(files)("%s says what is wrong, and where", (file) => {
    const code = readFileSync(join(folder, file), "utf8");
    const golden = join(folder, `${file}.txt`);
    const said = report(code, file, babel);
    if (update && babel.version.startsWith("7.29")) writeFileSync(golden, said);
    expect(said).toBe(readFileSync(golden, "utf8"));
    expect(said).toContain(
      file.slice(0, 7) === "no-erro" ? "nothing" : file.slice(0, 7).toUpperCase(),
    );
  });
});

interface Said {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

function report(code: string, file: string, babel: (typeof babelVersions)[number]): string {
  const source = { code, file: `/${file}`, script: file.includes(".script.") };
  try {
    const { metadata } = transformAlone(source, babel);
    const { diagnostics = [] } = (metadata?.dualize ?? {}) as { diagnostics?: Said[] };
    const notes = diagnostics.map(
      (d) => `${d.severity} ${d.line}:${d.column} ${d.code}: ${d.message}\n`,
    );
    return notes.join("") || "nothing\n";
  } catch (error) {
    // Babel colours the code frame where it takes the output for a terminal's, as in CI.
    return `${stripVTControlCharacters((error as Error).message)}\n`;
  }
}
