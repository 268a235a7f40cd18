import type { State } from "./link.ts";

const sources: Record<string, string> = import.meta.glob("../../samples/*.ts", {
  query: "?raw",
  import: "default",
  eager: true,
});

export interface Sample extends State {
  readonly title: string;
}

const sample = (
  title: string,
  file: string,
  at: { x: State["x"]; y?: State["y"]; point: State["point"] },
): Sample => ({
  title,
  source: sources[`../../samples/${file}.ts`],
  name: undefined,
  y: [-3, 3],
  ...at,
});

/** What one can begin with. */
export const samples: readonly Sample[] = [
  sample("Oscillation", "oscillation", { x: [0, 8], point: [1.3] }),
  sample("Bessel function, a series", "series", { x: [0, 20], point: [4] }),
  sample("Kepler's equation, by Newton", "newton", { x: [-6.3, 6.3], point: [1] }),
  sample("Pendulum, simulated", "pendulum", { x: [0, 3.1], point: [1.5] }),
  sample("Branches and kinks", "pieces", { x: [-3, 5], point: [2.9] }),
  sample("A note: rounding", "note", { x: [0, 6], point: [2.6] }),
  sample("Four valleys, of x and y", "himmelblau", { x: [-5, 5], y: [-5, 5], point: [-0.4, 0.5] }),
  sample("Three charges, of x and y", "charges", { x: [-3, 3], y: [-3, 3], point: [-0.3, -1.6] }),
  sample("Rosenbrock's valley, of x and y", "rosenbrock", {
    x: [-2, 2],
    y: [-1, 3],
    point: [-1.4, 2.2],
  }),
];
