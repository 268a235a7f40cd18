import {
  errorFunction,
  harmonicMean,
  linearRegression,
  mean,
  sampleCorrelation,
  variance,
} from "simple-statistics";
import { createNoise2D } from "simplex-noise";

const xs = [1, 2.5, 3, 4, 7];

export const calls = {
  mean: [mean, [xs]],
  variance: [variance, [xs]],
  linearRegression: [
    linearRegression,
    [
      [
        [0, 1],
        [1, 2.5],
        [2, 5],
      ],
    ],
  ],
  sampleCorrelation: [sampleCorrelation, [xs, [2, 3, 3, 6, 1]]],
  errorFunction: [errorFunction, [0.7]],
  harmonicMean: [harmonicMean, [xs]],
  "simplex noise": [createNoise2D(() => 0.3), [0.3, 0.7]],
};
