import { relative } from "node:path";
import {
  type Diagnostic,
  diagnosticOf,
  frameOf,
  linkTo,
  placeOf,
} from "babel-plugin-dualize/compile";
import type { UnpluginMessage } from "unplugin";

type Message = UnpluginMessage & { frame?: string };

/** A note of the plugin as a warning of the bundler. */
export function note(d: Diagnostic, code: string, file: string, framework: string): Message {
  const text = `${d.code}: ${d.message}`;
  // Vite prints the place of errors, and of warnings the message alone.
  return message(text, d, code, file, framework === "vite" ? "" : framework, d.code);
}

/** An error of the plugin, or of its parser, as an error of the bundler. */
export function failure(error: unknown, code: string, file: string, framework: string): Message {
  const diagnostic = diagnosticOf(error);
  if (diagnostic) {
    const text = `${diagnostic.code}: ${diagnostic.message}\n${linkTo(diagnostic.code)}`;
    return message(text, diagnostic, code, file, framework, diagnostic.code);
  }
  const text = error instanceof Error ? error.message : String(error);
  // Babel puts the file before its message, and a frame behind it.
  const [first = text] = text.replace(`${file}: `, "").split("\n");
  const place = placeOf(error) ?? { line: undefined, column: undefined };
  return message(place.line ? first : text, place, code, file, framework, undefined);
}

// Those that show a message's place and frame themselves.
const withPlaces = new Set(["vite", "rollup", "rolldown", "esbuild"]);

function message(
  text: string,
  { line, column }: Pick<Diagnostic, "line" | "column">,
  code: string,
  file: string,
  framework: string,
  pluginCode: string | undefined,
): Message {
  if (line === undefined || column === undefined) return { message: text, id: file, pluginCode };
  const frame = frameOf(code, line, column);
  if (!withPlaces.has(framework)) {
    const where = `${relative(process.cwd(), file)}:${line}:${column}`;
    return { message: `${where}: ${text}\n\n${frame}`, id: file, pluginCode, stack: "" };
  }
  return { message: text, id: file, pluginCode, frame, loc: { file, line, column: column - 1 } };
}
