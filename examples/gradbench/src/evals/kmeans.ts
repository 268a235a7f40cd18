/** Clusters: the cost of centroids, and a step of Newton's method. */
import { grad, hvp } from "dualize";
import type { Module } from "../protocol.ts";

function squaredDistance(a: number[], b: number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    sum += (a[i] - b[i]) ** 2;
  }
  return sum;
}

function cost(centroids: number[][], points: number[][]): number {
  "use dual";
  let sum = 0;
  for (const point of points) {
    let closest = Infinity;
    for (const centroid of centroids) {
      closest = Math.min(closest, squaredDistance(point, centroid));
    }
    sum += closest;
  }
  return sum;
}

const gradient = grad(cost);
const timesHessian = hvp(cost);

interface Input {
  points: number[][];
  centroids: number[][];
}

/** Gradient over Hessian, which is diagonal: times a vector of ones it gives its diagonal. */
function direction({ points, centroids }: Input): number[][] {
  const slope = gradient(centroids, points);
  const ones = centroids.map((row) => row.map(() => 1));
  const bend = timesHessian(centroids, ones, points);
  return slope.map((row, i) => row.map((x, j) => x / bend[i][j]));
}

export const kmeans: Module = {
  cost: ({ points, centroids }: Input) => cost(centroids, points),
  dir: direction,
};
