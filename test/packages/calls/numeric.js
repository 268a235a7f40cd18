import numeric from "numeric";
import regression from "regression";

export const calls = {
  dot: [
    numeric.dot,
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
  ],
  "regression.linear": [
    (y) => {
      "use dual";
      return regression.linear(
        [
          [0, y],
          [1, 2],
          [2, 5],
        ],
        { precision: 15 },
      ).equation[0];
    },
    [1.5],
  ],
};
