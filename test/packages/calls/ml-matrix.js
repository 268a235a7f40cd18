import { determinant, Matrix, solve } from "ml-matrix";

export const calls = {
  determinant: [
    (a) => {
      "use dual";
      return determinant(
        new Matrix([
          [a, 1],
          [2, 3],
        ]),
      );
    },
    [1.5],
  ],
  solve: [
    (a) => {
      "use dual";
      return solve(
        new Matrix([
          [a, 1],
          [2, 3],
        ]),
        Matrix.columnVector([1, 2]),
      ).get(0, 0);
    },
    [1.5],
  ],
  mmul: [
    (a) => {
      "use dual";
      return new Matrix([
        [a, 1],
        [2, 3],
      ])
        .mmul(
          new Matrix([
            [a, 2],
            [1, a],
          ]),
        )
        .get(0, 0);
    },
    [1.5],
  ],
};
