import { compileSync, type Diagnostic } from "babel-plugin-dualize/compile";
import { isNamed, type Mark, mayHaveMarks } from "babel-plugin-dualize/filter";

/** What ESLint calls the text that it looks at; the same object for all rules. */
export interface Source {
  readonly text: string;
}

/** What the plugin of the build says of a file with these marks. */
interface Found {
  readonly file: string;
  readonly diagnostics: readonly Diagnostic[];
}

const known = new WeakMap<object, Found>();

/** All that the plugin has to say about a file: compiled once for all rules, and only where it has marks. */
export function diagnosticsOf(
  source: Source,
  file: string,
  cwd: string,
  mark: Mark | undefined,
): readonly Diagnostic[] {
  const before = known.get(source);
  if (before?.file === file) return before.diagnostics;
  const found = { file, diagnostics: diagnosticsIn(source.text, file, cwd, mark) };
  known.set(source, found);
  return found.diagnostics;
}

function diagnosticsIn(
  text: string,
  file: string,
  cwd: string,
  mark: Mark | undefined,
): readonly Diagnostic[] {
  const path = file.startsWith(cwd) ? file.slice(cwd.length + 1).replaceAll("\\", "/") : file;
  if (!isNamed(mark, file, path) && !mayHaveMarks(text)) return [];
  try {
    // Adjoint and second-order code have nothing to say that the others have not.
    const options = { check: true, forms: [], ...(mark === undefined ? {} : { mark }) };
    return compileSync(text, file, options, { cwd })?.report.diagnostics ?? [];
  } catch (error) {
    // ESLint's own parser says what is no JavaScript. Anything else is to be seen.
    if ((error as { code?: unknown }).code === "BABEL_PARSE_ERROR") return [];
    throw error;
  }
}
