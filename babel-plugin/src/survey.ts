import { readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { compileSync, diagnosticOf } from "./compile.ts";
import type { FunctionReport, ModuleReport } from "./pipeline.ts";
import { isTest, sourcesBelow } from "./sources.ts";

/** What is to be counted, and of which files. */
export interface SurveyOptions {
  /**
   * Looks at every function, as if each file were marked at its top, and counts those that compute:
   * for code that has no marks yet.
   */
  readonly all?: boolean;
}

/** What stands in the way of the tangent form, and of how many functions. */
export interface Obstacle {
  /** The reason, with `…` for names. */
  readonly reason: string;
  /** Of how many functions it is the first, or only, reason. */
  readonly first: number;
  /** Of how many functions it is one of the reasons. */
  readonly among: number;
  /** Where it is found, for instance. */
  readonly example: string;
}

/** The forms of the functions of a project. */
export interface Survey {
  /** How many functions were counted. */
  readonly functions: number;
  /** How many of them have a tangent form. */
  readonly tangent: number;
  /** The share of those, in percent; 100 of no functions. */
  readonly fast: number;
  /** What stands in the way, most costly first. */
  readonly obstacles: readonly Obstacle[];
  /** What became of each file that has marked functions. */
  readonly files: readonly ModuleReport[];
  /** Files that did not compile, and why. */
  readonly failures: readonly { readonly file: string; readonly message: string }[];
}

/**
 * Looks at all sources below the folders, and at the files, that are named. Nothing is written, and
 * nothing of the project is executed.
 */
export function survey(paths: readonly string[], options: SurveyOptions = {}): Survey {
  const files: ModuleReport[] = [];
  const failures: { file: string; message: string }[] = [];
  for (const file of paths.flatMap((path) => sourcesBelow(path, isTest))) {
    try {
      const code = readFileSync(file, "utf8");
      const compiled = compileSync(code, resolve(file), options.all ? { mark: () => true } : {});
      if (compiled) files.push(compiled.report);
    } catch (error) {
      const diagnostic = diagnosticOf(error);
      const message = error instanceof Error ? (error.message.split("\n", 1)[0] ?? "") : `${error}`;
      failures.push({
        file: relative("", file),
        message: diagnostic ? `${diagnostic.code}: ${diagnostic.message}` : message,
      });
    }
  }
  const counted = files.flatMap(({ file, functions }) =>
    functions.filter((f) => f.computes || !options.all).map((f) => ({ file, f })),
  );
  const tangent = counted.filter(({ f }) => f.form === "tangent").length;
  return {
    functions: counted.length,
    tangent,
    fast: counted.length === 0 ? 100 : (100 * tangent) / counted.length,
    obstacles: obstaclesOf(counted),
    files,
    failures,
  };
}

function obstaclesOf(counted: readonly { file: string; f: FunctionReport }[]): Obstacle[] {
  const found = new Map<string, { first: number; among: number; example: string }>();
  for (const { file, f } of counted) {
    const seen = new Set<string>();
    for (const [i, { message, line, column }] of f.reasons.entries()) {
      const reason = withoutNames(message);
      let row = found.get(reason);
      if (row === undefined) {
        row = { first: 0, among: 0, example: `${file}:${line}:${column} ${message}` };
        found.set(reason, row);
      }
      if (i === 0) row.first++;
      if (!seen.has(reason)) row.among++;
      seen.add(reason);
    }
  }
  return [...found]
    .map(([reason, row]) => ({ reason, ...row }))
    .sort((a, b) => b.first - a.first || b.among - a.among);
}

const withoutNames = (message: string): string => message.replace(/'[^']*'/g, "…");

/** A survey as text: the share, then what stands in the way. */
export function surveyText({ functions, tangent, fast, obstacles, failures }: Survey): string {
  const share = (n: number) => `${((100 * n) / functions).toFixed(1)} %`.padStart(7);
  const lines = [
    `${functions} functions, ${tangent} of them with the fast (tangent) form: ${fast.toFixed(1)} %`,
  ];
  if (obstacles.length > 0)
    lines.push(
      "",
      "first reason  one of several  reason",
      ...obstacles.map(
        ({ reason, first, among, example }) =>
          `${String(first).padStart(5)} ${share(first)}  ${String(among).padStart(14)}  ${reason}\n${" ".repeat(31)}${example}`,
      ),
    );
  if (failures.length > 0)
    lines.push("", "did not compile:", ...failures.map((f) => `  ${f.file}  ${f.message}`));
  return lines.join("\n");
}
