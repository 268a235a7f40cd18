import { mat4, quat, vec3 } from "gl-matrix";

const matrix = (f) => Array.from({ length: 16 }, (_, i) => f(i));

export const calls = {
  "vec3.length": [vec3.length, [[1, 2, 3]]],
  "vec3.cross": [
    vec3.cross,
    [
      [0, 0, 0],
      [1, 2, 3],
      [2, 1, 0],
    ],
  ],
  "vec3.normalize": [
    vec3.normalize,
    [
      [0, 0, 0],
      [1, 2, 3],
    ],
  ],
  "mat4.multiply": [mat4.multiply, [matrix(() => 0), matrix(Math.sin), matrix(Math.cos)]],
  "mat4.determinant": [mat4.determinant, [matrix((i) => Math.sin(i * i))]],
  "quat.slerp": [quat.slerp, [[0, 0, 0, 0], [0, 0, 0, 1], [0, 0.6, 0, 0.8], 0.3]],
  "a point that is rotated": [
    (angle) => {
      "use dual";
      const m = mat4.fromZRotation(new Array(16).fill(0), angle);
      return vec3.transformMat4([0, 0, 0], [1, 2, 3], m)[0];
    },
    [0.3],
  ],
};
