/** The picture: the arm going round, as an SVG that moves. */
import { type Joint, poses } from "./arm.ts";
import { target } from "./path.ts";

export const [WIDTH, HEIGHT] = [640, 520];
const SCALE = 470;
const [ORIGIN_X, ORIGIN_Y] = [WIDTH / 2 - 40, 415];
const SECONDS = 6;

export type Point = [x: number, y: number];

/** From metres to the picture, seen from above at an angle. */
export function project([x, y, z]: number[]): Point {
  const [across, away] = [0.94 * y - 0.34 * x, 0.34 * y + 0.94 * x];
  return [ORIGIN_X + SCALE * across, ORIGIN_Y + SCALE * (0.42 * away - 0.91 * z)];
}

/** The place that is seen at a point of the picture, as far away as another place is. */
export function placeAt([px, py]: Point, like: number[]): number[] {
  const away = 0.34 * like[1] + 0.94 * like[0];
  const across = (px - ORIGIN_X) / SCALE;
  const length = 0.34 ** 2 + 0.94 ** 2;
  return [
    (0.94 * away - 0.34 * across) / length,
    (0.94 * across + 0.34 * away) / length,
    (0.42 * away - (py - ORIGIN_Y) / SCALE) / 0.91,
  ];
}

const pair = ([x, y]: Point): string => `${x.toFixed(1)},${y.toFixed(1)}`;
export const line = (points: number[][]): string => points.map((p) => pair(project(p))).join(" ");
export const onFloor = ([x, y]: number[]): number[] => [x, y, 0];

/** Where base, joints and tool are. */
export function skeleton(arm: Joint[], angles: number[]): number[][] {
  return [[0, 0, 0], ...poses(arm, angles).map((pose) => pose.map((row) => row[3]))];
}

/** SVG text of the arm in one set of angles after another, round and round. */
export function draw(arm: Joint[], frames: number[][]): string {
  const round = [...frames, frames[0]].map((angles) => skeleton(arm, angles));
  const circle = Array.from({ length: 121 }, (_, i) => target(i / 120).map((row) => row[3]));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}">
<title>A robot arm whose tool follows a circle, pointing down</title>
<marker id="joint" viewBox="-5 -5 10 10" markerWidth="14" markerHeight="14" markerUnits="userSpaceOnUse"><circle r="4" fill="white" stroke="#2a6f97" stroke-width="2"/></marker>
<rect width="100%" height="100%" fill="white"/>
<g fill="none" stroke-linejoin="round" stroke-linecap="round">
<g stroke="#e3e8ec">
${floor()
  .map((points) => `<polyline points="${line(points)}"/>`)
  .join("\n")}
</g>
<polyline points="${line(circle.map(onFloor))}" stroke="#cfd6dc" stroke-width="2"/>
${moving(
  round.map((points) => points.map(onFloor)),
  'stroke="#cfd6dc" stroke-width="7"',
)}
<polyline points="${line(circle)}" stroke="#c8442d" stroke-width="2"/>
${moving(round, 'stroke="#2a6f97" stroke-width="9" marker-start="url(#joint)" marker-mid="url(#joint)" marker-end="url(#joint)"')}
</g>
</svg>
`;
}

function moving(frames: number[][][], style: string): string {
  const values = frames.map(line);
  return `<polyline points="${values[0]}" ${style}><animate attributeName="points" dur="${SECONDS}s" repeatCount="indefinite" values="${values.join(";")}"/></polyline>`;
}

/** The lines of a grid on the floor. */
export function floor(): number[][][] {
  const [near, far] = [0.2, -0.8];
  const marks = Array.from({ length: 11 }, (_, i) => -0.5 + i / 10);
  return marks.flatMap((m) => [
    [
      [near, m, 0],
      [far, m, 0],
    ],
    [
      [m - 0.3, -0.5, 0],
      [m - 0.3, 0.5, 0],
    ],
  ]);
}
