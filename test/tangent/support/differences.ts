import { copy, moved, numbersOf } from "./trees.ts";

type Plain = (...args: never[]) => unknown;

/**
 * The derivative of every number that comes out of `f` (its result, and its arguments when it is
 * done) in one direction, from plain calls alone: central differences extrapolated by Richardson's
 * scheme, with an estimate of the error of each.
 */
export function differences(
  f: Plain,
  args: readonly unknown[],
  direction: readonly unknown[],
): { value: number; error: number }[] {
  const outputs = (scale: number): number[] => {
    const given = args.map((a, i) => copy(moved(a, direction[i], scale)));
    const result = f(...(given as never[]));
    return numbersOf([result, given]);
  };
  const central = (h: number): number[] => {
    const ahead = outputs(h);
    return outputs(-h).map((behind, i) => ((ahead[i] as number) - behind) / (2 * h));
  };
  const rows = [2, 4, 8, 16, 32, 64].map((n) => central(2 ** -6 / n));
  return (rows[0] as number[]).map((_, i) => extrapolated(rows.map((row) => row[i] as number)));
}

function extrapolated(column: number[]): { value: number; error: number } {
  let best = { value: column.at(-1) as number, error: Number.POSITIVE_INFINITY };
  let previous = column.slice(0, 1);
  for (const first of column.slice(1)) {
    const row = [first];
    let factor = 1;
    for (const [k, above] of previous.entries()) {
      factor *= 4;
      row.push((row[k] as number) + ((row[k] as number) - above) / (factor - 1));
      const error = Math.max(
        Math.abs((row[k + 1] as number) - (row[k] as number)),
        Math.abs((row[k + 1] as number) - above),
      );
      if (error < best.error) best = { value: row[k + 1] as number, error };
    }
    previous = row;
  }
  return best;
}
