import { Module } from "node:module";
import { sourceOf, transform } from "./transform.ts";

type Compile = (this: Module, content: string, file: string, format?: string) => unknown;

/**
 * Lets CommonJS modules through the plugin where Node compiles them, which all ways lead to: its own
 * loader, and those of tools such as tsx. These may have stripped the types by then, so the file itself
 * is read.
 */
export function hookRequire(): void {
  const prototype = Module.prototype as unknown as { _compile: Compile };
  const compile = prototype._compile;
  prototype._compile = function (content, file, format) {
    const source = sourceOf(file);
    const isAsWritten = content === source;
    const made =
      source &&
      transform(file, source, {
        format: format === "module" ? "module" : "commonjs",
        stripsTypes: isAsWritten,
        requires: format !== "module" && !isAsWritten,
      });
    return made
      ? compile.call(this, made.code, file, made.format)
      : compile.call(this, content, file, format);
  };
}
