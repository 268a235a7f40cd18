/** Cameras and points: the errors of what is seen, and their sparse Jacobian. */
import { derivative, jacobian } from "dualize";
import type { Module } from "../protocol.ts";

/** A point turned about an axis, by an angle that is the axis's length (Rodrigues). */
function turned([a, b, c]: number[], [x, y, z]: number[]): number[] {
  const squared = a * a + b * b + c * c;
  if (!(squared > 0)) {
    return [x + b * z - c * y, y + c * x - a * z, z + a * y - b * x];
  }
  const angle = Math.sqrt(squared);
  const [u, v, w] = [a / angle, b / angle, c / angle];
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const along = (u * x + v * y + w * z) * (1 - cosine);
  return [
    x * cosine + (v * z - w * y) * sine + u * along,
    y * cosine + (w * x - u * z) * sine + v * along,
    z * cosine + (u * y - v * x) * sine + w * along,
  ];
}

/**
 * How far the image of a point is from where it was seen. All that it depends on in one list: eleven
 * numbers of the camera (axis, place, focal length, middle, distortion), the point, and a weight.
 */
function reprojection(unknowns: number[], seen: number[]): number[] {
  "use dual";
  const [a, b, c, cx, cy, cz, focus, u0, v0, k1, k2, x, y, z, weight] = unknowns;
  const [px, py, pz] = turned([a, b, c], [x - cx, y - cy, z - cz]);
  const [u, v] = [px / pz, py / pz];
  const squared = u * u + v * v;
  const bulge = 1 + k1 * squared + k2 * squared * squared;
  return [weight * (u * bulge * focus + u0 - seen[0]), weight * (v * bulge * focus + v0 - seen[1])];
}

function weightError(weight: number): number {
  "use dual";
  return 1 - weight * weight;
}

const block = jacobian(reprojection);
const weightSlope = derivative(weightError);

interface Input {
  n: number;
  m: number;
  p: number;
  cam: number[];
  x: number[];
  w: number;
  feat: number[];
}

const CAMERA = 11;
const POINT = 3;
const SHOWN = 30;

/** The Jacobian row by row: where each row begins, and the columns and values in it. */
function sparse({ n, m, p, cam, x, w, feat }: Input) {
  const rows = [0];
  const cols: number[] = [];
  const vals: number[] = [];
  for (let i = 0; i < p; i++) {
    for (const row of block([...cam, ...x, w], feat)) {
      for (let j = 0; j < CAMERA; j++) cols.push(CAMERA * (i % n) + j);
      for (let j = 0; j < POINT; j++) cols.push(CAMERA * n + POINT * (i % m) + j);
      cols.push(CAMERA * n + POINT * m + i);
      vals.push(...row);
      rows.push(vals.length);
    }
  }
  for (let i = 0; i < p; i++) {
    cols.push(CAMERA * n + POINT * m + i);
    vals.push(weightSlope(w));
    rows.push(vals.length);
  }
  const shown = (list: number[]) => [...list.slice(0, SHOWN), list[list.length - 1]];
  return { rows: shown(rows), cols: shown(cols), vals: shown(vals) };
}

function errors({ p, cam, x, w, feat }: Input) {
  let elements: number[] = [];
  let element = 0;
  for (let i = 0; i < p; i++) {
    elements = reprojection([...cam, ...x, w], feat);
    element = weightError(w);
  }
  return {
    reproj_error: { elements, repeated: p },
    w_err: { element, repeated: p },
  };
}

export const ba: Module = { objective: errors, jacobian: sparse };
