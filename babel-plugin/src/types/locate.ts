import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/**
 * Where the types of an imported module are written: a file, or undefined where none is found. JavaScript that
 * has no types beside it says what its classes are made of.
 */
export function locateTypes(source: string, from: string): string | undefined {
  if (source.startsWith(".") || source.startsWith("/")) {
    const path = resolve(dirname(from), source);
    return fileAt(path) ?? untypedAt(path);
  }
  if (source.startsWith("node:")) return undefined;
  return mapped(source, dirname(from)) ?? inPackages(source, dirname(from), everywhere);
}

/** Where the code of an imported module is: as `locateTypes`, but never in declarations alone. */
export function locateCode(source: string, from: string): string | undefined {
  if (source.startsWith(".") || source.startsWith("/"))
    return codeAt(resolve(dirname(from), source));
  if (source.startsWith("node:")) return undefined;
  const found = mapped(source, dirname(from));
  return found && !isDeclarations(found) ? found : inPackages(source, dirname(from), [inCode]);
}

const codeAt = (path: string): string | undefined =>
  fileAt(path, (file) => !isDeclarations(file)) ?? untypedAt(path);

/**
 * The declarations beside a file of JavaScript: `a.d.ts` of `a.js`, or those of the package that begins with it,
 * its own or those that were written for it (`@types`).
 */
export function locateDeclarations(file: string): string | undefined {
  if (!/\.[cm]?js$/.test(file)) return undefined;
  const beside = fileAt(file);
  if (beside !== undefined) return isDeclarations(beside) ? beside : undefined;
  const described = above(dirname(file), (f) => join(f, "package.json"));
  const manifest = described ? (readJson(described) as Manifest | undefined) : undefined;
  if (described === undefined || !manifest?.name) return undefined;
  const folder = dirname(described);
  const begins = [manifest.main, manifest.module, ...targetsIn(subpathsOf(manifest.exports)["."])];
  if (!begins.some((path) => path !== undefined && join(folder, path) === file)) return undefined;
  const own = fileOfPackage(described, "", typed) ?? inPackages(manifest.name, folder, [inTypes]);
  return own !== undefined && isDeclarations(own) ? own : undefined;
}

export const isDeclarations = (file: string): boolean => /\.d\.[cm]?ts$/.test(file);

const isFile = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

const typedEndings = [".ts", ".tsx", ".d.ts", ".mts", ".cts", ".d.mts", ".d.cts"];

/** The file that an import without an extension, or with that of the compiled file, stands for. */
function fileAt(path: string, isWanted = (_file: string) => true): string | undefined {
  if (/\.[cm]?tsx?$/.test(path) && isWanted(path) && isFile(path)) return path;
  const bare = path.replace(/\.([cm]?)jsx?$/, "");
  const kind = /\.([cm])jsx?$/.exec(path)?.[1] ?? "";
  const tried =
    bare === path
      ? [...typedEndings.map((e) => path + e), ...typedEndings.map((e) => join(path, `index${e}`))]
      : [`${bare}.${kind}ts`, `${bare}.tsx`, `${bare}.d.${kind}ts`, `${bare}.d.ts`];
  return tried.find((file) => isWanted(file) && isFile(file));
}

/** The file of JavaScript that an import stands for. */
function untypedAt(path: string): string | undefined {
  if (/\.[cm]?jsx?$/.test(path)) return isFile(path) ? path : undefined;
  return [".js", ".mjs", ".jsx"].flatMap((e) => [path + e, join(path, `index${e}`)]).find(isFile);
}

// ---- path mappings

interface Settings {
  /** What mappings and bare names start from. */
  readonly base: string;
  readonly paths: Readonly<Record<string, readonly string[]>>;
  readonly hasBase: boolean;
}

/** Where the nearest tsconfig.json sends a name. */
function mapped(source: string, folder: string): string | undefined {
  const file = above(folder, (f) => join(f, "tsconfig.json"));
  const settings = file && settingsOf(file, 0);
  if (!settings) return undefined;
  for (const [pattern, targets] of Object.entries(settings.paths)) {
    const rest = matched(pattern, source);
    if (rest === undefined) continue;
    for (const target of targets) {
      const found = fileAt(resolve(settings.base, target.replace("*", rest)));
      if (found !== undefined) return found;
    }
  }
  return settings.hasBase ? fileAt(resolve(settings.base, source)) : undefined;
}

function matched(pattern: string, source: string): string | undefined {
  const [start = "", end] = pattern.split("*", 2);
  if (end === undefined) return pattern === source ? "" : undefined;
  return source.startsWith(start) && source.endsWith(end) && source.length >= pattern.length - 1
    ? source.slice(start.length, source.length - end.length)
    : undefined;
}

