import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Loads a module of a package that `dualize` works with but does not depend on: the one that the
 * project has installed.
 *
 * @throws Error when it is not installed; the message says how to
 */
export async function loadCompanion(specifier: string, purpose: string): Promise<unknown> {
  const file = locate(specifier, join(process.cwd(), "package.json"), import.meta.url);
  if (file !== undefined) return await import(pathToFileURL(file).href);
  const [name] = specifier.split("/");
  throw new Error(
    `${purpose} needs ${name}, which is not installed: npm install --save-dev ${name}`,
  );
}

function locate(specifier: string, ...places: readonly string[]): string | undefined {
  for (const place of places) {
    try {
      return createRequire(place).resolve(specifier);
    } catch {
      // Installed elsewhere, or nowhere.
    }
  }
  return undefined;
}
