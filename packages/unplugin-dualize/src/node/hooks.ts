import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Circumstances, isTypeScript, sourceOf, transform } from "./transform.ts";

/** The hooks of Node for `import`; they work in its own thread (`register`) and in place (`registerHooks`). */

interface Context {
  readonly format?: string | null;
  readonly parentURL?: string | undefined;
}

/** `./energy.js` in TypeScript may mean `energy.ts`, which nobody but a compiler knows. */
export function resolve<R>(
  specifier: string,
  context: Context,
  next: (specifier: string, context: Context) => R,
): R {
  return next(sourceFor(specifier, context.parentURL) ?? specifier, context);
}

function sourceFor(specifier: string, parent: string | undefined): string | undefined {
  if (!/^\.{1,2}\/.*\.[cm]?js$/.test(specifier) || !parent?.startsWith("file:")) return undefined;
  if (!isTypeScript(new URL(parent).pathname)) return undefined;
  const written = new URL(specifier, parent);
  const source = new URL(specifier.replace(/js$/, "ts"), parent);
  return !existsSync(written) && existsSync(source) ? source.href : undefined;
}

export function load<R>(
  url: string,
  context: Context,
  next: (url: string, context: Context) => R,
): R | { format: string; source: string | null; shortCircuit: true } {
  const file = url.startsWith("file:") ? fileURLToPath(new URL(url)) : "";
  const source = sourceOf(file);
  if (source === undefined) return next(url, context);
  const format = formatOf(context);
  // A Node without TypeScript, and nobody else beside us, has no format for it.
  const transformed = transform(file, source, { format, stripsTypes: format === undefined });
  // CommonJS is compiled where it is run, since `require` comes by there as well.
  if (format === "commonjs" || transformed === undefined) return next(url, context);
  return transformed.format === "module"
    ? { format: "module", source: transformed.code, shortCircuit: true }
    : { format: "commonjs", source: null, shortCircuit: true };
}

function formatOf({ format }: Context): Circumstances["format"] {
  const known = format?.replace("-typescript", "");
  return known === "module" || known === "commonjs" ? known : undefined;
}
