import { contours } from "d3-contour";
import { line } from "d3-shape";
import type { At, Field, Range } from "../protocol.ts";
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

const LEFT = 52;
const EDGE = 14;
const BOTTOM = 28;
const LEVELS = 14;

export interface ContourPlot {
  readonly x: Scale;
  readonly y: Scale;
  readonly svg: string;
  over(at: At, point: readonly number[]): string;
}

/** Levels of a function of two numbers, with arrows along its gradient. */
export function contourPlot(
  field: Field,
  rx: Range,
  ry: Range,
  width: number,
  height: number,
): ContourPlot {
  const box = boxOf(rx, ry, width, height);
  const x = scale(rx, box.left, box.right);
  const y = scale(ry, box.bottom, box.top);
  const levels = levelsOf(field.values);
  const toPixels = ([i, j]: number[]): string =>
    `${round(box.left + (i / field.size) * (box.right - box.left))} ${round(box.bottom - (j / field.size) * (box.bottom - box.top))}`;
  const shapes = contours()
    .size([field.size, field.size])
    .thresholds(levels)(
      Array.from(field.values, (v) => (Number.isNaN(v) ? Number.NEGATIVE_INFINITY : v)),
    )
    .map(({ coordinates }, i) => {
      const rings = coordinates.flat().map((ring) => `M${ring.map(toPixels).join("L")}Z`);
      return `<path class="level" d="${rings.join("")}" fill="${shade((i + 1) / LEVELS)}" stroke="var(--f)" stroke-opacity="0.35" stroke-width="0.8"/>`;
    });
  const ground = `<rect x="${box.left}" y="${box.top}" width="${box.right - box.left}" height="${box.bottom - box.top}" fill="${shade(0)}"/>`;
  const longest = Math.max(
    ...field.arrows.map(({ gradient }) => size(gradient)).filter(Number.isFinite),
  );
  const room = Math.min(box.right - box.left, box.bottom - box.top) / 26;
  const arrows = field.arrows.map(({ at, gradient }) => {
    const strength = size(gradient) / longest;
    // Of the fourth root, so that gentle slopes can be seen beside steep ones.
    return arrow(
      x(at[0]),
      y(at[1]),
      gradient,
      room * Math.sqrt(Math.sqrt(strength)) * 1.3,
      "var(--ink)",
      1.1,
      0.55,
    );
  });
  const svg = `${clipped("levels", box, ground + shapes.join("") + arrows.join(""))}
    ${ticksBelow(x, { ...box, top: box.bottom }, true)}${ticksBeside(y, box, false)}
    <rect x="${box.left}" y="${box.top}" width="${box.right - box.left}" height="${box.bottom - box.top}" fill="none" stroke="var(--faint)"/>`;
  return { x, y, svg, over };

  function over({ gradient, descent }: At, point: readonly number[]): string {
    const [px, py] = [x(point[0]), y(point[1])];
    const way = line<readonly number[]>(
      (p) => x(p[0]),
      (p) => y(p[1]),
    ).digits(1)(descent);
    const length = 16 + 50 * Math.sqrt(Math.min(1, size(gradient) / longest));
    return clipped(
      "over",
      box,
      `<path id="descent" d="${way ?? ""}" fill="none" stroke="var(--bend)" stroke-width="2.4" stroke-linecap="round" stroke-dasharray="1 5.5"/>
       ${arrow(px, py, gradient, length, "var(--slope)", 2.4, 1)}${handle(px, py)}`,
    );
  }
}

/** As large as there is room for, with equal units on both axes unless that makes it a strip. */
function boxOf(rx: Range, ry: Range, width: number, height: number): Box {
  const [freeX, freeY] = [width - LEFT - EDGE, height - EDGE - BOTTOM];
  const [spanX, spanY] = [rx[1] - rx[0], ry[1] - ry[0]];
  const unit = Math.min(freeX / spanX, freeY / spanY);
  const [equalX, equalY] = [unit * spanX, unit * spanY];
  const isStrip = Math.min(equalX / freeX, equalY / freeY) < 0.3;
  const [wide, high] = isStrip ? [freeX, freeY] : [equalX, equalY];
  const left = LEFT + (freeX - wide) / 2;
  const top = EDGE + (freeY - high) / 2;
  return { left, right: left + wide, top, bottom: top + high };
}

const size = (v: readonly number[]): number => Math.hypot(v[0], v[1]);

/** From the ground to the colour of f. */
const shade = (part: number): string =>
  `color-mix(in oklab, var(--f) ${Math.round(4 + 62 * part)}%, var(--panel))`;

/** Levels between which there is about as much of the area, and which end before poles. */
function levelsOf(values: Float64Array): number[] {
  const sorted = values.filter(Number.isFinite).sort();
  if (sorted.length === 0) return [];
  const levels = Array.from(
    { length: LEVELS },
    (_, i) => sorted[Math.floor(((i + 0.5) / LEVELS) * (sorted.length - 1))],
  );
  return [...new Set(levels)];
}

/** An arrow that begins at a place; gradients are in the units of the picture's axes, y upwards. */
function arrow(
  px: number,
  py: number,
  [gx, gy]: readonly number[],
  length: number,
  colour: string,
  width: number,
  opacity: number,
): string {
  if (!(Math.hypot(gx, gy) > 0) || !Number.isFinite(gx + gy)) return "";
  const [dx, dy] = [gx / Math.hypot(gx, gy), -gy / Math.hypot(gx, gy)];
  const [tx, ty] = [px + dx * length, py + dy * length];
  const head = Math.min(4 + 2 * width, length * 0.55);
  const wing = (side: number) =>
    `${round(tx - head * (dx + side * 0.5 * dy))} ${round(ty - head * (dy - side * 0.5 * dx))}`;
  return `<path class="arrow" d="M${round(px)} ${round(py)}L${round(tx)} ${round(ty)}M${wing(1)}L${round(tx)} ${round(ty)}L${wing(-1)}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-opacity="${opacity}" stroke-linecap="round" stroke-linejoin="round"/>`;
}

/** The values at a point, in words. */
export const fieldValues = (
  { value, gradient, hessian }: At,
  [x, y]: readonly number[],
): [string, string, string][] => [
  ["x, y", `${short(x)}, ${short(y)}`, "var(--ink)"],
  ["f", short(value), "var(--f)"],
  ["∇f", `${short(gradient[0])}, ${short(gradient[1])}`, "var(--slope)"],
  ["H", hessian.map((row) => row.map(short).join(", ")).join("; "), "var(--bend)"],
];
