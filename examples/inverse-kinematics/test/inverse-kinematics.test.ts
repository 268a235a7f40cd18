import { jacobian } from "dualize";
import { describe, expect, test } from "vitest";
import { misfit, type Pose, poses, UR5 } from "../src/arm.ts";
import { follow, target } from "../src/path.ts";
import { draw } from "../src/picture.ts";
import { solve } from "../src/solve.ts";

const ANGLES = [0.3, -1.1, 1.4, -0.7, -1.5, 0.2];
const START = [0, -1, 1.5, -2, -1.5, 0];
const tool = (angles: number[]): Pose => poses(UR5, angles)[5];
const column = (pose: Pose, j: number) => pose.map((row) => row[j]);
const cross = ([a, b, c]: number[], [x, y, z]: number[]) => [
  b * z - c * y,
  c * x - a * z,
  a * y - b * x,
];

describe("the arm", () => {
  test("has its tool where its maker's figures put it, all joints at 0", () => {
    const pose = tool([0, 0, 0, 0, 0, 0]);
    const place = [-(0.425 + 0.39225), -(0.10915 + 0.0823), 0.089159 - 0.09465];
    column(pose, 3).forEach((x, i) => {
      expect(x).toBeCloseTo(place[i], 15);
    });
    expect(pose[2].slice(0, 3).map(Math.round)).toEqual([0, 1, 0]);
  });

  test("turns its tool, and does not stretch it", () => {
    const pose = tool(ANGLES);
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        const dot = pose[i].slice(0, 3).reduce((sum, x, k) => sum + x * pose[j][k], 0);
        expect(dot).toBeCloseTo(i === j ? 1 : 0, 14);
      }
    }
  });
});

describe("the Jacobian", () => {
  test("is the geometric one: each joint turns what is behind it about its own axis", () => {
    const exact = jacobian(misfit)(ANGLES, UR5, target(0));
    const found = poses(UR5, ANGLES);
    const end = column(found[5], 3);
    for (let k = 0; k < 6; k++) {
      const axis = k === 0 ? [0, 0, 1] : column(found[k - 1], 2);
      const from = k === 0 ? [0, 0, 0] : column(found[k - 1], 3);
      const arm = end.map((x, i) => x - from[i]);
      const columns = [0, 1, 2].map((j) => cross(axis, column(found[5], j)));
      columns.push(cross(axis, arm));
      for (let i = 0; i < 3; i++) {
        for (let j = 0; j < 4; j++) {
          expect(exact[4 * i + j][k]).toBeCloseTo(columns[j][i], 14);
        }
      }
    }
  });

  test("is the same forward and in reverse", () => {
    const forward = jacobian(misfit, { mode: "forward" })(ANGLES, UR5, target(0));
    const reverse = jacobian(misfit, { mode: "reverse" })(ANGLES, UR5, target(0));
    forward.flat().forEach((x, i) => {
      expect(reverse.flat()[i]).toBeCloseTo(x, 14);
    });
  });
});

describe("a solution", () => {
  test("brings the tool to its pose, to the last digits", () => {
    const { angles } = solve(UR5, target(0), START);
    const pose = tool(angles);
    target(0).forEach((row, i) => {
      row.forEach((x, j) => {
        expect(pose[i][j]).toBeCloseTo(x, 12);
      });
    });
  });

  test("finds angles again that are known", () => {
    const near = ANGLES.map((angle, i) => angle + 0.1 * (-1) ** i);
    solve(UR5, tool(ANGLES), near).angles.forEach((angle, i) => {
      expect(angle).toBeCloseTo(ANGLES[i], 11);
    });
  });

  test("doubles its right digits with each of the last iterations", () => {
    const { iterations } = solve(UR5, target(0), START);
    const [before, last] = iterations.slice(-3);
    expect(iterations.length).toBeLessThan(10);
    expect(before.distance).toBeLessThan(1e-2);
    expect(last.distance).toBeLessThan(before.distance ** 1.7);
  });

  test("is not found where the arm cannot reach, and says what is missing", () => {
    const far = target(0).map((row, i) => (i === 0 ? [...row.slice(0, 3), -2] : row));
    expect(() => solve(UR5, far, START)).toThrow(
      /not reached in 100 iterations: 1\.\d+ is missing/,
    );
  });
});

describe("the path", () => {
  const first = solve(UR5, target(0), START).angles;
  const solutions = follow(UR5, first, 24);

  test("is followed without a jump, and ends where it began", () => {
    const round = [...solutions.map(({ angles }) => angles), solutions[0].angles];
    for (let i = 1; i < round.length; i++) {
      const jump = Math.max(...round[i].map((angle, k) => Math.abs(angle - round[i - 1][k])));
      expect(jump).toBeLessThan(0.2);
    }
  });

  test("is followed exactly", () => {
    for (const { iterations } of solutions) {
      expect(iterations[iterations.length - 1].distance).toBeLessThan(1e-13);
    }
  });

  test("makes a picture that moves", () => {
    const svg = draw(
      UR5,
      solutions.map(({ angles }) => angles),
    );
    expect(svg).not.toMatch(/NaN|undefined/);
    const [, values] = svg.match(/stroke="#2a6f97" [^>]*><animate [^>]*values="([^"]*)"/) ?? [];
    const frames = values.split(";");
    expect(frames).toHaveLength(25);
    expect(frames[24]).toBe(frames[0]);
    for (const frame of frames) {
      expect(frame.split(" ")).toHaveLength(7);
    }
  });
});
