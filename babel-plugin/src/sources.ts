import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const isSource = (name: string): boolean =>
  /\.[cm]?[jt]sx?$/.test(name) && !/\.d\.[cm]?ts$|\.min\.[cm]?js$/.test(name);
const isSkipped = (name: string): boolean => name.startsWith(".") || name === "node_modules";

/** Whether a file or folder is there to try out others. */
export const isTest = (name: string): boolean =>
  name === "__tests__" || /\.(test|spec|bench|config)\.[cm]?[jt]sx?$/.test(name);

/** The sources below a folder, without those of packages; a file is its own. */
export function sourcesBelow(path: string, isLeftOut: (name: string) => boolean): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => !isLeftOut(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const inside = join(path, entry.name);
      if (entry.isDirectory()) return isSkipped(entry.name) ? [] : sourcesBelow(inside, isLeftOut);
      return isSource(entry.name) ? [inside] : [];
    });
}
