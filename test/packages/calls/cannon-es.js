import { Quaternion, Vec3 } from "cannon-es";

export const calls = {
  "Vec3.cross": [
    (x) => {
      "use dual";
      return new Vec3(x, 2, 3).cross(new Vec3(1, x, 1)).y;
    },
    [1.5],
  ],
  "Quaternion.vmult": [
    (x) => {
      "use dual";
      return new Quaternion(x, 0, 0, 1).vmult(new Vec3(0, x, 1)).y;
    },
    [1.5],
  ],
};
