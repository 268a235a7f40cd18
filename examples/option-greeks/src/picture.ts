/** The picture: each Greek over the spot, for three times to the end; as SVG. */
import * as vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Market, Option } from "./black-scholes.ts";
import { type Greeks, greeks } from "./greeks.ts";

const PANELS: (keyof Greeks)[] = [
  "price",
  "delta",
  "gamma",
  "vega",
  "theta",
  "rho",
  "vanna",
  "volga",
];
const EXPIRIES = [0.05, 0.2, 0.5];
const POINTS = 40;

/** SVG text of the Greeks around the strike. */
export async function drawGreeks(option: Option, market: Market): Promise<string> {
  const { spec } = compile(layout(option, market));
  return await new vega.View(vega.parse(spec), { renderer: "none" }).toSVG();
}

/** A row for each spot and expiry, with all Greeks in it. */
function curves(option: Option, market: Market) {
  const spots = Array.from(
    { length: POINTS + 1 },
    (_, i) => option.strike * (0.7 + (0.6 * i) / POINTS),
  );
  return EXPIRIES.flatMap((expiry) =>
    spots.map((spot) => ({
      spot,
      expiry: `${expiry} years`,
      ...greeks({ ...option, expiry }, { ...market, spot }),
    })),
  );
}

function layout(option: Option, market: Market): TopLevelSpec {
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    background: "white",
    padding: 16,
    title: `Greeks of a ${option.kind} at ${option.strike}, volatility ${market.volatility}, rate ${market.rate}`,
    data: { values: curves(option, market) },
    columns: 4,
    concat: PANELS.map((name) => ({
      title: { text: name, fontWeight: "normal" as const },
      width: 190,
      height: 130,
      mark: { type: "line" as const, strokeWidth: 1.5 },
      encoding: {
        x: {
          field: "spot",
          type: "quantitative" as const,
          scale: { zero: false, nice: false },
          axis: { title: null, tickCount: 5 },
        },
        y: { field: name, type: "quantitative" as const, axis: { title: null, tickCount: 5 } },
        color: {
          field: "expiry",
          type: "nominal" as const,
          scale: { range: ["#c8442d", "#d99a2b", "#2a6f97"] },
          legend: { title: "until the end", orient: "bottom" as const },
        },
      },
    })),
    config: { axis: { gridOpacity: 0.4, domain: false } },
  };
}
