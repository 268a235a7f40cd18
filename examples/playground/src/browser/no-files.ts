/** What the plugin uses of `node:fs`, where there are no files: none is found. */

export const statSync = (): undefined => undefined;

export const existsSync = (): boolean => false;

export function readFileSync(): never {
  throw new Error("There are no files in a browser.");
}
