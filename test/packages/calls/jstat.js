import jStat from "jstat";

const xs = [1, 2.5, 3, 4, 7];

export const calls = {
  gammaln: [jStat.gammaln, [2.5]],
  "normal.pdf": [jStat.normal.pdf, [0.5, 0, 1]],
  "normal.cdf": [jStat.normal.cdf, [0.5, 0, 1]],
  "beta.pdf": [jStat.beta.pdf, [0.5, 2, 3]],
  mean: [jStat.mean, [xs]],
  variance: [jStat.variance, [xs]],
};
