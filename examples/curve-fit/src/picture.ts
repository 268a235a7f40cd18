/** The picture: data and fit, two close-ups, residuals; as SVG and PNG. */
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Resvg } from "@resvg/resvg-js";
import * as vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Series } from "./data.ts";
import { model, trend } from "./model.ts";
import { residualDeviation, residuals } from "./statistics.ts";

/** The PNG's font, from a package. Who views the SVG may lack it, so there it has a substitute. */
const FONT = "Source Sans 3";
const CO2 = "CO₂ (ppm)";
const RESIDUAL = "residual (ppm)";

/** The height of a close-up, in ppm: the same for all, so that the growing season shows. */
const CLOSE_UP_SPAN = 20;

const INK = "#1b2733";
const QUIET = "#5f6f7d";
const LINES = "#9aa9b5";
const MEASURED = "#73879a";
const FIT = "#c8442d";
const TREND = "#2a6f97";

/** Width of the plots, in pixels of the SVG. The PNG has twice as many. */
const WIDTH = 920;

/** Between the close-ups: room for the axis that stands there. */
const GAP = 64;

/** The picture of a fit as SVG text. */
export async function drawSvg(series: Series, parameters: number[]): Promise<string> {
  const { spec } = compile(layout(series, parameters));
  return await new vega.View(vega.parse(spec), { renderer: "none" }).toSVG();
}

/** SVG text as a PNG, with a font of its own, so that it looks the same on every machine. */
export function renderPng(svg: string): Buffer {
  const { resolve } = createRequire(import.meta.url);
  const fontFiles = [
    "400Regular/SourceSans3_400Regular.ttf",
    "600SemiBold/SourceSans3_600SemiBold.ttf",
  ];
  const image = new Resvg(svg, {
    fitTo: { mode: "zoom", value: 2 },
    font: {
      fontFiles: fontFiles.map((file) => resolve(`@expo-google-fonts/source-sans-3/${file}`)),
      loadSystemFonts: false,
      defaultFontFamily: FONT,
    },
  });
  return Buffer.from(image.render().asPng());
}

/** Writes `co2.svg` and `co2.png` into a directory, made if need be, and gives their paths. */
export async function writePictures(
  series: Series,
  parameters: number[],
  directory: string,
): Promise<{ svg: string; png: string }> {
  const paths = { svg: join(directory, "co2.svg"), png: join(directory, "co2.png") };
  const svg = await drawSvg(series, parameters);
  await mkdir(directory, { recursive: true });
  await writeFile(paths.svg, svg);
  await writeFile(paths.png, renderPng(svg));
  return paths;
}

function layout(series: Series, parameters: number[]): TopLevelSpec {
  const deviation = residualDeviation(series, parameters);
  const first = Math.floor(series.origin + series.t[0]);
  const last = Math.ceil(series.origin + series.t[series.t.length - 1]);
  const close = (WIDTH - GAP) / 2;
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    background: "white",
    padding: 24,
    title: {
      text: "CO₂ in the air at Mauna Loa",
      subtitle:
        "Monthly means; fit of a quadratic trend and two seasonal harmonics of growing amplitude",
    },
    config: {
      font: `${FONT}, sans-serif`,
      title: {
        anchor: "start",
        color: INK,
        fontSize: 22,
        fontWeight: 600,
        offset: 18,
        subtitleColor: QUIET,
        subtitleFontSize: 14,
        subtitlePadding: 6,
      },
      axis: {
        domainColor: LINES,
        gridColor: "#e6ebef",
        labelColor: QUIET,
        labelFontSize: 12,
        tickColor: LINES,
        titleColor: INK,
        titleFontSize: 13,
        titleFontWeight: 400,
        titlePadding: 8,
      },
      legend: { labelColor: INK, labelFontSize: 13, symbolStrokeWidth: 2.5 },
      view: { stroke: null },
    },
    spacing: 28,
    vconcat: [
      overview(series, parameters, [first, last]),
      {
        // Placed by their axes, so that the right one ends where the plots above and below do.
        bounds: "flush",
        spacing: GAP,
        hconcat: [
          closeUp(series, parameters, [first + 1, first + 6], close),
          closeUp(series, parameters, [last - 6, last - 1], close),
        ],
      },
      residualPanel(series, parameters, [first, last], deviation),
    ],
  } as TopLevelSpec;
}