function settingsOf(file: string, depth: number): Settings | undefined {
  const json = readJson(file) as
    | {
        extends?: string | string[];
        compilerOptions?: { baseUrl?: string; paths?: Record<string, string[]> };
      }
    | undefined;
  if (json === undefined) return undefined;
  const { baseUrl, paths } = json.compilerOptions ?? {};
  const folder = dirname(file);
  const parents = [json.extends ?? []].flat().filter((p) => p.startsWith("."));
  const inherited =
    depth > 4
      ? undefined
      : parents
          .map((p) => resolve(folder, p.endsWith(".json") ? p : `${p}.json`))
          .map((p) => settingsOf(p, depth + 1))
          .findLast((s) => s !== undefined);
  if (baseUrl === undefined && paths === undefined) return inherited;
  return {
    base: baseUrl !== undefined ? resolve(folder, baseUrl) : folder,
    paths: paths ?? inherited?.paths ?? {},
    hasBase: baseUrl !== undefined || (inherited?.hasBase ?? false),
  };
}

// ---- packages

interface Manifest {
  readonly name?: string;
  readonly types?: string;
  readonly typings?: string;
  readonly main?: string;
  readonly module?: string;
  readonly exports?: unknown;
}

/** Where something of a package is sought: in itself, or in what holds the types that it came without. */
interface Place {
  readonly folderOf: (name: string) => string;
  readonly look: Look;
}

function inPackages(source: string, folder: string, places: readonly Place[]): string | undefined {
  const parts = source.split("/");
  const name = parts.slice(0, source.startsWith("@") ? 2 : 1).join("/");
  const rest = source.slice(name.length + 1);
  for (const { folderOf, look } of places) {
    const file = above(folder, (f) => join(f, "node_modules", folderOf(name), "package.json"));
    const found = file && fileOfPackage(file, rest, look);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What is sought in a package. */
interface Look {
  /** The file that a path stands for. */
  readonly at: (path: string) => string | undefined;
  /** Where the package says that it starts. */
  readonly main: (manifest: Manifest) => string | undefined;
  readonly conditions: readonly string[];
}

// What is made for `require` is taken where there is nothing else.
const conditions = ["import", "module", "default", "require"];

const typed: Look = {
  at: (path) => fileAt(path),
  main: ({ types, typings }) => types ?? typings,
  conditions: ["types", ...conditions],
};
const untyped: Look = { at: untypedAt, main: ({ module }) => module, conditions };

const inTypes: Place = {
  folderOf: (name) => `@types/${name.replace(/^@/, "").replace("/", "__")}`,
  look: typed,
};
const inCode: Place = { folderOf: (name) => name, look: untyped };
const everywhere: readonly Place[] = [{ folderOf: (name) => name, look: typed }, inTypes, inCode];

function fileOfPackage(
  file: string,
  rest: string,
  { at, main, conditions }: Look,
): string | undefined {
  const folder = dirname(file);
  const manifest = readJson(file) as Manifest | undefined;
  if (manifest === undefined) return undefined;
  const target = exported(manifest.exports, rest === "" ? "." : `./${rest}`, conditions);
  if (target !== undefined) {
    const found = at(join(folder, target));
    if (found !== undefined) return found;
  }
  if (rest !== "") return at(join(folder, rest));
  const named = main(manifest) ?? manifest.main ?? "index";
  return at(join(folder, named)) ?? at(join(folder, "index"));
}

/** What a package exports under a name, for somebody who asks for some conditions. */
function exported(map: unknown, name: string, conditions: readonly string[]): string | undefined {
  const entries = subpathsOf(map);
  if (name in entries) return chosen(entries[name], conditions);
  for (const [pattern, target] of Object.entries(entries)) {
    const rest = pattern.includes("*") ? matched(pattern, name) : undefined;
    if (rest !== undefined) return chosen(target, conditions)?.replaceAll("*", rest);
  }
  return undefined;
}

/** What a package exports, by names: all of it may be written for the package itself. */
function subpathsOf(map: unknown): Readonly<Record<string, unknown>> {
  const hasNames =
    typeof map === "object" &&
    map !== null &&
    !Array.isArray(map) &&
    Object.keys(map).some((k) => k.startsWith("."));
  return hasNames ? (map as Record<string, unknown>) : { ".": map };
}

function chosen(target: unknown, conditions: readonly string[]): string | undefined {
  if (typeof target === "string") return target;
  const inside = (of: unknown) => chosen(of, conditions);
  if (Array.isArray(target)) return target.map(inside).find((t) => t !== undefined);
  if (typeof target !== "object" || target === null) return undefined;
  const byCondition = target as Record<string, unknown>;
  for (const condition of conditions) {
    const found = condition in byCondition ? inside(byCondition[condition]) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** All files that an entry may stand for, whatever is asked for. */
function targetsIn(target: unknown): string[] {
  if (typeof target === "string") return [target];
  return typeof target === "object" && target !== null
    ? Object.values(target).flatMap(targetsIn)
    : [];
}

// ---- files

/** The first file that exists under a name, in a folder or one above it. */
function above(folder: string, fileIn: (folder: string) => string): string | undefined {
  for (let f = folder; ; f = dirname(f)) {
    const file = fileIn(f);
    if (isFile(file)) return file;
    if (dirname(f) === f) return undefined;
  }
}

/** JSON, with the comments and trailing commas that tsconfig.json may have. */
function readJson(file: string): unknown {
  try {
    const text = readFileSync(file, "utf8").replace(
      /"(?:\\.|[^"\\])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|,(?=\s*[}\]])/g,
      (found) => (found.startsWith('"') ? found : ""),
    );
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
