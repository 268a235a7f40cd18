/**
 * Which files are marked as a whole, beside those that say so themselves: a glob of the path
 * (`"src/models/**"`, relative to the working directory), the name of a package
 * (`"ml-matrix"`), a regular expression, a function of the file's name, or a list of these.
 */
export type Mark =
  | string
  | RegExp
  | ((file: string) => boolean)
  | readonly (string | RegExp | ((file: string) => boolean))[];

/** Whether the option `mark` names a file; `relative` is its path from the working directory. */
export function isNamed(mark: Mark | undefined, file: string, relative: string): boolean {
  if (mark === undefined) return false;
  const path = file.replaceAll("\\", "/");
  return [mark].flat().some((one) => {
    if (typeof one === "function") return one(path);
    if (one instanceof RegExp) return one.test(path);
    if (isGlob(one)) return globbed(one).test(relative);
    return path.includes(`/node_modules/${one}/`);
  });
}

const isGlob = (text: string): boolean => /[*?{]|^\.{0,2}\/|\.[cm]?[jt]sx?$/.test(text);

const known = new Map<string, RegExp>();

function globbed(glob: string): RegExp {
  let pattern = known.get(glob);
  if (pattern === undefined) {
    const text = glob
      .replace(/^\.\//, "")
      .replace(/\*\*\/|\*\*|\*|\?|\{([^}]*)\}|[.+^$()|[\]\\]/g, (found, choices?: string) => {
        if (choices !== undefined) return `(?:${choices.split(",").map(quoted).join("|")})`;
        return wildcards[found] ?? `\\${found}`;
      });
    pattern = new RegExp(`^${text}$`);
    known.set(glob, pattern);
  }
  return pattern;
}

const quoted = (text: string): string => text.replace(/[.+^$()|[\]\\*?]/g, "\\$&");

const wildcards: Readonly<Record<string, string>> = {
  "**/": "(?:.*/)?",
  "**": ".*",
  "*": "[^/]*",
  "?": "[^/]",
};
