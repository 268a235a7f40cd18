/** Exported variables that change: importers see it. */
export let rate = 2;
export let rule = (x: number): number => {
  "use dual";
  return x * x;
};
export function setRate(to: number): void {
  rate = to;
}
export function setRule(cubes: boolean): void {
  rule = cubes
    ? (x: number): number => {
        "use dual";
        return x * x * x;
      }
    : (x: number): number => {
        "use dual";
        return x * x;
      };
}
