import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { locateTypes } from "./locate.ts";

/** Files that cannot import anything. */
const isData = (source: string): boolean => /\.(css|json|svg|txt|wasm)$/.test(source);
/** More than this is not looked through. */
const most = 300;

/**
 * Whether imports of a module may lead back to it, so that its functions may be called before it has run. Where an
 * import cannot be followed, they may.
 *
 * @param sources what the module imports when it runs
 * @param dependencies collects the files that the answer depends on
 */
export function leadsBack(
  file: string,
  sources: readonly string[],
  dependencies: Set<string>,
): boolean {
  const seen = new Set<string>();
  const follow = (source: string, from: string): boolean => {
    if (/^(node:|dualize\b)/.test(source) || isData(source)) return false;
    const found = locateTypes(source, from);
    if (found === undefined) return !isPackage(source, from);
    if (found === file) return true;
    if (found.includes("/node_modules/") || seen.has(found)) return false;
    if (/\.d\.[cm]?ts$/.test(found) || seen.size >= most) return true;
    seen.add(found);
    dependencies.add(found);
    return sourcesIn(found).some((next) => follow(next, found));
  };
  return sources.some((source) => follow(source, file));
}

const known = new Map<string, { readonly time: number; readonly sources: readonly string[] }>();

const imports =
  /\b(?:import|export)(?=[\s{*"'])(?!\s+type\s+(?!from\b))[^"'`;()]*\bfrom\s*["']([^"']+)["']|\bimport\s*["']([^"']+)["']|\brequire\s*\(\s*["']([^"']+)["']/g;

function sourcesIn(file: string): readonly string[] {
  const time = statSync(file).mtimeMs;
  const before = known.get(file);
  if (before?.time === time) return before.sources;
  const text = readFileSync(file, "utf8");
  // A comment among the names may hold what ends the search, and what looks like one may be text.
  const readings = [text, text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, " ")];
  const sources = readings.flatMap((reading) =>
    [...reading.matchAll(imports)].map((m) => (m[1] ?? m[2] ?? m[3]) as string),
  );
  known.set(file, { time, sources });
  return sources;
}

function isPackage(source: string, from: string): boolean {
  const name = /^(@[^/]+\/)?[^/.@~#][^/]*/.exec(source)?.[0];
  if (name === undefined) return false;
  for (let folder = dirname(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "node_modules", name))) return true;
    if (folder === dirname(folder)) return false;
  }
}
