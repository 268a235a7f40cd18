/// <reference lib="dom" />
import { type ScaleLinear, scaleLinear } from "d3-scale";
import type { Range } from "../protocol.ts";

/** A rectangle of the picture, in its pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export type Scale = ScaleLinear<number, number>;

export const scale = (domain: Range, from: number, to: number): Scale =>
  scaleLinear(domain, [from, to]);

/** A number in few letters, with a real minus. */
export const short = (x: number): string =>
  (Number.isFinite(x) ? String(Number(x.toPrecision(6))) : String(x)).replace("-", "−");

/** Lines and numbers along the horizontal axis. */
export function ticksBelow(x: Scale, { top, bottom, left, right }: Box, numbers: boolean): string {
  return x
    .ticks(Math.max(3, Math.round((right - left) / 90)))
    .map((at) => {
      const px = round(x(at));
      const label = `<text x="${px}" y="${bottom + 16}" text-anchor="middle">${short(at)}</text>`;
      return `<path d="M${px} ${top}V${bottom}" stroke="var(--faint)"/>${numbers ? label : ""}`;
    })
    .join("");
}

/** Lines and numbers along the vertical axis. */
export function ticksBeside(y: Scale, { top, bottom, left, right }: Box, lines = true): string {
  return y
    .ticks(Math.max(3, Math.round((bottom - top) / 45)))
    .map((at) => {
      const py = round(y(at));
      const line = `<path d="M${left} ${py}H${right}" stroke="var(--faint)"/>`;
      return `${lines ? line : ""}<text x="${left - 8}" y="${py + 4}" text-anchor="end">${short(at)}</text>`;
    })
    .join("");
}

export const round = (x: number): number => Math.round(10 * x) / 10;

/** Draws only inside of a box. */
export const clipped = (id: string, { left, top, right, bottom }: Box, content: string): string =>
  `<clipPath id="${id}"><rect x="${left}" y="${top}" width="${right - left}" height="${bottom - top}"/></clipPath>
   <g clip-path="url(#${id})">${content}</g>`;

/** The point that can be dragged. */
export const handle = (x: number, y: number, colour = "var(--f)"): string =>
  Number.isFinite(x + y)
    ? `<circle id="point" cx="${round(x)}" cy="${round(y)}" r="7" fill="${colour}" stroke="var(--panel)" stroke-width="2.5"/>`
    : "";
