import page from "../../../../docs/errors.md?raw";

/** What the documentation says of a code, such as DUAL101; undefined where it has nothing. */
export function entryOf(code: string | undefined): string | undefined {
  const entries = page.split(/^(?=##+ )/m);
  return entries
    .find((entry) => entry.startsWith(`### ${code}\n`))
    ?.replace(/^.*\n/, "")
    .trim();
}
