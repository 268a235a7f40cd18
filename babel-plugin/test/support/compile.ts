import type { PluginItem } from "@babel/core";
import { transformSync as strip } from "esbuild";
import { type BabelVersion, babelVersions } from "../../../test/support/babel.ts";
import dualize from "../../src/index.ts";

/** A way to put the plugin into a build. */
export interface Configuration {
  readonly name: string;
  readonly babel: BabelVersion;
  compile(code: string, file: string): string;
}

export interface Source {
  readonly code: string;
  readonly file: string;
  /** Scripts are CommonJS modules in sloppy mode. */
  readonly script?: boolean;
}

interface Presets {
  readonly plugins?: PluginItem[];
  readonly presets?: PluginItem[];
}

export const newest7 = babelVersions.find(({ version }) =>
  version.startsWith("7.29"),
) as BabelVersion;

/** Runs Babel with nothing but the plugin; types stay. */
export function transformAlone(
  { code, file, script }: Source,
  babel = newest7,
  extra: object = {},
) {
  return transform(babel, { code, file, script }, { plugins: [dualize as never] }, extra);
}

function transform(
  babel: BabelVersion,
  { code, file, script }: Source,
  presets: Presets,
  extra: object = {},
) {
  const result = babel.transformSync(code, {
    filename: file,
    cwd: "/",
    configFile: false,
    babelrc: false,
    sourceType: script ? "script" : "module",
    parserOpts: { plugins: parserPlugins(file) },
    ...presets,
    ...extra,
  });
  return {
    code: result?.code ?? "",
    map: result?.map,
    metadata: result?.metadata as { dualize?: unknown } | undefined,
  };
}

const parserPlugins = (file: string) =>
  [
    ...(/\.[cm]?tsx?$/.test(file) ? ["typescript"] : []),
    ...(file.endsWith("x") ? ["jsx"] : []),
    "decorators",
  ] as never;

/** Takes the types out as Vite and esbuild do for their users. */
const stripTypes = (code: string): string => strip(code, { loader: "ts", target: "esnext" }).code;

/** The code without types, and otherwise as it is. */
export const withoutTypes = (source: Source): string =>
  transform(newest7, source, { presets: [withTypes(newest7)] }).code;

/** preset-typescript, with what Babel 8 allows anyway. */
export const withTypes = (babel: BabelVersion): PluginItem =>
  babel.version.startsWith("8")
    ? babel.presets.typescript
    : [babel.presets.typescript, { allowDeclareFields: true }];

type Run = (source: Source, presets: Presets) => string;

/** The orders and neighbours that the plugin must get on with, on one version of Babel. */
export function configurations(
  babel: BabelVersion,
): { name: string; compile: (source: Source) => string }[] {
  const run: Run = (source, presets) => transform(babel, source, presets).code;
  const listedBefore = (...presets: PluginItem[]): Presets => ({
    plugins: [dualize as never],
    presets,
  });
  // The presets listed last run first.
  const listedAfter = (...presets: PluginItem[]): Presets => ({
    presets: [() => ({ plugins: [dualize as never] }), ...presets],
  });
  const typescript = withTypes(babel);
  const env = (targets: object | string): PluginItem => [
    babel.presets.env,
    { modules: false, targets },
  ];
  return [
    {
      name: "alone and then esbuild",
      compile: (source) => stripTypes(run(source, listedBefore())),
    },
    {
      name: "with the lowered forms beside",
      compile: (source) =>
        stripTypes(run(source, { plugins: [[dualize as never, { lowered: true }]] })),
    },
    {
      name: "before preset-typescript",
      compile: (source) => run(source, listedBefore(typescript)),
    },
    { name: "after preset-typescript", compile: (source) => run(source, listedAfter(typescript)) },
    {
      name: "before preset-env for Node 20",
      compile: (source) => run(source, listedBefore(env({ node: "20" }), typescript)),
    },
    {
      name: "after preset-env for Internet Explorer 11",
      compile: (source) => run(source, listedAfter(env("ie 11"), typescript)),
    },
    {
      name: "on code that has lost its types",
      compile: (source) => run({ ...source, code: withoutTypes(source) }, listedBefore()),
    },
  ];
}
