/** The picture: an orbit, the errors of both ways, and what heats a rod; as SVG. */
import * as vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { compare } from "./compare.ts";
import { acceleration, type Orbit, period, position, velocity } from "./orbit.ts";
import { influence } from "./rod.ts";

const SIZE = { width: 280, height: 230 };
const COLOURS = ["#2a6f97", "#d99a2b", "#c8442d"];
const ORBIT: Orbit = { axis: 1, eccentricity: 0.6 };
const POINTS = 24;
/** What arrows are shortened by. */
const SHORTER = { velocity: 0.035, acceleration: 0.0022 };

/** SVG text. */
export async function draw(): Promise<string> {
  const { spec } = compile({
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    background: "white",
    padding: 16,
    resolve: { scale: { color: "independent" } },
    hconcat: [orbit(), errors(), rods()],
    config: { aria: false, axis: { gridOpacity: 0.4, domain: false } },
  } as TopLevelSpec);
  return await new vega.View(vega.parse(spec), { renderer: "none" }).toSVG();
}

const colour = (field: string, range: string[]) => ({
  field,
  type: "nominal" as const,
  sort: null,
  scale: { range },
  legend: { title: null, orient: "bottom" as const },
});

const quantitative = (field: string, extra: object = {}) => ({
  field,
  type: "quantitative" as const,
  title: null,
  ...extra,
});

function orbit() {
  const times = Array.from({ length: POINTS }, (_, i) => (period(ORBIT) * i) / POINTS);
  const arrows = times.flatMap((t) => {
    const [x, y] = position(t, ORBIT);
    return (["velocity", "acceleration"] as const).map((of) => {
      const [dx, dy] = (of === "velocity" ? velocity : acceleration)(t, ORBIT);
      return { x, y, x2: x + SHORTER[of] * dx, y2: y + SHORTER[of] * dy, of };
    });
  });
  const [across, up] = [-1.9, -1.1].map((from, i) => ({
    scale: { domain: [from, [0.8, 1.1][i]], nice: false },
  }));
  return {
    title: "Kepler: position, and derivatives through the root",
    ...SIZE,
    data: { values: arrows },
    encoding: { x: quantitative("x", across), y: quantitative("y", up) },
    layer: [
      {
        mark: { type: "rule" as const, strokeWidth: 1.5 },
        encoding: {
          x2: { field: "x2" },
          y2: { field: "y2" },
          color: colour("of", [COLOURS[0], COLOURS[2]]),
        },
      },
      { mark: { type: "point" as const, filled: true, size: 24, color: "#1b2733" } },
      {
        data: { values: [{ x: 0, y: 0 }] },
        mark: { type: "point" as const, filled: true, size: 160, color: COLOURS[1] },
      },
    ],
  };
}

function errors() {
  const names = {
    root: "root",
    throughSteps: "derivative, steps",
    byRule: "derivative, rule",
  };
  const values = compare(1, 0.6, 5).flatMap(({ steps, ...found }) =>
    Object.entries(found).map(([key, error]) => ({
      steps,
      error: Math.max(error, 1e-16),
      of: names[key as keyof typeof names],
    })),
  );
  return {
    title: "Error after steps of Newton's method",
    ...SIZE,
    data: { values },
    mark: { type: "line" as const, point: { filled: true, size: 24 }, strokeWidth: 1.5 },
    encoding: {
      x: quantitative("steps", { axis: { tickCount: 5, format: "d" } }),
      y: quantitative("error", {
        scale: { type: "log" },
        axis: { format: "~g", tickCount: 6 },
      }),
      color: colour("of", [COLOURS[0], COLOURS[2], COLOURS[1]]),
    },
  };
}

function rods() {
  const heat: number[] = new Array(79).fill(10);
  const values = [0, 0.3, 3].flatMap((glow) =>
    influence(glow, heat, 39).map((by, i) => ({
      at: (i + 1) / 80,
      by: by * 80,
      glow: `glow ${glow}`,
    })),
  );
  return {
    title: "Where heat warms the middle of a rod",
    ...SIZE,
    data: { values },
    mark: { type: "line" as const, strokeWidth: 1.5 },
    encoding: { x: quantitative("at"), y: quantitative("by"), color: colour("glow", COLOURS) },
  };
}
