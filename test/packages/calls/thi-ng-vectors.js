import { add3, cross3, dist, dot, dot3, maddN, mag, mixN, normalize } from "@thi.ng/vectors";

const [a, b] = [
  [1, 2, 3],
  [0.5, 1, 2],
];

export const calls = {
  dot3: [dot3, [a, b]],
  dot: [dot, [a, b]],
  add3: [add3, [[0, 0, 0], a, b]],
  maddN: [maddN, [[0, 0, 0], a, 0.5, b]],
  mixN: [mixN, [[0, 0, 0], a, b, 0.5]],
  normalize: [normalize, [[0, 0, 0], a, 1]],
  cross3: [cross3, [[0, 0, 0], a, b]],
  dist: [dist, [a, b]],
  mag: [mag, [a]],
};
