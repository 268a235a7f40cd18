import { line } from "d3-shape";
import type { At, Curve, Range } from "../protocol.ts";
import {
  type Box,
  clipped,
  handle,
  round,
  type Scale,
  scale,
  short,
  ticksBelow,
  ticksBeside,
} from "./frame.ts";

const LEFT = 62;
const RIGHT = 16;
const GAP = 26;
const PANELS = [
  { title: "f", colour: "var(--f)", share: 0.5 },
  { title: "f′", colour: "var(--slope)", share: 0.25 },
  { title: "f″", colour: "var(--bend)", share: 0.25 },
] as const;

/** A drawn curve: as SVG, and where its horizontal axis is. */
export interface CurvePlot {
  readonly x: Scale;
  readonly svg: string;
  /** The point and its tangent line, which change while it is dragged. */
  over(at: At, x: number): string;
}

/** f, f′ and f″ above each other, each in its own scale. */
export function curvePlot(curve: Curve, range: Range, width: number, height: number): CurvePlot {
  const x = scale(range, LEFT, width - RIGHT);
  const boxes = panels(width, height);
  const ys = curve.orders.map((values, i) => {
    const { top, bottom } = boxes[i];
    return scale(extent(values), bottom, top);
  });
  const svg = boxes.map((box, i) => {
    const { title, colour } = PANELS[i];
    const path = line<number>(
      (_, j) => x(curve.x[j]),
      (value) => clamp(ys[i](value)),
    ).defined((value) => Number.isFinite(value));
    const data = path.digits(1)(curve.orders[i] as Iterable<number>) ?? "";
    const zero = round(ys[i](0));
    const isInside = zero > box.top && zero < box.bottom;
    return `
      ${ticksBelow(x, box, i === boxes.length - 1)}${ticksBeside(ys[i], box)}
      ${isInside ? `<path d="M${box.left} ${zero}H${box.right}" stroke="var(--quiet)" stroke-width="1"/>` : ""}
      ${clipped(`panel-${i}`, box, `<path class="curve" d="${data}" fill="none" stroke="${colour}" stroke-width="2.2" stroke-linejoin="round"/>`)}
      <text class="title" x="${box.left + 8}" y="${box.top + 17}" style="fill:${colour}">${title}</text>`;
  });
  return { x, svg: svg.join(""), over };

  function over({ value, gradient: [slope], hessian: [[bend]] }: At, at: number): string {
    const px = round(x(at));
    const [main] = boxes;
    const tangent = range.map(
      (end) => `${round(x(end))} ${clamp(ys[0](value + slope * (end - at)))}`,
    );
    const isLine = Number.isFinite(value + slope);
    const dots = [slope, bend].map((d, i) => {
      const py = ys[i + 1](d);
      return Number.isFinite(py)
        ? `<circle cx="${px}" cy="${round(py)}" r="4.5" fill="${PANELS[i + 1].colour}"/>`
        : "";
    });
    return `
      <path d="M${px} ${main.top}V${boxes[2].bottom}" stroke="var(--quiet)" stroke-dasharray="2 4"/>
      ${isLine ? clipped("tangent-box", main, `<path id="tangent" d="M${tangent[0]}L${tangent[1]}" stroke="var(--slope)" stroke-width="1.8"/>`) : ""}
      ${dots.join("")}${handle(px, ys[0](value))}`;
  }
}

function panels(width: number, height: number): Box[] {
  const free = height - 12 - 26 - GAP * (PANELS.length - 1);
  let top = 12;
  return PANELS.map(({ share }) => {
    const box = { left: LEFT, right: width - RIGHT, top, bottom: top + share * free };
    top = box.bottom + GAP;
    return box;
  });
}

/** The range of values, without the few that run away towards a pole. */
function extent(values: Float64Array): Range {
  const sorted = values.filter(Number.isFinite).sort();
  if (sorted.length === 0) return [-1, 1];
  const quantile = (q: number) => sorted[Math.round(q * (sorted.length - 1))];
  let [low, high] = [quantile(0), quantile(1)];
  const [inner, outer] = [quantile(0.04), quantile(0.96)];
  const room = 3 * (outer - inner);
  if (high - low > 4 * (outer - inner) && room > 0)
    [low, high] = [Math.max(low, inner - room), Math.min(high, outer + room)];
  const spread = high - low;
  // A constant, whatever rounding makes of it.
  if (spread < 1e-9 * Math.max(1e-3, Math.abs(high))) return [low - 1, high + 1];
  return [low - 0.06 * spread, high + 0.06 * spread];
}

/** Browsers draw nothing that is too far away. */
const clamp = (y: number): number => round(Math.max(-1e4, Math.min(1e4, y)));

/** The values at a point, in words. */
export const curveValues = (
  { value, gradient, hessian }: At,
  x: number,
): [string, string, string][] => [
  ["x", short(x), "var(--ink)"],
  ["f(x)", short(value), "var(--f)"],
  ["f′(x)", short(gradient[0]), "var(--slope)"],
  ["f″(x)", short(hessian[0][0]), "var(--bend)"],
];
