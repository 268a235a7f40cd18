import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { mayHaveMarks } from "babel-plugin-dualize/filter";
import { Cache, type Made } from "./cache.ts";
import { findProject, isOurs, packageTypeOf } from "./project.ts";

/** A file as Node is to run it. */
export interface Transformed {
  /** JavaScript with its source map. */
  readonly code: string;
  readonly format: "module" | "commonjs";
  /** Notes of the plugin. */
  readonly notes: readonly { readonly code: string; readonly message: string }[];
}

type Compiler = typeof import("babel-plugin-dualize/compile");

const require = createRequire(import.meta.url);
const TYPESCRIPT = /\.[cm]?ts$/;
const SOURCE = /\.[cm]?[jt]s$/;

const project = findProject(process.cwd());
const cache = new Cache(project.root);
const STRIP_TYPES = "@babel/plugin-transform-typescript";
const TO_COMMONJS = "@babel/plugin-transform-modules-commonjs";
const versions = ["babel-plugin-dualize", "@babel/core", STRIP_TYPES, TO_COMMONJS].map(
  (name) => require(`${name}/package.json`).version,
);

export const isTypeScript = (file: string): boolean => TYPESCRIPT.test(file);

/** The text of a file that may be for us to compile, by its name. */
export function sourceOf(file: string): string | undefined {
  return SOURCE.test(file) && isOurs(project, file) ? readFileSync(file, "utf8") : undefined;
}

/** How a file came to us. */
export interface Circumstances {
  /** What Node, or a tool that told it, takes the file for; undefined where nobody knows. */
  readonly format: Transformed["format"] | undefined;
  /** Whether types have to go from files without marks too, as nobody else takes them out. */
  readonly stripsTypes?: boolean;
  /** Whether `import` and `export` become CommonJS, as another tool meant them to. */
  readonly requires?: boolean;
}

/** A file with twins and without types; undefined where it is to stay as it is. */
export function transform(
  file: string,
  source: string,
  how: Circumstances,
): Transformed | undefined {
  const { options } = project;
  const strips = how.stripsTypes && isTypeScript(file);
  if (!strips && options.mark === undefined && !mayHaveMarks(source)) return undefined;
  const key = [source, how, options, process.cwd(), versions];
  const transformed = cache.get(file, key, () => make(file, source, how));
  for (const { code, message } of transformed?.notes ?? [])
    process.emitWarning(message, { type: "DualizeWarning", code });
  return transformed ?? undefined;
}

function make(file: string, source: string, how: Circumstances): Made<Transformed | null> {
  // Babel is loaded for the first file that is not in the cache.
  const { compileSync } = require("babel-plugin-dualize/compile") as Compiler;
  const { format = formatByName(file), stripsTypes: always = false, requires } = how;
  const plugins: unknown[] = [];
  if (isTypeScript(file))
    plugins.push([require.resolve(STRIP_TYPES), { allowDeclareFields: true }]);
  if (requires) plugins.push(require.resolve(TO_COMMONJS));
  const compiled = withoutCompiler(() =>
    compileSync(source, file, project.options, {
      plugins,
      sourceType: format === "module" ? "module" : "unambiguous",
      always: always && isTypeScript(file),
    }),
  );
  if (compiled === undefined) return { result: null, dependencies: [] };
  const { code, map, sourceType, report } = compiled;
  return {
    dependencies: report.dependencies,
    result: {
      code: `${code}\n//# sourceMappingURL=${inline({ ...map, sources: [pathToFileURL(file).href] })}\n`,
      format: sourceType === "module" && !requires ? "module" : "commonjs",
      notes: report.diagnostics.map(({ code, message, line, column }) => ({
        code,
        message: `${message}\n  at ${report.file}:${line}:${column}`,
      })),
    },
  };
}

/** What is wrong with a file is told with its place, without the stack of those that found it. */
function withoutCompiler<R>(run: () => R): R {
  try {
    return run();
  } catch (error) {
    const { diagnosticOf, placeOf } = require("babel-plugin-dualize/compile") as Compiler;
    if (diagnosticOf(error) === undefined && placeOf(error) === undefined) throw error;
    const { message, stack = "" } = error as Error;
    const folders = ["node:internal", "node_modules", ...ownFolders()];
    const isTheirs = (line: string) => !folders.some((folder) => line.includes(folder));
    const frames = stack.split("\n").filter((line) => /^ {4}at .*:\d+\)?$/.test(line));
    const told = new SyntaxError(message);
    told.stack = [`SyntaxError: ${message}`, ...frames.filter(isTheirs)].join("\n");
    throw told;
  }
}

/** Where this package and the plugin are, if not in node_modules: in a workspace. */
const ownFolders = (): string[] => [
  fileURLToPath(new URL("../..", import.meta.url)),
  dirname(require.resolve("babel-plugin-dualize/package.json")),
];

/** What a file is for Node where it does not know TypeScript; undefined where the syntax decides. */
function formatByName(file: string): Circumstances["format"] {
  if (/\.m[jt]s$/.test(file)) return "module";
  if (/\.c[jt]s$/.test(file)) return "commonjs";
  return packageTypeOf(file) === "module" ? "module" : undefined;
}

const inline = (map: object): string =>
  `data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString("base64")}`;