/** Everything that was measured, under the fit and its trend, with the legend for all panels. */
function overview(series: Series, parameters: number[], years: [number, number]) {
  const [first, last] = [series.t[0], series.t[series.t.length - 1]];
  const covered: [number, number] = [series.origin + first, series.origin + last];
  const color = {
    type: "nominal",
    scale: { domain: ["measured", "fit", "trend"], range: [MEASURED, FIT, TREND] },
    legend: { title: null, orient: "top-left", symbolType: "stroke", offset: 4 },
  };
  return {
    width: WIDTH,
    height: 300,
    layer: [
      {
        data: { values: measured(series) },
        mark: { type: "circle", size: 16, opacity: 1 },
        encoding: { x: x(years), y: y("co2", CO2), color: { datum: "measured", ...color } },
      },
      {
        data: { values: curve(series, parameters, covered, 48) },
        mark: { type: "line", strokeWidth: 1.1 },
        encoding: { x: x(years), y: y("fit", CO2), color: { datum: "fit", ...color } },
      },
      {
        data: { values: curve(series, parameters, covered, 4) },
        mark: { type: "line", strokeWidth: 1.8 },
        encoding: { x: x(years), y: y("trend", CO2), color: { datum: "trend", ...color } },
      },
    ],
  };
}

/** A few years, large enough to see the season's shape; the same ppm per pixel in each. */
function closeUp(series: Series, parameters: number[], years: [number, number], width: number) {
  const within = ({ year }: { year: number }) => year >= years[0] && year <= years[1];
  const [from, to] = years;
  const middle = Math.round(trend(parameters)((from + to) / 2 - series.origin));
  const span: [number, number] = [middle - CLOSE_UP_SPAN / 2, middle + CLOSE_UP_SPAN / 2];
  return {
    width,
    height: 180,
    title: panelTitle(`${from} to ${to}`),
    layer: [
      {
        data: { values: curve(series, parameters, years, 96) },
        mark: { type: "line", strokeWidth: 1.4, color: TREND },
        encoding: { x: x(years), y: y("trend", CO2, span) },
      },
      {
        data: { values: curve(series, parameters, years, 96) },
        mark: { type: "line", strokeWidth: 1.6, color: FIT },
        encoding: { x: x(years), y: y("fit", CO2, span) },
      },
      {
        data: { values: measured(series).filter(within) },
        mark: { type: "circle", size: 30, opacity: 1, color: MEASURED },
        encoding: { x: x(years), y: y("co2", CO2, span) },
      },
    ],
  };
}

/** What the model leaves over, with two standard deviations to either side. */
function residualPanel(
  series: Series,
  parameters: number[],
  years: [number, number],
  deviation: number,
) {
  const rest = residuals(series, parameters);
  const values = series.t.map((t, i) => ({ year: series.origin + t, residual: rest[i] }));
  return {
    width: WIDTH,
    height: 130,
    title: panelTitle(
      `Residuals: standard deviation ${deviation.toFixed(2)} ppm (the band is two to either side)`,
    ),
    layer: [
      {
        data: { values: [{ low: -2 * deviation, high: 2 * deviation }] },
        mark: { type: "rect", color: TREND, opacity: 0.1 },
        encoding: { y: y("low", RESIDUAL), y2: { field: "high" } },
      },
      {
        data: { values: [{}] },
        mark: { type: "rule", color: LINES },
        encoding: { y: { datum: 0, type: "quantitative", title: RESIDUAL } },
      },
      {
        data: { values },
        mark: { type: "circle", size: 14, opacity: 1, color: INK },
        encoding: { x: x(years, "year"), y: y("residual", RESIDUAL) },
      },
    ],
  };
}

/** A title right above its plot. */
function panelTitle(text: string) {
  return { text, frame: "group", fontSize: 14, offset: 8 };
}

function measured(series: Series) {
  return series.t.map((t, i) => ({ year: series.origin + t, co2: series.co2[i] }));
}

/** The fitted curve and its trend, sampled at least so many times a year. */
function curve(series: Series, parameters: number[], [from, to]: [number, number], rate: number) {
  const fit = model(parameters);
  const middle = trend(parameters);
  const steps = Math.ceil((to - from) * rate);
  return Array.from({ length: steps + 1 }, (_, i) => {
    const year = from + ((to - from) * i) / steps;
    return { year, fit: fit(year - series.origin), trend: middle(year - series.origin) };
  });
}

function x(domain: [number, number], title: string | null = null) {
  return {
    field: "year",
    type: "quantitative",
    title,
    scale: { domain, nice: false },
    axis: { format: "d", tickCount: Math.min(7, domain[1] - domain[0]), grid: false },
  };
}

function y(field: string, title: string, domain?: [number, number]) {
  const scale = domain ? { domain, nice: false } : { zero: false };
  return { field, type: "quantitative", title, scale, axis: { tickCount: 6 } };
}
