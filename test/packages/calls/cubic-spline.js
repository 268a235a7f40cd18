import Spline from "cubic-spline";

const spline = new Spline([0, 1, 2, 3], [1, 3, 2, 0]);

export const calls = {
  at: [
    (x) => {
      "use dual";
      return spline.at(x);
    },
    [1.3],
  ],
  "new Spline": [
    (y) => {
      "use dual";
      return new Spline([0, 1, 2, 3], [1, y, 2, 0]).at(1.3);
    },
    [3],
  ],
};
