/** The picture: concentration, sensitivities, and how the errors fall; as SVG. */
import * as vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { bateman, batemanSensitivities } from "./closed-form.ts";
import { convergence } from "./compare.ts";
import { type Drug, PARAMETERS } from "./drug.ts";
import { concentrations, sensitivities } from "./through-solver.ts";

const COLOURS = ["#2a6f97", "#d99a2b", "#c8442d", "#6a994e"];
const HOURS = 24;
const LINE_POINTS = 96;
const SIZE = { width: 280, height: 210 };

/** SVG text for a drug. */
export async function draw(drug: Drug): Promise<string> {
  const { spec } = compile(layout(drug));
  return await new vega.View(vega.parse(spec), { renderer: "none" }).toSVG();
}

function layout(drug: Drug): TopLevelSpec {
  const fine = Array.from({ length: LINE_POINTS }, (_, i) => (HOURS * (i + 1)) / LINE_POINTS);
  const coarse = fine.filter((_, i) => i % 8 === 7);
  const computed = sensitivities(drug, fine, 4);
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    background: "white",
    padding: 16,
    resolve: { scale: { color: "independent" } },
    hconcat: [
      panel("Concentration (mg per litre)", {
        lines: concentrations(drug, fine, 4).map((y, i) => ({ t: fine[i], y })),
        points: coarse.map((t) => ({ t, y: bateman(drug, t) })),
      }),
      panel("Change of it for 1 % more of each parameter", {
        lines: fine.flatMap((t, i) => onePercent(drug, computed[i], t)),
        points: coarse.flatMap((t) => onePercent(drug, batemanSensitivities(drug, t), t)),
      }),
      errors(drug, coarse),
    ],
    config: { aria: false, axis: { gridOpacity: 0.4, domain: false } },
  };
}

function onePercent(drug: Drug, sensitivity: Drug, t: number) {
  return PARAMETERS.map((parameter) => ({
    t,
    parameter,
    y: 0.01 * drug[parameter] * sensitivity[parameter],
  }));
}

/** Lines are computed, points are formulas. */
function panel(title: string, { lines, points }: { lines: object[]; points: object[] }) {
  const hasParameters = lines.some((line) => "parameter" in line);
  const encoding = {
    x: { field: "t", type: "quantitative" as const, title: "hours", scale: { nice: false } },
    y: { field: "y", type: "quantitative" as const, title: null },
    color: hasParameters
      ? {
          field: "parameter",
          type: "nominal" as const,
          scale: { domain: [...PARAMETERS], range: COLOURS },
          legend: { title: null, orient: "bottom" as const, symbolType: "stroke" },
        }
      : { value: COLOURS[0] },
  };
  return {
    title,
    ...SIZE,
    encoding,
    layer: [
      { data: { values: lines }, mark: { type: "line" as const, strokeWidth: 1.5 } },
      { data: { values: points }, mark: { type: "point" as const, filled: true, size: 22 } },
    ],
  };
}

function errors(drug: Drug, times: number[]) {
  const values = convergence(drug, times, [2, 4, 8, 16, 32, 64]).flatMap(
    ({ steps, concentration, sensitivity }) => [
      { steps, error: concentration, of: "concentration" },
      { steps, error: sensitivity, of: "sensitivities" },
    ],
  );
  return {
    title: "Error of the solver",
    ...SIZE,
    data: { values },
    mark: { type: "line" as const, point: { filled: true, size: 22 }, strokeWidth: 1.5 },
    encoding: {
      x: {
        field: "steps",
        type: "quantitative" as const,
        title: "steps in two hours",
        scale: { type: "log" as const, base: 2 },
      },
      y: {
        field: "error",
        type: "quantitative" as const,
        title: null,
        scale: { type: "log" as const },
        axis: { format: "~g", tickCount: 6 },
      },
      color: {
        field: "of",
        type: "nominal" as const,
        scale: { range: [COLOURS[0], COLOURS[2]] },
        legend: { title: null, orient: "bottom" as const },
      },
    },
  };
}
