/** A robot arm of six joints, and where it puts its tool. */

/** A joint and the link behind it, by Denavit and Hartenberg: lengths in metres, the twist in radians. */
export interface Joint {
  length: number;
  offset: number;
  twist: number;
}

/** The arm UR5 of Universal Robots, from its maker's data sheet. */
export const UR5: Joint[] = [
  { length: 0, offset: 0.089159, twist: Math.PI / 2 },
  { length: -0.425, offset: 0, twist: 0 },
  { length: -0.39225, offset: 0, twist: 0 },
  { length: 0, offset: 0.10915, twist: Math.PI / 2 },
  { length: 0, offset: 0.09465, twist: -Math.PI / 2 },
  { length: 0, offset: 0.0823, twist: 0 },
];

/** Where something is and how it is turned: three rows of a rotation, with the place as last column. */
export type Pose = number[][];

/** From one joint to the next, the joint being turned by an angle. */
function link({ length, offset, twist }: Joint, angle: number): Pose {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const [ct, st] = [Math.cos(twist), Math.sin(twist)];
  return [
    [c, -s * ct, s * st, length * c],
    [s, c * ct, -c * st, length * s],
    [0, st, ct, offset],
  ];
}

/** One pose seen from another. */
function compose(a: Pose, b: Pose): Pose {
  return a.map((row) =>
    [0, 1, 2, 3].map((j) => {
      const turned = row[0] * b[0][j] + row[1] * b[1][j] + row[2] * b[2][j];
      return j === 3 ? turned + row[3] : turned;
    }),
  );
}

/** The poses behind each joint; the last is that of the tool. */
export function poses(arm: Joint[], angles: number[]): Pose[] {
  "use dual";
  const found: Pose[] = [];
  let pose: Pose = [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 1, 0],
  ];
  for (let i = 0; i < arm.length; i++) {
    pose = compose(pose, link(arm[i], angles[i]));
    found.push(pose);
  }
  return found;
}

/** What is missing between the tool and where it should be: twelve numbers, all 0 when it is there. */
export function misfit(angles: number[], arm: Joint[], target: Pose): number[] {
  "use dual";
  const tool = poses(arm, angles)[arm.length - 1];
  const missing: number[] = [];
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 4; j++) {
      missing.push(tool[i][j] - target[i][j]);
    }
  }
  return missing;
}
