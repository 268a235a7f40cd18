import { clamp, damp, smoothstep } from "three/src/math/MathUtils.js";
import { Matrix4 } from "three/src/math/Matrix4.js";
import { Quaternion } from "three/src/math/Quaternion.js";
import { Vector3 } from "three/src/math/Vector3.js";

export const calls = {
  "Vector3.length": [
    (x) => {
      "use dual";
      return new Vector3(x, 2, 3).length();
    },
    [1.5],
  ],
  "Vector3.applyQuaternion": [
    (x) => {
      "use dual";
      return new Vector3(x, 2, 3).applyQuaternion(new Quaternion(0, 0.6, 0, 0.8)).z;
    },
    [1.5],
  ],
  "Matrix4.determinant": [
    (x) => {
      "use dual";
      return new Matrix4().makeRotationX(x).determinant();
    },
    [1.5],
  ],
  smoothstep: [smoothstep, [0.4, 0, 1]],
  clamp: [clamp, [0.4, 0, 1]],
  damp: [damp, [0.4, 1, 2, 0.1]],
};
