/** The path that the tool is to follow: a tilted circle, the tool pointing down all the way. */
import type { Joint, Pose } from "./arm.ts";
import { type Solution, solve } from "./solve.ts";

const CENTRE = [-0.45, -0.2, 0.25];
const RADIUS = 0.18;
/** Two directions that span the circle. */
const ACROSS = [0, 1, 0];
const UP = [-0.6, 0, 0.8];

/** Where the tool is to be, after a share of the way round. */
export function target(share: number): Pose {
  const [c, s] = [Math.cos(2 * Math.PI * share), Math.sin(2 * Math.PI * share)];
  return pointingDown(CENTRE.map((x, i) => x + RADIUS * (c * ACROSS[i] + s * UP[i])));
}

/** The pose of a tool that points down at a place. */
export function pointingDown(place: number[]): Pose {
  return [
    [1, 0, 0, place[0]],
    [0, -1, 0, place[1]],
    [0, 0, -1, place[2]],
  ];
}

/** Angles along the path, each pose found from the angles of the one before. */
export function follow(arm: Joint[], start: number[], count: number): Solution[] {
  let angles = start;
  return Array.from({ length: count }, (_, i) => {
    const solution = solve(arm, target(i / count), angles);
    angles = solution.angles;
    return solution;
  });
}
