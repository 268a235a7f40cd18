import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { compileSync } from "../compile.ts";
import { explanation } from "../explanation.ts";
import { survey, surveyText } from "../survey.ts";

const usage = `usage: dualize explain [options] FILE|FOLDER...

Says of each marked function which form it got, and why not the tangent form where it did not. Of
folders it says how many functions have which form, and what stands in the way of most of them.
  --passes      prints what each pass makes of files too
  --code        prints the emitted code of files too
  --summary     counts, for files as well as for folders
  --all         looks at all functions that compute, marked or not
  --json        prints all that is known, as JSON
  --min-fast N  fails (exit code 1) where less than N percent have the tangent form`;

/** Says which forms marked functions got, and why. */
export function explain(args: readonly string[]): number {
  const { positionals: paths, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      code: { type: "boolean", default: false },
      passes: { type: "boolean", default: false },
      summary: { type: "boolean", default: false },
      all: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      "min-fast": { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const least = Number(values["min-fast"] ?? 0);
  if (paths.length === 0 || !(least >= 0 && least <= 100)) {
    console.error(usage);
    return 2;
  }
  const counts =
    values.summary ||
    values.all ||
    values.json ||
    values["min-fast"] !== undefined ||
    paths.some(isFolder);
  if (!counts) return explainFiles(paths, values);
  const result = survey(paths, { all: values.all });
  console.log(values.json ? JSON.stringify(result, null, 2) : surveyText(result));
  return result.fast < least || result.failures.length > 0 ? 1 : 0;
}

const isFolder = (path: string): boolean => statSync(path).isDirectory();

function explainFiles(
  files: readonly string[],
  { code: withCode, passes: withPasses }: { code: boolean; passes: boolean },
): number {
  let failed = false;
  for (const file of files) {
    try {
      const passes: string[] = [];
      const add = (name: string, text: string) => passes.push(`\n==== ${name} ====\n\n${text}`);
      const options = withPasses ? { passes: add } : {};
      const compiled = compileSync(readFileSync(file, "utf8"), resolve(file), options);
      console.log(
        compiled === undefined ? `${file}  no marked functions` : explanation(compiled.report),
      );
      for (const pass of passes) console.log(pass);
      if (withCode && compiled !== undefined) console.log(`\n${compiled.code}\n`);
    } catch (error) {
      failed = true;
      console.error(error instanceof Error ? error.message : String(error));
    }
  }
  return failed ? 1 : 0;
}
