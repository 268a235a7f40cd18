import { readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { compileSync, type Diagnostic, frameOf, placeOf } from "../compile.ts";
import { mayHaveMarks } from "../filter.ts";
import { sourcesBelow } from "../sources.ts";

const usage = `usage: dualize check [options] FILE|FOLDER...

Says all that the plugin has to say about marked functions: errors, and notes about derivatives that
may not be what one expects. Nothing is written. Fails (exit code 1) where there is an error.
  --strict  fails where there is a note, too
  --json    prints the diagnostics as JSON`;

/** What there is to say about a place in a file; a file that can't be parsed has no code. */
interface Finding extends Omit<Diagnostic, "code"> {
  readonly file: string;
  readonly code: string | undefined;
}

/** Reports all diagnostics of files and folders. */
export function check(args: readonly string[]): number {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      strict: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (positionals.length === 0) {
    console.error(usage);
    return 2;
  }
  const files = positionals.flatMap((path) => sourcesBelow(path, () => false));
  const findings = files.flatMap(findingsIn);
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const notes = findings.length - errors;
  if (values.json) console.log(JSON.stringify(findings, null, 2));
  else {
    for (const finding of findings) console.log(`${textOf(finding)}\n`);
    const files = counted(filesOf(findings), "file");
    console.log(
      findings.length === 0
        ? "no errors, no notes"
        : `${counted(errors, "error")}, ${counted(notes, "note")} in ${files}`,
    );
    const [first] = findings.flatMap(({ code }) => code ?? []);
    if (first) console.log(`What they mean: npx dualize explain ${first}`);
  }
  return errors > 0 || (values.strict && notes > 0) ? 1 : 0;
}

function findingsIn(path: string): Finding[] {
  const source = readFileSync(path, "utf8");
  const file = relative("", path).replaceAll("\\", "/");
  if (!mayHaveMarks(source)) return [];
  try {
    const compiled = compileSync(source, resolve(path), { check: true });
    return (compiled?.report.diagnostics ?? []).map((d) => ({ file, ...d }));
  } catch (error) {
    // The parser's; what the plugin finds it has collected.
    const { line, column } = placeOf(error) ?? { line: undefined, column: undefined };
    const text = error instanceof Error ? error.message : String(error);
    const message = text.replace(`${resolve(path)}: `, "").split("\n", 1)[0] ?? "";
    const end = { endLine: undefined, endColumn: undefined };
    return [{ file, code: undefined, severity: "error", message, line, column, ...end }];
  }
}

function textOf({ file, code, severity, message, line, column }: Finding): string {
  const said = `${severity}${code ? ` ${code}` : ""}: ${message}`;
  if (line === undefined || column === undefined) return `${file}  ${said}`;
  return `${file}:${line}:${column}  ${said}\n\n${frameOf(readFileSync(file, "utf8"), line, column)}`;
}

const filesOf = (findings: readonly Finding[]): number =>
  new Set(findings.map(({ file }) => file)).size;

const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;
