import type { Options as PluginOptions } from "babel-plugin-dualize";

/** A file name as a glob or a regular expression, or several. */
export type Pattern = string | RegExp | readonly (string | RegExp)[];

/** Options of unplugin-dualize: those of babel-plugin-dualize, and which files it looks at. */
export interface Options extends PluginOptions {
  /** Files to look at; all of JavaScript and TypeScript unless given. Those without a mark are not parsed. */
  readonly include?: Pattern;
  /** Files to leave alone; what is in `node_modules` unless this or `mark` is given. */
  readonly exclude?: Pattern;
}

const SOURCES = /\.[cm]?[jt]sx?(?:$|\?)/;
const DEPENDENCIES = /[\\/]node_modules[\\/]/;

/** The files that the options name, in the form of the bundlers' own filters. */
export function idFilter({ mark, include = SOURCES, exclude = mark ? [] : DEPENDENCIES }: Options) {
  return { include: list(include), exclude: list(exclude) };
}

const list = (pattern: Pattern): (string | RegExp)[] => [pattern].flat() as (string | RegExp)[];
