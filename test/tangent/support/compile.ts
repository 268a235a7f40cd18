import { transformSync } from "@babel/core";
import dualize from "babel-plugin-dualize";
import * as library from "dualize";
import * as runtime from "dualize/runtime";
import { transformSync as strip } from "esbuild";
import { type Report, reportOn } from "./forms.ts";

// biome-ignore lint/suspicious/noExplicitAny: tests know what their functions take
type Exports = Record<string, (...args: any[]) => any>;

/** Compiles a text with the plugin and runs it: what it exports, and what the plugin reports. */
export function compile(
  code: string,
  file = "text.ts",
): { exports: Exports; report: Report[]; code: string } {
  const options = {
    filename: file,
    configFile: false,
    babelrc: false,
    parserOpts: { plugins: file.endsWith(".ts") ? (["typescript"] as const) : [] },
    plugins: [dualize],
  };
  const emitted = transformSync(code, options as never)?.code as string;
  const script = strip(emitted, { loader: "ts", format: "cjs" }).code;
  const module = { exports: {} as Exports };
  const known: Record<string, unknown> = { dualize: library, "dualize/runtime": runtime };
  new Function("require", "module", "exports", script)(
    (name: string) => known[name],
    module,
    module.exports,
  );
  return { exports: module.exports, report: reportOn(code, file), code: emitted };
}
