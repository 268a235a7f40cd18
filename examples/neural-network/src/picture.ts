/** The picture: what the network decides, how it was trained, how its error is bent; as SVG. */
import * as vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Flowers } from "./data.ts";
import { classify, type Network } from "./network.ts";
import type { Training } from "./objective.ts";
import { FLAT } from "./spectrum.ts";

export interface Findings {
  flowers: Flowers;
  newton: Training;
  adam: Training;
  eigenvalues: number[];
}

const SPECIES_COLOURS = ["#2a6f97", "#d99a2b", "#c8442d"];
const REGION_COLOURS = ["#cadbe5", "#f5e6ca", "#f1d0ca"];
const METHOD_COLOURS = ["#c8442d", "#73879a"];
const X_RANGE = [0.5, 7.5];
const Y_RANGE = [0, 2.7];
const STRIPES = 110;
const CELLS = 135;

/** SVG text of what was found. */
export async function draw(findings: Findings): Promise<string> {
  const { spec } = compile(layout(findings));
  return await new vega.View(vega.parse(spec), { renderer: "none" }).toSVG();
}

/** The regions of the species as stripes of one colour: a row for each. */
function regions({ measures }: Flowers, network: Network) {
  const scaled = (raw: number[]) =>
    raw.map((x, k) => (x - measures[k].mean) / measures[k].deviation);
  const width = (X_RANGE[1] - X_RANGE[0]) / STRIPES;
  const height = (Y_RANGE[1] - Y_RANGE[0]) / CELLS;
  return Array.from({ length: STRIPES }, (_, i) => {
    const x = X_RANGE[0] + i * width;
    const stripes: { x: number; x2: number; y: number; y2: number; colour: string }[] = [];
    for (let j = 0; j < CELLS; j++) {
      const y = Y_RANGE[0] + j * height;
      const colour = REGION_COLOURS[classify(network, scaled([x + width / 2, y + height / 2]))];
      const last = stripes.at(-1);
      if (last?.colour === colour) {
        last.y2 = y + height;
      } else {
        // Wider than apart, so that no seam shows.
        const x2 = Math.min(x + 1.3 * width, X_RANGE[1]);
        stripes.push({ x, x2, y, y2: y + height, colour });
      }
    }
    return stripes;
  }).flat();
}

function points({ training, test, measures, species }: Flowers) {
  const raw = (features: number[]) =>
    features.map((x, k) => x * measures[k].deviation + measures[k].mean);
  return [training, test].flatMap((samples, part) =>
    samples.map(({ features, label }) => {
      const [x, y] = raw(features);
      return { x, y, species: species[label], part: part === 0 ? "training" : "test" };
    }),
  );
}

function layout({ flowers, newton, adam, eigenvalues }: Findings): TopLevelSpec {
  const trainings = [
    { method: "Newton-CG", steps: newton.steps },
    { method: "Adam", steps: adam.steps.filter((_, i) => i % 10 === 0) },
  ].flatMap(({ method, steps }) => steps.map((step) => ({ method, ...step })));
  const [lengthName, widthName] = flowers.measures.map(({ name }) => name);
  const axis = (title: string, domain: number[]) => ({
    type: "quantitative" as const,
    title,
    scale: { domain, nice: false },
  });
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    background: "white",
    padding: 16,
    resolve: {
      scale: { color: "independent", shape: "independent" },
      legend: { color: "independent", shape: "independent" },
    },
    columns: 2,
    concat: [
      {
        title: "Decisions, and the flowers",
        width: 330,
        height: 230,
        layer: [
          {
            data: { values: regions(flowers, newton.network) },
            mark: { type: "rect", opacity: 1, stroke: null },
            encoding: {
              x: { field: "x", ...axis(lengthName, X_RANGE) },
              x2: { field: "x2" },
              y: { field: "y", ...axis(widthName, Y_RANGE) },
              y2: { field: "y2" },
              color: { field: "colour", type: "nominal", scale: null },
            },
          },
          {
            data: { values: points(flowers) },
            mark: { type: "point", filled: true, opacity: 0.9, size: 28 },
            encoding: {
              x: { field: "x", type: "quantitative" },
              y: { field: "y", type: "quantitative" },
              color: {
                field: "species",
                type: "nominal",
                scale: { domain: flowers.species, range: SPECIES_COLOURS },
                legend: { title: null, orient: "bottom" },
              },
              shape: {
                field: "part",
                scale: { domain: ["training", "test"], range: ["circle", "diamond"] },
                legend: { title: null, orient: "bottom" },
              },
            },
          },
        ],
      },
      progress("Error", "error", trainings),
      {
        title: "Eigenvalues of the Hessian at the end",
        width: 330,
        height: 230,
        data: {
          values: eigenvalues
            .map((value, i) => ({ value, rank: i + 1 }))
            .filter(({ value }) => value > FLAT),
        },
        mark: { type: "point", filled: true, color: SPECIES_COLOURS[0] },
        encoding: {
          x: { field: "rank", type: "quantitative", title: null },
          y: {
            field: "value",
            type: "quantitative",
            title: null,
            scale: { type: "log" },
            axis: { format: "~g", tickCount: 6 },
          },
        },
      },
      progress("Norm of the gradient", "gradientNorm", trainings),
    ],
    config: { aria: false, axis: { gridOpacity: 0.4, domain: false } },
  };
}

function progress(title: string, field: string, values: object[]) {
  return {
    title,
    width: 330,
    height: 230,
    data: { values },
    mark: { type: "line" as const, strokeWidth: 1.5 },
    encoding: {
      x: {
        field: "passes",
        type: "quantitative" as const,
        title: "gradients and products with the Hessian",
      },
      y: {
        field,
        type: "quantitative" as const,
        title: null,
        scale: { type: "log" as const, nice: false },
        axis: { format: "~g", tickCount: 7 },
      },
      color: {
        field: "method",
        type: "nominal" as const,
        sort: null,
        scale: { range: METHOD_COLOURS },
        legend: { title: null, orient: "bottom" as const },
      },
    },
  };
}
