import { Bezier } from "bezier-js";

export const calls = {
  get: [
    (x) => {
      "use dual";
      return new Bezier(x, 0, 1, 2, 3, 3).get(0.3).x;
    },
    [1.5],
  ],
  length: [
    (x) => {
      "use dual";
      return new Bezier(x, 0, 1, 2, 3, 3).length();
    },
    [1.5],
  ],
};
