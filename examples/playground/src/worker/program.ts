import * as library from "dualize";
import * as dual from "dualize/dual";
import * as runtime from "dualize/runtime";
import type { Drawable } from "../protocol.ts";

/** What a source may import. */
const importable: Readonly<Record<string, object>> = {
  dualize: library,
  "dualize/dual": dual,
  "dualize/runtime": runtime,
};

function require(name: string): object {
  const found = importable[name];
  if (found === undefined)
    throw new Error(`Here "dualize" and "dualize/dual" can be imported; "${name}" is not there.`);
  return found;
}

/** A function of numbers, as the user exported it. */
export type Numeric = (...x: number[]) => number;

/** Runs a script; gives what it exports. */
export function run(script: string): ReadonlyMap<string, unknown> {
  const exported: Record<string, unknown> = {};
  new Function("exports", "require", script)(exported, require);
  return new Map(Object.entries(exported));
}

/** The functions that can be drawn, which have one or two parameters without a default. */
export function drawables(exported: ReadonlyMap<string, unknown>): Drawable[] {
  return [...exported].flatMap(([name, f]) =>
    typeof f === "function" && (f.length === 1 || f.length === 2)
      ? [{ name, dimension: f.length }]
      : [],
  );
}
