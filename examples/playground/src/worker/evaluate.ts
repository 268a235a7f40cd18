import { derivative, grad, hessian, hvp, jvp } from "dualize";
import type { At, Curve, Field, Range, Times } from "../protocol.ts";
import type { Numeric } from "./program.ts";

const POINTS = 601;
const GRID = 96;
const ARROWS = 13;
/** How long each of the times is measured, in ms. */
const MEASURED = 25;

/** @throws Error where the value is no number */
function checked(f: Numeric, ...x: number[]): void {
  const value: unknown = f(...x);
  if (typeof value !== "number")
    throw new Error(
      `The value is ${Array.isArray(value) ? "an array" : typeof value}; what can be drawn is a number.`,
    );
}

/** The function and its derivatives over a range. */
export function curve(f: Numeric, range: Range): Curve {
  checked(f, range[0]);
  const bend = hvp(f as (x: number) => number);
  const x = Float64Array.from({ length: POINTS }, (_, i) => between(range, i / (POINTS - 1)));
  const value = new Float64Array(POINTS);
  const slope = new Float64Array(POINTS);
  x.forEach((xi, i) => {
    [value[i], slope[i]] = jvp(f, [xi], [1]);
  });
  return { x, orders: [value, slope, x.map((xi) => bend(xi, 1))] };
}

/** Values on a grid of cells, each at its middle, and gradients on a coarser one. */
export function field(f: Numeric, x: Range, y: Range): Field {
  checked(f, x[0], y[0]);
  const { gradient } = partials(f);
  const values = new Float64Array(GRID * GRID);
  for (let j = 0; j < GRID; j++)
    for (let i = 0; i < GRID; i++)
      values[j * GRID + i] = f(between(x, (i + 0.5) / GRID), between(y, (j + 0.5) / GRID));
  const arrows = Array.from({ length: ARROWS ** 2 }, (_, k) => {
    const [i, j] = [k % ARROWS, Math.floor(k / ARROWS)];
    const at = [between(x, (i + 0.5) / ARROWS), between(y, (j + 0.5) / ARROWS)];
    return { at, gradient: gradient(at) };
  });
  return { size: GRID, values, arrows };
}

/** Value and derivatives at a point. */
export function at(f: Numeric, point: readonly number[], x: Range, y: Range): At {
  const value = f(...point);
  if (point.length === 1) {
    const [t] = point;
    const line = f as (x: number) => number;
    const [slope, bend] = [derivative(line)(t), hvp(line)(t, 1)];
    return { value, gradient: [slope], hessian: [[bend]], descent: [] };
  }
  const { gradient, curvature } = partials(f);
  return {
    value,
    gradient: gradient([...point]),
    hessian: curvature([...point]),
    descent: descent(gradient, point, x, y),
  };
}

/** By both numbers at once: this page goes through the plugin too. */
const partials = (f: Numeric) => ({
  gradient: grad(([x, y]: number[]) => f(x, y)),
  curvature: hessian(([x, y]: number[]) => f(x, y)),
});

const between = ([from, to]: Range, part: number): number => from + (to - from) * part;

/** The way straight downhill, in short steps, until it ends or leaves the picture. */
function descent(
  gradient: (point: number[]) => number[],
  from: readonly number[],
  x: Range,
  y: Range,
): number[][] {
  const downhill = (p: number[]): number[] => {
    const [gx, gy] = gradient(p);
    const length = Math.hypot(gx, gy);
    return length > 0 ? [-gx / length, -gy / length] : [0, 0];
  };
  const way = [[...from]];
  const shortest = Math.hypot(x[1] - x[0], y[1] - y[0]) / 2 ** 11;
  let step = shortest * 2 ** 4;
  let [here, heading] = [way[0], downhill(way[0])];
  for (let i = 0; i < 600 && step > shortest; i++) {
    const middle = downhill(moved(here, heading, step / 2));
    const next = moved(here, middle, step);
    const then = downhill(next);
    // Across the valley and back: it is narrower than the step.
    if (!(then[0] * heading[0] + then[1] * heading[1] > 0.7)) {
      step /= 2;
      continue;
    }
    way.push(next);
    [here, heading] = [next, then];
    if (next[0] < x[0] || next[0] > x[1] || next[1] < y[0] || next[1] > y[1]) break;
  }
  return way;
}

const moved = ([x, y]: number[], [dx, dy]: number[], step: number): number[] => [
  x + step * dx,
  y + step * dy,
];

// ---- time

/** What a call takes of the function, of one derivative in one direction, and of the whole gradient. */
export function times(f: Numeric, point: readonly number[]): Times {
  const direction = point.map((_, i) => (i === 0 ? 1 : 0));
  const gradients = point.map((_, argnum) => grad(f, { argnum }));
  return {
    f: nanoseconds(point, (p) => f(...p)),
    jvp: nanoseconds(point, (p) => jvp(f, p, direction)[1]),
    grad: nanoseconds(point, (p) => gradients.reduce((sum, g) => sum + (g(...p) as number), 0)),
  };
}

let sink = 0;

/** The median of batches. Arguments change from call to call, as they do in use. */
function nanoseconds(point: readonly number[], call: (point: number[]) => number): number {
  const p = [...point];
  const batch = (n: number): number => {
    const begin = performance.now();
    for (let i = 0; i < n; i++) {
      p[0] = point[0] + i * 1e-9;
      sink += call(p);
    }
    return performance.now() - begin;
  };
  let n = 1;
  // Browsers round their clocks, and a batch may have waited for something else.
  while (Math.min(batch(n), batch(n)) < 2 && n < 2 ** 26) n *= 2;
  const end = performance.now() + MEASURED;
  const all: number[] = [];
  do all.push((1e6 * batch(n)) / n);
  while (performance.now() < end);
  if (Number.isNaN(sink)) sink = 0;
  return all.sort((a, b) => a - b)[all.length >> 1];
}
