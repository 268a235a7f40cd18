import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "@babel/core";
import dualize, { type ModuleReport, type Options } from "babel-plugin-dualize";
import * as library from "dualize";
import * as runtime from "dualize/runtime";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));

/** What is taken of each package, by the name that the cases know it by. */
const entries: Readonly<Record<string, string>> = {
  vectors: "@thi.ng/vectors",
  astronomy: "astronomy-engine",
  bezier: "bezier-js",
  cannon: "cannon-es",
  Spline: "cubic-spline",
  ease: "d3-ease",
  geo: "d3-geo",
  interpolate: "d3-interpolate",
  FFT: "fft.js",
  fmin: "fmin/src/nelderMead.js",
  glMatrix: "gl-matrix",
  jstat: "jstat",
  lm: "ml-levenberg-marquardt",
  matrix: "ml-matrix",
  numeric: "numeric",
  odex: "odex",
  regression: "regression",
  gstime: "./node_modules/satellite.js/dist/propagation/gstime.js",
  transforms: "./node_modules/satellite.js/dist/transforms.js",
  statistics: "simple-statistics",
  noise: "simplex-noise",
  vector3: "three/src/math/Vector3.js",
  matrix4: "three/src/math/Matrix4.js",
  quaternion: "three/src/math/Quaternion.js",
  color: "three/src/math/Color.js",
  mathUtils: "three/src/math/MathUtils.js",
};

// biome-ignore lint/suspicious/noExplicitAny: packages of all kinds
export type Packages = Record<string, any>;

export interface Loaded {
  readonly packages: Packages;
  readonly reports: readonly ModuleReport[];
}

/** What the plugin writes of a published file, as if it were marked at its top. */
export function markedCode(
  path: string,
  options: Options = {},
): { code: string; report: ModuleReport | undefined } {
  const result = transformSync(readFileSync(path, "utf8"), {
    filename: path,
    cwd: here,
    configFile: false,
    babelrc: false,
    compact: false,
    sourceType: "unambiguous",
    plugins: [[dualize, { mark: () => true, ...options }]],
  });
  const { dualize: report } = (result?.metadata ?? {}) as { dualize?: ModuleReport };
  return { code: result?.code ?? "", report };
}

/** The packages as published; with `marked`, each of their files as if it were marked at its top. */
export async function load(marked: boolean, isWanted: (name: string) => boolean): Promise<Loaded> {
  const reports: ModuleReport[] = [];
  const { outputFiles } = await build({
    stdin: {
      contents: Object.entries(entries)
        .filter(([, from]) => isWanted(from.replace("./node_modules/", "")))
        .map(([name, from]) => `export * as ${name} from ${JSON.stringify(from)};`)
        .join("\n"),
      resolveDir: here,
    },
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
    logLevel: "error",
    external: ["dualize", "dualize/runtime"],
    plugins: marked
      ? [
          {
            name: "dualize",
            setup: ({ onLoad }) =>
              onLoad({ filter: /node_modules.*\.[cm]?js$/ }, ({ path }) => {
                const { code, report } = markedCode(path, { forms: [] });
                if (report) reports.push(report);
                return { contents: code, loader: "js" };
              }),
          },
        ]
      : [],
  });
  const module = { exports: {} as Packages };
  const known: Record<string, unknown> = { dualize: library, "dualize/runtime": runtime };
  const fromNode = createRequire(import.meta.url);
  new Function("require", "module", "exports", outputFiles[0]?.text ?? "")(
    (name: string) => known[name] ?? fromNode(name),
    module,
    module.exports,
  );
  // Differences of numbers in 32 bits would say little.
  module.exports.glMatrix?.glMatrix.setMatrixArrayType(Array);
  return { packages: module.exports, reports };
}
