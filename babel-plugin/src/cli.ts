#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { transformSync } from "@babel/core";
import { explain } from "./explain.ts";
import dualize, { type ModuleReport } from "./index.ts";

const usage = `usage: dualize explain [--code] FILE...

Says of each marked function which form it got, and why not the tangent form where it did not.
  --code  prints the emitted code too`;

/** Runs the command line; gives the exit code. */
function main(argv: readonly string[]): number {
  const { positionals, values } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      code: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const [command, ...files] = positionals;
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (command !== "explain" || files.length === 0) {
    console.error(usage);
    return 2;
  }
  let failed = false;
  for (const file of files) {
    try {
      explainFile(file, values.code);
    } catch (error) {
      failed = true;
      console.error(error instanceof Error ? error.message : String(error));
    }
  }
  return failed ? 1 : 0;
}

function explainFile(file: string, withCode: boolean): void {
  let report: ModuleReport | undefined;
  const keep = (r: ModuleReport) => {
    report = r;
  };
  const result = transformSync(readFileSync(file, "utf8"), {
    filename: file,
    configFile: false,
    babelrc: false,
    parserOpts: {
      plugins: /\.[cm]?js$/.test(file)
        ? ["jsx"]
        : file.endsWith("x")
          ? ["typescript", "jsx"]
          : ["typescript"],
    },
    plugins: [[dualize, { report: keep }]],
  });
  console.log(report === undefined ? `${file}  no marked functions` : explain(report));
  if (withCode && report !== undefined) console.log(`\n${result?.code ?? ""}\n`);
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  // Bad options: parseArgs says which.
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
