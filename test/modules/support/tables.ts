/** What programs keep in modules of their own: constants, tables, configuration. */
export const XS = [0, 1, 2, 4];
export const YS: readonly number[] = [1, 3, 2, 5];
export const WEIGHTS = new Float64Array([0.5, 0.25, 0.25]);
export const GRID = [
  [1, 2],
  [3, 4],
];
export const CONFIG = { steps: 8, scale: 2, name: "trapezoid", nested: { offset: 0.5 } };
export const RATES = new Map([
  ["fast", 3],
  ["slow", 0.5],
]);
export const FLAGS = new Set(["square"]);
export const OPERATIONS: Record<string, (x: number) => number> = {
  double: (x) => 2 * x,
  root: Math.sqrt,
};
export enum Mode {
  Linear,
  Quadratic,
}
export const Unit = { meter: 1, foot: 0.3048 } as const;
