import { readFileSync } from "node:fs";
import type { OnLoadResult, PartialMessage, Plugin, PluginBuild } from "esbuild";
import { dualize } from "./index.ts";
import type { Options } from "./options.ts";

export type { Options } from "./options.ts";

/** dualize for esbuild. */
export default function esbuild(options?: Options): Plugin {
  const plugin = dualize.esbuild(options);
  return { ...plugin, setup: (build) => plugin.setup(showingLines(build)) };
}

/** The build, with the line of the source in what is reported: unplugin leaves it out. */
function showingLines(build: PluginBuild): PluginBuild {
  const onLoad: PluginBuild["onLoad"] = (filter, load) =>
    build.onLoad(filter, async (args) => {
      const result = await load(args);
      return result && withLines(result);
    });
  return { ...build, onLoad };
}

const withLines = ({ errors, warnings, ...result }: OnLoadResult): OnLoadResult => ({
  ...result,
  ...(errors && { errors: errors.map(withLine) }),
  ...(warnings && { warnings: warnings.map(withLine) }),
});

function withLine(message: PartialMessage): PartialMessage {
  const { file, line, column = 0 } = message.location ?? {};
  if (file === undefined || line === undefined) return message;
  const lineText = readFileSync(file, "utf8").split(/\r?\n/)[line - 1] ?? "";
  // esbuild counts columns in bytes.
  const bytes = Buffer.byteLength(lineText.slice(0, column));
  return { ...message, location: { ...message.location, lineText, column: bytes } };
}
