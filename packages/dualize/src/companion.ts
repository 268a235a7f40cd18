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
  const file = locate(specifier);
  if (file !== undefined) return await import(pathToFileURL(file).href);
  const [name] = specifier.split("/");
  throw new Error(
    `${purpose} needs ${name}, which is not installed: npm install --save-dev ${name}`,
  );
}

// In the project, else beside us, else beside the package that brings it along.
function locate(specifier: string): string | undefined {
  const places = [join(process.cwd(), "package.json"), import.meta.url];
  const around = places.map((place) => resolveFrom(place, "unplugin-dualize"));
  return [...places, ...around]
    .map((place) => place && resolveFrom(place, specifier))
    .find((file) => file !== undefined);
}

function resolveFrom(place: string, specifier: string): string | undefined {
  try {
    return createRequire(place).resolve(specifier);
  } catch {
    return undefined;
  }
}
